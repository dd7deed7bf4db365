"""What members do in discussions: each action, each refusal, the outsider, the floor."""

import threading
from typing import Any

import pytest
from sqlalchemy import select, text

from app.clubs.models import Change, Club, Membership
from app.core.db import db, transaction
from app.core.errors import DomainError, NotFound, TooMany
from app.messaging import actions
from app.messaging.actions import Draft
from app.messaging.models import Message, Reaction, ReadingMark, Thread
from app.messaging.unread import mark_of
from tests.messaging.conftest import draft
from tests.support.cast import make_person

pytestmark = pytest.mark.usefixtures("context")


def refusal(call: Any, *args: Any) -> tuple[int, str]:
    with pytest.raises(DomainError) as caught:
        call(*args)
    return caught.value.status, caught.value.code


def log_of(club_id: str) -> list[tuple[int, str]]:
    rows = db.session.scalars(select(Change).where(Change.club_id == club_id).order_by(Change.seq))
    return [(row.seq, row.kind) for row in rows]


@pytest.fixture
def thread(cast: Any) -> str:
    return actions.open_thread(cast.bruno.actor, "tilleul", "Mardi", draft("On amène quoi ?")).thread.id


@pytest.fixture
def newcomer(cast: Any, thread: str) -> Any:
    """Zoé joined after the first message, in a club that shows newcomers what follows only."""
    person = make_person("zoe", tilleul="Zoé")
    with transaction():
        head = db.session.scalar(select(Club.seq).where(Club.slug == "tilleul"))
        db.session.get_one(Membership, person.memberships["tilleul"]).first_seq = head + 1
    return person


# -- open a discussion


def test_open_thread(cast):
    posted = actions.open_thread(cast.amina.actor, "tilleul", "  Mardi :\n on amène quoi ? ", draft(" Un gâteau ? "))

    assert (posted.thread.title, posted.message.body) == ("Mardi : on amène quoi ?", "Un gâteau ?")
    assert posted.created
    assert log_of(posted.club.id) == [(1, "thread:opened"), (2, "message:posted")]
    assert (posted.thread.seq, posted.message.seq, posted.message.changed_seq) == (1, 2, 2)


def test_open_thread_twice_opens_it_once(cast):
    sent = draft()
    first = actions.open_thread(cast.amina.actor, "tilleul", "Mardi", sent)
    again = actions.open_thread(cast.amina.actor, "tilleul", "Mardi", sent)

    assert (again.thread.id, again.message.id, again.created) == (first.thread.id, first.message.id, False)
    assert len(log_of(first.club.id)) == 2


def test_open_thread_with_a_client_id_that_said_something_else(cast, thread):
    sent = draft()
    actions.open_thread(cast.amina.actor, "tilleul", "Mardi", sent)

    assert refusal(actions.open_thread, cast.amina.actor, "tilleul", "Jeudi", sent) == (409, "client_id_reused")
    assert refusal(actions.post_message, cast.amina.actor, thread, sent) == (409, "client_id_reused")


@pytest.mark.parametrize(
    ("title", "body", "code"),
    [
        ("", "a", "title_empty"),
        (" \u200b ", "a", "title_empty"),
        (None, "a", "title_empty"),
        ("x" * 121, "a", "title_too_long"),
        ("Mardi", "", "body_empty"),
    ],
)
def test_open_thread_with_nothing_or_too_much(cast, title, body, code):
    assert refusal(actions.open_thread, cast.amina.actor, "tilleul", title, draft(body)) == (422, code)
    assert db.session.scalars(select(Thread)).all() == []


def test_open_thread_in_a_club_that_is_not_mine(cast):
    for stranger in (cast.chloe, cast.denis, cast.elise):
        for slug in ("tilleul", "romarin", "nowhere"):
            assert refusal(actions.open_thread, stranger.actor, slug, "Mardi", draft()) == (404, "not_found")


# -- post


def test_post_message(cast, thread):
    posted = actions.post_message(cast.amina.actor, thread, draft("  cafe\u0301\r\nthé  "))

    assert posted.message.body == "café\nthé"
    assert posted.author.id == cast.amina.memberships["tilleul"]
    assert posted.message.seq == 3
    assert db.session.get_one(Message, posted.message.id).body == "café\nthé"
    assert log_of(posted.club.id)[-1] == (3, "message:posted")


def test_post_message_twice_stores_it_once(cast, thread):
    sent = draft()
    first = actions.post_message(cast.amina.actor, thread, sent)
    again = actions.post_message(cast.amina.actor, thread, Draft(sent.client_id.upper(), sent.body + " "))

    assert (again.message.id, again.created) == (first.message.id, False)
    assert log_of(first.club.id)[-1] == (3, "message:posted")


