"""A small client of the contract: what somebody sees of a club who knows its log and nothing else."""

from typing import Any

from tests.support.clients import ApiClient

FORMER = "former"


class Screen:
    """Rows of the log, applied once each and in order, as a page does. ``seen()`` is what is on it."""

    def __init__(self, api: ApiClient, club_id: str, slug: str = "tilleul") -> None:
        self.api, self.club_id, self.slug, self.last = api, club_id, slug, 0
        self.threads: dict[str, str] = {}
        self.messages: dict[str, dict[str, Any]] = {}
        self.words: dict[str, set[tuple[str, str]]] = {}
        self.names: dict[str, str] = {}
        self.claims: dict[str, str] = {}
        self.order: list[int] = []

    def catch_up(self, limit: int = 100) -> int:
        """Read what was missed, as long as there is more; returns in how many pages. A gap fails."""
        pages, more = 0, True
        while more:
            answer = self.api.get(f"/clubs/{self.slug}/changes?since={self.last}&limit={limit}").json
            assert not answer["gap"]
            for row in answer["changes"]:
                self.apply(row)
            self.last, more, pages = max(self.last, answer["seq"]), answer["more"], pages + 1
        return pages

    def apply(self, row: dict[str, Any]) -> None:
        if row["seq"] <= self.last:
            return
        self.last = row["seq"]
        self.order.append(row["seq"])
        if row["data"] is not None:
            kind, _, act = row["kind"].partition(":")
            getattr(self, f"_{kind}", lambda *_: None)(act, row["data"])

    def _thread(self, _act: str, data: dict[str, Any]) -> None:
        self.threads[data["id"]] = data["title"]

    def _message(self, _act: str, data: dict[str, Any]) -> None:
        author = data["author"]
        if author["role"] == FORMER:
            self.names[author["id"]] = FORMER
        self.messages[data["id"]] = {
            name: data.get(name) for name in ("thread", "seq", "body", "hidden", "edited_at", "reply_to", "client_id")
        } | {"author": author["id"]}

    def _reaction(self, act: str, data: dict[str, Any]) -> None:
        said, word = self.words.setdefault(data["message"], set()), (data["emoji"], data["author"]["id"])
        said.add(word) if act == "added" else said.discard(word)

    def _membership(self, act: str, data: dict[str, Any]) -> None:
        if act in ("began", "renamed"):
            self.names[data["id"]] = data["name"] or FORMER
        elif act == "ended":
            self.names[data["id"]] = FORMER

    def _claim(self, act: str, data: dict[str, Any]) -> None:
        if act == "made":
            self.claims[data["claim"]] = data["slot"]
        else:
            self.claims.pop(data["claim"], None)

    def seen(self) -> dict[str, Any]:
        """A message that nobody can read shows no words; who has left shows no name."""
        read = {each for each, told in self.messages.items() if told["body"] is not None}
        return {
            "threads": self.threads,
            "messages": sorted(self.messages.items(), key=lambda each: each[1]["seq"]),
            "words": {each: said for each, said in self.words.items() if said and each in read},
            "names": {each: name for each, name in self.names.items() if name != FORMER},
            "claims": self.claims,
        }
