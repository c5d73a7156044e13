"""How likely each open instrument is to have come by when: one small panel a pair of states, and one an accord."""

from dataclasses import dataclass, field

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from sim.outcomes import record
from sim.outcomes.view import View, month_name
from sim.plots import colours, style
from sim.plots.axes import ribbon
from sim.words import histories, listed, named

_COLUMNS, _MOST = 5, 25  # panels a row, and panels on one sheet
_LEFT, _GAP, _TALL, _LINE = 0.42, 0.42, 0.72, 0.115  # inches
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
    lines: list[_Line] = field(default_factory=list)
    likeliest: float = 0.0


def draw(view: View) -> Figure | None:
    """Pairs, with the accords below where all fit on one sheet; None if nothing is open."""
    never: list[str] = []
    pairs, accords = _pairs(view, never), _accords(view, never)
    return _sheet(view, [pairs, accords] if len(pairs) + len(accords) <= _MOST else [pairs], never)


def draw_accords(view: View) -> Figure | None:
    """The accords, where they did not fit on the sheet of the pairs; None otherwise."""
    pairs, accords = _pairs(view, []), _accords(view, [])
    return _sheet(view, [accords], []) if len(pairs) + len(accords) > _MOST else None


def _sheet(view: View, groups: list[list[_Panel]], never: list[str]) -> Figure | None:
    """A figure of groups of panels, years under the lowest of each column; what comes in no history is named below."""
    rows = [group[start : start + _COLUMNS] for group in groups for start in range(0, len(group), _COLUMNS)]
    if not rows:
        return None
    wide = style.letters(_WIDE + _GAP - 0.08, style.PANEL)
    titles = [[style.lines(named(panel.title), wide, 3) for panel in row] for row in rows]
    above = [_LINE * max(title.count("\n") + 1 for title in row) + 0.06 for row in titles]
    note = style.lines(f"In no history: {', '.join(never)}.", style.letters(7.0, style.SMALL), 9) if never else ""
    last = [len(row) - (len(rows[number + 1]) if number + 1 < len(rows) else 0) for number, row in enumerate(rows)]
    below = [_YEARS if bare > 0 else _BETWEEN for bare in last]
    sheet = style.Sheet(
        sum(above) + sum(below) + len(rows) * _TALL + (0.1 * (note.count("\n") + 1) if note else 0),
        "Which treaties are signed, and by when",
        _reading(view, [panel for row in rows for panel in row]),
        f"Probability of signature by the date, simulated from {month_name(view.branch)}; figures: per cent by the "
        "end; with a state's code, of its signature.  Bands: 95 % interval that "
        f"{histories(view.n_members)} {'leaves' if view.n_members == 1 else 'leave'} open; whether the model is "
        "right is in no band.",
        view.source,
    )
    top = 0.0
    for row, said, room, bare, under in zip(rows, titles, above, last, below):
        for column, (panel, title) in enumerate(zip(row, said)):
            axes = sheet.place(_LEFT + (_WIDE + _GAP) * column, top + room, _WIDE, _TALL)
            _curves(axes, view, panel)
            axes.set_title(title, linespacing=1.1)
            axes.tick_params(labelleft=column == 0, labelbottom=column >= len(row) - bare)
        top += room + _TALL + under
    if note:
        sheet.say(note, 0.08, top)
    sheet.key(_names(view, [line for row in rows for panel in row for line in panel.lines]))
    return sheet.figure


def _reading(view: View, panels: list[_Panel]) -> str:
    lines = [(each, panel.title) for panel in panels for each in panel.lines]
    chances = [(float(np.isfinite(view.dates(each.instrument)).mean()), _said(each, title)) for each, title in lines]
    chances.sort(key=lambda pair: -pair[0])
    most = [f"{said} ({style.percent(chance)} %)" for chance, said in chances[:2]]
    even = sum(chance >= 0.5 for chance, _ in chances)
    return (
        f"Likeliest by {month_name(view.end - 1 / 12)}: {listed(most)}; {even} of {len(chances)} come in at least "
        "half of the histories."
    )


