"""A picture is drawn again, dot by dot: what was told of it stays behind."""

import io
import warnings

from PIL import Image, ImageOps

from app.houses.shelf.wash.kinds import MOST_BYTES, MOST_PIXELS, Refused

LONGEST = 2400
QUALITY = 85


def new_picture(data: bytes, kind: str) -> bytes:
    """The picture the right way up, 2,400 dots long at most, of the same kind. Raises Refused, or what Pillow does."""
    Image.MAX_IMAGE_PIXELS = MOST_PIXELS
    with warnings.catch_warnings():
        warnings.simplefilter("error", Image.DecompressionBombWarning)
        try:
            found = Image.open(io.BytesIO(data), formats=(kind.upper(),))
        except (Image.DecompressionBombWarning, Image.DecompressionBombError):
            raise Refused("heavy") from None
    if found.width * found.height > MOST_PIXELS:
        raise Refused("heavy")
    # A large photo is read small at once, where its kind can.
    found.draft(None, (LONGEST, LONGEST))
    found.load()
    mode = _mode(found, kind)
    turned = ImageOps.exif_transpose(found).convert(mode)
    turned.thumbnail((LONGEST, LONGEST))
    bare = Image.frombytes(mode, turned.size, turned.tobytes())
    out = io.BytesIO()
    bare.save(out, kind.upper(), **({"quality": QUALITY} if kind == "jpeg" else {}), optimize=True)
    if out.tell() > MOST_BYTES:
        raise Refused("heavy")
    return out.getvalue()


def _mode(found: Image.Image, kind: str) -> str:
    if kind == "png" and ("A" in found.getbands() or "transparency" in found.info):
        return "RGBA"
    return "L" if found.mode in ("1", "L") else "RGB"
