"""How many steps and summits each epoch saw: distribution over histories against the documented number."""

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.patches import Patch

from sim.report import style
from sim.report.against_record import Count, counts, patterns
from sim.report.view import View

_TALL, _STEP, _LEFT, _GAP = 0.62, 1.2, 0.95, 0.12


def draw(view: View) -> Figure | None:
    """A row of small distributions for each rung and for summits; None without a whole epoch to compare."""
    found = counts(view)
    if not found:
        return None
    kinds = list(dict.fromkeys(each.what for each in found))
    columns = max(sum(each.what == kind for each in found) for kind in kinds)
    joint = [_joint(each) for each in patterns(view)]
    height = 0.88 + _STEP * len(kinds) + 0.25 + 0.15 * len(joint)
    figure = style.sheet(height, "How much happened in each epoch: simulated and documented",
                         "Share of histories (bars) by the number of first treaties between pairs, and of regional "
                         "summits; a documented number in the tail counts against the model.", view.source)  # fmt: skip
    width = min((style.WIDTH - _LEFT - 0.1) / columns, 1.6) - _GAP
    for row, kind in enumerate(kinds):
        for column, each in enumerate(each for each in found if each.what == kind):
            axes = style.place(figure, _LEFT + (width + _GAP) * column, 0.98 + _STEP * row, width, _TALL)
            _panel(axes, each)
            if column == 0:
                _name_row(axes, kind)
    if joint:
        figure.text(0.08 / style.WIDTH, 0.22 / height, "\n".join(joint), size=style.LABEL, va="bottom", linespacing=1.35)
    _key(figure, any(each.assumed for each in found))
    return figure


def _panel(axes: Axes, count: Count) -> None:
    most = int(max(count.simulated.max(initial=0), count.record, 4))
    shares = np.bincount(count.simulated, minlength=most + 1) / max(count.simulated.size, 1)
    axes.bar(range(most + 1), shares, width=0.8, color=style.BANDS[50], linewidth=0)
    top = shares.max() * 1.02
    axes.set_ylim(0, top)
    axes.plot([count.record], [0], marker="^", markersize=5, color=style.RECORD, clip_on=False, zorder=5,
              gid=f"documented {count.what} {count.first}")  # fmt: skip
    axes.axvline(count.record, color=style.RECORD, linewidth=1.0, zorder=4)
    axes.set_xlim(-0.6, most + 0.6)
    step = 1 if most <= 5 else 2 if most <= 10 else 5
    axes.set_xticks(range(0, most + 1, step))
    axes.tick_params(axis="x", pad=4)
    axes.set_yticks([])
    axes.spines["left"].set_visible(False)
    axes.set_title(f"{count.span}: {count.record}{'*' if count.assumed else ''}")


def _name_row(axes: Axes, kind: str) -> None:
    text = "regional\nsummits" if kind == "regional summits" else f"{kind}\ntreaties"
    axes.annotate(text, (0, 0.5), xycoords="axes fraction", xytext=(-8, 0), textcoords="offset points", ha="right",
                  va="center", size=style.PANEL)  # fmt: skip


def _joint(pattern) -> str:
    chance = pattern.probability
    did = "which is documented" if pattern.happened else "which is not documented"
    return (f"Joint pattern: {pattern.title}, {did}: {100 * chance.value:.1f} % of histories "
            f"({100 * chance.low:.1f}-{100 * chance.high:.1f} %)")


def _key(figure: Figure, assumed: bool) -> None:
    handles = [Patch(color=style.BANDS[50], linewidth=0), Line2D([], [], color=style.RECORD, marker="^", markersize=5)]
    labels = ["share of histories (each panel to its own height)", "documented number, also above each panel"]
    if assumed:
        handles.append(Line2D([], [], linestyle=""))
        labels.append("* some of these dates are assumed")
    style.key(figure, 0.58, handles, labels)
