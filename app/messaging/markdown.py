"""Light Markdown: links, emphasis, lists, line breaks. Everything else stays the text that was typed."""

import html
import re
from functools import lru_cache

import nh3
from markdown_it import MarkdownIt

RULES = [
    "autolink", "balance_pairs", "emphasis", "escape", "fragments_join", "link", "linkify", "list", "newline",
]  # fmt: skip
TAGS = {"p", "br", "strong", "em", "ul", "ol", "li", "a"}
ATTRIBUTES: dict[str, set[str]] = {"*": set(), "a": {"href"}, "ol": {"start"}}
SCHEMES = {"http", "https"}
REL = "nofollow noopener noreferrer ugc"
LINK = re.compile(r'<a href="([^"]*)"[^>]*>(.*?)</a>', re.DOTALL)
# A link to nowhere, or whose address nh3 takes away, leaves its words.
DEAD = re.compile(f'<a(?: href="")? rel="{REL}">(.*?)</a>', re.DOTALL)
WEB = re.compile(r"https?://[^\s/]", re.IGNORECASE)


class _Parser(MarkdownIt):
    """Refuses every address that does not lead to the web."""

    def validateLink(self, url: str) -> bool:
        return WEB.match(url) is not None and super().validateLink(url)


def _parser() -> MarkdownIt:
    parser = _Parser("zero", {"breaks": True, "linkify": True}).enable(RULES)
    if parser.linkify is not None:
        parser.linkify.set({"fuzzy_link": False, "fuzzy_email": False, "fuzzy_ip": False})
    return parser


_markdown = _parser()


def to_html(body: str) -> str:
    """Safe HTML of a body."""
    drawn = _markdown.render(body)
    safe = nh3.clean(drawn, tags=TAGS, attributes=ATTRIBUTES, url_schemes=SCHEMES, link_rel=REL)
    return DEAD.sub(r"\1", safe).strip()


@lru_cache(maxsize=2048)
def html_of(message_id: str, changed_seq: int, body: str) -> str:
    """As ``to_html``, remembered: a message is read far more often than it changes."""
    return to_html(body)


def plain_links(safe: str) -> str:
    """The same HTML with each link as text and its address: nobody leaves the site from a shared device."""
    return LINK.sub(_as_text, safe)


def _as_text(link: re.Match[str]) -> str:
    address, words = link[1], link[2]
    return words if words == address else f"{words} ({address})"


def excerpt(body: str, length: int = 80) -> str:
    """The beginning of a body on one line, without its signs, for a quotation."""
    line = " ".join(html.unescape(nh3.clean(to_html(body), tags=set())).split())
    return line if len(line) <= length else line[: length - 1].rstrip() + "…"
