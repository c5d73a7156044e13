"""The plot of levers: the share of histories in which all outcomes are met, and who gains."""

from collections.abc import Sequence
from pathlib import Path

import numpy as np

from sim.plots import colours, style
from sim.studies.levers import STATES, Standing
from sim.words import named

_LEFT, _ROW, _FOOT = 2.1, 0.2, 0.4


def draw_levers(standings: Sequence[Standing], title: str, path: Path, most: int = 24) -> Path:
    """A row a policy: share satisfied with its interval, and the gain of each state."""
    shown = list(standings)[:most]
    tall = _ROW * len(shown)
    with style.styled():
        sheet = style.Sheet(
            tall + _FOOT,
            style.lines(title, 90, 1),
            f"First: {shown[0].policy.name}, every outcome met in {100 * shown[0].satisfied:.0f} % of the histories.",
            "Left: share of histories with every outcome met, 90 % interval over parameters; filled: Pareto-efficient."
            "  Right: gain of each state.",
            "casim levers",
        )
        wide = (style.WIDTH - _LEFT - 0.5) / 2
        left = sheet.place(_LEFT, 0.05, wide, tall)
        right = sheet.place(_LEFT + wide + 0.3, 0.05, wide, tall)
        places = np.arange(len(shown))
        for at, each in zip(places, shown):
            left.plot([100 * each.low, 100 * each.high], [at, at], color=colours.MEDIAN, lw=1.2)
            face = colours.MEDIAN if each.efficient else "white"
            left.plot([100 * each.satisfied], [at], "o", ms=4, mfc=face, mec=colours.MEDIAN)
        for state in STATES:
            right.plot([each.gains[state] for each in shown], places, "o", ms=3, color=colours.state(state))
        right.axvline(0, color=colours.GREY, lw=0.6, zorder=0)
        left.set_xlabel("histories with all outcomes met (%)")
        right.set_xlabel("gain from trade over no lever (% of income)")
        left.set_yticks(places, [each.policy.name for each in shown])
        right.set_yticks([])
        for axes in (left, right):
            axes.set_ylim(len(shown) - 0.5, -0.5)
            axes.tick_params(axis="y", length=0)
        sheet.key({named(state): style.mark("o", 3, colours.state(state), colours.state(state)) for state in STATES})
        path.parent.mkdir(parents=True, exist_ok=True)
        sheet.figure.savefig(path, dpi=150)
    return path
