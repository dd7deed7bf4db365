"""The command line: ``flask --app app …``."""

import click
from flask import Flask
from flask.cli import AppGroup

seed = AppGroup("seed", help="Fill the database with a house to try, or with crowds to measure.")
staff = AppGroup("staff", help="Staff accounts.")


def register_commands(app: Flask) -> None:
    app.cli.add_command(seed)
    app.cli.add_command(staff)


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
    """Make a staff account; the person signs in with a code by mail."""
    from app.core.errors import DomainError, NotFound
    from app.houses.actions import create_staff

    try:
        create_staff(email, house, role)
    except NotFound:
        raise click.BadParameter(f"no house has the slug {house}", param_hint="--house")
    except DomainError as error:
        # Its code, not its sentence: a sentence needs a reader's language, and a terminal has none.
        raise click.ClickException(f"refused: {error.code}")
    click.echo(f"{role} at {house}: ready to sign in with a code.")
