"""Pictures of a hindcast: gain by year over each rival, and whether chances came true as often as they said."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from scipy.stats import beta

from sim.plots import style
from sim.plots.write import save
from sim.runs.errors import explained

_BINS = 6


def write_hindcast_plots(scores: Sequence[Any], folder: Path) -> list[Path]:
    """Skill by unit and reliability, of a list of `sim.hindcast.rolling.Score`, the model first."""
    with explained(folder), style.styled():
        folder.mkdir(parents=True, exist_ok=True)
        return [*save(draw_skill(scores), folder, "skill"), *save(draw_reliability(scores), folder, "reliability")]


def draw_skill(scores: Sequence[Any]) -> Figure:
    """A row of bars for each rival: the model's gain in nats in every year or dyad; steps that came on top."""
    model, rivals = scores[0], scores[1:]
    units = [str(unit) for unit in model.units]
    row, top = 0.52, 1.25
    figure = style.sheet(
        top + row * len(rivals) + 0.62,
        "Where the model gains and where it loses",
        "Gain in log score (nats) over each rival; up is better. Grey numbers: gain over all.",
        "Rolling origin: each unit is scored by a fit that has not seen it.",
    )
    left, width = 1.95, style.WIDTH - 2.55
    counts = style.place(figure, left, 0.62, width, 0.42)
    counts.bar(range(len(units)), model.observed, color=style.RECORD, width=0.6)
    counts.plot(range(len(units)), model.expected, "o", color=style.MEDIAN, markersize=2.5)
    _bare(counts, len(units), "steps that came,\nand expected (dots)")
    most = max(float(np.abs(model.log_score - rival.log_score).max()) for rival in rivals)
    for k, rival in enumerate(rivals):
        axes = style.place(figure, left, top + row * k, width, row - 0.12)
        gain = model.log_score - rival.log_score
        axes.bar(range(len(units)), gain, width=0.6, color=np.where(gain >= 0, style.BANDS[50], style.STATES[0]))
        axes.axhline(0, color=style.GREY, linewidth=0.5)
        axes.set_ylim(-1.05 * most, 1.05 * most)
        _bare(axes, len(units), rival.name)
        axes.text(1.01, 0.5, f"{gain.sum():+.1f}", transform=axes.transAxes, color=style.GREY, va="center")
        if k == len(rivals) - 1:
            axes.set_xticks(range(len(units)), units, rotation=90)
            axes.tick_params(axis="x", labelbottom=True)
    return figure


def _bare(axes: Axes, count: int, label: str) -> None:
    axes.set_xlim(-0.6, count - 0.4)
    axes.set_xticks([])
    axes.locator_params(axis="y", nbins=3)
    axes.set_ylabel(label, rotation=0, ha="right", va="center", labelpad=8)


def draw_reliability(scores: Sequence[Any]) -> Figure:
    """Share of months with a step against the chance given, in groups of equal expected number of steps."""
    rivals = [s for s in scores[1:] if s.name.endswith("+ wave")] or list(scores[1:])
    shown = [scores[0], *rivals[:2], *rivals[3:4]]
    figure = style.sheet(
        2.65,
        "Did chances come true as often as they said?",
        "Months at risk in groups of about equal expected number of steps, with 80 % intervals of the "
        "share. On the line is right.",
        "Monthly chances, the shock of the year unknown.",
    )
    width = (style.WIDTH - 0.5) / len(shown)
    ends = [min(s.chance.min() for s in shown) / 2, max(s.chance.max() for s in shown) * 4]
    for k, score in enumerate(shown):
        axes = style.place(figure, 0.5 + width * k, 0.72, width - 0.3, 1.4)
        _reliability(axes, score, ends)
        axes.set_xlabel("chance given, a month")
        if k == 0:
            axes.set_ylabel("share that came")
    handles = [
        Line2D([], [], color=style.MEDIAN, marker="o", markersize=3, linewidth=0.8),
        Line2D([], [], color=style.GREY, linewidth=0.7),
    ]
    style.key(figure, 0.44, handles, ["share that came, 80 % interval", "right"])
    return figure


def _reliability(axes: Axes, score: Any, ends: Sequence[float]) -> None:
    order = np.argsort(score.chance)
    chance, came = score.chance[order], score.came[order]
    group = np.minimum((_BINS * np.cumsum(chance) / chance.sum() * (1 - 1e-12)).astype(int), _BINS - 1)
    axes.plot(ends, ends, color=style.GREY, linewidth=0.7)
    for g in np.unique(group):
        inside = group == g
        seen, size = came[inside].sum(), inside.sum()
        low, high = beta.ppf([0.1, 0.9], [seen + 0.5] * 2, [size - seen + 0.5] * 2)  # Jeffreys (Brown et al. 2001)
        at = chance[inside].mean()
        axes.plot([at, at], [low, high], color=style.MEDIAN, linewidth=0.8)
        axes.plot(at, max(seen / size, ends[0]), "o", color=style.MEDIAN, markersize=3, clip_on=False)
    axes.set_xscale("log")
    axes.set_yscale("log")
    axes.set_xlim(*ends)
    axes.set_ylim(*ends)
    axes.set_title(score.name)
