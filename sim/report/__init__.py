"""Plots of a finished run: read from its folder and the facts, never from the model."""

from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from sim.report.crew import Crew

__all__ = ["write_plots"]


def write_plots(run_folder: Path | str, crew: "Crew | None" = None) -> list[Path]:
    """Write every plot the run has something to show in, as SVG and PNG, into ``<run>/plots``.

    ``crew`` is a :class:`sim.report.crew.Crew` that draws with a second process; without one this process draws alone.
    Returns the files written.  Raises OutputError where there is no finished run or the folder cannot be written, and
    DamagedError where a table cannot be read.
    """
    from sim.report.write import write_plots as write  # matplotlib is loaded only when plots are wanted

    return write(Path(run_folder), crew)
