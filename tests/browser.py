"""The system's Chromium for tests of pages, with the network cut and every complaint of the console kept."""

import os
import shutil
from contextlib import contextmanager
from pathlib import Path

import pytest

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser")
FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
DESK, PHONE = (1200, 900), (390, 844)
#: Where screenshots are kept to be looked at.
PICTURES = Path(os.environ.get("CASIM_SCREENSHOTS", Path(__file__).parents[1] / "build" / "screenshots"))


@contextmanager
def chromium():
    """A browser; the test is skipped, saying so, where the machine has none."""
    if CHROMIUM is None:
        pytest.skip("no Chromium on this machine: pages are NOT tested in a browser (apt-get install chromium)")
    from playwright.sync_api import sync_playwright

    with sync_playwright() as play:
        browser = play.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        try:
            yield browser
        finally:
            browser.close()


def opened(browser, address, size=DESK, offline=True, scripts=True, scheme="light"):
    """A page at an address, and the list of what its console complains about."""
    context = browser.new_context(
        viewport={"width": size[0], "height": size[1]},
        offline=offline,
        java_script_enabled=scripts,
        color_scheme=scheme,
    )
    page, complaints = context.new_page(), []
    page.on("console", lambda line: complaints.append(line.text) if line.type in ("error", "warning") else None)
    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.on("requestfailed", lambda request: complaints.append(f"asks for {request.url}"))
    page.on("dialog", lambda dialog: (complaints.append(f"dialog {dialog.message}"), dialog.dismiss()))
    page.goto(address)
    return page, complaints


def keep(page, name, full=True):
    """Keep a screenshot as an artefact of the tests."""
    PICTURES.mkdir(parents=True, exist_ok=True)
    page.screenshot(path=PICTURES / f"{name}.png", full_page=full)


def violations(page):
    """Serious and critical violations that axe-core finds, as readable lines."""
    from axe_playwright_python.sync_playwright import Axe

    found = Axe().run(page).response["violations"]
    return [
        f"{each['id']}: {each['help']}: {[node['html'][:120] for node in each['nodes'][:3]]}"
        for each in found
        if each["impact"] in ("serious", "critical")
    ]
