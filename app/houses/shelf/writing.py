"""The form of something on the shelf until it is right; a file is looked at once more before it is placed."""

from collections.abc import Callable
from typing import Any

from flask import flash, make_response, redirect, render_template, request
from werkzeug.wrappers import Response

from app.core.errors import Invalid
from app.houses.shelf import files
from app.houses.shelf.actions import ItemSaid
from app.houses.shelf.forms import ItemForm
from app.houses.shelf.models import ShelfFile, ShelfItem
from app.houses.shelf.wash.kinds import MOST_BYTES
from app.web.guard import NOT_ON_A_KIOSK, SAFE_METHODS, actor

TYPES = {"pdf": "application/pdf", "png": "image/png", "jpeg": "image/jpeg"}


class Writing:
    """One form. back: where it leads; item: what is changed; proposed: by a club, to the team; part: what it had."""

    def __init__(
        self,
        form: ItemForm,
        house_id: str,
        back: str,
        *,
        item: ShelfItem | None = None,
        proposed: bool = False,
        part: dict[str, Any] | None = None,
    ) -> None:
        self.form, self.house_id, self.back, self.item, self.proposed = form, house_id, back, item, proposed
        self.part = part
        self.beside = item is not None and item.file is not None

    def answer(self, act: Callable[[ItemSaid], object], done: str) -> Response:
        """The form, a look at the file, or the way back with a word once it is done."""
        if request.method in SAFE_METHODS:
            return self._page("change_item", 200)
        fine, file = self.form.validate(), self._file()
        if not fine or self.form.errors:
            return self._page("change_item", 422, file)
        step = request.form.get("step", "")
        if file and step in ("look", "again"):
            return file_answer(file) if step == "look" else self._page("change_item", 200, file)
        said = self.form.said(file)
        try:
            said.check(beside=self.beside)
            if file and step != "yes":
                return self._page("look_item", 200, file)
            act(said)
        except Invalid as error:
            self.form.refuse(error.field or "title", str(error.detail))
            return self._page("change_item", error.status, None if error.code == "file_gone" else file)
        flash(done, "done")
        return redirect(self.back, 303)

    def _file(self) -> ShelfFile | None:
        """What was sent now, or what waits since a step before."""
        form, sent = self.form, self.form.upload.data
        try:
            if sent and actor().device_id is not None:
                raise Invalid("kiosk", NOT_ON_A_KIOSK, field="upload")
            if sent:
                data = sent.read(MOST_BYTES + 1)
                file = files.hold_file(actor(), self.house_id, data, proposed=self.proposed)
                form.kept.data = files.ticket_of(actor(), file)
                return file
            return files.file_of_ticket(actor(), self.house_id, form.kept.data) if form.kept.data else None
        except Invalid as error:
            form.kept.data = ""
            form.refuse("upload", str(error.detail))
            return None

    def _page(self, template: str, status: int, file: ShelfFile | None = None) -> Response:
        known = {"form": self.form, "item": self.item, "back": self.back, "proposed": self.proposed, "file": file}
        nav = "clubs" if self.proposed else "home"
        page = render_template(
            f"shelf/{template}.html", **known, nav_current=nav, file_words=files.file_words, part=self.part
        )
        return make_response(page, status)


def file_answer(file: ShelfFile) -> Response:
    """The file itself: kept by the one who takes it, opened by no page, under a name that says nothing."""
    answer = Response(mimetype=TYPES[file.kind])
    answer.set_etag(file.id)
    answer.headers["Content-Disposition"] = f'attachment; filename="{file.id[:10]}.{file.kind}"'
    answer.headers["Content-Security-Policy"] = "default-src 'none'; frame-ancestors 'none'; sandbox"
    answer.headers["X-Content-Type-Options"] = "nosniff"
    if request.method in SAFE_METHODS and request.if_none_match.contains(file.id):
        answer.status_code = 304
    else:
        answer.set_data(files.content_of(file))
    return answer
