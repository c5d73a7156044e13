"""Plots of comparisons: read from the paired differences, never from the model."""

import hashlib
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from sim.comparison import Comparison

if TYPE_CHECKING:
    from matplotlib.figure import Figure

__all__ = ["comparison_folder", "figures", "write_comparison_plots"]

_NAMED, _MOST_SHEETS = 3, 6


def comparison_folder(comparisons: Sequence[Comparison], results: Path) -> Path:
    """A folder of its own for the plots of some comparisons: equal comparisons, equal folder."""
    against = comparisons[0].against
    names = [each.run.name.replace("/", "-") for each in comparisons]
    said = "-and-".join(names if len(names) <= _NAMED else [*names[: _NAMED - 1], f"{len(names) - _NAMED + 1}-more"])
    content = [against.key, *(each.run.key for each in comparisons), *comparisons[0].patterns]
    digest = hashlib.sha256("\n".join(content).encode()).hexdigest()[:8]
    return results / "comparisons" / f"{said[:120]}-against-{against.name.replace('/', '-')}-{digest}"


def write_comparison_plots(
    comparisons: Sequence[Comparison], folder: Path, formats: Sequence[str] = ("svg", "png"), size: str = "paper"
) -> list[Path]:
    """Write every plot that comparisons with one run have something to show in.

    ``formats`` and ``size`` are those of :func:`sim.plots.write_plots`.  Returns the files written.  Raises OutputError
    where the folder cannot be written.
    """
    from sim.plots import style  # matplotlib is loaded only when plots are wanted
    from sim.plots.files import save
    from sim.runs.errors import explained

    written, folder = [], Path(folder)
    with explained(folder), style.styled():
        folder.mkdir(parents=True, exist_ok=True)
        for name, figure in figures(comparisons):
            written += save(figure, folder, name, formats, size)
        if not written:
            folder.rmdir()
    return written


def figures(comparisons: Sequence[Comparison]) -> Iterator[tuple[str, "Figure"]]:
    """(name, figure) of every plot; drawn one at a time, inside :func:`sim.plots.style.styled`.

    Differences over time are drawn for some runs only: a design of many points has its grid instead.
    """
    from sim.plots.comparison import differences, forest, heat_map, multiples

    for name, draw in (("forest", forest.draw), ("multiples", multiples.draw), ("heat-map", heat_map.draw)):
        figure = draw(comparisons)
        if figure is not None:
            yield name, figure
    for number, comparison in enumerate(comparisons if len(comparisons) <= _MOST_SHEETS else ()):
        figure = differences.draw(comparison)
        if figure is not None:
            same = sum(each.run.name == comparison.run.name for each in comparisons) > 1
            ending = f"-{number}" if same else ""
            yield f"over-time-{comparison.run.name.replace('/', '-')}{ending}", figure
