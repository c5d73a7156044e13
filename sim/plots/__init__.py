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
    crew : a :class:`sim.plots.pool.Pool` that draws with a second process; without one this process draws alone
    formats : some of ``png``, ``svg``, ``pdf``
    size : ``paper`` or ``slide``

    Returns the files.  Raises OutputError where there is no finished run or the folder cannot be written, and
    DamagedError where a table cannot be read.
    """
    from sim.plots.stamp import drawn_before

    before = drawn_before(Path(run_folder), formats, size)
    if before:
        return before
    from sim.plots.write import write_plots as write  # matplotlib is loaded only when there is something to draw

    return write(Path(run_folder), crew, formats, size)
