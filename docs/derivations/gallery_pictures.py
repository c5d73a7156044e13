"""Pictures of docs/gallery.md and the pages about runs: every plot of some runs and comparisons, small.

python docs/derivations/gallery_pictures.py [members]
"""

import shutil
import sys
import tempfile
from pathlib import Path

from page_pictures import shrink

from sim.comparison import compare
from sim.plots import write_plots
from sim.plots.comparison import write_comparison_plots
from sim.runs import Run, run_batch, run_scenario
from sim.scenario import load_scenario

PICTURES = Path(__file__).parents[1] / "pictures"
GALLERY = PICTURES / "gallery"
#: Scenario, and the plots shown of its run.
SHOWN = {
    "baseline": (
        "adoption",
        "ladder",
        "trust",
        "trust-matrix",
        "integration-index",
        "trade",
        "trade-shares",
        "trade-partners",
        "water",
        "storages",
        "seas",
        "disputes",
    ),
    "free-run": ("adoption-accords", "first-passages", "epochs"),
    "border-reopened-dispute": ("borders",),
    "qosh-tepa-15": ("river-map",),
    "trans-caspian-corridor": ("trade-gains",),
}
#: Plots of other pages: the scenario, the plot, and the name of the picture there.
ELSEWHERE = (
    ("baseline", "ladder", "baseline"),
    ("baseline", "storages", "storages"),
    ("free-run", "borders", "borders"),
    ("qosh-tepa-15", "river-map", "river-map"),
)
SIDE_BY_SIDE = ("great-power-squeeze", "border-reopened-dispute", "drought-decade")
DESIGN = """extends = "great-power-squeeze"
title = "How hard Russia and China pull"

[design]
kind = "grid"
"events.russian-pull.factor" = [1.0, 2.0, 3.0, 4.0]
"events.chinese-pull.factor" = [1.0, 2.0, 3.0, 4.0]
"""


def runs_of(folder: Path, members: int) -> dict[str, Run]:
    """A run of every scenario wanted."""
    names = dict.fromkeys([*SHOWN, *SIDE_BY_SIDE])
    return {name: run_scenario(load_scenario(name, [f"run.members={members}"]), folder) for name in names}


def points_of(folder: Path, members: int) -> list[Path]:
    """Run folders of the design of two keys."""
    file = folder / "pulls.toml"
    file.write_text(DESIGN, encoding="utf-8")
    (outcome,) = run_batch([load_scenario(file, [f"run.members={members}"])], folder)
    return [run.folder for run in outcome.planned.runs]


def keep(source: Path, target: Path) -> None:
    """A picture under another name, as small as it gets."""
    target.parent.mkdir(parents=True, exist_ok=True)
    shutil.copyfile(source, target)
    shrink(target)


def main(members: int) -> None:
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        runs = runs_of(folder, members)
        for scenario, plots in SHOWN.items():
            write_plots(runs[scenario].path, None, ("png",))
            for plot in plots:
                keep(runs[scenario].path / "plots" / f"{plot}.png", GALLERY / f"{plot}.png")
        for scenario, plot, picture in ELSEWHERE:
            keep(runs[scenario].path / "plots" / f"{plot}.png", PICTURES / f"{picture}.png")
        one = [compare(runs["great-power-squeeze"], runs["baseline"])]
        several = [compare(runs[scenario], runs["baseline"]) for scenario in SIDE_BY_SIDE]
        design = [compare(point, runs["baseline"]) for point in points_of(folder, members)]
        for number, comparisons in enumerate((one, several, design)):
            write_comparison_plots(comparisons, folder / str(number), ("png",))
        keep(folder / "0" / "forest.png", GALLERY / "forest.png")
        keep(folder / "0" / "forest.png", PICTURES / "compare-forest.png")
        keep(folder / "0" / "over-time-great-power-squeeze.png", GALLERY / "over-time.png")
        keep(folder / "1" / "forest.png", GALLERY / "forest-of-several.png")
        keep(folder / "1" / "multiples.png", GALLERY / "multiples.png")
        keep(folder / "2" / "heat-map.png", GALLERY / "heat-map.png")
        keep(folder / "2" / "heat-map.png", PICTURES / "compare-heat-map.png")


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 500)