def test_post_message_again_after_it_was_changed(cast, thread):
    sent = draft()
    first = actions.post_message(cast.amina.actor, thread, sent)
    actions.edit_message(cast.amina.actor, first.message.id, "Autre chose.")

    assert actions.post_message(cast.amina.actor, thread, sent).message.body == "Autre chose."
    assert refusal(actions.post_message, cast.amina.actor, thread, Draft(sent.client_id, "Autre chose.")) == (
        409,
        "client_id_reused",
    )


def test_two_members_may_use_the_same_client_id(cast, thread):
    sent = draft()
    assert actions.post_message(cast.amina.actor, thread, sent).created
    assert actions.post_message(cast.bruno.actor, thread, sent).created


@pytest.mark.parametrize(
    "client_id",
    [
        None,
        "",
        7,
        "abc",
        "7c5a0f52-e667-11f1-a63b-02fc00000001",
        "00000000-0000-4000-7000-000000000000",
        "{40cbc1fd-cb8c-4a87-bca8-ac5a5f1b2354}",
        "é" * 36,
    ],
)
def test_post_message_with_a_client_id_that_is_not_random(cast, thread, client_id):
    assert refusal(actions.post_message, cast.amina.actor, thread, Draft(client_id, "a")) == (422, "client_id_invalid")


@pytest.mark.parametrize(
    ("body", "code"),
    [
        (None, "body_empty"),
        ("", "body_empty"),
        (" \n\t ", "body_empty"),
        ("\u200b\u2060\ufeff", "body_empty"),
        ("\x00\x07", "body_empty"),
        ("\ud800", "body_empty"),
        ("x" * 4001, "body_too_long"),
    ],
)
def test_post_message_with_nothing_or_too_much(cast, thread, body, code):
    assert refusal(actions.post_message, cast.amina.actor, thread, draft(body)) == (422, code)


def test_post_message_as_long_as_it_may_be(cast, thread):
    assert actions.post_message(cast.amina.actor, thread, draft("é" * 4000)).created
    assert actions.post_message(cast.amina.actor, thread, draft("a\x00\ud800b\u202e")).message.body == "ab"


def test_post_message_beyond_the_budget(cast, thread):
    sent = [draft(f"numéro {n}") for n in range(5)]
    for each in sent:
        actions.post_message(cast.amina.actor, thread, each)

    with pytest.raises(TooMany) as caught:
        actions.post_message(cast.amina.actor, thread, draft("de trop"))
    assert 1 <= caught.value.retry_after <= 6
    assert not actions.post_message(cast.amina.actor, thread, sent[0]).created
    assert actions.post_message(cast.bruno.actor, thread, draft("moi, je peux")).message.seq == 8


def test_post_message_where_i_am_not_a_member(cast, thread):
    for stranger in (cast.chloe, cast.dario, cast.denis, cast.elise):
        assert refusal(actions.post_message, stranger.actor, thread, draft()) == (404, "not_found")
    for nowhere in ("", "nope", "\ud800", "a" * 26):
        assert refusal(actions.post_message, cast.amina.actor, nowhere, draft()) == (404, "not_found")


def test_reply_to_a_message_of_the_same_discussion(cast, thread):
    first = actions.post_message(cast.bruno.actor, thread, draft())
    answer = actions.post_message(cast.amina.actor, thread, draft("Oui.", reply_to=first.message.id))
    assert answer.message.reply_to_id == first.message.id

    other = actions.open_thread(cast.amina.actor, "tilleul", "Jeudi", draft())
    far = actions.open_thread(cast.dario.actor, "romarin", "Ailleurs", draft())
    for out_of_reach in (other.message.id, far.message.id, "a" * 26, "x"):
        assert refusal(actions.post_message, cast.amina.actor, thread, draft(reply_to=out_of_reach)) == (
            404,
            "not_found",
        )


def test_the_floor_of_a_newcomer(cast, thread, newcomer):
    old = db.session.scalars(select(Message)).one().id
    assert refusal(actions.post_message, newcomer.actor, thread, draft()) == (404, "not_found")
    assert refusal(actions.mark_read, newcomer.actor, thread, 2) == (404, "not_found")
    assert refusal(actions.react, newcomer.actor, old, "🙏") == (404, "not_found")

    new = actions.post_message(cast.bruno.actor, thread, draft("Bienvenue.")).message.id
    assert actions.post_message(newcomer.actor, thread, draft("Merci.", reply_to=new)).created
    assert refusal(actions.post_message, newcomer.actor, thread, draft(reply_to=old)) == (404, "not_found")
    assert refusal(actions.react, newcomer.actor, old, "🙏") == (404, "not_found")
    assert refusal(actions.edit_message, newcomer.actor, old, "a") == (404, "not_found")
    actions.react(newcomer.actor, new, "🙏")