def _said(each: _Line, title: str) -> str:
    rung = each.instrument.partition(".")[2]
    return f"{title} {rung}" if not each.name and rung else f"{named(each.name)} joins {title}" if each.name else title


def _curves(axes: Axes, view: View, panel: _Panel) -> None:
    ends = []
    for each in panel.lines:
        years, likely = view.curve(each.instrument)
        value, low, high = 100 * likely
        if len(panel.lines) <= 3:  # the bands of more lines than that only hide each other
            ribbon(axes, years, low, high, color=each.colour, alpha=0.25)
        axes.plot(years, value, color=each.colour, linewidth=1.1)
        ends.append(value[-1])
        if each.record is not None and view.branch <= each.record < view.end:
            style.put(axes, _documented(each.colour), each.record, 0, f"documented {each.instrument}")
    axes.set_ylim(0, 100)
    axes.set_yticks([0, 50, 100], ["0", "50", "100 %"])
    style.year_axis(axes, view.branch, view.end, 4)
    places = style.spread(ends, 100 * 6.8 / (72 * _TALL), 1, 95)
    for each, end, where in zip(panel.lines, ends, places):
        said = f"{each.name} {style.percent(end / 100)}".strip()
        beside = {"transform": axes.get_yaxis_transform(), "color": each.colour, "size": style.SMALL - 0.5}
        style.beside(axes, said, 1, where, 2, **beside)


def _documented(colour: str = colours.GREY):
    return style.mark("^", 4, colour, colours.INK)


def _pairs(view: View, never: list[str]) -> list[_Panel]:
    """A panel for each dyad with an open step, in the order of the catalogue."""
    known = {(step.dyad, step.rung): step.year for step in view.steps}
    found = []
    for dyad in view.catalogue.dyads:
        panel = _Panel(named(dyad))
        for number, rung in enumerate(view.catalogue.rungs):
            if view.is_open(f"{dyad}.{rung}"):
                line = _Line(f"{dyad}.{rung}", "", colours.rung(number), known.get((dyad, rung)))
                _add(view, panel, line, f"{named(dyad)} {rung}", never)
        found += [panel] if panel.lines else []
    return found


def _accords(view: View, never: list[str]) -> list[_Panel]:
    """A panel for each accord that is open or has states outside, likeliest first; nothing of bodies that ended."""
    signed, ended = record.signatures(view.facts), record.ended(view.facts, view.branch)
    found = []
    for accord in view.catalogue.accords:
        panel, silent = _Panel(accord.title), [] if accord.id in ended else never
        adopted = not view.is_open(accord.id)
        if not adopted:
            known = record.adoption(signed, accord.id, accord.parties, accord.required)
            _add(view, panel, _Line(accord.id, "", colours.INK, known), accord.title, silent)
        for state in accord.parties:
            name = f"{accord.id}.{state}"
            # where all sign at once the lines of the states would hide under that of the accord
            if view.is_open(name) and (adopted or not view.same_dates(name, accord.id)):
                line = _Line(name, state, colours.state(state), signed.get((accord.id, state)))
                _add(view, panel, line, f"{named(state)} joins {accord.title}", silent)
        found += [panel] if panel.lines else []
    return sorted(found, key=lambda panel: -panel.likeliest)


def _add(view: View, panel: _Panel, line: _Line, said: str, never: list[str]) -> None:
    share = float(np.isfinite(view.dates(line.instrument)).mean())
    if share == 0.0:
        never.append(said)
        return
    panel.likeliest = max(panel.likeliest, share)
    panel.lines.append(line)


def _names(view: View, lines: list[_Line]) -> dict:
    found = {
        rung: style.line(colours.rung(number), 1.2)
        for number, rung in enumerate(view.catalogue.rungs)
        if any(each.instrument.endswith(f".{rung}") for each in lines)
    }
    if any(each.colour == colours.INK for each in lines):
        found["accord adopted"] = style.line(colours.INK, 1.2)
    if any(each.record is not None and view.branch <= each.record < view.end for each in lines):
        found["documented date"] = _documented()
    return found
