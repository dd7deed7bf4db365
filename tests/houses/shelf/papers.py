"""A PDF and pictures with a name everywhere that a program may put one, each place with a word of its own."""

import io
import re
from collections.abc import Iterator
from typing import Any

from pikepdf import Array, AttachedFileSpec, Dictionary, Name, ObjectStreamMode, Pdf, Stream, String
from PIL import Image, PngImagePlugin

# Where it stands, and the word there.
SECRETS = {
    "author": "Zaurore", "xmp": "Zxavier", "note": "Znoemie", "revision": "Zrene", "attachment": "Zanatole",
    "attached name": "Zadele", "exif": "Zexupere", "photo comment": "Zcome", "photo xmp": "Zyann",
    "remark": "Zremi", "mark": "Zmarc", "tag": "Ztadeo", "script": "Zsacha", "layer": "Zlea", "piece": "Zpia",
    "outline": "Zodile", "profile": "Zprosper", "behind": "Zberenice", "never drawn": "Zninon", "field": "Zfelix",
    "font map": "Zmael", "glyph": "Zgloria", "label": "Zlaure",
}  # fmt: skip
SHOWN = "Bonjour Zora"


def photo(**secrets: str) -> bytes:
    """A JPEG that was taken lying on its side, with what a telephone tells of it."""
    told = Image.Exif()
    told[0x013B] = secrets.get("exif", SECRETS["exif"])
    told[0x0112] = 6
    told.get_ifd(0x8825)[1] = "N"
    picture, out = Image.new("RGB", (60, 40), (200, 30, 30)), io.BytesIO()
    xmp = f"<x:xmpmeta>{SECRETS['photo xmp']}</x:xmpmeta>".encode()
    picture.save(out, "JPEG", exif=told, comment=SECRETS["photo comment"].encode(), xmp=xmp)
    return out.getvalue() + SECRETS["behind"].encode()


def drawing(size: tuple[int, int] = (30, 20)) -> bytes:
    """A PNG with a hole in it, and words beside it."""
    told, out = PngImagePlugin.PngInfo(), io.BytesIO()
    told.add_text("Author", SECRETS["author"])
    told.add_itxt("XML:com.adobe.xmp", SECRETS["xmp"], zip=True)
    Image.new("RGBA", size, (0, 90, 60, 100)).save(out, "PNG", pnginfo=told)
    return out.getvalue() + SECRETS["behind"].encode()


def paper(pages: int = 1, text: str = SHOWN, **options: Any) -> bytes:
    """A PDF of so many pages, each with a line and a photo. options: how it is saved."""
    made = Pdf.new()
    for _number in range(pages):
        made.add_blank_page(page_size=(300, 200))
        _draw(made, made.pages[-1].obj, text)
    _tell(made)
    out = io.BytesIO()
    made.save(out, object_stream_mode=ObjectStreamMode.disable, **options)
    return out.getvalue()


def revised() -> bytes:
    """As ``paper``, changed once more at its end, as programs do: what stood there before is still in the file."""
    whole = paper(text=SECRETS["revision"], compress_streams=False)
    (number,) = re.findall(rb"(\d+) 0 obj\n<<\n? *[^>]*>>\nstream\nQQREVISED", whole)
    size, root = re.findall(rb"/Size (\d+)", whole)[-1], re.findall(rb"/Root (\d+ 0 R)", whole)[-1]
    before = re.findall(rb"startxref\n(\d+)", whole)[-1]
    info = re.findall(rb"/Info (\d+ 0 R)", whole)[-1]
    text = f"BT /F0 12 Tf 10 10 Td ({SHOWN}) Tj ET q 60 0 0 40 20 20 cm /Im0 Do Q".encode()
    new = b"%s 0 obj\n<< /Length %d >>\nstream\n%s\nendstream\nendobj\n" % (number, len(text), text)
    table = b"xref\n%s 1\n%010d 00000 n \ntrailer\n<< /Size %s /Root %s /Info %s /Prev %s >>\nstartxref\n%d\n%%%%EOF\n"
    return whole + new + table % (number, len(whole), size, root, info, before, len(whole) + len(new))


