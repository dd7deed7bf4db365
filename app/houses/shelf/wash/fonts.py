"""Letters: what a font is drawn with and which signs its glyphs are, so that a text can be found and read aloud."""

import re
from abc import abstractmethod
from typing import Any

from pikepdf import Array, Dictionary, Name, Stream, String

from app.houses.shelf.wash.drawing import Used
from app.houses.shelf.wash.plain import keep, kept

FONT = "/Type /Subtype /BaseFont /FirstChar /LastChar /Widths /DW /W /DW2 /W2 /FontBBox /FontMatrix"
DESCRIPTOR = (
    "/Type /FontName /FontStretch /FontWeight /Flags /FontBBox /ItalicAngle /Ascent /Descent /Leading /CapHeight"
    " /XHeight /StemV /StemH /AvgWidth /MaxWidth /MissingWidth"
)
FILES = ("/FontFile", "/FontFile2", "/FontFile3")
COMMENT = re.compile(rb"%[^\r\n]*")
REGISTERED = re.compile(r"[A-Za-z0-9-]{1,32}")


class Fonts:
    """The part of a copier that makes fonts."""

    target: Any

    @abstractmethod
    def opened(self, source: Any) -> bytes: ...

    @abstractmethod
    def once(self, what: str, source: Any, make: Any) -> Any: ...

    @abstractmethod
    def deeper(self, source: Any, make: Any) -> Any: ...

    @abstractmethod
    def drawn(self, source: Any, around: Any) -> Stream: ...

    @abstractmethod
    def resources(self, given: Any, used: Used) -> Dictionary: ...

    def font(self, source: Any, around: Any) -> Dictionary:
        made = kept(source, FONT)
        if "/FontDescriptor" in source:
            made.FontDescriptor = self.once("descriptor", source["/FontDescriptor"], self._descriptor)
        if "/Encoding" in source:
            made.Encoding = self._encoding(source["/Encoding"])
        if isinstance(source.get("/ToUnicode"), Stream):
            made.ToUnicode = self.once("map", source["/ToUnicode"], self._map)
        if "/CIDSystemInfo" in source:
            made.CIDSystemInfo = _system(source["/CIDSystemInfo"])
        if "/CIDToGIDMap" in source:
            made.CIDToGIDMap = self._glyphs(source["/CIDToGIDMap"])
        if "/DescendantFonts" in source:
            parts = [self.deeper(each, lambda one: self.font(one, around)) for each in source["/DescendantFonts"]]
            made.DescendantFonts = Array([self.target.make_indirect(each) for each in parts])
        if "/CharProcs" in source:
            own = source.get("/Resources", around)
            made.CharProcs = Dictionary()
            for name, glyph in source["/CharProcs"].items():
                made.CharProcs[name] = self.target.make_indirect(self._glyph(glyph, own, made))
        return made

    def _glyph(self, source: Any, around: Any, font: Dictionary) -> Stream:
        """A letter that is a drawing; what all of them ask for stands in the font."""
        made = self.drawn(source, around)
        there = font.get("/Resources", Dictionary())
        for kind, bag in made.Resources.items():
            if kind not in there:
                there[kind] = Dictionary()
            for name, one in bag.items():
                there[kind][name] = one
        font.Resources = there
        del made["/Resources"]
        return made

    def _descriptor(self, source: Any) -> Dictionary:
        made = kept(source, DESCRIPTOR)
        for key in FILES:
            if key in source:
                made[key] = self.once("font file", source[key], self._file)
        return made

    def _file(self, source: Any) -> Stream:
        made = Stream(self.target, self.opened(source))
        keep(source, made, ("/Length1", "/Length2", "/Length3", "/Subtype"))
        return made

    def _encoding(self, source: Any) -> Any:
        if isinstance(source, Name):
            return Name(str(source))
        if isinstance(source, Stream):
            return self.once("map", source, self._map)
        return kept(source, "/Type /BaseEncoding /Differences")

    def _map(self, source: Any) -> Stream:
        """Which code is which sign, in a language that has comments."""
        made = Stream(self.target, COMMENT.sub(b"", self.opened(source)))
        keep(source, made, ("/Type", "/CMapName", "/WMode"))
        if "/CIDSystemInfo" in source:
            made.CIDSystemInfo = _system(source["/CIDSystemInfo"])
        given = source.get("/UseCMap")
        if given is not None:
            made.UseCMap = self._encoding(given)
        return made

    def _glyphs(self, source: Any) -> Any:
        if isinstance(source, Name):
            return Name(str(source))
        return self.once("glyphs", source, lambda one: Stream(self.target, self.opened(one)))


def _system(source: Any) -> Dictionary:
    made = Dictionary(Supplement=int(source.get("/Supplement", 0)))
    for key in ("/Registry", "/Ordering"):
        told = str(source.get(key, ""))
        made[key] = String(told if REGISTERED.fullmatch(told) else "Other")
    return made
