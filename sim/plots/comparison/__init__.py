"""Plots of comparisons: read from the paired differences, never from the model."""

import hashlib
from collections.abc import Sequence
from pathlib import Path

from sim.comparison import Comparison

__all__ = ["comparison_folder", "write_comparison_plots"]

_NAMED = 3


def comparison_folder(comparisons: Sequence[Comparison], results: Path) -> Path:
    """A folder of its own for the plots of some comparisons: equal comparisons, equal folder."""
    against = comparisons[0].against
    names = [each.run.name.replace("/", "-") for each in comparisons]
    said = "-and-".join(names if len(names) <= _NAMED else [*names[: _NAMED - 1], f"{len(names) - _NAMED + 1}-more"])
    content = [against.key, *(each.run.key for each in comparisons), *comparisons[0].patterns]
    digest = hashlib.sha256("\n".join(content).encode()).hexdigest()[:8]
    return results / "comparisons" / f"{said[:120]}-against-{against.name.replace('/', '-')}-{digest}"


def write_comparison_plots(comparisons: Sequence[Comparison], folder: Path) -> list[Path]:
    """Write every plot that comparisons with one run have something to show in, as SVG and PNG, into ``folder``.

    Returns the files written.  Raises OutputError where the folder cannot be written.
    """
    from sim.plots.comparison.write import write_plots  # matplotlib is loaded only when plots are wanted

    return write_plots(comparisons, Path(folder))
