"""Light Markdown: links, emphasis, lists, line breaks. Everything else stays the text that was typed."""

import html
import re
from functools import lru_cache

import nh3
from markdown_it import MarkdownIt

from app.messaging.links import WEB, bare_address, name_hosts, written_link

RULES = [
    "autolink", "balance_pairs", "emphasis", "escape", "fragments_join", "link", "linkify", "list", "newline",
]  # fmt: skip
TAGS = {"p", "br", "strong", "em", "ul", "ol", "li", "a"}
ATTRIBUTES: dict[str, set[str]] = {"*": set(), "a": {"href"}, "ol": {"start"}}
SCHEMES = {"http", "https"}
REL = "nofollow noopener noreferrer ugc"
# A link to nowhere, or whose address nh3 takes away, leaves its words.
DEAD = re.compile(f'<a(?: href="")? rel="{REL}">(.*?)</a>', re.DOTALL)
MARK = re.compile(r"[\n*_\[\]<\\]|:(?=//)")
# What drawing costs, in microseconds of a small machine. Nobody writes by hand a message that costs as much as MOST.
MOST = 10_000
EACH_SIGN = 0.25
COSTS = [
    (re.compile(r"\n"), 12),
    (re.compile(r"(?:^|\s)(?:[-+*]|\d+[.)])(?=\s)"), 15),
    (re.compile(r"[*_]"), 10),
    (re.compile(r"[\[\]<\\]"), 6),
    (re.compile(r"://"), 120),
]


class _Parser(MarkdownIt):
    """Refuses every address that does not lead to the web."""

    def validateLink(self, url: str) -> bool:
        return WEB.match(url) is not None and super().validateLink(url)


def _parser() -> MarkdownIt:
    parser = _Parser("zero", {"breaks": True, "linkify": True}).enable(RULES)
    # The rule that reads every text again finds what has no "http://", which is no link here.
    parser.core.ruler.disable("linkify")
    parser.inline.ruler.at("link", written_link)
    parser.inline.ruler.at("linkify", bare_address)
    parser.inline.terminator_re = MARK
    return parser


_markdown = _parser()


def to_html(body: str) -> str:
    """Safe HTML of a body. One made of signs alone would keep everybody waiting: it is drawn as it was typed."""
    drawn = _markdown.render(body) if _cost(body) <= MOST else _as_typed(body)
    safe = nh3.clean(drawn, tags=TAGS, attributes=ATTRIBUTES, url_schemes=SCHEMES, link_rel=REL)
    return name_hosts(DEAD.sub(r"\1", safe)).strip()


def _cost(body: str) -> float:
    return len(body) * EACH_SIGN + sum(cost * len(sign.findall(body)) for sign, cost in COSTS)


def _as_typed(body: str) -> str:
    paragraphs = (html.escape(part.strip("\n")) for part in re.split(r"\n{2,}", body.strip("\n")))
    return "".join(f"<p>{part}</p>\n" for part in paragraphs).replace("\n", "<br>\n").replace("</p><br>", "</p>")


@lru_cache(maxsize=2048)
def html_of(message_id: str, changed_seq: int, body: str) -> str:
    """As ``to_html``, remembered: a message is read far more often than it changes."""
    return to_html(body)


@lru_cache(maxsize=2048)
def excerpt_of(message_id: str, changed_seq: int, body: str) -> str:
    """As ``excerpt``, remembered: one message may be quoted many times on one page."""
    return excerpt(html_of(message_id, changed_seq, body))


def excerpt(safe: str, length: int = 80) -> str:
    """The beginning of what ``to_html`` gave, on one line and without its signs, for a quotation."""
    line = " ".join(html.unescape(nh3.clean(safe, tags=set())).split())
    return line if len(line) <= length else line[: length - 1].rstrip() + "…"
