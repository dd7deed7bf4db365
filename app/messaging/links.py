"""The links of a body: which addresses they may lead to, and how each is found in time that grows with the text."""

import re

from markdown_it.rules_inline import StateInline
from markdown_it.rules_inline.linkify import linkify

WEB = re.compile(r"https?://[^\s/]", re.IGNORECASE)
SCHEME = re.compile(r"(?:^|[^a-z0-9.+-])https?$", re.IGNORECASE)
# Words without brackets, then an address without spaces in which parentheses go by pairs, then perhaps a title.
LINK = re.compile(
    r"""\[([^\[\]]+)\]\([ \n]*<?(https?://(?:[^\s<>()]|\([^\s<>()]*\))*)>?(?:[ \n]+"(?:[^"\\]|\\.)*")?[ \n]*\)""",
    re.IGNORECASE | re.DOTALL,
)


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
