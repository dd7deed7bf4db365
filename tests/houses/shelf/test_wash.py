"""A file is written anew: no name that a program put into it is left, and what cannot be read whole is refused."""

import io
import zlib
from collections.abc import Callable

import pytest
from pikepdf import Array, Dictionary, Encryption, Name, Pdf, Stream, String
from PIL import Image

from app.houses.shelf.wash import kinds
from app.houses.shelf.wash.jpeg import bare_jpeg
from app.houses.shelf.wash.kinds import Refused
from app.houses.shelf.wash.pdf import new_pdf
from app.houses.shelf.wash.pictures import new_picture
from app.houses.shelf.washing import WHY, Unfit, washed
from app.web.bodies import FILE_BYTES
from tests.houses.shelf.papers import SECRETS, SHOWN, drawing, found_in, paper, photo, revised


def drawn_in(data: bytes) -> list[bytes]:
    with Pdf.open(io.BytesIO(data)) as found:
        return [page.obj.Contents.read_bytes() for page in found.pages]


def test_no_name_is_left_in_a_pdf_wherever_a_program_put_it() -> None:
    """Searched in the bytes, in every stream once it is opened, in every text of every object."""
    for whole in (revised(), paper(2)):
        assert found_in(whole) >= set(SECRETS) - {"revision"}
        made, pages = new_pdf(whole)
        assert (found_in(made), pages) == (set(), len(drawn_in(whole)))
    assert "revision" in found_in(revised())


def test_what_is_read_on_its_pages_stays() -> None:
    (line,) = drawn_in(new_pdf(revised())[0])
    assert line.split(b"\n") == [
        *(b"BT", b"/F0 12 Tf", b"10 10 Td", f"({SHOWN}) Tj".encode(), b"ET"),
        *(b"q", b"60 0 0 40 20 20 cm", b"/Im0 Do", b"Q"),
    ]


def test_a_new_pdf_holds_a_few_kinds_of_things_and_no_more() -> None:
    with Pdf.open(io.BytesIO(new_pdf(paper())[0])) as made:
        page = made.pages[0].obj
        assert sorted(made.Root.keys()) == ["/Pages", "/Type"]
        assert sorted(page.keys()) == ["/Contents", "/MediaBox", "/Parent", "/Resources", "/Type"]
        assert sorted(page.Resources.keys()) == ["/Font", "/XObject"]
        # The form that no page draws stayed behind.
        assert sorted(page.Resources.XObject.keys()) == ["/Im0"]
        picture = page.Resources.XObject.Im0
        assert (picture.ColorSpace, picture.read_raw_bytes()) == (Name.DeviceRGB, bare_jpeg(photo()))
        assert "/Info" not in made.trailer


def test_the_same_file_gives_the_same_bytes() -> None:
    assert new_pdf(paper())[0] == new_pdf(paper())[0]


@pytest.mark.parametrize(("kind", "make"), [("jpeg", photo), ("png", drawing)])
def test_a_picture_is_drawn_again_without_what_was_told_of_it(kind: str, make: Callable[[], bytes]) -> None:
    whole = make()
    assert [word for word in SECRETS.values() if word.encode() in whole] != []
    made = new_picture(whole, kind)
    assert [word for word in SECRETS.values() if word.encode() in made] == []
    with Image.open(io.BytesIO(made)) as found:
        told = {key for key in found.info if not key.startswith("jfif")}
        assert (found.format, told, dict(found.getexif())) == (kind.upper(), set(), {})
        # It lay on its side: what a phone said in its words is now in the dots.
        assert (found.size, found.mode) == (((40, 60), "RGB") if kind == "jpeg" else ((30, 20), "RGBA"))


def test_a_large_picture_becomes_smaller() -> None:
    out = io.BytesIO()
    Image.new("RGB", (5000, 1000), "white").save(out, "JPEG")
    with Image.open(io.BytesIO(new_picture(out.getvalue(), "jpeg"))) as found:
        assert found.size == (2400, 480)


def test_a_photo_in_a_pdf_loses_its_words_and_keeps_every_dot() -> None:
    bare = bare_jpeg(photo())
    assert [word for word in SECRETS.values() if word.encode() in bare] == []
    with Image.open(io.BytesIO(bare)) as after, Image.open(io.BytesIO(photo())) as before:
        assert (after.tobytes(), dict(after.getexif())) == (before.tobytes(), {})


def saved(made: Pdf, **options: object) -> bytes:
    out = io.BytesIO()
    made.save(out, **options)  # type: ignore[arg-type]
    return out.getvalue()


def blank(change: Callable[[Pdf], object] = lambda made: None, **options: object) -> bytes:
    made = Pdf.new()
    made.add_blank_page()
    change(made)
    return saved(made, **options)


