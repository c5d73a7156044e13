"""How likely each open instrument is to have come by when: one small panel a pair of states, and one an accord."""

from dataclasses import dataclass, field
from textwrap import shorten, wrap

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.patches import Patch

from sim.report import documented, style
from sim.report.view import View, month_name

_GAP_X, _LEFT, _LINE = 0.42, 0.42, 0.115


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
    """All panels, pairs before accords; None if nothing is open.  What comes in no history is named below."""
    never: list[str] = []
    pairs, accords = _pairs(view, never), _accords(view, never)
    if not pairs and not accords:
        return None
    columns = 5 if len(pairs) + len(accords) <= 25 else 6
    width = (style.WIDTH - _LEFT - _GAP_X * columns) / columns
    note = wrap("In no history: " + ", ".join(never) + ".", 150) if never else []
    titles = [wrap(shorten(panel.title, 66, placeholder=" …"), int(width * 19)) for panel in accords]
    lines = max(map(len, titles), default=1)
    rows = -(-len(pairs) // columns), -(-len(accords) // columns)
    tall = 0.72 if columns == 5 else 0.62
    steps = tall + 0.42, tall + 0.30 + _LINE * lines
    height = 0.72 + rows[0] * steps[0] + rows[1] * steps[1] + 0.22 + 0.12 * len(note)
    figure = style.sheet(height, "Which treaties come, and by when",
                         "Probability that the instrument has come by the date, in %; bands: 95 % interval from the "
                         "number of histories.", view.source)  # fmt: skip
    _grid(figure, view, pairs, [[panel.title] for panel in pairs], columns, 0.72 + 0.17, (width, tall), steps[0])
    top = 0.72 + rows[0] * steps[0] + 0.05 + _LINE * lines
    _grid(figure, view, accords, titles, columns, top, (width, tall), steps[1])
    if note:
        figure.text(0.08 / style.WIDTH, 0.2 / height, "\n".join(note), size=style.SMALL, va="bottom")
    _key(figure, view, pairs, accords)
    return figure


def _grid(figure, view, panels, titles, columns, top, size, step) -> None:
    for number, (panel, title) in enumerate(zip(panels, titles)):
        row, column = divmod(number, columns)
        left = _LEFT + (size[0] + _GAP_X) * column
        axes = style.place(figure, left, top + step * row, *size)
        _curves(axes, view, panel)
        axes.set_title("\n".join(title), linespacing=1.1)
        if column:
            axes.tick_params(labelleft=False)
        else:
            axes.set_ylabel("%", rotation=0, labelpad=1, va="center")


def _curves(axes: Axes, view: View, panel: _Panel) -> None:
    ends = []
    for line in panel.lines:
        years, value, low, high = view.curve(line.instrument)
        axes.fill_between(years, 100 * low, 100 * high, color=line.colour, alpha=0.25, linewidth=0, step="post")
        axes.plot(years, 100 * value, color=line.colour, drawstyle="steps-post", linewidth=1.1)
        ends.append(100 * value[-1])
        if line.record is not None and view.branch <= line.record < view.end:
            axes.plot([line.record], [0], marker="^", markersize=4, color=line.colour, markeredgecolor=style.INK,
                      markeredgewidth=0.5, clip_on=False, zorder=5, gid=f"documented {line.instrument}")  # fmt: skip
    axes.set_ylim(0, 100)
    axes.set_yticks([0, 50, 100])
    style.year_axis(axes, view.branch, view.end, 3)
    high = axes.get_position().height * axes.figure.get_size_inches()[1] * 72
    places = style.spread(ends, 100 * 7.0 / high, 0, 100)
    for line, end, where in zip(panel.lines, ends, places):
        text = f"{line.name} {end:.0f}".strip()
        axes.annotate(text, (1, where), xycoords=("axes fraction", "data"), xytext=(2, 0), textcoords="offset points",
                      va="center", ha="left", size=style.SMALL - 0.5, color=line.colour)  # fmt: skip


def _pairs(view: View, never: list[str]) -> list[_Panel]:
    """A panel for each dyad with an open step, in the order of the catalogue."""
    known = {(step.dyad, step.rung): step.year for step in view.steps}
    found = []
    for dyad in view.catalogue.dyads:
        panel = _Panel(dyad)
        for number, rung in enumerate(view.catalogue.rungs):
            name = f"{dyad}.{rung}"
            if view.is_open(name):
                colour = style.RUNGS[min(number + 1, len(style.RUNGS) - 1)]
                _add(view, panel, _Line(name, "", colour, known.get((dyad, rung))), f"{dyad} {rung}", never)
        if panel.lines:
            found.append(panel)
    return found


def _accords(view: View, never: list[str]) -> list[_Panel]:
    """A panel for each accord that is open or has states outside, likeliest first."""
    signed = documented.signatures(view.facts)
    found = []
    for accord in view.catalogue.accords:
        panel = _Panel(accord.title)
        states = [state for state in accord.parties if view.is_open(f"{accord.id}.{state}")]
        if view.is_open(accord.id):
            record = documented.adoption(signed, accord.id, accord.parties, accord.required)
            _add(view, panel, _Line(accord.id, "", style.INK, record), accord.title, never)
        whole = view.dates(accord.id)
        for state in states:
            name = f"{accord.id}.{state}"
            if not view.is_open(accord.id) or not np.array_equal(view.dates(name), whole, equal_nan=True):
                colour = style.STATES[view.catalogue.states.index(state) % len(style.STATES)]
                line = _Line(name, state, colour, signed.get((accord.id, state)))
                _add(view, panel, line, f"{state} to {accord.title}", never)
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


def _key(figure: Figure, view: View, pairs: list[_Panel], accords: list[_Panel]) -> None:
    rungs = {}
    for number, rung in enumerate(view.catalogue.rungs):
        if any(line.instrument.endswith(f".{rung}") for panel in pairs for line in panel.lines):
            rungs[rung] = Line2D([], [], color=style.RUNGS[min(number + 1, 3)])
    if any(line.colour == style.INK for panel in accords for line in panel.lines):
        rungs["accord adopted"] = Line2D([], [], color=style.INK)
    if any(line.name for panel in accords for line in panel.lines):
        rungs["KAZ, KGZ, …: that state signs"] = Patch(color=style.FAINT, linewidth=0)
    every = [line.record for panel in (*pairs, *accords) for line in panel.lines if line.record is not None]
    if any(view.branch <= record < view.end for record in every):
        rungs["documented date"] = Line2D([], [], linestyle="", marker="^", markersize=4, color=style.GREY)
    rungs[f"axis from {month_name(view.branch)}, where simulation begins"] = Line2D([], [], linestyle="")
    style.key(figure, 0.47, list(rungs.values()), list(rungs))
