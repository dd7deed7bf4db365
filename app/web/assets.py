"""Static files under an address that carries the hash of the whole tree: kept for ever, never stale.

Everything is read once at the start (the tree is small), scripts and styles without their comments, compressed when a
browser first asks for it: most processes (a command, a job) serve none. Relative addresses inside style sheets and
scripts stay inside the same version.
"""

import gzip
import hashlib
import mimetypes
import re
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

import brotli
import rjsmin
from flask import Blueprint, Flask, abort, current_app, request
from werkzeug.wrappers import Response

from app.web.guard import public

bp = Blueprint("static_files", __name__)
COMMENT = re.compile(rb"/\*.*?\*/\s*", re.S)
PACKED = frozenset({".css", ".js", ".svg", ".txt", ".json", ".webmanifest"})
mimetypes.add_type("text/javascript", ".js")
mimetypes.add_type("font/woff2", ".woff2")


@dataclass(frozen=True)
class Asset:
    """One file, in the encodings it is served in."""

    mimetype: str
    plain: bytes
    packs: bool = False

    @cached_property
    def gzip(self) -> bytes:
        return gzip.compress(self.plain, 9, mtime=0)

    @cached_property
    def brotli(self) -> bytes:
        return bytes(brotli.compress(self.plain))


class Assets:
    """The static tree in memory."""

    def __init__(self, folder: Path) -> None:
        files = sorted(p for p in folder.rglob("*") if p.is_file())
        self.by_path = {p.relative_to(folder).as_posix(): _load(p) for p in files}
        digest = hashlib.sha256()
        for path, asset in self.by_path.items():
            digest.update(path.encode() + b"\0" + asset.plain + b"\0")
        self.version = digest.hexdigest()[:12]


def _load(path: Path) -> Asset:
    plain = path.read_bytes()
    if path.suffix == ".js" and path.parent.name != "vendor":
        plain = rjsmin.jsmin(plain)
    if path.suffix == ".css":
        plain = COMMENT.sub(b"", plain)
    kind = mimetypes.guess_type(path.name)[0] or "application/octet-stream"
    packs = path.suffix in PACKED
    return Asset(f"{kind}; charset=utf-8" if packs else kind, plain, packs)


def asset_url(path: str) -> str:
    """The address of a static file. Raises KeyError for one that does not exist."""
    assets: Assets = current_app.extensions["assets"]
    if path not in assets.by_path:
        raise KeyError(path)
    return f"/static/{assets.version}/{path}"


@bp.get("/static/<version>/<path:path>")
@public
def serve(version: str, path: str) -> Response:
    """A static file in the best encoding the browser takes."""
    assets: Assets = current_app.extensions["assets"]
    asset = assets.by_path.get(path)
    if asset is None:
        abort(404)
    answer = _encoded(asset)
    fresh = version == assets.version
    answer.headers["Cache-Control"] = "public, max-age=31536000, immutable" if fresh else "no-cache"
    answer.headers["Vary"] = "Accept-Encoding"
    return answer


def _encoded(asset: Asset) -> Response:
    for name, part in (("br", "brotli"), ("gzip", "gzip")):
        if asset.packs and request.accept_encodings.quality(name) > 0:
            answer = Response(getattr(asset, part), content_type=asset.mimetype)
            answer.headers["Content-Encoding"] = name
            return answer
    return Response(asset.plain, content_type=asset.mimetype)


def init_assets(app: Flask) -> None:
    app.extensions["assets"] = Assets(Path(app.root_path) / "static")
    app.register_blueprint(bp)
    app.jinja_env.globals["asset"] = asset_url
