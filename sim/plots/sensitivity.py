"""Plots of sensitivity: a heat map of outcomes by parameters."""

from pathlib import Path

import numpy as np

from sim.plots import style
from sim.studies.sensitivity import Indices

_LEFT, _TOP, _CELL, _NAMES = 2.1, 0.62, 0.2, 2.0


def draw_heat_map(indices: Indices, path: Path, most: int = 30) -> Path:
    """Total indices, outcome by parameter, the parameters that matter most anywhere."""
    largest = np.nan_to_num(indices.total).max(axis=0)
    chosen = np.argsort(-largest)[:most]
    values = indices.total[:, chosen].T
    tall, wide = _CELL * len(chosen), min(0.75 * len(indices.outcomes), style.WIDTH - _LEFT - 0.9)
    with style.styled():
        figure = style.sheet(
            _TOP + tall + _NAMES,
            "What each outcome hangs on",
            f"Total Sobol' index: share of variance in which the parameter has a part.  {indices.points:,} points.",
            "casim sensitivity",
        )
        axes = style.place(figure, _LEFT, _TOP, wide, tall)
        axes.imshow(values, cmap="Blues", vmin=0, vmax=max(0.3, float(np.nanmax(values))), aspect="auto")
        for (i, j), value in np.ndenumerate(values):
            if np.isfinite(value) and value >= 0.005:
                dark = value > 0.6 * max(0.3, float(np.nanmax(values)))
                text = f"{value:.2f}"
                axes.text(j, i, text, ha="center", va="center", fontsize=5.5, color="white" if dark else style.INK)
        axes.set_yticks(range(len(chosen)), [indices.factors[k].name for k in chosen])
        names = [name if len(name) < 40 else f"{name[:39]}…" for name in indices.outcomes]
        axes.set_xticks(range(len(names)), names, rotation=40, ha="right", rotation_mode="anchor")
        axes.tick_params(length=0)
        path.parent.mkdir(parents=True, exist_ok=True)
        figure.savefig(path, dpi=150)
    return path
