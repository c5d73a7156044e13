"""The plot of levers: the share of histories in which all outcomes are met, and who gains."""

from collections.abc import Sequence
from pathlib import Path

import numpy as np

from sim.plots import style
from sim.studies.levers import STATES, Standing

_LEFT, _TOP, _ROW, _FOOT = 2.1, 0.72, 0.2, 0.7


def draw_levers(standings: Sequence[Standing], title: str, path: Path, most: int = 24) -> Path:
    """A row a policy: share satisfied with its interval, and the gain of each state."""
    shown = list(standings)[:most]
    tall = _ROW * len(shown)
    with style.styled():
        figure = style.sheet(
            _TOP + tall + _FOOT,
            title[:90],
            "Left: share of histories with every outcome met, 90 % interval over parameters; filled: Pareto-efficient.",
            "casim levers",
        )
        wide = (style.WIDTH - _LEFT - 0.5) / 2
        left = style.place(figure, _LEFT, _TOP, wide, tall)
        right = style.place(figure, _LEFT + wide + 0.3, _TOP, wide, tall)
        places = np.arange(len(shown))
        for at, each in zip(places, shown):
            left.plot([100 * each.low, 100 * each.high], [at, at], color=style.MEDIAN, lw=1.2)
            face = style.MEDIAN if each.efficient else "white"
            left.plot([100 * each.satisfied], [at], "o", ms=4, mfc=face, mec=style.MEDIAN)
        for k, state in enumerate(STATES):
            right.plot([each.gains[state] for each in shown], places, "o", ms=3, color=style.STATES[k + 1], label=state)
        right.axvline(0, color=style.GREY, lw=0.6, zorder=0)
        left.set_xlabel("histories with all outcomes met (%)")
        right.set_xlabel("gain from trade over no lever (% of income)")
        left.set_yticks(places, [each.policy.name for each in shown])
        right.set_yticks([])
        for axes in (left, right):
            axes.set_ylim(len(shown) - 0.5, -0.5)
            axes.tick_params(axis="y", length=0)
        figure.legend(*right.get_legend_handles_labels(), loc="lower right", ncols=5, bbox_to_anchor=(0.99, 0.02))
        path.parent.mkdir(parents=True, exist_ok=True)
        figure.savefig(path, dpi=150)
    return path
