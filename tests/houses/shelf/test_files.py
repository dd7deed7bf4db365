"""A file beside a sheet: seen before it is shown, kept with its sheet, taken along under a name that says nothing."""

import io
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from flask import Flask

from app.core import retention
from app.core.clock import now
from app.core.db import db, transaction
from app.core.ids import new_id
from app.houses.journal import all_entries
from app.houses.shelf import actions, files
from app.houses.shelf.actions import ItemSaid
from app.houses.shelf.models import ShelfFile, ShelfItem
from tests.houses.shelf.papers import found_in, paper, photo
from tests.support import factories as make
from tests.support import kiosks
from tests.support.cast import Cast
from tests.support.clients import PageClient
from tests.support.page import text_of

NEW, KEEP = "/houses/canal/shelf/new", "/houses/canal/shelf"
SAID = {"title": "Un papier", "purpose": "Pour commencer.", "needs": "job", "language": "fr"}
BROWSER = Callable[..., PageClient]
PARTS = {"content_type": "multipart/form-data"}


def sent(browser: PageClient, path: str, data: bytes = b"", **fields: Any) -> Any:
    """The form with a file, as a browser sends it."""
    upload = {"upload": (io.BytesIO(data), "CV-Zoe-Zorglub.pdf")} if data else {}
    return browser.send(path, {**SAID, **upload, **fields}, **PARTS)


def said_yes(browser: PageClient, path: str, look: Any, step: str = "yes") -> Any:
    """The second page of it, answered."""
    return browser.send(path, {**look.page.form().fields, "step": step})


def put(browser: PageClient, path: str, data: bytes, **fields: Any) -> Any:
    return said_yes(browser, path, sent(browser, path, data, **fields))


def rows(app: Flask) -> list[tuple[str, int, bool, bool]]:
    with app.app_context():
        found = db.session.scalars(db.select(ShelfFile).order_by(ShelfFile.kind)).all()
        return [(one.kind, one.pages, one.item_id is not None, one.loose_since is None) for one in found]


def item_of(app: Flask, title: str = "Un papier") -> ShelfItem:
    with app.app_context():
        return db.session.scalars(db.select(ShelfItem).where(ShelfItem.title == title)).one()


def words(element: Any) -> str:
    return " ".join(text_of(element).replace("\xa0", " ").split())


def test_a_file_is_looked_at_before_it_is_shown(app: Flask, cast: Cast, client_of: BROWSER) -> None:
    denis = client_of(cast.denis)
    look = sent(denis, NEW, paper(3))
    (size,) = [words(each) for each in look.page.all(".//main//strong")]
    assert (look.status_code, size.split(", ")[:2]) == (200, ["PDF", "3 pages"])
    assert "Ce qu’on voit sur les pages reste" in look.text.replace("\xa0", " ")
    assert rows(app) == [("pdf", 3, False, False)]
    # It can be read as it will be: written anew.
    read = said_yes(denis, NEW, look, "look")
    assert (read.mimetype, found_in(read.get_data())) == ("application/pdf", set())
    again = said_yes(denis, NEW, look, "again")
    fields = again.page.form().fields
    assert (fields["title"], fields["kept"]) == ("Un papier", look.page.form().fields["kept"])
    assert said_yes(denis, NEW, look).location == KEEP
    assert rows(app) == [("pdf", 3, True, True)]
    # A yes that is said twice finds no file any more, and nothing is shown twice.
    twice = said_yes(denis, NEW, look)
    assert (twice.status_code, [words(one) for one in twice.page.all(".//*[@id='upload-e']")]) == (
        422, ["Erreur : Ce fichier n’est plus là. Choisissez-le encore."],
    )  # fmt: skip


