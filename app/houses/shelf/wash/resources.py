"""What the operators of a page ask for: pictures, forms, colours, patterns, shadings. Fonts stand in ``fonts``."""

import re
import zlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from pikepdf import Array, Dictionary, Name, Pdf, Stream, StreamDecodeLevel, String

from app.houses.shelf.wash.drawing import Used, redrawn, written
from app.houses.shelf.wash.fonts import Fonts
from app.houses.shelf.wash.jpeg import bare_jpeg
from app.houses.shelf.wash.kinds import MOST_OPENED, Refused, words
from app.houses.shelf.wash.plain import keep, kept, plain

DEEPEST = 20
DEVICES = {1: "/DeviceGray", 3: "/DeviceRGB", 4: "/DeviceCMYK"}
OPENED = words("/FlateDecode /LZWDecode /ASCII85Decode /ASCIIHexDecode /RunLengthDecode")
COMMENT = re.compile(rb"%[^\r\n]*")
IMAGE = "/Width /Height /BitsPerComponent /ImageMask /Decode /Interpolate /Intent /Matte"
STATE = "/LW /LC /LJ /ML /D /RI /OP /op /OPM /FL /SM /SA /BM /CA /ca /AIS /TK"
SHADING = (
    "/ShadingType /Background /BBox /AntiAlias /Coords /Domain /Extend /Matrix /BitsPerCoordinate /BitsPerComponent"
    " /BitsPerFlag /VerticesPerRow /Decode"
)
FUNCTION = "/FunctionType /Domain /Range /Size /BitsPerSample /Order /Encode /Decode /C0 /C1 /N /Bounds"
FAX = "/K /EndOfLine /EncodedByteAlign /Columns /Rows /EndOfBlock /BlackIs1"
TILE = "/PatternType /PaintType /TilingType /BBox /XStep /YStep /Matrix"


