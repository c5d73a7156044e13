"""Every plot of some comparisons, drawn and written under its name."""

from collections.abc import Sequence
from pathlib import Path

from sim.comparison import Comparison
from sim.plots import style
from sim.plots.comparison import fans, forest, heat_map, multiples
from sim.plots.write import save
from sim.runs.errors import explained

_MOST_FANS = 12


def write_plots(comparisons: Sequence[Comparison], folder: Path) -> list[Path]:
    """See :func:`sim.plots.comparison.write_comparison_plots`."""
    written = []
    with explained(folder), style.styled():
        folder.mkdir(parents=True, exist_ok=True)
        for name, figure in figures(comparisons):
            if figure is not None:
                written += save(figure, folder, name)
        if not written:
            folder.rmdir()
    return written


def figures(comparisons: Sequence[Comparison]):
    """(name, figure or None) of every plot; drawn one at a time, inside :func:`sim.plots.style.styled`."""
    yield "forest", forest.draw(comparisons)
    yield "multiples", multiples.draw(comparisons)
    yield "heat-map", heat_map.draw(comparisons)
    if len(comparisons) <= _MOST_FANS:
        for number, comparison in enumerate(comparisons):
            same = sum(each.run.name == comparison.run.name for each in comparisons) > 1
            ending = f"-{number}" if same else ""
            yield f"over-time-{comparison.run.name.replace('/', '-')}{ending}", fans.draw(comparison)
