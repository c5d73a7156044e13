"""How many steps and summits each epoch saw: distribution over histories against the documented number."""

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.patches import Patch

from sim.plots import style
from sim.plots.against_record import Count, counts, patterns
from sim.plots.data import View

_TALL, _STEP, _LEFT, _GAP = 0.62, 1.05, 0.9, 0.27


def draw(view: View) -> Figure | None:
    """A row of small distributions for each rung and for summits; None without a whole epoch to compare."""
    found = counts(view)
    if not found:
        return None
    kinds = list(dict.fromkeys(each.what for each in found))
    columns = max(sum(each.what == kind for each in found) for kind in kinds)
    joint = [_joint(each) for each in patterns(view)]
    height = 0.68 + _STEP * len(kinds) + 0.18 + 0.15 * len(joint)
    figure = style.sheet(
        height,
        "How much happened in each epoch: simulated and documented",
        "Number of first treaties of pairs and of regional summits; a documented number in the tail "
        "counts against the model.",
        view.source,
    )
    width = min((style.WIDTH - _LEFT - 0.1) / columns, 1.6) - _GAP
    for row, kind in enumerate(kinds):
        for column, each in enumerate(each for each in found if each.what == kind):
            axes = style.place(figure, _LEFT + (width + _GAP) * column, 0.82 + _STEP * row, width, _TALL)
            _panel(axes, each)
            if column == 0:
                _name_row(axes, kind)
    if joint:
        figure.text(
            0.08 / style.WIDTH, 0.22 / height, "\n".join(joint), size=style.LABEL, va="bottom", linespacing=1.35
        )
    _key(figure, any(each.assumed for each in found))
    return figure


def _panel(axes: Axes, count: Count) -> None:
    most = int(max(count.simulated.max(initial=0), count.record, 4))
    shares = np.bincount(count.simulated, minlength=most + 1) / max(count.simulated.size, 1)
    wide = axes.get_position().width * style.WIDTH * 72  # points; one collection of lines draws faster than bars
    axes.vlines(range(most + 1), 0, shares, color=style.BANDS[50], linewidth=0.8 * wide / (most + 1.2))
    top = float(shares.max())
    axes.axvline(
        count.record, color=style.RECORD, linewidth=1.2, zorder=4, gid=f"documented {count.what} {count.first}"
    )
    axes.set_xlim(-0.6, most + 0.6)
    step = 2 if most <= 8 else 5
    axes.set_xticks(range(0, most + 1, step))
    axes.set_ylim(0, top * 1.02)
    axes.set_yticks([top], [f"{100 * top:.0f} %"])
    whole = abs(count.until - round(count.until)) < 1e-9
    axes.set_title(count.span.replace("-", "\u2013") if whole else f"since {count.first}")
    axes.set_title(f"{count.record}{'*' if count.assumed else ''}", loc="right", color=style.RECORD, weight="bold")


def _name_row(axes: Axes, kind: str) -> None:
    text = "regional\nsummits" if kind == "regional summits" else f"{kind}\ntreaties"
    axes.annotate(
        text,
        (0, 0.5),
        xycoords="axes fraction",
        xytext=(-22, 0),
        textcoords="offset points",
        ha="right",
        va="center",
        size=style.PANEL,
    )


def _joint(pattern) -> str:
    chance = pattern.probability
    did = "which is documented" if pattern.happened else "which is not documented"
    return (
        f"Joint pattern: {pattern.title}, {did}: {100 * chance.value:.1f} % of histories "
        f"({100 * chance.low:.1f}-{100 * chance.high:.1f} %)"
    )


def _key(figure: Figure, assumed: bool) -> None:
    handles = [Patch(color=style.BANDS[50], linewidth=0), Line2D([], [], color=style.RECORD, linewidth=1.2)]
    labels = ["share of histories, highest bar labelled", "documented number, also at the upper right of each panel"]
    if assumed:
        handles.append(Line2D([], [], linestyle="", marker="$*$", markersize=4, color=style.RECORD))
        labels.append("some of these dates are assumed")
    style.key(figure, 0.47, handles, labels)
