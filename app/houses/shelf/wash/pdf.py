"""A PDF is made from nothing; of the old one only what draws its pages goes over."""

import io
from typing import Any

import pikepdf
from pikepdf import Array, Dictionary, Name, Object, Pdf, Stream

from app.houses.shelf.wash.drawing import redrawn, written
from app.houses.shelf.wash.kinds import MOST_BYTES, MOST_PAGES, Refused, words
from app.houses.shelf.wash.plain import plain
from app.houses.shelf.wash.resources import Copier

INHERITED_AT_MOST = 50
# None of this may stand in what was made, whatever the rules above say.
NEVER = words(
    "/AA /AcroForm /Annots /Author /CreationDate /Creator /EmbeddedFiles /Info /JavaScript /JS /Keywords /LastModified"
    " /Metadata /ModDate /Names /OCProperties /OpenAction /Outlines /PieceInfo /Producer /StructTreeRoot /Thumb /URI"
)


def new_pdf(data: bytes) -> tuple[bytes, int]:
    """The new file, and how many pages it has. Raises Refused, or what pikepdf raises."""
    try:
        found = Pdf.open(io.BytesIO(data), suppress_warnings=True, attempt_recovery=False)
    except pikepdf.PasswordError:
        raise Refused("locked") from None
    _look_at(found)
    made = Pdf.new()
    copier = Copier(made)
    for page in found.pages:
        made.pages.append(_page(page, copier))
    out = io.BytesIO()
    made.save(
        out,
        object_stream_mode=pikepdf.ObjectStreamMode.generate,
        compress_streams=True,
        deterministic_id=True,
        fix_metadata_version=False,
        min_version="1.7",
    )
    if out.tell() > MOST_BYTES:
        raise Refused("heavy")
    _look_again(out.getvalue(), len(found.pages))
    return out.getvalue(), len(found.pages)


def _look_at(found: Pdf) -> None:
    if found.is_encrypted:
        raise Refused("locked")
    if not 0 < len(found.pages) <= MOST_PAGES:
        raise Refused("pages" if found.pages else "broken")
    if "/XFA" in found.Root.get("/AcroForm", Dictionary()):
        raise Refused("form")
    layers: Any = found.Root.get("/OCProperties", Dictionary()).get("/D", Dictionary())
    if len(layers.get("/OFF", [])) or len(layers.get("/AS", [])) or str(layers.get("/BaseState", "/ON")) != "/ON":
        # Layers go; what was hidden in one would be seen by everybody.
        raise Refused("layers")


def _page(page: pikepdf.Page, copier: Copier) -> pikepdf.Page:
    source = page.obj
    made = Dictionary(Type=Name.Page)
    for key in ("/MediaBox", "/CropBox", "/Rotate", "/UserUnit"):
        value = _inherited(source, key)
        if value is not None:
            made[key] = plain(value)
    resources = _inherited(source, "/Resources")
    if "/Contents" in source:
        copier.spend(sum(len(each.read_bytes()) for each in _streams(source["/Contents"])))
        instructions, used = redrawn(page)
        given = resources if isinstance(resources, Dictionary) else Dictionary()
        made.Resources = copier.resources(given, used)
        drawn = written(instructions, set(made.Resources.get("/XObject", Dictionary()).keys()))
        made.Contents = Stream(copier.target, drawn)
    if "/Group" in source:
        made.Group = copier.group(source["/Group"])
    return pikepdf.Page(copier.target.make_indirect(made))


def _streams(contents: Any) -> list[Any]:
    return list(contents) if isinstance(contents, Array) else [contents]


def _inherited(page: Object, key: str) -> Any:
    node: Any = page
    for _step in range(INHERITED_AT_MOST):
        if key in node:
            return node[key]
        if "/Parent" not in node:
            return None
        node = node["/Parent"]
    raise Refused("broken")


def _look_again(data: bytes, pages: int) -> None:
    """Once more at what was made, as a stranger would: every object, every key."""
    with Pdf.open(io.BytesIO(data)) as made:
        keys = {key for one in made.objects if isinstance(one, (Dictionary, Stream)) for key in one.keys()}  # noqa: SIM118
        if keys & NEVER or "/Info" in made.trailer or len(made.pages) != pages:
            raise Refused("rare")
