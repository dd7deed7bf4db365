"""The words of a page, as a reader hears them."""

from tests.support.page import Page, text_of


def words(page: Page, path: str) -> list[str]:
    """The text of each element of a path."""
    return [text_of(found) for found in page.all(path)]


def spoken(page: Page) -> str:
    """The main part, with a space between two elements."""
    (main,) = page.all(".//main")
    return " ".join(" ".join(main.itertext()).split())
