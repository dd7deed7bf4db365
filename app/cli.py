"""The command line: ``flask --app app …``."""

from typing import BinaryIO

import click
from flask import Flask
from flask.cli import AppGroup, with_appcontext

seed = AppGroup("seed", help="Fill the database with a house to try, or with crowds to measure.")
staff = AppGroup("staff", help="Staff accounts.")
token = AppGroup("token", help="Keys for programs.")
draw = AppGroup("draw", help="The draws of scarce slots.")

REFUSED = {
    "reason_needed": "this is not a staff account: say why with --break-glass REASON. The person will read it.",
    "reason_too_long": "the reason is too long: 300 signs at most.",
    "label_invalid": "give the key a name: 60 signs at most.",
    "too_many_keys": "this account has 100 keys already.",
    "demo_account": "a demo account opens nothing here: BASE_URL is no loopback address.",
    "email_empty": "write the e-mail address of an account.",
    "email_invalid": "this is no e-mail address.",
}


def register_commands(app: Flask) -> None:
    app.cli.add_command(seed)
    app.cli.add_command(staff)
    app.cli.add_command(token)
    app.cli.add_command(draw)
    app.cli.add_command(purge)
    app.cli.add_command(worker)


@seed.command("demo")
def seed_demo() -> None:
    """The demo house: two houses, twelve clubs, six accounts to sign in with."""
    from app.demo.load import load_demo

    click.echo(load_demo())


@seed.command("load")
@click.option("--clubs", type=click.IntRange(1, 1000), required=True)
@click.option("--members", type=click.IntRange(1, 5000), required=True, help="per club")
@click.option("--messages", type=click.IntRange(0, 100_000), required=True, help="per club")
def seed_load(clubs: int, members: int, messages: int) -> None:
    """Crowds for load tests; one JSON line per membership on standard output."""
    from app.demo.crowd import load_crowd

    for line in load_crowd(clubs, members, messages):
        click.echo(line)


@staff.command("create")
@click.argument("email")
@click.option("--house", required=True, help="the house's slug")
@click.option("--role", type=click.Choice(["facilitator", "manager"]), required=True)
def staff_create(email: str, house: str, role: str) -> None:
    """Make a staff account; the person signs in with a code by mail, or where MAIL is off with a card for once."""
    from app.accounts.cards.numbers import in_groups
    from app.core.errors import DomainError, NotFound
    from app.houses.actions import create_staff, first_card_for

    try:
        card = first_card_for(create_staff(email, house, role))
    except NotFound:
        raise click.BadParameter(f"no house has the slug {house}", param_hint="--house")
    except DomainError as error:
        # Its code, not its sentence: a sentence needs a reader's language, and a terminal has none.
        raise click.ClickException(f"refused: {error.code}")
    if card is not None:
        click.echo(f"{role} at {house}: sign in once with the card {in_groups(card.number)}, {' '.join(card.words)}")
        return
    click.echo(f"{role} at {house}: ready to sign in with a code.")


@staff.command("reset")
@click.argument("email")
def staff_reset(email: str) -> None:
    """End the second step, sessions and keys of somebody of the team who has lost their phone and their codes."""
    from app.accounts.cards.numbers import in_groups
    from app.core.errors import DomainError, NotFound
    from app.houses.actions import first_card_for, reset_staff

    try:
        card = first_card_for(reset_staff(email))
    except NotFound:
        raise click.ClickException("nobody of the team has this address.")
    except DomainError as error:
        raise click.ClickException(REFUSED.get(error.code, f"refused: {error.code}"))
    if card is not None:
        click.echo(f"sign in once with the card {in_groups(card.number)}, {' '.join(card.words)}")
        return
    click.echo("the second step is to be chosen anew, after a code by mail.")


@token.command("create")
@click.argument("email")
@click.option("--label", default="API", help="the name that the key bears in the list of its person")
@click.option("--break-glass", "reason", metavar="REASON", help="asked for everybody but staff; the person reads it")
def token_create(email: str, label: str, reason: str | None) -> None:
    """Make a key for a program, printed this once; it opens what the account can open."""
    from app.core.errors import DomainError, NotFound
    from app.houses.actions import make_key

    try:
        click.echo(make_key(email, label, reason or ""))
    except NotFound:
        raise click.ClickException("no account has this address.")
    except DomainError as error:
        raise click.ClickException(REFUSED.get(error.code, f"refused: {error.code}"))


@draw.command("verify", with_appcontext=False)
@click.argument("file", type=click.File("rb"))
@click.option("--hash", "noted", metavar="HASH", default="", help="the hash that was published before the draw")
def draw_verify(file: BinaryIO, noted: str) -> None:
    """Replay the published FILE of a draw: does the seed fit its hash, and is every result as the rule gives it?"""
    import json

    from app.rooms.draw.record import faults_of

    try:
        record = json.load(file)
    except (ValueError, RecursionError):
        raise click.ClickException("this file is no JSON.")
    faults = faults_of(record, noted.strip().lower())
    for fault in faults:
        click.echo(fault, err=True)
    if faults:
        raise click.exceptions.Exit(1)
    click.echo(f"The seed fits its hash. All {len(record['results'])} results are as the rule gives them.")


@click.command()
@click.option("--dry-run", is_flag=True, help="Delete nothing, only say how much would go.")
@with_appcontext
def purge(dry_run: bool) -> None:
    """Delete now what was kept long enough; the server does it every night. Prints how much, rule by rule."""
    from app.core import retention

    for rule, number in retention.look() if dry_run else retention.run():
        click.echo(f"{rule}: {number}")
    if not dry_run and not retention.leave_no_bytes():
        click.echo("The database is in use: its write-ahead log is emptied by the next purge.", err=True)


@click.command()
def worker() -> None:
    """Run due jobs and the clock, in the foreground; `make run` does it by itself."""
    import os
    import sys

    from app.config import ROOT

    os.chdir(ROOT)
    # The server's own entry: it must patch threads and sockets before anything is imported.
    os.execv(sys.executable, [sys.executable, "-m", "app.server", "--jobs"])  # noqa: S606