def test_everybody_takes_it_along_under_a_name_that_says_nothing(
    app: Flask, cast: Cast, client_of: BROWSER, visitor: PageClient
) -> None:
    put(client_of(cast.denis), NEW, paper())
    item = item_of(app)
    page = visitor.get(f"/shelf/{item.id}").page
    link = f"/shelf/{item.id}/file"
    answer = visitor.get(link)
    with app.app_context():
        file = db.session.scalars(db.select(ShelfFile)).one()
    size = f"{max(1, round(file.size / 1000))} ko"
    assert [words(each) for each in page.all(f".//a[@href='{link}']")] == [
        f"Télécharger (PDF, 1 page, {size}) Un papier"
    ]
    told = {name: answer.headers.get(name) for name in (
        "Content-Type", "Content-Disposition", "X-Content-Type-Options", "Content-Security-Policy", "Cache-Control",
        "Content-Length",
    )}  # fmt: skip
    assert told == {
        "Content-Type": "application/pdf",
        "Content-Disposition": f'attachment; filename="{file.id[:10]}.pdf"',
        "X-Content-Type-Options": "nosniff",
        "Content-Security-Policy": "default-src 'none'; frame-ancestors 'none'; sandbox",
        "Cache-Control": "no-cache, private",
        "Content-Length": str(file.size),
    }
    assert visitor.get(link, headers={"If-None-Match": answer.headers["ETag"]}).status_code == 304
    assert client_of(cast.amina).get(link).headers["Cache-Control"] == "no-store"
    assert visitor.get(f"/shelf/{item.id}").headers["Cache-Control"] == "no-cache, private"


def test_a_lead_proposes_a_file_and_the_team_reads_it_first(
    app: Flask, cast: Cast, client_of: BROWSER, visitor: PageClient
) -> None:
    bruno, path = client_of(cast.bruno), "/clubs/tilleul/shelf"
    assert put(bruno, path, photo()).location == "/clubs/tilleul"
    item = item_of(app)
    with app.app_context():
        file = db.session.scalars(db.select(ShelfFile)).one()
        row = str({column.name: getattr(file, column.name) for column in ShelfFile.__table__.columns})
        secrets = (cast.bruno.account_id, cast.clubs["tilleul"], cast.bruno.memberships["tilleul"], "Zorglub", "CV")
        assert [secret for secret in secrets if secret in row] == []
        assert ([str(all_entries())], file.loose_since) == (["[]"], None)
    reading = f"/houses/canal/shelf/{item.id}/file"
    assert [visitor.get(f"/shelf/{item.id}/file").status_code, bruno.get(reading).status_code] == [404, 404]
    denis = client_of(cast.denis)
    assert reading in denis.get(KEEP).page.links
    assert denis.get(reading).mimetype == "image/jpeg"
    denis.send(f"/houses/canal/shelf/{item.id}/show", {"shown": "1"}, on=KEEP)
    assert visitor.get(f"/shelf/{item.id}/file").mimetype == "image/jpeg"


def test_what_is_not_wanted_goes_with_its_file(app: Flask, cast: Cast, client_of: BROWSER) -> None:
    put(client_of(cast.bruno), "/clubs/tilleul/shelf", paper())
    client_of(cast.denis).send(
        f"/houses/canal/shelf/{item_of(app).id}/show", {"shown": "0", "reason": "other"}, on=KEEP
    )
    assert rows(app) == []


def test_a_file_is_replaced_taken_away_and_erased(app: Flask, cast: Cast, client_of: BROWSER) -> None:
    denis = client_of(cast.denis)
    put(denis, NEW, paper(2))
    edit = f"/houses/canal/shelf/{item_of(app).id}/edit"
    # Its line is its text until somebody writes one.
    assert (item_of(app).body, denis.get(edit).page.form().fields["body"]) == (SAID["purpose"], "")
    assert put(denis, edit, photo()).location == KEEP
    assert rows(app) == [("jpeg", 1, True, True)]
    assert sent(denis, edit, title="Un autre titre").location == KEEP
    assert rows(app) == [("jpeg", 1, True, True)]
    refused = sent(denis, edit, without_file="y", body="")
    assert (refused.status_code, len(rows(app))) == (422, 1)
    assert sent(denis, edit, without_file="y", body="Un texte.").location == KEEP
    assert (rows(app), item_of(app).body) == ([], "Un texte.")
    put(denis, edit, paper())
    remove = edit.replace("edit", "remove")
    assert (denis.send(remove, on=KEEP).status_code, len(rows(app))) == (422, 1)
    denis.send(edit.replace("edit", "show"), {"shown": "0"}, on=KEEP)
    assert denis.get(KEEP).page.all(f".//form[@action='{remove}']") != []
    assert (denis.send(remove, on=KEEP).location, rows(app)) == (KEEP, [])
    with app.app_context():
        assert [entry.act for entry in all_entries()] == [
            "shelf:removed", "shelf:hidden", *["shelf:changed"] * 4, "shelf:added",
        ]  # fmt: skip


