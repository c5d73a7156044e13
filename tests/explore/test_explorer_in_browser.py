"""The explorer in a real browser: started as a user starts it, tuned, played and saved."""

import json
import re
import subprocess
import sys

import pytest

from sim.scenario import load_scenario
from tests.browser import DESK, PHONE, chromium, keep, opened, violations

PATIENCE = 60_000  # ms; a loaded machine compiles and simulates slowly


@pytest.fixture(scope="module")
def browser():
    with chromium() as found:
        yield found


@pytest.fixture(scope="module")
def address(browser, tmp_path_factory):
    """The address that a started explorer prints, and where it saves."""
    folder = tmp_path_factory.mktemp("saved")
    command = [sys.executable, "-m", "sim", "explore", "--no-open", "--port", "18800", "--folder", str(folder)]
    process = subprocess.Popen(command, stderr=subprocess.PIPE, text=True)
    try:
        for line in process.stderr:
            if found := re.search(r"http://\S+", line):
                break
        else:
            pytest.fail("casim explore ended without an address")
        yield found[0], folder
    finally:
        process.terminate()
        process.wait(20)


def ready(page, times):
    """Wait until the bands have been drawn so many times."""
    page.locator(f'body[data-redrawn="{times}"]').wait_for(timeout=PATIENCE)


def last_medians(page):
    return json.loads(page.locator('[data-series="trust_mean"]').get_attribute("data-last"))


def test_tune_play_and_save(browser, address, capsys):
    where, folder = address
    page, complaints = opened(browser, where, DESK, offline=False)
    ready(page, 1)
    assert len(last_medians(page)) == 1
    slider = page.locator('[id="p-trust.loss_aversion"]')
    seconds = []
    for times, value in enumerate((4, 3, 2.5), start=2):
        slider.evaluate(f"e => {{ e.value = {value}; e.dispatchEvent(new Event('input')); }}")
        ready(page, times)
        seconds.append(float(page.get_attribute("body", "data-seconds")))
    before, after = last_medians(page)
    assert after < before
    with capsys.disabled():
        print(f"\nexplorer: bands of 200 histories redrawn in {sorted(seconds)[1]:.2f} s (median of {seconds})")
    page.locator("#month").evaluate("e => { e.value = 1993 * 12; e.dispatchEvent(new Event('input')); }")
    assert "January 1993, documented" in page.inner_text("#map-now")
    width = page.get_attribute('path.treaty[data-dyad="KAZ-UZB"]', "stroke-width")
    page.locator("#month").evaluate("e => { e.value = 2023 * 12; e.dispatchEvent(new Event('input')); }")
    assert page.get_attribute('path.treaty[data-dyad="KAZ-UZB"]', "stroke-width") != width
    page.click("#month-on")
    assert "February 2023" in page.inner_text("#map-now") and page.locator("#happened li").count()
    page.fill("#save-name", "tuned")
    page.fill("#save-title", "<b>tuned</b> [red]x[/]")
    page.click("#save-form button")
    page.locator("#saved-text").wait_for(timeout=PATIENCE)
    saved = load_scenario(folder / "tuned.toml")
    assert saved.title == "<b>tuned</b> [red]x[/]" and saved.parameters == {"trust.loss_aversion": 2.5}
    page.fill("#save-name", "../tuned")
    page.locator("#save-form").evaluate("form => form.noValidate = true")
    page.click("#save-form button")
    page.get_by_text("small letters, digits and hyphens").wait_for(timeout=PATIENCE)
    keep(page, "explorer-desk")
    assert violations(page) == []
    assert [each for each in complaints if "422" not in each] == []


def test_on_a_phone(browser, address):
    page, complaints = opened(browser, address[0], PHONE, offline=False)
    ready(page, 1)
    page.locator("#happened li").first.wait_for(timeout=PATIENCE)
    assert page.evaluate("document.documentElement.scrollWidth") <= PHONE[0]
    keep(page, "explorer-phone")
    assert violations(page) == [] and complaints == []


def test_page_is_dark_for_who_wants_it(browser, address):
    page, complaints = opened(browser, address[0], DESK, offline=False, scheme="dark")
    ready(page, 1)
    behind = "e => getComputedStyle(e).backgroundColor"
    assert page.locator("body").evaluate(behind) == "rgb(22, 24, 27)"
    assert page.locator(".panel .chart").first.evaluate(behind) == "rgb(255, 255, 255)"
    keep(page, "explorer-dark", full=False)
    assert violations(page) == [] and complaints == []
