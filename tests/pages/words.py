"""The words of a page, as a reader hears them."""

from collections.abc import Iterable
from xml.etree.ElementTree import Element

from tests.support.page import Page, text_of


def words(page: Page, path: str) -> list[str]:
    """The text of each element of a path."""
    return told(page.all(path))


def told(elements: Iterable[Element]) -> list[str]:
    """The text of each of some elements."""
    return [text_of(each) for each in elements]


def spoken(page: Page) -> str:
    """The main part, with a space between two elements."""
    (main,) = page.all(".//main")
    return " ".join(" ".join(main.itertext()).split())
