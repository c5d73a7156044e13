"""Forest plot: how far a scenario moves each outcome, all on one scale, and how sure that is."""

from collections.abc import Sequence

from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D

from sim.comparison import Comparison, Effect
from sim.comparison.compare import trimmed
from sim.comparison.format import mean_difference
from sim.outcomes.metric import CHAPTERS
from sim.plots import style
from sim.plots.comparison.common import COLOURS, capital, limits, lines, source

_MOST_RUNS = len(COLOURS)
_LEFT, _TOP, _RIGHT = 2.25, 0.7, 1.45
_MOST_OF_ONE = 9  # rows a chapter
_HEAD = 0.21  # inches that the name of a chapter takes


def rows_of(comparisons: Sequence[Comparison], most: int) -> list[tuple[str, list[str]]]:
    """(chapter, outcomes) to show: those that any comparison moved most and that vary, by chapter."""
    largest: dict[str, Effect] = {}
    for comparison in comparisons:
        for effects in comparison.grouped().values():
            for effect in effects:
                name, paired = effect.outcome, effect.paired
                comparable = paired.deviation > 0 and paired.moved and name not in comparison.untabled
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
    title = f"What {comparisons[0].run.name} changes" if single else "What the scenarios change"
    said = (
        f"Difference from {comparisons[0].against.name}, in standard deviations of each outcome.  Dot and dark "
        "line: mean difference and its 95 % interval."
    )
    figure = style.sheet(_TOP + tall + 0.62, title, said, source(comparisons))
    right = _RIGHT if single else 0.25
    axes = style.place(figure, _LEFT, _TOP, style.WIDTH - _LEFT - right, tall)
    effects = [{effect.outcome: effect for effect in each.effects} for each in comparisons]
    _rows(axes, chapters, effects, _HEAD / step)
    axes.set_xlabel("difference (standard deviations of the outcome)")
    _key(figure, comparisons)
    return figure


def _rows(axes: Axes, chapters, effects: list[dict[str, Effect]], head: float) -> None:
    single = len(effects) == 1
    place, ticks, names, seen = 0.0, [], [], []
    for group, outcomes in chapters:
        axes.annotate(
            capital(group),
            (0, place + head / 2),
            xycoords=("axes fraction", "data"),
            ha="left",
            va="center",
            xytext=(72 * (0.08 - _LEFT), 0),
            textcoords="offset points",
            size=style.PANEL,
            weight="bold",
        )
        place += head
        for outcome in outcomes:
            middle = place + 0.5
            axes.axhline(middle, color=style.FAINT, linewidth=0.4, zorder=0.5)
            for k, known in enumerate(effects):
                if outcome in known:
                    shift = 0.0 if single else 0.74 * ((k + 0.5) / len(effects) - 0.5)
                    seen += _effect(axes, middle + shift, known[outcome], COLOURS[k], single)
            if single:
                axes.annotate(
                    mean_difference(effects[0][outcome]),
                    (1, middle),
                    xycoords=("axes fraction", "data"),
                    xytext=(6, 0),
                    textcoords="offset points",
                    va="center",
                    size=style.SMALL,
                )
            ticks.append(middle)
            names.append(lines(next(known[outcome].title for known in effects if outcome in known), 44, 1))
            place += 1
    axes.set_ylim(place, 0)
    axes.set_yticks(ticks, names)
    axes.tick_params(axis="y", length=0)
    axes.spines["left"].set_visible(False)
    axes.set_xlim(*limits([seen]))
    axes.axvline(0, color=style.INK, linewidth=0.7, zorder=1)


def _effect(axes: Axes, place: float, effect: Effect, colour: str, single: bool) -> list[float]:
    """Marks of one effect; returns the ends they reach.  An outcome that does not vary has no place on this scale."""
    paired = effect.paired
    if not paired.deviation > 0:
        return []
    value, low, high = (each / paired.deviation for each in (paired.value, paired.low, paired.high))
    ends = [value, low, high]
    if single and not effect.is_event:
        for share, pale, thick in ((90, style.BANDS[95], 4.6), (50, style.BANDS[80], 4.6)):
            edges = [edge / paired.deviation for edge in paired.intervals[share]]
            axes.plot(edges, [place] * 2, color=pale, linewidth=thick, zorder=2)
            ends += edges
    shown = style.MEDIAN if single else colour
    axes.plot([low, high], [place] * 2, color=shown, linewidth=1.3, zorder=3)
    told = bool(paired.direction)
    axes.plot(
        [value],
        [place],
        marker="o",
        markersize=3.4,
        color=shown,
        zorder=4,
        markeredgewidth=0.8,
        markerfacecolor=shown if told else "white",
    )
    return ends


def _key(figure: Figure, comparisons: Sequence[Comparison]) -> None:
    single = len(comparisons) == 1
    handles, labels = [], []
    if single:
        handles += [Line2D([], [], color=style.BANDS[band], linewidth=4.6) for band in (80, 95)]
        labels += ["50 %", "90 % of the members' own differences"]
    else:
        handles += [
            Line2D([], [], color=colour, linewidth=1.3, marker="o", markersize=3.4)
            for colour, _ in zip(COLOURS, comparisons)
        ]
        labels += [each.run.name for each in comparisons]
    handles.append(Line2D([], [], linestyle="", marker="o", markersize=3.4, color=style.GREY, markerfacecolor="white"))
    labels.append("direction cannot be told yet")
    style.key(figure, 0.5, handles, labels)
