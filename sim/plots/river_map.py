"""Both rivers as a map: nodes at their places, links as wide as their flow, users coloured by what they lack."""

from collections.abc import Mapping

import numpy as np
from matplotlib.axes import Axes
from matplotlib.cm import ScalarMappable
from matplotlib.colors import Normalize
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.ticker import MaxNLocator

from sim.facts import Rivers
from sim.plots import style
from sim.plots.data import View
from sim.plots.map_labels import STATES_AT, TEXTS_AT, Label
from sim.plots.rivers import has_rivers, river_facts, span_text, ten_years
from sim.plots.water_deficits import SCALE

WEST, EAST, SOUTH, NORTH = 57.6, 75.2, 35.8, 46.8
_STRETCH = 1 / np.cos(np.radians(41.3))  # a degree of latitude against one of longitude
_WIDE = 6.8  # inches
_WATER = "#5599c8"
_POINTS_AT_TEN = 3.0  # width of a link of 10 km3 a year
_NEAR = 22  # points; a text further off is joined to its node by a line
_LEAST = 0.02  # km3 a year, below which a link is dry
_WORST = 0.12  # deficit at the dark end of the colours, unless one is larger


def draw(view: View) -> Figure | None:
    """The map; None for a run without water or without the nodes of the tables."""
    if not has_rivers(view):
        return None
    rivers = river_facts()
    held = view.yearly_names
    flows = {name: ten_years(view, f"flow.{name}").mean() for name in rivers.nodes if f"flow.{name}" in held}
    served = {name: ten_years(view, f"served.{name}") for name in rivers.nodes if f"served.{name}" in held}
    taken = {name: ten_years(view, f"taken.{name}").mean() for name in rivers.nodes if f"taken.{name}" in held}
    if not flows or not served:
        return None
    high = _WIDE * (NORTH - SOUTH) * _STRETCH / (EAST - WEST)
    figure = style.sheet(
        high + 0.92,
        f"Where the water of both rivers goes, mean of {span_text(view)}",
        "Width of a link: flow.  Colour of a user: share of its demand that is not met, mean of all "
        "histories.  Places are approximate.",
        view.source,
    )
    axes = style.place(figure, 0.2, 0.55, _WIDE, high)
    axes.set_xlim(WEST, EAST)
    axes.set_ylim(SOUTH, NORTH)
    axes.set_xticks([])
    axes.set_yticks([])
    axes.spines[["left", "bottom"]].set_visible(False)
    lacking = {name: 1 - values.mean() for name, values in served.items()}
    norm = Normalize(0, max(_WORST, *lacking.values()))
    _links(axes, rivers, flows, taken)
    _nodes(axes, rivers, _built(view, rivers), lacking, taken, norm)
    _texts(axes, rivers, flows, lacking, taken)
    _key(figure, axes, norm, high)
    return figure


def width(flow: float) -> float:
    """Line width in points of a flow in km3 a year: proportional, so that widths add up where rivers meet."""
    return max(_POINTS_AT_TEN * flow / 10, 0.35)


def _links(axes: Axes, rivers: Rivers, flows: Mapping[str, float], taken: Mapping[str, float]) -> None:
    for name, node in rivers.nodes.items():
        if not node.to or node.to not in rivers.nodes:
            continue
        below = rivers.nodes[node.to]
        if node.kind == "demand":
            shown = taken.get(name, 1.0) > _LEAST
            line = Line2D(
                [below.longitude, node.longitude],
                [below.latitude, node.latitude],
                color=style.GREY,
                linewidth=0.6,
                linestyle=(0, (1, 1.2)),
                zorder=2,
                visible=shown,
            )
        elif flows.get(name, 0.0) > _LEAST:
            line = Line2D(
                [node.longitude, below.longitude],
                [node.latitude, below.latitude],
                color=_WATER,
                linewidth=width(flows[name]),
                solid_capstyle="round",
                zorder=1,
                gid=f"flow {name}",
            )
        else:
            continue
        axes.add_line(line)
        if node.spill_to and flows.get(node.spill_to, 0.0) > _LEAST:
            aside = rivers.nodes[node.spill_to]
            axes.add_line(
                Line2D(
                    [node.longitude, aside.longitude],
                    [node.latitude, aside.latitude],
                    color=_WATER,
                    linewidth=width(flows[node.spill_to]),
                    zorder=1,
                )
            )


def _built(view: View, rivers: Rivers) -> set[str]:
    """Dams that stand: those without a switch, and those that the scenario closes."""
    events = view.run.manifest.get("resolved", {}).get("events", [])
    closed = {event.get("node") for event in events if event.get("kind") == "dam-filling"}
    return {node.id for node in rivers.of_kind("reservoir") if not node.switch or node.id in closed}


