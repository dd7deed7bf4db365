"""The links of a body: which addresses they may lead to, and how each is found in time that grows with the text."""

import html
import re
import unicodedata

from markdown_it.rules_inline import StateInline
from markdown_it.rules_inline.linkify import linkify

from app.core.plain_text import normalized

# Somebody before a host ("https://bank.example@e.org") is only ever there to be read as the host.
WEB = re.compile(r"https?://[^\s/?#@\\][^\s/?#@\\]*(?:[/?#]|$)", re.IGNORECASE)
SCHEME = re.compile(r"(?:^|[^a-z0-9.+-])https?$", re.IGNORECASE)
# Words without brackets, then an address without spaces in which parentheses go by pairs, then perhaps a title.
LINK = re.compile(
    r"""\[([^\[\]]+)\]\([ \n]*<?(https?://(?:[^\s<>()]|\([^\s<>()]*\))*)>?(?:[ \n]+"(?:[^"\\]|\\.)*")?[ \n]*\)""",
    re.IGNORECASE | re.DOTALL,
)
DRAWN = re.compile(r'<a href="([^"]*)"([^>]*)>(.*?)</a>', re.DOTALL)
TAG = re.compile(r"<[^>]*>")
HOST = re.compile(r"https?://([^/?#:]+)", re.IGNORECASE)
# What is read as an address: a dot or the like before a letter, or what follows a scheme.
CLAIM = re.compile(r"[.\u3002\u06d4\u2027]\w|//")
CLAIMED = re.compile(r"\W*(?:https?://)?([^/?#:]*)", re.IGNORECASE)


def written_link(state: StateInline, silent: bool) -> bool:
    """``[words](address)``. The rule of the library reads to the end of the body again for each bracket."""
    found = LINK.match(state.src, state.pos, state.posMax)
    if found is None or state.linkLevel:
        return False
    href = state.md.normalizeLink(found[2])
    if not state.md.validateLink(href):
        return False
    if not silent:
        state.pos, state.posMax, end = found.start(1), found.end(1), state.posMax
        state.push("link_open", "a", 1).attrs = {"href": href}
        state.linkLevel += 1
        state.md.inline.tokenize(state)
        state.linkLevel -= 1
        state.push("link_close", "a", -1)
        state.posMax = end
    state.pos = found.end()
    return True


def bare_address(state: StateInline, silent: bool) -> bool:
    """An address as it is. The rule of the library looks far back at each colon to learn what stands before it."""
    near = state.pending[-7:]
    return state.src.startswith("://", state.pos) and SCHEME.search(near) is not None and linkify(state, silent)


def name_hosts(safe: str) -> str:
    """The same HTML; a link whose words are another address than its own says where it leads."""
    return DRAWN.sub(_with_host, safe)


def plain_links(safe: str) -> str:
    """The same HTML with each link as text and its address: nobody leaves the site from a shared device."""
    return DRAWN.sub(_as_text, safe)


def _with_host(link: re.Match[str]) -> str:
    href, rest, words = link.groups()
    host = _host_of(href)
    if not _claims_another(html.unescape(TAG.sub("", words)), host):
        return link[0]
    return f'<a href="{href}"{rest}>{words} ({host})</a>'


def _as_text(link: re.Match[str]) -> str:
    href, _rest, words = link.groups()
    if words == href:
        return words
    return f"{words.removesuffix(f' ({_host_of(href)})')} ({href})"


def _host_of(href: str) -> str:
    found = HOST.match(href)
    return found[1].lower() if found else ""


def _claims_another(words: str, host: str) -> bool:
    seen = "".join(s for s in normalized(words, "NFKC") if unicodedata.category(s) != "Cf")
    for word in seen.split():
        claimed = CLAIMED.match(word)
        if CLAIM.search(word) and claimed and claimed[1].lower().rstrip(".,;!)»”’…") != host:
            return True
    return False
