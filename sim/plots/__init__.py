"""Plots of a finished run: read from its folder and the facts, never from the model."""

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from sim.plots.pool import Pool

__all__ = ["write_plots"]


def write_plots(
    run_folder: Path | str, crew: "Pool | None" = None, formats: Sequence[str] = ("svg", "png"), size: str = "paper"
) -> list[Path]:
    """Write every plot the run has something to show in into ``<run>/plots``; what is up to date is left as it is.

    Parameters
    ----------
    crew : a :class:`sim.plots.pool.Pool` that draws with other processes; without one this process draws
    formats : some of ``png``, ``svg``, ``pdf``
    size : ``paper`` or ``slide``

    Returns the files.  Raises OutputError where there is no finished run or the folder cannot be written, and
    DamagedError where a table cannot be read.
    """
    from sim.plots.pool import Pool  # matplotlib is loaded where there is something to draw
    from sim.plots.stamp import drawn_before, stamp
    from sim.runs import open_run
    from sim.runs.errors import RunError, explained

    run_folder = Path(run_folder)
    folder = run_folder / "plots"
    before = drawn_before(run_folder, formats, size)
    if before:
        return before
    open_run(run_folder)
    with explained(folder):
        folder.mkdir(exist_ok=True)
        drawn = (crew or Pool(alone=True)).draw(run_folder, tuple(formats), size)
        written = [path for files in drawn.values() if isinstance(files, list) for path in files]
        failed = [(name, error) for name, error in drawn.items() if isinstance(error, Exception)]
        for _, error in failed:
            if isinstance(error, OSError | RunError):
                raise error
        if not failed:
            stamp(run_folder, formats, size, written)
    if failed:
        name, error = failed[0]
        raise RuntimeError(f"{name}: {error}; {len(written)} other files are in {folder}") from error
    return written
