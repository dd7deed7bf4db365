"""What draws: the operators of a page, without the marks, comments and words that lie between them."""

from collections import defaultdict
from typing import Any

import pikepdf
from pikepdf import Array, Dictionary, Name, Object, String

from app.houses.shelf.wash.kinds import Refused, words

# Names of resources that operators ask for, by the kind of resource.
Used = dict[str, set[str]]

DRAWS = words(
    "b B b* B* BT BX c cm cs CS d d0 d1 Do ET EX f F f* G g gs h i j J K k l m M n q Q re RG rg ri s S sc SC scn SCN"
    " sh T* Tc Td TD Tf TJ Tj TL Tm Tr Ts Tw Tz v w W W* y ' \""
)
SAYS = frozenset(("Tj", "TJ", "'", '"'))
ASKS = {"Do": "/XObject", "gs": "/ExtGState", "cs": "/ColorSpace", "CS": "/ColorSpace", "sh": "/Shading"}
PAINTS = frozenset(("scn", "SCN"))
INLINE = "INLINE IMAGE"
INLINE_KEYS = words(
    "/BPC /BitsPerComponent /CS /ColorSpace /D /Decode /DP /DecodeParms /F /Filter /H /Height /IM /ImageMask"
    " /I /Interpolate /W /Width /L /Length"
)
INLINE_FILTERS = words(
    "/A85 /ASCII85Decode /AHx /ASCIIHexDecode /Fl /FlateDecode /LZW /LZWDecode /RL /RunLengthDecode /CCF"
    " /CCITTFaxDecode"
)


def redrawn(source: Object | pikepdf.Page) -> tuple[list[pikepdf.ContentStreamInstruction], Used]:
    """The operators that draw, and which resources they ask for. Raises Refused."""
    kept: list[pikepdf.ContentStreamInstruction] = []
    used: Used = defaultdict(set)
    for one in pikepdf.parse_content_stream(source):
        operator = str(one.operator)
        if operator == INLINE:
            _look_at(one, used)
        elif operator not in DRAWS or not all(_is_plain(each, says=operator in SAYS) for each in one.operands):
            continue
        else:
            _ask(operator, list(one.operands), used)
        kept.append(one)  # type: ignore[arg-type]
    return kept, used


def written(instructions: list[pikepdf.ContentStreamInstruction], there: set[str]) -> bytes:
    """As bytes, without drawing again what was not taken over. there: names of XObjects."""
    return pikepdf.unparse_content_stream(
        [one for one in instructions if str(one.operator) != "Do" or str(one.operands[0]) in there]
    )


def _is_plain(value: object, *, says: bool, deep: int = 0) -> bool:
    """A number, a name, a list of those; a text only where it is drawn."""
    if isinstance(value, Object):
        if isinstance(value, String):
            return says
        if isinstance(value, Array):
            return deep < 2 and all(_is_plain(each, says=says, deep=deep + 1) for each in value)
        return isinstance(value, Name)
    return value is not None


def _ask(operator: str, operands: list[object], used: Used) -> None:
    if operator in ASKS and operands:
        used[ASKS[operator]].add(str(operands[0]))
    elif operator == "Tf" and operands:
        used["/Font"].add(str(operands[0]))
    elif operator in PAINTS and operands and isinstance(operands[-1], Name):
        used["/Pattern"].add(str(operands[-1]))


def _look_at(one: object, used: Used) -> None:
    """A small picture among the operators: of a few words and kinds. Raises Refused."""
    text = one.iimage.unparse()  # type: ignore[attr-defined]
    head = text.partition(b"ID")[0].strip().removeprefix(b"BI")
    told = Object.parse(b"<<" + head + b">>")
    if not isinstance(told, Dictionary) or not set(told.keys()) <= INLINE_KEYS:
        raise Refused("rare")
    given: Any = told.get("/F", told.get("/Filter", []))
    names = [given] if isinstance(given, Name) else list(given)
    if not {str(each) for each in names} <= INLINE_FILTERS:
        raise Refused("rare")
    space = told.get("/CS", told.get("/ColorSpace"))
    if isinstance(space, Name):
        used["/ColorSpace"].add(str(space))