def _nodes(axes: Axes, rivers: Rivers, built: set[str], lacking, taken, norm: Normalize) -> None:
    for name, node in rivers.nodes.items():
        at = ([node.longitude], [node.latitude])
        if name in lacking:
            mark = Line2D(*at, marker="o", markersize=8, markerfacecolor=SCALE(norm(lacking[name])), gid=f"user {name}")
        elif taken.get(name, 0.0) > _LEAST:
            mark = Line2D(*at, marker="s", markersize=6, markerfacecolor=style.RECORD)
        elif node.kind == "reservoir":
            mark = Line2D(*at, marker="^", markersize=6, markerfacecolor=style.MEDIAN if name in built else "white")
        elif node.kind == "sink":
            mark = Line2D(*at, marker="D", markersize=6, markerfacecolor=_WATER)
        elif node.kind == "inflow":
            mark = Line2D(*at, marker="o", markersize=2.2, markerfacecolor=_WATER)
        else:
            continue
        mark.set(linestyle="", markeredgecolor=style.INK, markeredgewidth=0.6, zorder=4)
        axes.add_line(mark)


def _texts(axes: Axes, rivers: Rivers, flows, lacking, taken) -> None:
    for state, (longitude, latitude) in STATES_AT.items():
        axes.text(
            longitude,
            latitude,
            state,
            size=style.PANEL,
            color="#a9a9a9",
            ha="center",
            va="center",
            weight="bold",
            zorder=0,
        )
    for name, label in TEXTS_AT.items():
        node = rivers.nodes.get(name)
        if node is None or (name in taken and taken[name] <= _LEAST):
            continue
        text = label.text
        if name in lacking:
            text += f" {_percent(lacking[name])}"
        elif name in taken:
            text += f" {taken[name]:.1f} km³"
        elif label.flow:
            text += f" {flows.get(name, 0.0):.1f} km³"
        _write(axes, node.longitude, node.latitude, text, label, node.kind == "demand")


def _percent(share: float) -> str:
    return "<1 %" if 0.0005 < share < 0.005 else f"{100 * share:.0f} %"


def _write(axes: Axes, longitude: float, latitude: float, text: str, label: Label, user: bool) -> None:
    """A text beside a node, with a hair line where it had to move away."""
    offset = {"xytext": (label.right, label.up), "textcoords": "offset points"}
    if abs(label.right) + abs(label.up) > _NEAR:
        line = {"arrowstyle": "-", "linewidth": 0.4, "color": style.GREY, "shrinkB": 4, "shrinkA": 0}
        axes.annotate("", (longitude, latitude), arrowprops=line, zorder=3, **offset)
    across = "left" if label.right > 3 else "right" if label.right < -3 else "center"
    down = "bottom" if label.up > 3 else "top" if label.up < -3 else "center"
    axes.annotate(
        text,
        (longitude, latitude),
        ha=across,
        va=down,
        size=style.SMALL,
        linespacing=1.1,
        zorder=6,
        color=style.INK if user else style.MEDIAN,
        **offset,
    )


def _key(figure: Figure, axes: Axes, norm: Normalize, high: float) -> None:
    """Marks, widths and colours in the empty north-east of the map."""
    # the steppe has room
    widths = [Line2D([], [], color=_WATER, linewidth=width(flow)) for flow in (2, 10, 30)]
    marks = [("^", style.MEDIAN), ("^", "white"), ("o", "#e09a3e"), ("D", _WATER), ("o", _WATER)]
    sizes = (6, 6, 8, 6, 2.2)
    marked = [
        Line2D(
            [],
            [],
            linestyle="",
            marker=shape,
            markersize=size,
            markerfacecolor=face,
            markeredgecolor=style.INK,
            markeredgewidth=0.6,
        )
        for (shape, face), size in zip(marks, sizes)
    ]
    labels = [
        "2 km³ a year",
        "10 km³ a year",
        "30 km³ a year",
        "reservoir",
        "dam not in use",
        "users",
        "sea, delta or lakes",
        "head water",
    ]
    axes.legend([*widths, *marked], labels, loc="upper right", bbox_to_anchor=(0.995, 0.99), labelspacing=0.65)
    bar = style.place(figure, 0.2 + 0.57 * _WIDE, 0.74, 1.5, 0.09)
    figure.colorbar(ScalarMappable(norm, SCALE), cax=bar, orientation="horizontal")
    bar.xaxis.set_major_locator(MaxNLocator(4))
    bar.xaxis.set_major_formatter(lambda value, _: f"{100 * value:.0f} %")
    bar.tick_params(length=0)
    bar.spines["outline"].set_visible(False)
    bar.set_title("demand not met", size=style.SMALL, pad=3)
