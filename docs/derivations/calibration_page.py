"""What casim prints, put into docs/calibration.md and docs/forecasts.md.

    python docs/derivations/calibration_page.py FOLDER [NAME ...]

runs the commands below (or those named), keeps what each printed in FOLDER/NAME.txt, and puts it into the page. A file
that is there is not made again, so that a stopped run goes on; all together take about an hour on two cores.
"""

import re
import subprocess
import sys
from pathlib import Path

from pages import CALIBRATION, FORECASTS, put_into_page

COMMANDS = {
    "fit": "calibrate --out {folder}/2025-06-f55aade1.json --plots {folder}/plots",
    "symmetric": "calibrate --prior symmetric --out {folder}/symmetric.json",
    "recover": "calibrate --recover 200 --plots {folder}/plots",
    "engine": "calibrate --recover 60 --engine",
    "rolling": "hindcast --plots {folder}/plots",
    "mode": "hindcast --draws 0",
    "whole": "hindcast --scheme whole",
    "split": "hindcast --scheme split",
    "dyads": "hindcast --scheme dyads",
    "symmetric rolling": "hindcast --prior symmetric",
    "contest": "hindcast --contest",
    "null": "hindcast --draws 60 --null 40",
    "forecasts": "hindcast --forecasts --members 1000 --plots {folder}/plots",
}
_FILE = re.compile(r"^\S*\.(svg|png|json|npz)\b.*\n?", re.MULTILINE)


def printed(name: str, folder: Path) -> list[str]:
    """Lines that a command printed, without the names of files that it wrote."""
    path = folder / f"{name.replace(' ', '-')}.txt"
    if not path.exists():
        words = COMMANDS[name].format(folder=folder).split()
        done = subprocess.run(["casim", *words], stdout=subprocess.PIPE, text=True, check=True)
        path.write_text(done.stdout, encoding="utf-8")
    text = _FILE.sub("", path.read_text(encoding="utf-8")).rstrip("\n")
    if name == "null":  # the table above it is that of sixty draws
        text = text.splitlines()[-1]
    return ["```", *text.splitlines(), "```"]


def main() -> None:
    folder, names = Path(sys.argv[1]), sys.argv[2:] or list(COMMANDS)
    folder.mkdir(parents=True, exist_ok=True)
    for name in names:
        put_into_page(FORECASTS if name == "forecasts" else CALIBRATION, name, printed(name, folder))


if __name__ == "__main__":
    main()