# -- edit, withdraw


def test_edit_message(cast, thread):
    posted = actions.post_message(cast.amina.actor, thread, draft("Avant."))
    edited = actions.edit_message(cast.amina.actor, posted.message.id, " Après. ").message

    assert (edited.body, edited.seq, edited.changed_seq) == ("Après.", 3, 4)
    assert edited.edited_at is not None
    assert log_of(posted.club.id)[-1] == (4, "message:edited")

    same = actions.edit_message(cast.amina.actor, posted.message.id, "Après.").message
    assert same.changed_seq == 4
    assert len(log_of(posted.club.id)) == 4


def test_withdraw_message_blanks_it_for_good(cast, thread):
    posted = actions.post_message(cast.amina.actor, thread, draft("À oublier."))
    actions.withdraw_message(cast.amina.actor, posted.message.id)
    actions.withdraw_message(cast.amina.actor, posted.message.id)

    kept = db.session.get_one(Message, posted.message.id)
    assert (kept.body, kept.changed_seq) == ("", 4)
    assert log_of(posted.club.id)[3:] == [(4, "message:withdrawn")]
    assert refusal(actions.edit_message, cast.amina.actor, kept.id, "Encore.") == (410, "message_withdrawn")
    assert refusal(actions.react, cast.bruno.actor, kept.id, "🙏") == (410, "message_withdrawn")
    assert db.session.get_one(Message, posted.message.id, populate_existing=True).body == ""


def test_only_its_author_changes_a_message(cast, thread):
    mine = actions.post_message(cast.amina.actor, thread, draft()).message.id
    assert refusal(actions.edit_message, cast.bruno.actor, mine, "a") == (403, "not_yours")
    assert refusal(actions.withdraw_message, cast.bruno.actor, mine) == (403, "not_yours")
    for stranger in (cast.chloe, cast.denis, cast.elise):
        assert refusal(actions.edit_message, stranger.actor, mine, "a") == (404, "not_found")
        assert refusal(actions.withdraw_message, stranger.actor, mine) == (404, "not_found")
    assert refusal(actions.edit_message, cast.amina.actor, mine, " ") == (422, "body_empty")
    assert db.session.get_one(Message, mine, populate_existing=True).body == "Bonjour à tous."


# -- react


def test_react_and_unreact(cast, thread):
    said = actions.post_message(cast.bruno.actor, thread, draft())
    for _twice in range(2):
        message, author, key = actions.react(cast.amina.actor, said.message.id, "🙏🏽\ufe0f")
        assert (message.id, author.name, key) == (said.message.id, "Ama", "🙏")
    for _twice in range(2):
        actions.unreact(cast.amina.actor, said.message.id, "🙏")
    actions.react(cast.amina.actor, said.message.id, "🙏")

    assert log_of(said.club.id)[3:] == [(4, "reaction:added"), (5, "reaction:removed"), (6, "reaction:added")]
    rows = db.session.scalars(select(Reaction)).all()
    assert [row.removed_at is None for row in sorted(rows, key=lambda row: row.added_at)] == [False, True]


@pytest.mark.parametrize("emoji", ["❤️", "", "merci", "🙏🙏", "🏽"])
def test_react_with_another_word(cast, thread, emoji):
    said = actions.post_message(cast.bruno.actor, thread, draft()).message.id
    assert refusal(actions.react, cast.amina.actor, said, emoji) == (422, "unknown_reaction")
    assert refusal(actions.unreact, cast.amina.actor, said, emoji) == (422, "unknown_reaction")


def test_react_where_i_am_not_a_member(cast, thread):
    said = actions.post_message(cast.bruno.actor, thread, draft()).message.id
    for stranger in (cast.chloe, cast.denis):
        assert refusal(actions.react, stranger.actor, said, "🙏") == (404, "not_found")
        assert refusal(actions.unreact, stranger.actor, said, "🙏") == (404, "not_found")


# -- the pointer


def test_mark_read_moves_forward_only(cast, thread):
    membership = db.session.get_one(Membership, cast.amina.memberships["tilleul"])
    stands = db.session.get_one(Thread, thread)
    assert mark_of(membership, stands) is None
    actions.mark_read(cast.amina.actor, thread, 99)
    assert mark_of(membership, stands) == 2

    with transaction():
        actions.move_mark(membership.id, thread, 1)
    assert mark_of(membership, stands) == 2
    actions.post_message(cast.amina.actor, thread, draft(live=True))
    assert mark_of(membership, stands) == 3
    assert [mark.membership_id for mark in db.session.scalars(select(ReadingMark))] == [membership.id]
    with pytest.raises(NotFound):
        actions.mark_read(cast.chloe.actor, thread, 2)


