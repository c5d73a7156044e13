"""Pictures of a hindcast: gain by year over each rival, and whether chances came true as often as they said."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from scipy.stats import beta

from sim.plots import colours, style
from sim.plots.files import save
from sim.runs.errors import explained
from sim.words import signed

_BINS, _ROW = 6, 0.52
_RIVALS = (
    "Rivals: constant, one rate of steps for all pairs and years; per rung, one for each rung; time, rising or falling "
    "with the years since the last step; 2016, another rate from the change of leader of that year on; declared, "
    "another after a declaration; slopes, contagion, capacity and declarations; years, the calendar; dyads, a constant "
    "of each pair; neutral, no sign put in; wave, a shock of each year that all pairs share."
)


def write_hindcast_plots(scores: Sequence[Any], folder: Path) -> list[Path]:
    """Skill by unit and reliability, of a list of `sim.hindcast.rolling.Score`, the model first."""
    with explained(folder), style.styled():
        folder.mkdir(parents=True, exist_ok=True)
        return [*save(draw_skill(scores), folder, "skill"), *save(draw_reliability(scores), folder, "reliability")]


def draw_skill(scores: Sequence[Any]) -> Figure:
    """A row of bars for each rival: the model's gain in nats in every year or dyad; steps that came on top."""
    model, rivals = scores[0], scores[1:]
    gains = {rival.name: model.log_score - rival.log_score for rival in rivals}
    units, hardest = [str(unit) for unit in model.units], min(gains, key=lambda name: gains[name].sum())
    sheet = style.Sheet(
        0.78 + _ROW * len(rivals) + 0.35,
        "Where the model gains and where it loses",
        f"Ahead of {sum(gain.sum() > 0 for gain in gains.values())} of {len(gains)} rivals over all; hardest is "
        f"“{hardest}” ({signed(gains[hardest].sum(), 1)} nats).",
        f"Gain in log score (nats) over each rival; up, blue, is better; grey numbers: over all.  {_RIVALS}",
        "Rolling origin: each unit is scored by a fit that has not seen it.",
        keys=0,
    )
    left, width = 1.95, style.WIDTH - 2.55
    counts = sheet.place(left, 0.12, width, 0.42)
    counts.bar(range(len(units)), model.observed, color=colours.RECORD, width=0.6)
    counts.plot(range(len(units)), model.expected, "o", color=colours.MEDIAN, markersize=2.5)
    _bare(counts, len(units), "steps that came,\nand expected (dots)")
    most = 1.05 * max(float(np.abs(gain).max()) for gain in gains.values())
    for k, (name, gain) in enumerate(gains.items()):
        axes = sheet.place(left, 0.78 + _ROW * k, width, _ROW - 0.12)
        axes.bar(range(len(units)), gain, width=0.6, color=np.where(gain >= 0, colours.BANDS[50], colours.CHANGE[0]))
        axes.axhline(0, color=colours.GREY, linewidth=0.5)
        axes.set_ylim(-most, most)
        _bare(axes, len(units), name)
        axes.text(1.01, 0.5, signed(gain.sum(), 1), transform=axes.transAxes, color=colours.GREY, va="center")
    axes.set_xticks(range(len(units)), units, rotation=90)
    return sheet.figure


def _bare(axes: Axes, count: int, label: str) -> None:
    axes.set_xlim(-0.6, count - 0.4)
    axes.set_xticks([])
    axes.locator_params(axis="y", nbins=3)
    axes.set_ylabel(label, rotation=0, ha="right", va="center", labelpad=8)


def draw_reliability(scores: Sequence[Any]) -> Figure:
    """Share of months with a step against the chance given, in groups of equal expected number of steps."""
    rivals = [s for s in scores[1:] if s.name.endswith("+ wave")] or list(scores[1:])
    shown = [scores[0], *rivals[:2], *rivals[3:4]]
    heads = (
        "Did chances come true as often as they said?",
        "On the line is right; below it chances were given too high, above it too low.",
        "Months at risk in groups of about equal expected number of steps, with 80 % intervals of the share.  "
        + _RIVALS,
        "Monthly chances, the shock of the year unknown.",
    )
    sheet, panels = style.panels(len(shown), len(shown), 1.4, heads, left=0.72, gap=0.3, above=0.28, below=0.4)
    ends = [min(s.chance.min() for s in shown) / 2, max(s.chance.max() for s in shown) * 4]
    for axes, score in zip(panels, shown):
        _reliability(axes, score, ends)
        axes.set_xlabel("chance given, a month")
    panels[0].set_ylabel("share that came")
    came = style.line(width=0.8, marker="o", markersize=3)
    sheet.key({"share that came, 80 % interval": came, "right": style.line(colours.GREY, 0.7)})
    return sheet.figure


def _reliability(axes: Axes, score: Any, ends: Sequence[float]) -> None:
    order = np.argsort(score.chance)
    chance, came = score.chance[order], score.came[order]
    group = np.minimum((_BINS * np.cumsum(chance) / chance.sum() * (1 - 1e-12)).astype(int), _BINS - 1)
    axes.plot(ends, ends, color=colours.GREY, linewidth=0.7)
    for g in np.unique(group):
        inside = group == g
        seen, size = came[inside].sum(), inside.sum()
        low, high = beta.ppf([0.1, 0.9], [seen + 0.5] * 2, [size - seen + 0.5] * 2)  # Jeffreys (Brown et al. 2001)
        at = chance[inside].mean()
        axes.plot([at, at], [low, high], color=colours.MEDIAN, linewidth=0.8)
        style.put(axes, style.mark("o", 3, colours.MEDIAN, colours.MEDIAN), at, max(seen / size, ends[0]))
    for set_scale, set_limits, axis in (
        (axes.set_xscale, axes.set_xlim, axes.xaxis),
        (axes.set_yscale, axes.set_ylim, axes.yaxis),
    ):
        set_scale("log")
        set_limits(*ends)
        axis.set_major_formatter(lambda value, _: f"{100 * value:g} %")
        axis.set_minor_formatter(lambda *_: "")
    axes.set_title(style.lines(score.name, 22))
