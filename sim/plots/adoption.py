"""How likely each open instrument is to have come by when: one small panel a pair of states, and one an accord."""

from dataclasses import dataclass, field
from textwrap import shorten, wrap

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D

from sim.plots import observed, style
from sim.plots.data import View, month_name

_COLUMNS, _MOST = 5, 25  # panels a row, and panels on one sheet
_LEFT, _GAP, _TALL, _LINE, _TOP = 0.42, 0.42, 0.72, 0.115, 0.7  # inches
_YEARS, _BETWEEN = 0.3, 0.13  # inches below a row with years under it, and without
_WIDE = (style.WIDTH - _LEFT) / _COLUMNS - _GAP


@dataclass
class _Line:
    """A curve of a panel: what dates it, what its end is called, and the documented year if it has one."""

    instrument: str
    name: str
    colour: str
    record: float | None = None


@dataclass
class _Panel:
    title: str
    likeliest: float = 0.0
    lines: list[_Line] = field(default_factory=list)


def draw(view: View) -> Figure | None:
    """Pairs, with the accords below where all fit on one sheet; None if nothing is open."""
    pairs, accords, never = _panels(view)
    return _sheet(view, [pairs, accords] if len(pairs) + len(accords) <= _MOST else [pairs], never)


def draw_accords(view: View) -> Figure | None:
    """The accords, where they did not fit on the sheet of the pairs; None otherwise."""
    pairs, accords, _ = _panels(view)
    return _sheet(view, [accords], []) if len(pairs) + len(accords) > _MOST else None


def _sheet(view: View, groups: list[list[_Panel]], never: list[str]) -> Figure | None:
    """A figure of groups of panels, years under the lowest of each column; what comes in no history is named below."""
    rows = [group[start : start + _COLUMNS] for group in groups for start in range(0, len(group), _COLUMNS)]
    if not rows:
        return None
    letters = int((_WIDE + _GAP - 0.08) * 72 / (style.PANEL * 0.56))
    titles = [[wrap(shorten(panel.title, 3 * letters - 4, placeholder=" …"), letters) for panel in row] for row in rows]
    above = [_LINE * max(map(len, row)) + 0.06 for row in titles]
    note = wrap("In no history: " + ", ".join(never) + ".", 150) if never else []
    last = [len(row) - (len(rows[number + 1]) if number + 1 < len(rows) else 0) for number, row in enumerate(rows)]
    below = [_YEARS if bare > 0 else _BETWEEN for bare in last]
    height = _TOP + sum(above) + sum(below) + len(rows) * _TALL + 0.16 + 0.12 * len(note)
    figure = style.sheet(
        height,
        "Which treaties are signed, and by when",
        f"Probability of signature by the date, simulated from {month_name(view.branch)}; bands: 95 % "
        f"interval due to the number of histories ({view.n_members:,}).",
        view.source,
    )
    top = _TOP
    for row, said, room, bare, under in zip(rows, titles, above, last, below):
        for column, (panel, title) in enumerate(zip(row, said)):
            axes = style.place(figure, _LEFT + (_WIDE + _GAP) * column, top + room, _WIDE, _TALL)
            _curves(axes, view, panel)
            axes.set_title("\n".join(title), linespacing=1.1)
            axes.tick_params(labelleft=column == 0, labelbottom=column >= len(row) - bare)
        top += room + _TALL + under
    if note:
        figure.text(0.08 / style.WIDTH, 0.2 / height, "\n".join(note), size=style.SMALL, va="bottom")
    _key(figure, view, [panel for row in rows for panel in row])
    return figure


def _curves(axes: Axes, view: View, panel: _Panel) -> None:
    ends = []
    for line in panel.lines:
        years, likely = view.curve(line.instrument)
        value, low, high = 100 * likely
        if len(panel.lines) <= 3:  # the bands of more lines than that only hide each other
            axes.fill_between(years, low, high, color=line.colour, alpha=0.25, linewidth=0)
        axes.plot(years, value, color=line.colour, linewidth=1.1)
        ends.append(value[-1])
        if line.record is not None and view.branch <= line.record < view.end:
            axes.plot(
                [line.record],
                [0],
                marker="^",
                markersize=4,
                color=line.colour,
                markeredgecolor=style.INK,
                markeredgewidth=0.5,
                clip_on=False,
                zorder=5,
                gid=f"documented {line.instrument}",
            )
    axes.set_ylim(0, 100)
    axes.set_yticks([0, 50, 100], ["0", "50", "100 %"])
    style.year_axis(axes, view.branch, view.end, 4)
    places = style.spread(ends, 100 * 6.8 / (72 * _TALL), 1, 95)
    for line, end, where in zip(panel.lines, ends, places):
        axes.annotate(
            f"{line.name} {_percent(end)}".strip(),
            (1, where),
            xycoords=("axes fraction", "data"),
            xytext=(2, 0),
            textcoords="offset points",
            va="center",
            ha="left",
            size=style.SMALL - 0.5,
            color=line.colour,
        )