@pytest.mark.parametrize(
    ("data", "fields", "said"),
    [
        (b"GIF89a", {}, "Ce fichier n’est ni un PDF, ni une image PNG ou JPEG."),
        (b"%PDF-1.7", {}, "Ce fichier ne se lit pas jusqu’au bout."),
        (b"%PDF-" + b"x" * 2_000_000, {}, "Ce fichier est trop gros : 2 Mo au plus."),
        (
            b"",
            {"link": "https://www.caf.fr/", "body": "Un texte."},
            "Donnez une adresse seule, ou un texte, ou un fichier.",
        ),
        (b"", {}, "Donnez une adresse seule, ou un texte, ou un fichier."),
    ],
)
@pytest.mark.parametrize("engine", ["sqlite"], indirect=True)
def test_a_refusal_says_what_to_do(
    app: Flask, cast: Cast, client_of: BROWSER, data: bytes, fields: dict[str, str], said: str
) -> None:
    answer = sent(client_of(cast.denis), NEW, data, **fields)
    (told,) = [words(each) for each in answer.page.all(".//main//*[@role='alert']//li")]
    assert (answer.status_code, told[: len(said)], rows(app)) == (422, said, [])


@pytest.mark.parametrize("engine", ["sqlite"], indirect=True)
def test_what_else_is_wrong_does_not_lose_the_file(app: Flask, cast: Cast, client_of: BROWSER) -> None:
    denis = client_of(cast.denis)
    first = sent(denis, NEW, paper(), title="")
    kept = first.page.form().fields["kept"]
    assert (first.status_code, rows(app)) == (422, [("pdf", 1, False, False)])
    look = sent(denis, NEW, kept=kept)
    assert look.page.form().fields["kept"] == kept
    # It is this person's alone, in this house alone.
    stolen = sent(client_of(cast.bruno), "/clubs/tilleul/shelf", kept=kept)
    assert (stolen.status_code, len(rows(app))) == (422, 1)
    assert sent(denis, NEW, kept=f"{kept}x").status_code == 422


@pytest.mark.parametrize("engine", ["sqlite"], indirect=True)
def test_a_file_that_is_larger_than_a_form_is_told_so_on_a_page(app: Flask, cast: Cast, client_of: BROWSER) -> None:
    denis = client_of(cast.denis)
    answer = sent(denis, NEW, b"x" * 2_200_000)
    assert (answer.status_code, "Ce fichier est trop gros : 2 Mo au plus." in answer.text.replace("\xa0", " ")) == (
        413, True,
    )  # fmt: skip
    elsewhere = denis.send("/reading", {"text": "x" * 200_000}, on=NEW)
    assert (elsewhere.status_code, "Ce fichier" in elsewhere.text) == (413, False)


def lying(app: Flask, number: int, state: str) -> None:
    """So many sheets with a file beside them."""
    with app.app_context(), transaction():
        said = {"title": "Un autre", "purpose": "Pour.", "body": "Un texte.", "needs": ["job"], "language": "fr"}
        told = {"kind": "pdf", "pages": 1, "size": 5, "content": b"%PDF-"}
        for _number in range(number):
            item = make.add(ShelfItem(id=new_id(), house_id=_house(), state=state, **said))
            make.add(ShelfFile(id=new_id(), house_id=_house(), item_id=item.id, **told))


def refused(answer: Any) -> tuple[int, list[str]]:
    return answer.status_code, [words(each) for each in answer.page.all(".//main//*[@role='alert']//li")]


ALL_KEPT = (422, ["La maison garde déjà 60 fichiers. Il faut d’abord en effacer un."])


def test_a_house_keeps_so_many_files(app: Flask, cast: Cast, client_of: BROWSER) -> None:
    lying(app, files.MOST_FILES - 1, "shown")
    denis = client_of(cast.denis)
    looks = [sent(denis, NEW, paper()) for _number in range(2)]
    assert said_yes(denis, NEW, looks[0]).location == KEEP
    assert refused(said_yes(denis, NEW, looks[1])) == ALL_KEPT
    assert refused(sent(denis, NEW, paper(), title="Un de trop")) == ALL_KEPT


