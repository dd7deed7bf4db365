"""What a page costs stays within its budget: bytes by kind, requests, nodes."""

from collections.abc import Callable

import pytest

from app.config import ROOT
from tests.journeys.eyes import BUDGETS, Weight, is_live, open_page
from tests.journeys.pages import PAGES, address
from tests.rules.stage import Stage
from tests.support.browser import Reader
from tests.support.process import Server


@pytest.mark.parametrize(("role", "path"), PAGES, ids=lambda each: each)
def test_a_page_stays_within_its_budget(
    stage: tuple[Stage, Server], opened: Callable[..., Reader], role: str, path: str
) -> None:
    reader = opened(role)
    weight = Weight(reader.page)
    open_page(reader, address(stage[0], role, path))
    limits = BUDGETS["per_page"]
    found = weight.measured(is_live(reader.page)) | {"dom_nodes": reader.page.locator("*").count()}
    over = {name: (value, limits[name]["max"]) for name, value in found.items() if value > limits[name]["max"]}
    assert over == {}, "\n".join(weight.paths)
    assert found["html"] > 0
    again = Weight(reader.page)
    open_page(reader, address(stage[0], role, path))
    assert again.total <= limits["total_repeat_visit"]["max"], "\n".join(again.paths)


RULES = """async ([path, written]) => {
  const read = text => {
    const sheet = new CSSStyleSheet();
    sheet.replaceSync(text);
    return [...sheet.cssRules].map(each => each.cssText);
  };
  const [link] = [...document.querySelectorAll('link[rel=stylesheet]')].filter(each => each.href.endsWith(path));
  return [read(await (await fetch(link.href)).text()), read(written)];
}"""


@pytest.mark.parametrize("name", ["style", "tokens"])
def test_a_style_sheet_says_the_same_without_its_comments(opened: Callable[..., Reader], name: str) -> None:
    page, path = opened("visitor").page, f"css/{name}.css"
    page.goto("/help")
    served, written = page.evaluate(RULES, [path, (ROOT / "app" / "static" / path).read_text()])
    assert served == written
    assert len(served) > 0


def test_an_arabic_page_loads_no_font(opened: Callable[..., Reader]) -> None:
    reader = opened("visitor", "m.light..ar")
    weight = Weight(reader.page)
    open_page(reader, "/clubs")
    assert weight.of("Font") == BUDGETS["per_page"]["fonts_arabic"]["max"]
