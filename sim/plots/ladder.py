"""Where each pair of states stands on the bilateral ladder, year by year, with the documented steps on top."""

from matplotlib.colors import LinearSegmentedColormap
from matplotlib.figure import Figure
from matplotlib.lines import Line2D

from sim.plots import style
from sim.plots.data import View, month_name

_MARKS = ("o", "^", "s", "D", "v")


def draw(view: View) -> Figure | None:
    """The heat map; None for a run without dyads."""
    catalogue = view.catalogue
    dyads, rungs = catalogue.dyads, catalogue.rungs
    if not dyads or not rungs:
        return None
    height = 1.32 + 0.27 * len(dyads)
    figure = style.sheet(
        height,
        "Where each pair of states stands on the treaty ladder",
        f"Mean rung of {view.n_members:,} histories at the end of each year.  Marks: documented treaties.",
        view.source,
    )
    axes = style.place(figure, 0.72, 0.8, style.WIDTH - 1.75, 0.27 * len(dyads))
    colours = LinearSegmentedColormap.from_list("ladder", style.RUNGS)
    edges = [view.start, *(year + 1.0 for year in catalogue.years)]
    mesh = axes.pcolormesh(
        edges,
        range(len(dyads) + 1),
        view.mean_rungs(),
        cmap=colours,
        vmin=0,
        vmax=len(rungs),
        edgecolors="face",
        linewidth=0.2,
    )
    axes.set_ylim(len(dyads), 0)
    axes.hlines(range(1, len(dyads)), edges[0], edges[-1], color="white", linewidth=1.0)
    axes.set_yticks([row + 0.5 for row in range(len(dyads))], dyads)
    axes.tick_params(axis="y", length=0)
    style.year_axis(axes, edges[0], edges[-1], 12)
    axes.spines[["left", "bottom"]].set_visible(False)
    axes.set_xlabel("year")
    _mark_steps(axes, view)
    _mark_branch(axes, view)
    _colour_key(figure, mesh, height, len(dyads), rungs)
    handles = [_mark(number, False) for number in range(len(rungs))]
    labels = [*rungs]
    if any(step.assumed for step in view.steps):
        handles.append(_mark(0, True))
        labels.append("date assumed")
    style.key(figure, 0.5, handles, labels)
    return figure


def _mark(number: int, assumed: bool) -> Line2D:
    return Line2D(
        [],
        [],
        linestyle="",
        marker=_MARKS[number % len(_MARKS)],
        markersize=4.2,
        markeredgewidth=0.8,
        markeredgecolor=style.INK,
        markerfacecolor=style.RUNGS[1] if assumed else "white",
    )


def _mark_steps(axes, view: View) -> None:
    """Documented steps; higher rungs sit higher in the row, so that a double step shows both."""
    dyads, rungs = view.catalogue.dyads, view.catalogue.rungs
    for step in view.steps:
        if not view.start <= step.year < view.end:
            continue
        number = rungs.index(step.rung)
        row = dyads.index(step.dyad) + 0.5 - 0.27 * (number - (len(rungs) - 1) / 2)
        mark = _mark(number, step.assumed)
        mark.set_data([step.year], [row])
        mark.set_gid(f"documented {step.dyad} {step.rung}")
        mark.set_zorder(5)
        axes.add_line(mark)


def _mark_branch(axes, view: View) -> None:
    style.branch_line(axes, view.branch)
    if view.start < view.branch < view.end:
        axes.annotate(
            f"simulated from {month_name(view.branch)}",
            (view.branch, 1),
            xycoords=("data", "axes fraction"),
            xytext=(0, 2),
            textcoords="offset points",
            ha="center",
            va="bottom",
            size=style.SMALL,
        )


def _colour_key(figure, mesh, height: float, rows: int, rungs) -> None:
    bar_height = min(2.0, 0.27 * rows)
    bar = style.place(figure, style.WIDTH - 0.9, 0.86, 0.12, bar_height)
    figure.colorbar(mesh, cax=bar)
    bar.set_yticks(range(len(rungs) + 1), ["relations", *rungs])
    bar.tick_params(length=0)
    for spine in bar.spines.values():
        spine.set_visible(False)
    bar.set_title("mean rung", size=style.SMALL, pad=6)