@pytest.mark.parametrize("engine", ["sqlite"], indirect=True)
def test_what_is_proposed_keeps_no_room_from_the_team(app: Flask, cast: Cast, client_of: BROWSER) -> None:
    lying(app, files.MOST_FILES, "proposed")
    assert refused(sent(client_of(cast.bruno), "/clubs/tilleul/shelf", paper())) == ALL_KEPT
    assert put(client_of(cast.denis), NEW, paper()).location == KEEP


def test_of_what_waits_for_one_person_the_oldest_goes(app: Flask, cast: Cast, client_of: BROWSER) -> None:
    bruno, denis = client_of(cast.bruno), client_of(cast.denis)
    theirs = sent(bruno, "/clubs/tilleul/shelf", paper())
    looks = [sent(denis, NEW, photo()) for _number in range(files.MOST_LOOSE + 1)]
    assert [kind for kind, *_more in rows(app)] == [*["jpeg"] * files.MOST_LOOSE, "pdf"]
    gone = said_yes(denis, NEW, looks[0])
    assert (gone.status_code, [words(one) for one in gone.page.all(".//*[@id='upload-e']")]) == (
        422, ["Erreur : Ce fichier n’est plus là. Choisissez-le encore."],
    )  # fmt: skip
    assert [said_yes(denis, NEW, look).location for look in looks[1:]] == [KEEP] * files.MOST_LOOSE
    assert said_yes(bruno, "/clubs/tilleul/shelf", theirs).location == "/clubs/tilleul"
    # What is shown says no more whose it was.
    with app.app_context():
        assert set(db.session.scalars(db.select(ShelfFile.from_hash))) == {None}


def test_what_nobody_shows_goes_after_a_day(app: Flask, cast: Cast, client_of: BROWSER) -> None:
    denis = client_of(cast.denis)
    put(denis, NEW, paper())
    sent(denis, NEW, paper())
    with app.app_context():
        with time_machine.travel(now() + timedelta(hours=23)):
            assert dict(retention.run(["shelf:files"])) == {"shelf:files": 0}
        with time_machine.travel(now() + timedelta(hours=25)):
            assert dict(retention.run(["shelf:files"])) == {"shelf:files": 1}
    assert rows(app) == [("pdf", 1, True, True)]


@pytest.mark.parametrize("engine", ["sqlite"], indirect=True)
def test_twenty_files_a_day_and_no_more(app: Flask, cast: Cast, client_of: BROWSER) -> None:
    denis = client_of(cast.denis)
    answers = [sent(denis, NEW, b"GIF89a").status_code for _number in range(files.FILES.amount + 1)]
    assert answers == [*[422] * files.FILES.amount, 429]


@pytest.mark.parametrize("engine", ["sqlite"], indirect=True)
def test_a_kiosk_sends_and_takes_no_file(app: Flask, cast: Cast, client_of: BROWSER) -> None:
    put(client_of(cast.denis), NEW, paper())
    item = item_of(app)
    kiosk = kiosks.kiosk_of(app, cast.denis)
    page = kiosk.get(f"/shelf/{item.id}").page
    assert [link for link in page.links if link.endswith("/file")] == []
    assert "Au comptoir, on vous l’imprime." in page.main.replace("\xa0", " ")
    assert kiosk.get(f"/shelf/{item.id}/file").status_code == 403


@pytest.mark.usefixtures("context")
@pytest.mark.parametrize("engine", ["sqlite"], indirect=True)
def test_lists_are_read_without_what_is_in_the_files(cast: Cast, app: Flask) -> None:
    with app.test_request_context():
        held = files.hold_file(cast.denis.actor, _house(), paper()).id
        said = ItemSaid("Un papier", "Pour commencer.", "fr", needs=["job"], file=held)
        item = actions.add_item(cast.denis.actor, "canal", said).id
        db.session.expunge_all()
        (one,) = db.session.scalars(db.select(ShelfItem).where(ShelfItem.id == item))
        assert one.file is not None
        assert ("content" in db.inspect(one.file).unloaded, one.file.id) == (True, held)


def _house() -> str:
    return str(db.session.scalars(db.select(make.House.id).where(make.House.slug == "canal")).one())
