"""Every plot of a run, and the comparison with the record as a table: each drawn and written under its name."""

import csv
from collections.abc import Sequence
from functools import lru_cache
from pathlib import Path

from sim.facts.load import load_all
from sim.facts.record import OURS
from sim.outcomes import against_record
from sim.outcomes.trade import documented_panel, has_trade
from sim.outcomes.view import View
from sim.plots import (
    adoption,
    borders,
    disputes,
    epochs,
    integration,
    ladder,
    passages,
    posterior_checks,
    river_map,
    rivers,
    style,
    trade,
    trust_matrix,
)
from sim.plots.files import FORMATS, USUAL, save
from sim.runs import open_run
from sim.runs.files import replaced

#: Name of the file of each plot, and what draws it; those that take longest first, so that two processes end together.
PLOTS = {
    "borders": borders.draw,
    "storages": rivers.draw_storages,
    "adoption": adoption.draw,
    "water": rivers.draw_deficits,
    "trust-matrix": trust_matrix.draw,
    "first-passages": passages.draw,
    "epochs": epochs.draw,
    "ladder": ladder.draw,
    "river-map": river_map.draw,
    "disputes": disputes.draw,
    "trade-shares": trade.draw_shares,
    "adoption-accords": adoption.draw_accords,
    "integration-index": integration.draw_index,
    "posterior-checks": posterior_checks.draw,
    "trade-partners": trade.draw_partners,
    "trade": trade.draw_levels,
    "seas": rivers.draw_seas,
    "trust": integration.draw_trust,
    "trade-gains": trade.draw_gains,
}
TABLE = "against_record.csv"


def prepare(run_folder: Path | None) -> None:
    """Read the facts, and what many plots need of the run if there is one yet."""
    if run_folder is None:
        load_all(OURS)
        return
    view = _view(run_folder)
    view.monthly("index")
    view.happened()
    _ = view.members, view.rivers
    if has_trade(view):
        documented_panel(view)


def draw_one(run_folder: Path, name: str, formats: Sequence[str] = USUAL, size: str = "paper") -> list[Path]:
    """Draw and write one of PLOTS, or TABLE; returns the files, none where the run has nothing to show in it."""
    folder = run_folder / "plots"
    folder.mkdir(exist_ok=True)
    if name == TABLE:
        return _write_table(_view(run_folder), folder / name)
    with style.styled():
        figure = PLOTS[name](_view(run_folder))
        if figure is not None:
            return save(figure, folder, name, formats, size)
    for ending in FORMATS:  # what an older version left
        (folder / f"{name}.{ending}").unlink(missing_ok=True)
    return []


def _view(run_folder: Path) -> View:
    """The run, opened once for all plots of this process, and again if its folder has been written since."""
    manifest = run_folder / "manifest.json"
    return _view_of(run_folder, manifest.stat().st_mtime_ns if manifest.exists() else 0)


@lru_cache(maxsize=1)
def _view_of(run_folder: Path, _written_at: int) -> View:
    return View(open_run(run_folder))


def _write_table(view: View, path: Path) -> list[Path]:
    """Write the comparison with the record as CSV; without one to make, remove what an older version left."""
    rows = against_record.table(view)
    if not rows:
        path.unlink(missing_ok=True)
        return []
    with replaced(path) as unfinished, open(unfinished, "w", encoding="utf-8", newline="") as file:
        csv.writer(file, lineterminator="\n").writerows(rows)
    return [path]
