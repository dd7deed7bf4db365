"""Every page that an address opens, and who opens it; ``test_look`` fails when one is missing here."""

from tests.rules.stage import Stage

PAGES = [
    ("visitor", "/"),
    ("visitor", "/clubs"),
    ("visitor", "/clubs/tilleul"),
    ("visitor", "/clubs/glycine"),
    ("visitor", "/help"),
    ("visitor", "/sign-in"),
    ("visitor", "/houses/canal/slots"),
    ("visitor", "/houses/port/slots"),
    ("visitor", "/meetings/{open_claim}"),
    ("visitor", "/components"),
    ("visitor", "/nowhere"),
    ("member", "/"),
    ("member", "/clubs"),
    ("member", "/clubs/tilleul"),
    ("member", "/clubs/tilleul/members"),
    ("member", "/clubs/tilleul/name"),
    ("member", "/clubs/tilleul/leave"),
    ("member", "/clubs/glycine/join"),
    ("member", "/threads/{thread}"),
    ("member", "/threads/{thread}/messages/{mine}/edit"),
    ("member", "/threads/{thread}/messages/{mine}/withdraw"),
    ("member", "/clubs/tilleul/threads/new"),
    ("member", "/agenda"),
    ("member", "/meetings/{claim}"),
    ("member", "/account"),
    ("member", "/account/password"),
    ("member", "/account/address"),
    ("lead", "/clubs/tilleul"),
    ("lead", "/clubs/tilleul/requests"),
    ("lead", "/clubs/tilleul/requests/{request}/refuse"),
    ("lead", "/clubs/tilleul/members/{member_ship}/role"),
    ("lead", "/clubs/tilleul/members/{lead_ship}/role"),
    ("lead", "/houses/canal/slots"),
    ("lead", "/slots/{slot}/claim"),
    ("lead", "/claims/{claim}"),
    ("lead", "/claims/{claim}/release"),
    ("facilitator", "/"),
    ("manager", "/houses/canal/slots"),
]


def address(stage: Stage, role: str, path: str) -> str:
    """The path with the ids of that stage."""
    return path.format(**stage.known, mine=stage.written.get(role, ""))