class Copier(Fonts):
    """Makes in ``target`` what the pages need, each thing once."""

    def __init__(self, target: Pdf) -> None:
        self.target = target
        self.left = MOST_OPENED
        self.made: dict[tuple[str, tuple[int, int]], Any] = {}
        self.deep = 0

    def spend(self, size: int) -> None:
        """So much was opened. Raises Refused when it is too much in all."""
        self.left -= size
        if self.left < 0:
            raise Refused("heavy")

    def opened(self, source: Any) -> bytes:
        """What a stream holds. Raises Refused, or what pikepdf raises."""
        data: bytes = source.read_bytes(StreamDecodeLevel.specialized)
        self.spend(len(data))
        return data

    def once(self, what: str, source: Any, make: Callable[[Any], Any]) -> Any:
        """The copy of this object as that kind of thing, made when it is first asked for."""
        key = what, source.objgen
        if not source.is_indirect:
            return self.deeper(source, make)
        if key not in self.made:
            # What asks for itself gets nothing.
            self.made[key] = None
            found = self.deeper(source, make)
            self.made[key] = None if found is None else self.target.make_indirect(found)
        return self.made[key]

    def deeper(self, source: Any, make: Callable[[Any], Any]) -> Any:
        with self._a_step_down():
            return make(source)

    @contextmanager
    def _a_step_down(self) -> Iterator[None]:
        self.deep += 1
        if self.deep > DEEPEST:
            raise Refused("rare")
        yield
        self.deep -= 1

    def resources(self, given: Any, used: Used) -> Dictionary:
        """Those that are asked for, and no other: what is never drawn is nobody's business."""
        ways: dict[str, Callable[[Any], Any]] = {
            "/XObject": lambda one: self.x_object(one, given),
            "/Font": lambda one: self.once("font", one, lambda font: self.font(font, given)),
            "/ExtGState": lambda one: self.once("state", one, lambda state: self.state(state, given)),
            "/ColorSpace": self.space,
            "/Pattern": lambda one: self.once("pattern", one, lambda pattern: self.pattern(pattern, given)),
            "/Shading": lambda one: self.once("shading", one, self.shading),
        }
        made = Dictionary()
        for kind, way in ways.items():
            there, bag = given.get(kind, Dictionary()), Dictionary()
            for name in sorted(used.get(kind, ())):
                found = way(there[name]) if name in there else None
                if found is not None:
                    bag[name] = found
            if len(bag):
                made[kind] = bag
        return made

    def x_object(self, source: Any, around: Any) -> Any:
        kind = str(source.get("/Subtype", ""))
        if kind == "/Image":
            return self.once("image", source, self.image)
        if kind == "/Form":
            return self.once("form", source, lambda form: self.form(form, around))
        return None

    def form(self, source: Any, around: Any) -> Stream:
        """A drawing of its own, which a page uses as a whole."""
        made = self.drawn(source, around)
        made.Type, made.Subtype = Name.XObject, Name.Form
        keep(source, made, ("/BBox", "/Matrix"))
        if "/Group" in source:
            made.Group = self.group(source["/Group"])
        return made

    def drawn(self, source: Any, around: Any) -> Stream:
        """A stream of operators with what they ask for. around: the resources of where it is used."""
        self.opened(source)
        instructions, used = redrawn(source)
        resources = self.resources(source.get("/Resources", around), used)
        data = written(instructions, set(resources.get("/XObject", Dictionary()).keys()))
        made = Stream(self.target, data)
        made.Resources = resources
        return made

    def group(self, source: Any) -> Dictionary:
        made = kept(source, "/S /I /K")
        if "/CS" in source:
            made.CS = self.space(source["/CS"])
        return made

    def image(self, source: Any) -> Stream:
        made = self._dots(source)
        made.Type, made.Subtype = Name.XObject, Name.Image
        keep(source, made, IMAGE.split())
        if "/ColorSpace" in source:
            made.ColorSpace = self.space(source["/ColorSpace"])
        for key in ("/Mask", "/SMask"):
            if key in source:
                mask = source[key]
                made[key] = self.once("image", mask, self.image) if isinstance(mask, Stream) else plain(mask)
        return made

    def _dots(self, source: Any) -> Stream:
        given = source.get("/Filter", [])
        filters = [str(given)] if isinstance(given, Name) else [str(each) for each in given]
        if set(filters) <= OPENED:
            return Stream(self.target, self.opened(source))
        if filters[-1] == "/DCTDecode" and set(filters[:-1]) <= {"/FlateDecode"}:
            return self._photo(source, len(filters) - 1)
        if filters == ["/CCITTFaxDecode"]:
            made = Stream(self.target, b"")
            parms = source.get("/DecodeParms", Dictionary())
            parms = parms[0] if isinstance(parms, Array) else parms
            made.write(source.read_raw_bytes(), filter=Name.CCITTFaxDecode, decode_parms=kept(parms, FAX))
            return made
        raise Refused("rare")

    def _photo(self, source: Any, packed: int) -> Stream:
        data = source.read_raw_bytes()
        for _time in range(packed):
            data = zlib.decompressobj().decompress(data, self.left)
            self.spend(len(data))
        made = Stream(self.target, b"")
        made.write(bare_jpeg(data), filter=Name.DCTDecode)
        return made

    def space(self, source: Any) -> Any:
        """A space of colours. A profile may be of somebody's device: the plain space of as many colours stands in."""
        if isinstance(source, Name):
            return Name(str(source))
        head = str(source[0])
        if head == "/ICCBased":
            return Name(DEVICES[int(source[1].get("/N"))])
        if head in ("/Indexed", "/I"):
            lookup = source[3]
            table = self.opened(lookup) if isinstance(lookup, Stream) else bytes(lookup)
            return Array([Name.Indexed, self.deeper(source[1], self.space), int(source[2]), String(table)])
        if head in ("/Separation", "/DeviceN"):
            return Array([
                Name(head), plain(source[1]), self.deeper(source[2], self.space), self.function(source[3]),
            ])  # fmt: skip
        if head in ("/CalGray", "/CalRGB", "/Lab"):
            return Array([Name(head), kept(source[1], "/WhitePoint /BlackPoint /Gamma /Matrix /Range")])
        if head == "/Pattern" and len(source) > 1:
            return Array([Name.Pattern, self.deeper(source[1], self.space)])
        return Name(head)

    def function(self, source: Any) -> Any:
        """How one number becomes others."""
        if isinstance(source, Name):
            return Name(str(source))
        if isinstance(source, Array):
            return Array([self.deeper(each, self.function) for each in source])
        told = kept(source, FUNCTION)
        if "/Functions" in source:
            told.Functions = Array([self.deeper(each, self.function) for each in source["/Functions"]])
        if not isinstance(source, Stream):
            return told
        data = self.opened(source)
        return Stream(self.target, COMMENT.sub(b"", data) if int(told.FunctionType) == 4 else data, told)

    def state(self, source: Any, around: Any) -> Dictionary:
        made = kept(source, STATE)
        mask = source.get("/SMask")
        if isinstance(mask, Name):
            made.SMask = Name(str(mask))
        elif isinstance(mask, Dictionary):
            told = kept(mask, "/S /BC")
            told.G = self.once("form", mask["/G"], lambda form: self.form(form, around))
            if "/TR" in mask:
                told.TR = self.function(mask["/TR"])
            made.SMask = told
        return made

    def pattern(self, source: Any, around: Any) -> Any:
        if isinstance(source, Stream):
            made: Any = self.drawn(source, around)
            keep(source, made, TILE.split())
            return made
        made = kept(source, "/PatternType /Matrix")
        made.Shading = self.once("shading", source["/Shading"], self.shading)
        if "/ExtGState" in source:
            made.ExtGState = self.state(source["/ExtGState"], around)
        return made

    def shading(self, source: Any) -> Any:
        told = kept(source, SHADING)
        told.ColorSpace = self.space(source["/ColorSpace"])
        if "/Function" in source:
            told.Function = self.function(source["/Function"])
        return Stream(self.target, self.opened(source), told) if isinstance(source, Stream) else told
