"""Every plot of a run, drawn and written under its name."""

import os
from functools import lru_cache
from pathlib import Path

from matplotlib.figure import Figure

from sim.plots import (
    adoption,
    borders,
    disputes,
    epochs,
    fans,
    first_passages,
    ladder,
    river_map,
    seas,
    storages,
    style,
    trade,
    trade_partners,
    trust_matrix,
    water_deficits,
)
from sim.plots.against_record import write_table
from sim.plots.data import View
from sim.plots.pool import Pool
from sim.runs.errors import RunError, explained
from sim.runs.files import temporary

#: Name of the file of each plot, and what draws it.
PLOTS = {
    "adoption": adoption.draw,
    "adoption-accords": adoption.draw_accords,
    "ladder": ladder.draw,
    "trust-matrix": trust_matrix.draw,
    "trust": fans.draw_trust,
    "integration-index": fans.draw_index,
    "first-passages": first_passages.draw,
    "epochs": epochs.draw,
    "trade": trade.draw_levels,
    "trade-shares": trade.draw_shares,
    "trade-partners": trade_partners.draw_partners,
    "trade-gains": trade_partners.draw_gains,
    "water": water_deficits.draw,
    "storages": storages.draw,
    "seas": seas.draw,
    "river-map": river_map.draw,
    "disputes": disputes.draw,
    "borders": borders.draw,
}
_PNG = {"dpi": 200, "pil_kwargs": {"compress_level": 4}}


def save(figure: Figure, folder: Path, name: str) -> list[Path]:
    """Write a figure as SVG and PNG; equal figures give equal bytes."""
    written = []
    for ending, options in (("svg", {"metadata": {"Date": None}}), ("png", _PNG)):
        path = folder / f"{name}.{ending}"
        unfinished = temporary(folder, path.name)
        try:
            figure.savefig(unfinished, format=ending, **options)
            os.replace(unfinished, path)
        finally:
            unfinished.unlink(missing_ok=True)
        written.append(path)
    return written


def write_plots(run_folder: Path, crew: Pool | None = None) -> list[Path]:
    """See :func:`sim.plots.write_plots`.  A plot that fails does not take the others down; it is told at the end."""
    folder = Path(run_folder) / "plots"
    view = _view(Path(run_folder))
    with explained(folder):
        folder.mkdir(exist_ok=True)
        drawn = (crew or Pool(alone=True)).draw(draw_one, Path(run_folder), list(PLOTS))
        written = [path for files in drawn.values() if isinstance(files, list) for path in files]
        failed = [(name, error) for name, error in drawn.items() if isinstance(error, Exception)]
        for _, error in failed:
            if isinstance(error, OSError | RunError):
                raise error
        written += write_table(view, folder / "against_record.csv")
    _view_of.cache_clear()
    if failed:
        name, error = failed[0]
        raise RuntimeError(f"{name}: {error}; {len(written)} other files are in {folder}") from error
    return written


def draw_one(run_folder: Path, name: str) -> list[Path]:
    """Draw and write one plot of a run; returns the files written, none where the run has nothing to show in it."""
    with style.styled():
        return _written(PLOTS[name](_view(run_folder)), run_folder / "plots", name)


def _view(run_folder: Path) -> View:
    """The run, opened once for all plots of this process, and again if its folder has been written since."""
    manifest = run_folder / "manifest.json"
    return _view_of(run_folder, manifest.stat().st_mtime_ns if manifest.exists() else 0)


@lru_cache(maxsize=1)
def _view_of(run_folder: Path, _written_at: int) -> View:
    return View.open(run_folder)


def _written(figure: Figure | None, folder: Path, name: str) -> list[Path]:
    """Write a figure; without one remove what an older version left."""
    if figure is not None:
        return save(figure, folder, name)
    for ending in ("svg", "png"):
        (folder / f"{name}.{ending}").unlink(missing_ok=True)
    return []
