"""Every plot of a run, drawn and written under its name."""

import csv
from collections.abc import Sequence
from functools import lru_cache
from pathlib import Path

from sim.outcomes import against_record
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
from sim.plots.pool import Pool
from sim.plots.stamp import stamp
from sim.runs import open_run
from sim.runs.errors import RunError, explained
from sim.runs.files import replaced

#: Name of the file of each plot, and what draws it.
PLOTS = {
    "adoption": adoption.draw,
    "adoption-accords": adoption.draw_accords,
    "ladder": ladder.draw,
    "trust-matrix": trust_matrix.draw,
    "trust": integration.draw_trust,
    "integration-index": integration.draw_index,
    "first-passages": passages.draw,
    "epochs": epochs.draw,
    "posterior-checks": posterior_checks.draw,
    "trade": trade.draw_levels,
    "trade-shares": trade.draw_shares,
    "trade-partners": trade.draw_partners,
    "trade-gains": trade.draw_gains,
    "water": rivers.draw_deficits,
    "storages": rivers.draw_storages,
    "seas": rivers.draw_seas,
    "river-map": river_map.draw,
    "disputes": disputes.draw,
    "borders": borders.draw,
}
_TABLE = "against_record.csv"


def write_plots(
    run_folder: Path, crew: Pool | None = None, formats: Sequence[str] = USUAL, size: str = "paper"
) -> list[Path]:
    """See :func:`sim.plots.write_plots`.  A plot that fails is reported at the end; the others are drawn."""
    run_folder = Path(run_folder)
    folder, view = run_folder / "plots", _view(run_folder)
    with explained(folder):
        folder.mkdir(exist_ok=True)
        drawn = (crew or Pool(alone=True)).draw(draw_one, run_folder, list(PLOTS), tuple(formats), size)
        written = [path for files in drawn.values() if isinstance(files, list) for path in files]
        failed = [(name, error) for name, error in drawn.items() if isinstance(error, Exception)]
        for _, error in failed:
            if isinstance(error, OSError | RunError):
                raise error
        written += _write_table(view, folder / _TABLE)
        if not failed:
            stamp(run_folder, formats, size, written)
    _view_of.cache_clear()
    if failed:
        name, error = failed[0]
        raise RuntimeError(f"{name}: {error}; {len(written)} other files are in {folder}") from error
    return written


def draw_one(run_folder: Path, name: str, formats: Sequence[str] = USUAL, size: str = "paper") -> list[Path]:
    """Draw and write one plot of a run; returns the files written, none where the run has nothing to show in it."""
    folder = run_folder / "plots"
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
