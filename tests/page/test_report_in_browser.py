"""The page in a real browser, from disk and with the network off."""

import pytest

from tests.browser import DESK, PHONE, chromium, keep, opened, violations
from tests.page.conftest import TITLE


@pytest.fixture(scope="module")
def browser():
    with chromium() as found:
        yield found


def test_page_answers_to_the_reader(browser, page):
    """Titles are text; years step the map; series, bands and scenarios switch; hovering tells numbers; data comes."""
    shown, complaints = opened(browser, page.as_uri())
    assert shown.inner_text("h1") == TITLE and "alert(1)" in shown.title()
    width_before = shown.get_attribute('path.treaty[data-dyad="KAZ-UZB"]', "stroke-width")
    shown.locator("#map-year").evaluate("e => { e.value = 1995; e.dispatchEvent(new Event('input')); }")
    assert "End of 1995, documented" in shown.inner_text("#map-now")
    width_after = shown.get_attribute('path.treaty[data-dyad="KAZ-UZB"]', "stroke-width")
    assert (width_before, width_after) == ("3.4", "1.6")
    shown.click("#map-on")
    assert "End of 1996" in shown.inner_text("#map-now")
    assert shown.get_attribute('path.border[data-pair="KGZ-TJK"]', "stroke-dasharray") == "7 3"
    shown.select_option("#map-fill", "trusted")
    assert shown.get_attribute('path.state[data-state="KAZ"]', "fill") not in ("#fff", None)
    shown.locator('circle.node[data-node="toktogul"]').hover(force=True)
    assert "Toktogul" in shown.inner_text("#map-tip")

    assert "Integration index. " in shown.inner_text("#series-meaning")
    drawn = shown.inner_html("#series-figure")
    shown.select_option("#series-chapter", "Trade")
    shown.select_option("#series-name", "trade.KAZ-UZB")
    assert shown.inner_html("#series-figure") != drawn
    assert "Trade of Kazakhstan–Uzbekistan" in shown.inner_text("#series-meaning")
    many = shown.locator("#series-figure g[fill-opacity]").count()
    shown.select_option("#series-bands", "0")
    assert shown.locator("#series-figure g[fill-opacity]").count() < many
    shown.select_option("#series-kind", "difference")
    shown.locator("#series-figure svg").first.hover(position={"x": 420, "y": 120})
    assert "middle 80 %" in shown.inner_text("#series-figure")
    shown.select_option("#treaties-kind", "pair")
    assert "Kazakhstan–Uzbekistan" in shown.inner_text("#treaties-figure")
    before = shown.inner_text('td[data-pair="KGZ.TJK"]')
    shown.locator("#trust-year").evaluate("e => { e.value = 1999; e.dispatchEvent(new Event('input')); }")
    assert shown.inner_text('td[data-pair="KGZ.TJK"]') != before
    with shown.expect_download() as data:
        shown.click('button[data-of="treaties"]')
    lines = open(data.value.path(), encoding="utf-8").read().splitlines()
    assert lines[0].startswith("id,label,documented") and len(lines) > 100
    assert complaints == []


@pytest.mark.parametrize("name, size", [("desk", DESK), ("phone", PHONE)])
def test_page_is_accessible_and_fits(browser, page, name, size):
    shown, complaints = opened(browser, page.as_uri(), size)
    assert shown.evaluate("document.documentElement.scrollWidth") <= size[0]
    first = "e => Math.min(...[...e.querySelectorAll('svg text')].map(text => text.getBoundingClientRect().left))"
    for figure in ("#treaties-figure", "#gains-figure"):
        edge = shown.locator(figure).evaluate("e => e.getBoundingClientRect().left")
        assert edge - 1 <= shown.locator(figure).evaluate(first) < size[0]  # to a pixel
    keep(shown, f"report-{name}")
    assert violations(shown) == []
    assert complaints == []


#: Colour behind a part of a page.
BEHIND = "e => getComputedStyle(e).backgroundColor"


def test_page_is_dark_for_who_wants_it_and_charts_stay_on_light(browser, page):
    shown, complaints = opened(browser, page.as_uri(), scheme="dark")
    assert shown.locator("body").evaluate(BEHIND) == "rgb(22, 24, 27)"
    for part in ("#series-figure", "#treaties-figure", "ul.legend"):
        assert shown.locator(part).first.evaluate(BEHIND) == "rgb(255, 255, 255)"
    keep(shown, "report-dark")
    assert violations(shown) == [] and complaints == []
    light, _ = opened(browser, page.as_uri(), scheme="light")
    assert light.locator("body").evaluate(BEHIND) == "rgb(255, 255, 255)"


def test_page_without_scripts_shows_pictures(browser, page):
    shown, _ = opened(browser, page.as_uri(), scripts=False)
    assert shown.locator("svg.map").is_visible()
    assert shown.locator("#series-figure svg.static").count() >= 5
    assert shown.locator("#treaties-figure svg.static").is_visible()
    assert not shown.locator("#map-play").is_visible()
    keep(shown, "report-no-scripts")
