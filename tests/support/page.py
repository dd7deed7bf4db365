"""The page that reviews itself: every HTML page that a test opens must keep the rules of the house."""

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from urllib.parse import urlsplit
from xml.etree.ElementTree import Element

import html5lib

from app.config import EXIT_URL, LOCALES

SVG = "{http://www.w3.org/2000/svg}"
OWN_HOSTS = ("", "localhost", "127.0.0.1")
ADDRESSES = ("href", "src", "action", "formaction", "poster", "srcset", "{http://www.w3.org/1999/xlink}href")
REFERENCES = ("for", "aria-labelledby", "aria-describedby", "aria-controls", "aria-owns", "form", "list")
UNLABELLED = ("hidden", "submit", "button", "image", "reset")

# Ids, and the tokens and marks of a session.
RANDOM = re.compile(r"\b[a-z2-7]{26}\b|\b[0-9a-f]{16,}\b|[\w.-]{40,}")
_reviewed: set[int] = set()


@dataclass
class Form:
    """What a browser would send: the fields as they stand."""

    action: str
    method: str
    fields: dict[str, str]


class Page:
    """An HTML page or fragment, read when it is first asked. Elements inside <template> are left out of it."""

    def __init__(self, html: str) -> None:
        self.html = html
        self.whole = html.lstrip()[:9].lower() == "<!doctype"

    @cached_property
    def _read(self) -> tuple[Element, list[str]]:
        parser = html5lib.HTMLParser(namespaceHTMLElements=False)
        tree: Element = parser.parse(self.html) if self.whole else parser.parseFragment(self.html, container="div")
        return tree, [f"line {at[0]}: {code} {values}" for at, code, values in parser.errors]

    @property
    def tree(self) -> Element:
        return self._read[0]

    @property
    def errors(self) -> list[str]:
        """What is not valid in it."""
        return self._read[1]

    @cached_property
    def _parents(self) -> dict[Element, Element]:
        return {child: parent for parent in self.tree.iter() for child in parent}

    @cached_property
    def _in_templates(self) -> set[Element]:
        return {e for template in self.tree.iter("template") for e in template.iter() if e is not template}

    def all(self, path: str) -> list[Element]:
        """By ElementTree's paths: ``page.all(".//main//li")``."""
        return [found for found in self.tree.iterfind(path) if found not in self._in_templates]

    def elements(self) -> Iterator[Element]:
        """Every element that a reader has before any script."""
        return (e for e in self.tree.iter() if isinstance(e.tag, str) and e not in self._in_templates)

    def inside(self, element: Element, tag: str) -> bool:
        while element in self._parents:
            element = self._parents[element]
            if element.tag == tag:
                return True
        return False

    @property
    def title(self) -> str:
        return text_of(next(iter(self.all(".//title")), None))

    @property
    def h1(self) -> str:
        return text_of(next(iter(self.all(".//h1")), None))

    @property
    def text(self) -> str:
        """All the words of the body, spaces folded."""
        return text_of(next(iter(self.all(".//body")), self.tree))

    @property
    def main(self) -> str:
        """The words of the main part."""
        return text_of(next(iter(self.all(".//main")), None))

    @property
    def links(self) -> list[str]:
        return [e.get("href", "") for e in self.all(".//a[@href]")]

    @property
    def csrf_token(self) -> str:
        found = self.all(".//meta[@name='csrf-token']")
        return found[0].get("content", "") if found else self.all(".//input[@name='csrf_token']")[0].get("value", "")

    def by_id(self, name: str) -> Element | None:
        return next((e for e in self.elements() if e.get("id") == name), None)

    def forms(self) -> list[Form]:
        return [_form(e) for e in self.all(".//form")]

    def form(self, action: str | None = None) -> Form:
        """The form with this action; without one, the last that posts from the main part and is seen without script."""
        if action is not None:
            return next(form for form in self.forms() if form.action == action)
        seen = [each for each in self.all(".//main//form") if each.get("hidden") is None]
        return [_form(each) for each in seen if each.get("method", "get").lower() == "post"][-1]


def text_of(element: Element | None) -> str:
    """The words of an element, spaces folded (no-break spaces become plain ones)."""
    return " ".join("".join(element.itertext()).split()) if element is not None else ""


def _form(element: Element) -> Form:
    fields: dict[str, str] = {}
    for each in element.iter():
        name = each.get("name")
        if not name or each.get("disabled") is not None:
            continue
        if each.tag == "textarea":
            fields[name] = "".join(each.itertext())
        elif each.tag == "select":
            options = each.findall(".//option")
            chosen = [o for o in options if o.get("selected") is not None] or options[:1]
            fields.update((name, o.get("value", text_of(o))) for o in chosen)
        elif each.tag == "input" and (
            each.get("type") not in ("radio", "checkbox", "submit") or each.get("checked") is not None
        ):
            fields[name] = each.get("value", "on" if each.get("type") in ("radio", "checkbox") else "")
    return Form(element.get("action", ""), element.get("method", "get").lower(), fields)


