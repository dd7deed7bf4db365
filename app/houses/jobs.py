"""The clock's door of houses: mails are signed with the name of the main house."""

from app.accounts.notices import letterhead
from app.houses.queries import main_house


def mail_name() -> str:
    """Whose name stands under a mail."""
    house = main_house()
    return house.name if house else "Pépinière"


letterhead.name = mail_name
