"""The tables of `casim hindcast --leads` in docs/forecasts.md, and its picture; made anew after every refit.

python docs/derivations/leads_page.py [members]

Origins that are done are kept in results/leads, so that it can be interrupted.
"""

import shutil
import subprocess
import sys
from pathlib import Path

from pages import DOCS, FORECASTS, put_into_page

KEPT = Path("results") / "leads"


def main() -> None:
    """Run the command as a reader would, and put what it says into the page."""
    members = sys.argv[1] if len(sys.argv) > 1 else "200"
    call = [sys.executable, "-m", "sim", "hindcast", "--leads", "--members", members, "--plots", str(KEPT)]
    said = subprocess.run(call, check=True, stdout=subprocess.PIPE, text=True).stdout
    lines = [line for line in said.splitlines() if not line.startswith(str(KEPT))]
    put_into_page(FORECASTS, "leads", ["```", *lines, "```"])
    shutil.copy(KEPT / "leads.png", DOCS / "pictures" / "forecast-leads.png")


if __name__ == "__main__":
    main()
