"""A link as a picture to scan, drawn into the page: no image is fetched, nothing is kept."""

import io

import segno
from markupsafe import Markup


def qr_of(link: str) -> Markup:
    """An SVG without a style of its own: the style sheet draws it, dark on white in every theme."""
    out = io.BytesIO()
    code = segno.make(link, error="m", micro=False)
    code.save(out, kind="svg", xmldecl=False, svgns=False, svgclass="qr", lineclass=None, border=2, omitsize=True)
    return Markup(out.getvalue().decode())  # noqa: S704  (made of digits and of our own words)
