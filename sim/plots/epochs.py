"""How many steps and summits each epoch saw: distribution over histories against the documented number."""

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from sim.outcomes.against_record import Count, Pattern, counts, patterns
from sim.outcomes.view import View
from sim.plots import colours, style
from sim.words import named, sentence

_TALL, _STEP, _LEFT, _GAP = 0.62, 1.05, 0.9, 0.37


def draw(view: View) -> Figure | None:
    """A row of small distributions for each rung and for summits; None without a whole epoch to compare."""
    found = counts(view)
    if not found:
        return None
    kinds = list(dict.fromkeys(each.what for each in found))
    columns = max(sum(each.what == kind for each in found) for kind in kinds)
    joint = [_joint(each) for each in patterns(view)]
    sheet = style.Sheet(
        0.14 + _STEP * len(kinds) + 0.15 * len(joint),
        "How much happened in each epoch: simulated and documented",
        _reading(found),
        "Number of first treaties of pairs and of regional summits.  A documented number in the tail counts against "
        "the model.",
        view.source,
    )
    width = min((style.WIDTH - _LEFT - 0.1) / columns, 1.6) - _GAP
    for row, kind in enumerate(kinds):
        for column, each in enumerate(each for each in found if each.what == kind):
            axes = sheet.place(_LEFT + (width + _GAP) * column, 0.18 + _STEP * row, width, _TALL)
            _panel(axes, each, width)
        text = "regional\nsummits" if kind == "regional summits" else f"{kind}\ntreaties"
        sheet.say(text, 0.08, 0.18 + _STEP * row + _TALL / 2, size=style.PANEL, va="center")
    for number, text in enumerate(joint):
        sheet.say(text, 0.08, 0.1 + _STEP * len(kinds) + 0.15 * number, size=style.LABEL)
    keys = {
        "share of histories, highest bar labelled": style.patch(colours.BANDS[50]),
        "documented number, also at the upper right": style.line(colours.RECORD, 1.2),
    }
    if any(each.assumed for each in found):
        keys["some of these dates are assumed"] = style.mark("*", 4)
    sheet.key(keys)
    return sheet.figure


def _reading(found: list[Count]) -> str:
    inside = 0
    if found[0].simulated.size == 1:
        same = sum(int(each.simulated[0]) == each.record for each in found)
        return f"{same} of {len(found)} documented numbers are those of the one history."
    for each in found:
        low, high = np.quantile(each.simulated, (0.1, 0.9), method="inverted_cdf")
        inside += low <= each.record <= high
    return f"{inside} of {len(found)} documented numbers lie inside the middle 80 % of the histories."


def _panel(axes: Axes, count: Count, width: float) -> None:
    most = int(max(count.simulated.max(initial=0), count.record, 4))
    shares = np.bincount(count.simulated, minlength=most + 1) / max(count.simulated.size, 1)
    # one collection of lines draws faster than bars
    axes.vlines(range(most + 1), 0, shares, color=colours.BANDS[50], linewidth=0.8 * 72 * width / (most + 1.2))
    top, name = float(shares.max()), f"documented {count.what} {count.first}"
    axes.axvline(count.record, color=colours.RECORD, linewidth=1.2, zorder=4, gid=name)
    axes.set_xlim(-0.6, most + 0.6)
    axes.set_xticks(range(0, most + 1, 2 if most <= 8 else 5))
    axes.set_ylim(0, top * 1.02)
    axes.set_yticks([top], [f"{100 * top:.0f} %"])
    whole = abs(count.until - round(count.until)) < 1e-9
    axes.set_title(count.span.replace("-", "\u2013") if whole else f"since {count.first}")
    axes.set_title(f"{count.record}{'*' * bool(count.assumed)}", loc="right", color=colours.RECORD, weight="bold")


def _joint(pattern: Pattern) -> str:
    chance, did = pattern.probability, "is documented" if pattern.happened else "is not documented"
    return (
        f"{sentence(named(pattern.title))}: {did}; {100 * chance.value:.1f} % of histories have it "
        f"({100 * chance.low:.1f}\u2013{100 * chance.high:.1f} %)."
    )