def review_once(page: Page) -> None:
    """``review``, unless this process has already reviewed a page that differs by nothing but what is random."""
    said = hash(RANDOM.sub("", page.html))
    if said not in _reviewed:
        review(page)
        _reviewed.add(said)


def review(page: Page) -> None:
    """Raise AssertionError with every rule that the page breaks."""
    found = [*_inline(page), *_outside(page), *_unprotected(page), *_unnamed(page)]
    if page.whole:
        found += [*page.errors, *_head(page), *_ids(page), *_unlabelled(page)]
    assert not found, "the page breaks rules of the house:\n" + "\n".join(f"- {each}" for each in found)


def _head(page: Page) -> Iterator[str]:
    root = page.tree if page.tree.tag == "html" else page.all("./html")[0]
    if root.get("lang") not in LOCALES:
        yield f"lang is {root.get('lang')!r}"
    if root.get("dir") != ("rtl" if root.get("lang") == "ar" else "ltr"):
        yield f"dir is {root.get('dir')!r}"
    if len(page.all(".//h1")) != 1:
        yield f"{len(page.all('.//h1'))} h1 instead of one"
    if not page.h1:
        yield "the h1 is empty"
    if not re.fullmatch(r".+ – (Maison .+|Pépinière)", page.title):
        yield f"title {page.title!r} does not end with the house"
    if len(page.all(".//main")) != 1:
        yield f"{len(page.all('.//main'))} main instead of one"


def _ids(page: Page) -> Iterator[str]:
    ids = Counter(e.get("id") for e in page.elements() if e.get("id") is not None)
    yield from (f"id {name!r} stands {times} times" for name, times in ids.items() if times > 1 or not name)
    for element in page.elements():
        for attribute in REFERENCES:
            for name in (element.get(attribute) or "").split():
                if name not in ids:
                    yield f"{element.tag} {attribute}={name!r} leads nowhere"
        target = element.get("href") or ""
        if element.tag == "a" and target.startswith("#") and target[1:] not in ids:
            yield f"the link {target!r} leads nowhere"


def _unlabelled(page: Page) -> Iterator[str]:
    labelled = {e.get("for") for e in page.all(".//label[@for]")}
    for element in page.elements():
        if element.tag not in ("input", "select", "textarea") or element.get("type") in UNLABELLED:
            continue
        named = element.get("aria-label") or element.get("aria-labelledby") or element.get("id") in labelled
        if not named and not page.inside(element, "label"):
            yield f"{element.tag} {element.get('name')!r} has no label"


def _unnamed(page: Page) -> Iterator[str]:
    for element in page.elements():
        if element.tag == "img" and element.get("alt") is None:
            yield f"img {element.get('src')!r} has no alt"
        if element.tag in ("a", "button") and not (
            text_of(element) or element.get("aria-label") or any(e.get("alt") for e in element.iter("img"))
        ):
            yield f"{element.tag} {element.get('href') or element.get('name')!r} has no words"


def _inline(page: Page) -> Iterator[str]:
    for element in page.tree.iter():
        if not isinstance(element.tag, str):
            continue
        if element.tag == "script" and (not element.get("src") or text_of(element)):
            yield "an inline script"
        if element.tag in ("style", f"{SVG}style"):
            yield "an inline style sheet"
        for name, value in element.attrib.items():
            if name == "style" or name.startswith("on"):
                yield f"{element.tag} has the attribute {name}"
            if value.strip().lower().startswith("javascript:"):
                yield f"{element.tag} {name} is a script"


def _outside(page: Page) -> Iterator[str]:
    for element in page.elements():
        for name in ADDRESSES:
            value = element.get(name)
            if value is None or _stays(value) or _said_by_somebody(element):
                continue
            yield f"{element.tag} {name}={value!r} leads outside"


def _stays(value: str) -> bool:
    parts = urlsplit(value)
    if parts.scheme in ("tel", "mailto"):
        return True
    return (parts.scheme in ("", "http", "https") and (parts.hostname or "") in OWN_HOSTS) or value == EXIT_URL


def _said_by_somebody(element: Element) -> bool:
    """A link that a member wrote in a message."""
    return element.tag == "a" and {"ugc", "nofollow", "noopener"} <= set((element.get("rel") or "").split())


def _unprotected(page: Page) -> Iterator[str]:
    for element in page.tree.iter("form"):
        if element.get("method", "get").lower() != "post":
            continue
        if not any(e.get("name") == "csrf_token" and e.get("value") for e in element.iter("input")):
            yield f"the form to {element.get('action')!r} has no CSRF token"