def hide_a_layer(made: Pdf) -> None:
    layer = made.make_indirect(Dictionary(Type=Name.OCG, Name=String("Brouillon")))
    made.Root.OCProperties = Dictionary(OCGs=Array([layer]), D=Dictionary(OFF=Array([layer])))


def ask_to_fill_in(made: Pdf) -> None:
    made.Root.AcroForm = Dictionary(XFA=Stream(made, b"<xdp/>"))


def show(filters: Name, data: bytes) -> Callable[[Pdf], None]:
    def change(made: Pdf) -> None:
        picture = Stream(made, b"")
        picture.write(data, filter=filters)
        for key, value in {"Type": Name.XObject, "Subtype": Name.Image, "Width": 9000, "Height": 9000}.items():
            picture[f"/{key}"] = value
        page = made.pages[0].obj
        page.Resources, page.Contents = Dictionary(XObject=Dictionary(I=picture)), Stream(made, b"/I Do")

    return change


def ask_itself(made: Pdf) -> None:
    form = made.make_indirect(Stream(made, b"/F Do", Type=Name.XObject, Subtype=Name.Form, BBox=[0, 0, 9, 9]))
    form.Resources = Dictionary(XObject=Dictionary(F=form))
    page = made.pages[0].obj
    page.Resources, page.Contents = Dictionary(XObject=Dictionary(F=form)), Stream(made, b"/F Do")


def packed(size: int) -> bytes:
    return zlib.compress(b"\x00" * size, 9)


REFUSED: dict[str, tuple[str, Callable[[], bytes]]] = {
    "a password": ("locked", lambda: blank(encryption=Encryption(owner="a", user="b"))),
    "no password, but locked": ("locked", lambda: blank(encryption=Encryption(owner="a", user=""))),
    "too many pages": ("pages", lambda: paper(61)),
    "a hidden layer": ("layers", lambda: blank(hide_a_layer)),
    "a form that programs fill": ("form", lambda: blank(ask_to_fill_in)),
    "a picture of a rare kind": ("rare", lambda: blank(show(Name.JPXDecode, b"x"))),
    "a picture that is none": ("broken", lambda: blank(show(Name.DCTDecode, b"x"))),
    "a stream that bursts": ("heavy", lambda: blank(show(Name.FlateDecode, packed(kinds.MOST_OPENED + 1)))),
    "half of it": ("broken", lambda: paper()[:2000]),
    "nothing behind the first line": ("broken", lambda: b"%PDF-1.7\n"),
    "a script": ("kind", lambda: b"<script>alert(1)</script>"),
    "a picture that says it is a PDF": ("kind", lambda: b"GIF89a%PDF-1.7"),
    "half a photo": ("broken", lambda: photo()[:400]),
    "a picture that bursts": ("heavy", lambda: huge_picture()),
    "too many bytes": ("big", lambda: b"%PDF-" + b"x" * kinds.MOST_BYTES),
}


def huge_picture() -> bytes:
    out = io.BytesIO()
    Image.new("1", (20_000, 20_000)).save(out, "PNG")
    return out.getvalue()


@pytest.mark.parametrize("case", REFUSED)
def test_what_cannot_be_read_whole_is_refused_with_what_to_do(case: str) -> None:
    why, make = REFUSED[case]
    with pytest.raises(Unfit) as refused:
        washed(make())
    assert (refused.value.code, str(refused.value.detail)) == (f"file_{why}", str(WHY[why]))


def test_every_refusal_has_its_words() -> None:
    assert {why for why, _make in REFUSED.values()} == set(WHY)


def test_a_drawing_that_draws_itself_is_drawn_once() -> None:
    with Pdf.open(io.BytesIO(new_pdf(blank(ask_itself))[0])) as made:
        form = made.pages[0].obj.Resources.XObject.F
        assert (form.read_bytes(), "/XObject" in form.get("/Resources", Dictionary())) == (b"", False)


def test_a_pdf_is_washed_by_a_process_that_knows_no_secret(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SECRET_KEY", "what only the house knows")
    made = washed(paper(3))
    assert (made.kind, made.pages, found_in(made.content)) == ("pdf", 3, set())


def test_sixty_pages_go_through() -> None:
    assert washed(paper(60)).pages == 60


def test_a_form_of_a_file_is_as_large_as_a_file() -> None:
    assert kinds.MOST_BYTES == FILE_BYTES


def test_the_last_look_finds_what_should_not_be_there(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("app.houses.shelf.wash.pdf.NEVER", frozenset(("/MediaBox",)))
    with pytest.raises(Refused):
        new_pdf(paper())
