"""Forest plot: how far a scenario moves each outcome, all on one scale, and how sure that is."""

from collections.abc import Sequence

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from sim.comparison import Comparison, Effect
from sim.comparison.compare import trimmed
from sim.comparison.format import mean_difference, number, told
from sim.comparison.labels import label_of, labels, source
from sim.outcomes.metric import CHAPTERS
from sim.plots import colours, style
from sim.words import named, sentence

_MOST_RUNS = len(colours.RUNS)
_LEFT, _RIGHT = 2.75, 1.12
_MOST_OF_ONE = 9  # rows a chapter
_HEAD = 0.21  # inches that the name of a chapter takes
_REACH = 5.0  # standard deviations; an outcome that hardly varies by itself would push all others onto the line at 0


def rows_of(comparisons: Sequence[Comparison], most: int) -> list[tuple[str, list[str]]]:
    """(chapter, outcomes) to show: those that any comparison moved most and that vary, by chapter."""
    largest: dict[str, Effect] = {}
    for effect in (each for one in comparisons for effects in one.grouped().values() for each in effects):
        name, paired = effect.outcome, effect.paired
        comparable = paired.deviation > 0 and paired.moved and not any(name in each.untabled for each in comparisons)
        if comparable and (name not in largest or abs(paired.size) > abs(largest[name].paired.size)):
            largest[name] = effect
    chapters = {group: [effect for effect in largest.values() if effect.group == group] for group in CHAPTERS}
    for effects in chapters.values():
        effects.sort(key=lambda effect: -abs(effect.paired.size))
    kept = trimmed({group: effects[:_MOST_OF_ONE] for group, effects in chapters.items() if effects}, most)
    return [(group, [effect.outcome for effect in effects]) for group, effects in kept.items()]


