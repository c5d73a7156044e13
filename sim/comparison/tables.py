"""Comparisons as files: the effects and the effects over time, as CSV or Parquet."""

from collections.abc import Sequence
from pathlib import Path

from sim.comparison.compare import Comparison
from sim.runs.errors import explained
from sim.runs.files import replaced


def yearly_path(path: Path) -> Path:
    """Where the effects over time go: ``effects-yearly.csv`` beside ``effects.csv``."""
    return path.with_name(f"{path.stem}-yearly{path.suffix}")


def _write(path: Path, frames: Sequence) -> None:
    import pandas as pd

    whole = pd.concat([frame for frame in frames if len(frame)] or list(frames)[:1], ignore_index=True)
    with explained(path):
        path.parent.mkdir(parents=True, exist_ok=True)
        with replaced(path) as unfinished:
            (whole.to_parquet if path.suffix == ".parquet" else whole.to_csv)(unfinished, index=False)


def write_effects(comparisons: Sequence[Comparison], path: Path) -> list[Path]:
    """Write the effects of all comparisons to ``path`` and their course over the years beside it.

    A path that ends in ``.parquet`` becomes Parquet, any other CSV.  Returns both paths.  Raises OutputError or
    DiskFullError where that is not possible.
    """
    beside = yearly_path(path)
    _write(path, [comparison.frame() for comparison in comparisons])
    _write(beside, [comparison.over_time() for comparison in comparisons])
    return [path, beside]