def _draw(made: Pdf, page: Any, text: str) -> None:
    picture = Stream(made, b"")
    picture.write(photo(), filter=Name.DCTDecode)
    told = {"Type": Name.XObject, "Subtype": Name.Image, "Width": 60, "Height": 40, "BitsPerComponent": 8}
    for key, value in told.items():
        picture[f"/{key}"] = value
    profile = Stream(made, SECRETS["profile"].encode())
    profile.N = 3
    picture.ColorSpace = Array([Name.ICCBased, profile])
    picture.Metadata = Stream(made, SECRETS["photo xmp"].encode())
    unused = Stream(made, SECRETS["never drawn"].encode(), Type=Name.XObject, Subtype=Name.Form, BBox=[0, 0, 1, 1])
    page.Resources = Dictionary(
        XObject=Dictionary(Im0=picture, Fm9=unused),
        Font=Dictionary(F0=made.make_indirect(_font(made)), T3=made.make_indirect(_drawn_font(made))),
        Properties=Dictionary(MC0=made.make_indirect(Dictionary(Type=Name.OCG, Name=String(SECRETS["layer"])))),
    )
    lines = (
        f"QQREVISED % {SECRETS['remark']}\n/Span <</ActualText ({SECRETS['mark']})>> BDC /OC /MC0 BDC",
        f"BT /F0 12 Tf 10 10 Td ({text}) Tj /T3 9 Tf (a) Tj ET EMC EMC q 60 0 0 40 20 20 cm /Im0 Do Q",
    )
    page.Contents = Stream(made, "\n".join(lines).encode())


def _font(made: Pdf) -> Dictionary:
    signs = Stream(made, f"% {SECRETS['font map']}\nbegincmap endcmap".encode())
    return Dictionary(Type=Name.Font, Subtype=Name.Type1, BaseFont=Name.Helvetica, ToUnicode=signs)


def _drawn_font(made: Pdf) -> Dictionary:
    glyph = Stream(made, f"% {SECRETS['glyph']}\n500 0 d0 0 0 400 400 re f".encode())
    return Dictionary(
        Type=Name.Font, Subtype=Name.Type3, FontBBox=[0, 0, 500, 500], FontMatrix=[0.001, 0, 0, 0.001, 0, 0],
        FirstChar=97, LastChar=97, Widths=[500], CharProcs=Dictionary(a=glyph),
        Encoding=Dictionary(Type=Name.Encoding, Differences=[97, Name.a]),
    )  # fmt: skip


def _tell(made: Pdf) -> None:
    """All that is not on a page."""
    with made.open_metadata() as told:
        told["dc:creator"] = [SECRETS["xmp"]]
    made.docinfo["/Author"] = SECRETS["author"]
    made.attachments["x"] = AttachedFileSpec(
        made, SECRETS["attachment"].encode(), filename=f"{SECRETS['attached name']}.txt"
    )
    root, page = made.Root, made.pages[0].obj
    page.Annots = made.make_indirect(Array([
        made.make_indirect(Dictionary(
            Type=Name.Annot, Subtype=Name.Text, Rect=[0, 0, 9, 9], T=String(SECRETS["note"]), Contents=String("Revoir"),
        )),
    ]))  # fmt: skip
    field = Dictionary(FT=Name.Tx, T=String("nom"), V=String(SECRETS["field"]))
    root.AcroForm = Dictionary(Fields=Array([made.make_indirect(field)]))
    root.OpenAction = Dictionary(S=Name.JavaScript, JS=String(f"app.alert('{SECRETS['script']}')"))
    root.StructTreeRoot = made.make_indirect(Dictionary(Type=Name.StructTreeRoot, T=String(SECRETS["tag"])))
    root.PieceInfo = Dictionary(Word=Dictionary(Private=String(SECRETS["piece"])))
    root.Outlines = made.make_indirect(Dictionary(Title=String(SECRETS["outline"])))
    root.PageLabels = Dictionary(Nums=Array([0, Dictionary(P=String(SECRETS["label"]))]))


def everything_in(data: bytes) -> Iterator[bytes]:
    """The bytes, and what they hold once opened: of every object what it says, of every stream what is in it."""
    yield data
    with Pdf.open(io.BytesIO(data)) as found:
        yield found.trailer.unparse()
        for one in found.objects:
            yield from _told_by(one)


def _told_by(one: Any) -> Iterator[bytes]:
    if isinstance(one, Stream):
        yield one.read_raw_bytes()
        if one.get("/Filter") != Name.DCTDecode:
            yield one.read_bytes()
        yield b" ".join(_strings(Dictionary({key: value for key, value in one.items()})))  # noqa: C416
    else:
        yield b" ".join(_strings(one))


def _strings(value: Any, deep: int = 0) -> Iterator[bytes]:
    """Every text of an object, whichever alphabet it is written in."""
    if deep > 6:
        return
    if isinstance(value, String):
        yield bytes(value)
        yield str(value).encode()
    elif isinstance(value, Name):
        yield str(value).encode()
    elif isinstance(value, Dictionary):
        for key in value.keys():  # noqa: SIM118
            yield key.encode()
            if key not in ("/Parent", "/P"):
                yield from _strings(value[key], deep + 1)
    elif isinstance(value, Array):
        for each in value:
            yield from _strings(each, deep + 1)


def found_in(data: bytes) -> set[str]:
    """Which of the words stand in a PDF, opened or not, in one byte a letter or in two."""
    whole = b"\n".join(everything_in(data))
    return {place for place, word in SECRETS.items() if word.encode() in whole or word.encode("utf-16-be") in whole}