def _percent(value: float) -> str:
    """A percentage that never rounds a possible event to certainty or impossibility."""
    if 0 < value < 0.5:
        return "<1"
    return ">99" if 99.5 <= value < 100 else f"{value:.0f}"


def _panels(view: View) -> tuple[list[_Panel], list[_Panel], list[str]]:
    """Panels of pairs and of accords, and the instruments that come in no history."""
    never: list[str] = []
    return _pairs(view, never), _accords(view, never), never


def _pairs(view: View, never: list[str]) -> list[_Panel]:
    """A panel for each dyad with an open step, in the order of the catalogue."""
    known = {(step.dyad, step.rung): step.year for step in view.steps}
    found = []
    for dyad in view.catalogue.dyads:
        panel = _Panel(dyad)
        for number, rung in enumerate(view.catalogue.rungs):
            name = f"{dyad}.{rung}"
            if view.is_open(name):
                line = _Line(name, "", style.rung_colour(number), known.get((dyad, rung)))
                _add(view, panel, line, f"{dyad} {rung}", never)
        if panel.lines:
            found.append(panel)
    return found


def _accords(view: View, never: list[str]) -> list[_Panel]:
    """A panel for each accord that is open or has states outside, likeliest first; nothing of bodies that ended."""
    signed, ended = observed.signatures(view.facts), observed.ended(view.facts, view.branch)
    found = []
    for accord in view.catalogue.accords:
        panel = _Panel(accord.title)
        silent = [] if accord.id in ended else never
        adopted = not view.is_open(accord.id)
        if not adopted:
            record = observed.adoption(signed, accord.id, accord.parties, accord.required)
            _add(view, panel, _Line(accord.id, "", style.INK, record), accord.title, silent)
        for state in accord.parties:
            name = f"{accord.id}.{state}"
            # where all sign at once the lines of the states would hide under that of the accord
            if view.is_open(name) and (adopted or not view.same_dates(name, accord.id)):
                colour = style.STATES[view.catalogue.states.index(state) % len(style.STATES)]
                line = _Line(name, state, colour, signed.get((accord.id, state)))
                _add(view, panel, line, f"{state} joins {accord.title}", silent)
        if panel.lines:
            found.append(panel)
    return sorted(found, key=lambda panel: -panel.likeliest)


def _add(view: View, panel: _Panel, line: _Line, said: str, never: list[str]) -> None:
    share = float(np.isfinite(view.dates(line.instrument)).mean())
    if share == 0.0:
        never.append(said)
        return
    panel.likeliest = max(panel.likeliest, share)
    panel.lines.append(line)


def _key(figure: Figure, view: View, panels: list[_Panel]) -> None:
    lines = [line for panel in panels for line in panel.lines]
    named = {
        rung: Line2D([], [], color=style.rung_colour(number))
        for number, rung in enumerate(view.catalogue.rungs)
        if any(line.instrument.endswith(f".{rung}") for line in lines)
    }
    if any(line.colour == style.INK for line in lines):
        named["accord adopted"] = Line2D([], [], color=style.INK)
    if any(line.name for line in lines):
        named["that state signs"] = _figures("TJK", 10.5)
    if any(line.record is not None and view.branch <= line.record < view.end for line in lines):
        named["documented date"] = Line2D([], [], linestyle="", marker="^", markersize=4, color=style.GREY)
    named[f"% by {month_name(view.end - 1 / 12)}"] = _figures("93", 7)
    style.key(figure, 0.47, list(named.values()), list(named))


def _figures(text: str, size: float) -> Line2D:
    """A sample of the figures beside the panels, for the key."""
    return Line2D(
        [],
        [],
        linestyle="",
        marker=rf"$\mathdefault{{{text}}}$",
        markersize=size,
        color=style.GREY,
        markeredgewidth=0.1,
    )
