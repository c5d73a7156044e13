"""Pictures of the report and the explorer for the pages about them, taken in the system's Chromium.

python docs/derivations/page_pictures.py
"""

import re
import subprocess
import sys
import tempfile
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

from PIL import Image

from sim.page.report import write_report
from sim.runs import run_scenario
from sim.scenario import load_scenario
from tests.browser import chromium, opened

ROOT = Path(__file__).resolve().parents[2]
PICTURES = ROOT / "docs" / "pictures"
_MOVE = "e => { e.value = %s; e.dispatchEvent(new Event('input')); }"


def shrink(path: Path) -> None:
    """As small as it gets without losing a colour."""
    few = Image.open(path).convert("RGB").quantize(256, method=Image.Quantize.MAXCOVERAGE, dither=Image.Dither.NONE)
    few.save(path, optimize=True)
    print(f"{path.relative_to(ROOT)}: {path.stat().st_size / 1000:.0f} kB")


def main() -> None:
    with tempfile.TemporaryDirectory() as folder, chromium() as browser:
        page = write_report([run_scenario(load_scenario("baseline"), Path(folder))], Path(folder) / "report.html")
        shown, _ = opened(browser, page.as_uri(), (1000, 900))
        shown.locator("#map-year").evaluate(_MOVE % 2030)
        shown.select_option("#map-fill", "deficit")
        shown.add_style_tag(content="nav { display: none }")
        shown.locator("#map").screenshot(path=PICTURES / "report.png")
        command = [sys.executable, "-m", "sim", "explore", "--no-open", "--folder", folder]
        process = subprocess.Popen(command, stderr=subprocess.PIPE, text=True, cwd=ROOT)
        try:
            address = next(found[0] for line in process.stderr if (found := re.search(r"http://\S+", line)))
            shown, _ = opened(browser, address, (1280, 860), offline=False)
            shown.locator('body[data-redrawn="1"]').wait_for(timeout=60_000)
            shown.locator('[id="p-trust.loss_aversion"]').evaluate(_MOVE % 4)
            shown.locator('body[data-redrawn="2"]').wait_for(timeout=60_000)
            shown.screenshot(path=PICTURES / "explorer.png")
        finally:
            process.terminate()
            process.wait(20)
    for name in ("report", "explorer"):
        shrink(PICTURES / f"{name}.png")


if __name__ == "__main__":
    main()