def draw(comparisons: Sequence[Comparison]) -> Figure | None:
    """One sheet for up to six runs; None where nothing moved or there are more."""
    chapters = rows_of(comparisons, 20 if len(comparisons) == 1 else 14)
    if not chapters or len(comparisons) > _MOST_RUNS:
        return None
    single = len(comparisons) == 1
    step = 0.2 if single else 0.1 + 0.055 * len(comparisons)
    tall = sum(_HEAD + step * len(names) for _, names in chapters)
    against = comparisons[0].against.manifest["title"] or comparisons[0].against.name
    sheet = style.Sheet(
        tall + 0.35,
        f"What “{label_of(comparisons[0])}” changes" if single else "What the scenarios change",
        _reading(comparisons, chapters),
        f"Difference from “{against}”, in standard deviations of each outcome over the histories.  Dot and dark line: "
        f"mean difference and its 95 % interval; an arrow and a figure where it lies beyond {_REACH:g}.  "
        "With %: percentage points.",
        source(comparisons),
        keys=1 if single else 1 + -(-len(comparisons) // 2),
    )
    axes = sheet.place(_LEFT, 0.02, style.WIDTH - _LEFT - (_RIGHT if single else 0.25), tall)
    effects = [{effect.outcome: effect for effect in each.effects} for each in comparisons]
    _rows(axes, chapters, effects, _HEAD / step)
    axes.set_xlabel("difference (standard deviations of the outcome)")
    unsure = {"direction cannot be told yet": style.mark("o", 3.4, None, colours.GREY)}
    if single:
        bands = {
            "50 %": style.line(colours.BANDS[80], 4.6),
            "90 % of the members' own differences": style.line(colours.BANDS[95], 4.6),
        }
        sheet.key({**bands, **unsure})
        return sheet.figure
    looks = zip(colours.RUNS, colours.MARKERS)
    named_runs = [
        (style.lines(label, 60, 1), style.line(colour, 1.3, marker=marker, markersize=3.4))
        for label, (colour, marker) in zip(labels(comparisons), looks)
    ]
    for line in range(0, len(named_runs), 2):
        sheet.key(dict(named_runs[line : line + 2]), line // 2)
    sheet.key(unsure, -(-len(named_runs) // 2))
    return sheet.figure


def _reading(comparisons: Sequence[Comparison], chapters: list[tuple[str, list[str]]]) -> str:
    shown = {name for _, names in chapters for name in names}
    found = [
        (effect, label)
        for each, label in zip(comparisons, labels(comparisons))
        for effect in each.effects
        if effect.outcome in shown and effect.paired.deviation > 0
    ]
    effect, label = max(found, key=lambda pair: abs(pair[0].paired.size))
    who = "" if len(comparisons) == 1 else f", under “{label}”"
    return f"Moves most against its own spread: {named(effect.title)} ({told(effect)}){who}."


def _rows(axes: Axes, chapters, effects: list[dict[str, Effect]], head: float) -> None:
    single = len(effects) == 1
    place, ticks, names, seen = 0.0, [], [], []
    beside = {"transform": axes.get_yaxis_transform()}
    for group, outcomes in chapters:
        left = 72 * (0.08 - _LEFT)
        style.beside(axes, sentence(group), 0, place + head / 2, left, size=style.PANEL, weight="bold", **beside)
        place += head
        for outcome in outcomes:
            middle = place + 0.5
            axes.axhline(middle, color=colours.FAINT, linewidth=0.4, zorder=0.5)
            for k, known in enumerate(effects):
                if outcome in known:
                    shift = 0.0 if single else 0.74 * ((k + 0.5) / len(effects) - 0.5)
                    seen += _effect(axes, middle + shift, known[outcome], k, single)
            if single:
                style.beside(axes, mean_difference(effects[0][outcome]), 1, middle, 6, **beside)
            ticks.append(middle)
            title = named(next(known[outcome].title for known in effects if outcome in known))
            names.append(style.lines(title, style.letters(_LEFT - 0.2, style.SMALL), 1))
            place += 1
    axes.set_ylim(place, 0)
    axes.set_yticks(ticks, names)
    axes.tick_params(axis="y", length=0)
    axes.spines["left"].set_visible(False)
    axes.set_xlim(*style.limits([np.clip(seen, -_REACH, _REACH)]))
    axes.axvline(0, color=colours.INK, linewidth=0.7, zorder=1)


def _effect(axes: Axes, place: float, effect: Effect, number: int, single: bool) -> list[float]:
    """Marks of one effect; returns the ends they reach.  An outcome that does not vary has no place on this scale."""
    paired = effect.paired
    if not paired.deviation > 0:
        return []
    value, low, high = (each / paired.deviation for each in (paired.value, paired.low, paired.high))
    ends = [value, low, high]
    colour, marker = (colours.MEDIAN, "o") if single else (colours.RUNS[number], colours.MARKERS[number])
    if abs(value) > _REACH:
        return [_beyond(axes, place, value, colour)]
    if single and not effect.is_event:
        for share, pale in ((90, colours.BANDS[95]), (50, colours.BANDS[80])):
            edges = [edge / paired.deviation for edge in paired.intervals[share]]
            axes.plot(edges, [place] * 2, color=pale, linewidth=4.6, zorder=2)
            ends += edges
    axes.plot([low, high], [place] * 2, color=colour, linewidth=1.3, zorder=3)
    style.put(axes, style.mark(marker, 3.4, colour if paired.direction else None, colour), value, place)
    return ends


def _beyond(axes: Axes, place: float, value: float, colour: str) -> float:
    """An arrow at the end of the scale and the figure of a mean that lies further out; returns the end."""
    right = value > 0
    edge = _REACH if right else -_REACH
    style.put(axes, style.mark(">" if right else "<", 4, colour, colour), edge, place)
    where = (-4.5, "right") if right else (4.5, "left")
    style.beside(axes, number(value, 0), edge, place, where[0], size=style.SMALL - 1, ha=where[1], color=colour)
    return edge
