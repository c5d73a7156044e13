"""Fill the page on `casim why` with what the command prints.

    python docs/derivations/why_page.py

Runs the three scenarios of 500 members in a temporary folder: half a minute.
"""

import sys
import tempfile
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))

from pages import DOCS, put_into_page

from sim.runs import run_scenario
from sim.scenario import load_scenario
from sim.why import explain_decision, parse_target
from sim.why.tell import as_markdown

PAGE = DOCS / "how-to" / "why.md"
ASKED = {
    "accord": ("baseline", {"state": "TJK", "instrument": "friendship-2022"}),
    "rung": ("free-run", {"dyad": "KAZ-UZB", "rung": "alliance"}),
    "dispute": ("drought-decade", {"dispute": "UZB-KGZ"}),
}
_YEARS = 6  # rows of the table of years that are printed


def printed(text: str) -> list[str]:
    """What the command prints, its headings one level lower and its long table of years thinned out."""
    lines = ["#" * 2 + line if line.startswith("#") else line for line in text.splitlines()[2:]]
    years = [line for line in lines if line.startswith("| ") and line[2:6].isdigit()]
    kept = set(years[:: max(1, len(years) // _YEARS)]) | set(years[-1:])
    return [line for line in lines if line not in years or line in kept]


def main() -> None:
    with tempfile.TemporaryDirectory() as folder:
        for mark, (scenario, asked) in ASKED.items():
            run = run_scenario(load_scenario(scenario), Path(folder))
            found = explain_decision(run, parse_target(run.catalogue, **asked))
            put_into_page(PAGE, f"why {mark}", printed(as_markdown(found)))


if __name__ == "__main__":
    main()