# -- races


def together(app: Any, *calls: Any) -> list[Any]:
    """Run calls at the same moment, each in a thread with its own connection; give what each answered or raised."""
    start, answers = threading.Barrier(len(calls)), [None] * len(calls)

    def run(place: int, call: Any) -> None:
        with app.app_context():
            start.wait()
            try:
                answers[place] = call()
            except Exception as error:
                answers[place] = error
            finally:
                db.session.remove()

    threads = [threading.Thread(target=run, args=numbered) for numbered in enumerate(calls)]
    for each in threads:
        each.start()
    for each in threads:
        each.join()
    return answers


def test_the_same_message_sent_at_once_is_stored_once(app, cast, thread):
    sent = draft()
    posted = together(app, *[lambda: actions.post_message(cast.amina.actor, thread, sent)] * 5)

    assert len({each.message.id for each in posted}) == 1
    assert sorted(each.created for each in posted) == [False] * 4 + [True]
    assert log_of(posted[0].club.id) == [(1, "thread:opened"), (2, "message:posted"), (3, "message:posted")]


@pytest.fixture
def without_the_constraint(app):
    """The switch: what the database refuses, it no longer refuses."""
    constraint = "ALTER TABLE message {} CONSTRAINT uq_message_client_id {}"
    with db.engine.begin() as connection:
        connection.execute(text(constraint.format("DROP", "")))
    yield
    with db.engine.begin() as connection:
        connection.execute(text("DELETE FROM message"))
        connection.execute(text(constraint.format("ADD", "UNIQUE (membership_id, client_id)")))


def all_looked_before_one_wrote(app: Any, cast: Any, thread: str) -> list[Any]:
    """Five sendings of one message, each held where it has looked and found nothing."""
    sent, waiting = (
        draft(),
        text("SELECT count(*) FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND datname = current_database()"),
    )
    with db.engine.connect() as gate:
        gate.execute(text("UPDATE club SET seq = seq WHERE slug = 'tilleul'"))

        def open_the_gate() -> None:
            with db.engine.connect() as looking:
                looking = looking.execution_options(isolation_level="AUTOCOMMIT")
                while looking.scalar(waiting) < 5:
                    pass
            gate.rollback()

        posts = [lambda: actions.post_message(cast.amina.actor, thread, sent)] * 5
        return together(app, *posts, open_the_gate)[:5]


@pytest.mark.parametrize("engine", ["postgresql"], indirect=True)
def test_the_database_settles_a_race(app, cast, thread):
    posted = all_looked_before_one_wrote(app, cast, thread)
    assert len({each.message.id for each in posted}) == 1
    assert [seq for seq, _kind in log_of(posted[0].club.id)] == [1, 2, 3]


@pytest.mark.parametrize("engine", ["postgresql"], indirect=True)
def test_without_the_constraint_the_race_is_lost(app, cast, thread, without_the_constraint):
    posted = all_looked_before_one_wrote(app, cast, thread)
    assert len({each.message.id for each in posted}) == 5


def test_a_discussion_opened_at_once_is_opened_once(app, cast):
    sent = draft()
    posted = together(app, *[lambda: actions.open_thread(cast.amina.actor, "tilleul", "Mardi", sent)] * 4)

    assert len({each.thread.id for each in posted}) == 1
    assert log_of(posted[0].club.id) == [(1, "thread:opened"), (2, "message:posted")]


def test_everything_at_once_leaves_no_hole_in_the_log(app, cast, thread):
    app.config["LIMIT_FACTOR"] = 1000.0
    mine = actions.post_message(cast.amina.actor, thread, draft("À moi.")).message.id
    sent = draft("Deux fois.")
    answers = together(
        app,
        lambda: actions.edit_message(cast.amina.actor, mine, "Changé."),
        lambda: actions.withdraw_message(cast.amina.actor, mine),
        *[lambda: actions.post_message(cast.bruno.actor, thread, sent)] * 3,
        *[lambda: actions.react(cast.bruno.actor, mine, "👏")] * 3,
        lambda: actions.unreact(cast.bruno.actor, mine, "👏"),
        lambda: actions.post_message(cast.bruno.actor, thread, draft("Réponse.", reply_to=mine)),
    )

    assert {type(a) for a in answers if isinstance(a, Exception)} <= {DomainError, actions.Gone}
    log = log_of(cast.clubs["tilleul"])
    assert [seq for seq, _kind in log] == list(range(1, len(log) + 1))
    assert db.session.scalar(select(Club.seq).where(Club.slug == "tilleul")) == len(log)
    assert db.session.get_one(Message, mine, populate_existing=True).body == ""
