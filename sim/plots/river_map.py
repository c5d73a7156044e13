"""Both rivers as a map: nodes at their places, links as wide as their flow, users coloured by what they lack."""

from collections.abc import Mapping

import numpy as np
from matplotlib.axes import Axes
from matplotlib.cm import ScalarMappable
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.ticker import MaxNLocator

from sim.facts import Rivers
from sim.outcomes.view import View
from sim.plots import colours, style
from sim.plots.map_labels import STATES_AT, TEXTS_AT, Label
from sim.plots.rivers import LACKING, has_rivers

WEST, EAST, SOUTH, NORTH = 57.6, 75.2, 35.8, 46.8
_STRETCH = 1 / np.cos(np.radians(41.3))  # a degree of latitude against one of longitude
_WIDE = 6.8  # inches
_HIGH = _WIDE * (NORTH - SOUTH) * _STRETCH / (EAST - WEST)
_POINTS_AT_TEN = 3.0  # width of a link of 10 km3 a year
_NEAR = 22  # points; a text further off is joined to its node by a line
_LEAST = 0.02  # km3 a year, below which a link is dry
_SCALE = style.scale(colours.LACKING)


def draw(view: View) -> Figure | None:
    """The map; None for a run without water or without the nodes of the tables."""
    if not has_rivers(view):
        return None
    rivers = view.rivers
    flows, served, taken = (
        {
            name: view.window_mean(f"{what}.{name}").mean()
            for name in rivers.nodes
            if f"{what}.{name}" in view.yearly_names
        }
        for what in ("flow", "served", "taken")
    )
    if not flows or not served:
        return None
    lacking = {name: 1 - float(share) for name, share in served.items()}
    worst = max(lacking, key=lacking.get)
    sheet = style.Sheet(
        _HIGH,
        f"Where the water of both rivers goes, mean of {view.window_name}",
        f"Most short: {rivers.nodes[worst].title}, {_percent(lacking[worst])} of its demand is not met.",
        "Width of a link: flow.  Colour of a user: share of its demand that is not met, mean of all histories, one "
        "scale for all runs.  Places are approximate.",
        view.source,
        keys=0,
    )
    axes = sheet.place(0.2, 0.0, _WIDE, _HIGH)
    axes.set_xlim(WEST, EAST)
    axes.set_ylim(SOUTH, NORTH)
    axes.set_xticks([])
    axes.set_yticks([])
    style.bare(axes)
    _links(axes, rivers, flows, taken)
    _nodes(axes, rivers, _built(view, rivers), lacking, taken)
    _texts(axes, rivers, flows, lacking, taken)
    _key(sheet, axes, any(flow > _LEAST for flow in taken.values()))
    return sheet.figure


def width(flow: float) -> float:
    """Line width in points of a flow in km3 a year: proportional, so that widths add up where rivers meet."""
    return max(_POINTS_AT_TEN * flow / 10, 0.35)


def _links(axes: Axes, rivers: Rivers, flows: Mapping[str, float], taken: Mapping[str, float]) -> None:
    def link(one, other, **look) -> None:
        axes.add_line(Line2D([one.longitude, other.longitude], [one.latitude, other.latitude], **look))

    for name, node in rivers.nodes.items():
        below = rivers.nodes.get(node.to) if node.to else None
        if below is not None and node.kind == "demand":
            shown = taken.get(name, 1.0) > _LEAST
            link(below, node, color=colours.GREY, linewidth=0.6, linestyle=(0, (1, 1.2)), zorder=2, visible=shown)
        elif below is not None and flows.get(name, 0.0) > _LEAST:
            wide = width(flows[name])
            link(node, below, color=colours.WATER, linewidth=wide, solid_capstyle="round", zorder=1, gid=f"flow {name}")
        if below is not None and node.spill_to and flows.get(node.spill_to, 0.0) > _LEAST:
            wide = width(flows[node.spill_to])
            link(node, rivers.nodes[node.spill_to], color=colours.WATER, linewidth=wide, zorder=1)


def _built(view: View, rivers: Rivers) -> set[str]:
    """Dams that stand: those without a switch, and those that the scenario closes."""
    closed = {event.get("node") for event in view.supposed if event.get("kind") == "dam-filling"}
    return {node.id for node in rivers.of_kind("reservoir") if not node.switch or node.id in closed}


def _nodes(axes: Axes, rivers: Rivers, built: set[str], lacking, taken) -> None:
    kinds = {"sink": ("D", 6, colours.WATER), "inflow": ("o", 2.2, colours.WATER)}
    for name, node in rivers.nodes.items():
        if name in lacking:
            shape, size, face = "o", 8, _SCALE(LACKING(lacking[name]))
        elif taken.get(name, 0.0) > _LEAST:
            shape, size, face = "s", 6, colours.SUPPOSED
        elif node.kind == "reservoir":
            shape, size, face = "^", 6, colours.MEDIAN if name in built else None
        elif node.kind in kinds:
            shape, size, face = kinds[node.kind]
        else:
            continue
        sign = style.mark(shape, size, face, colours.INK)
        style.put(axes, sign, node.longitude, node.latitude, f"user {name}" if name in lacking else "")
        sign.set(markeredgewidth=0.6, zorder=4)


def _texts(axes: Axes, rivers: Rivers, flows, lacking, taken) -> None:
    look = {"size": style.PANEL, "color": "#a9a9a9", "ha": "center", "va": "center", "weight": "bold", "zorder": 0}
    for state, (longitude, latitude) in STATES_AT.items():
        axes.text(longitude, latitude, state, **look)
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
    return f"{style.percent(share) if share >= 0.0005 else '0'} %"


def _write(axes: Axes, longitude: float, latitude: float, text: str, label: Label, user: bool) -> None:
    """A text beside a node, with a hair line where it had to move away."""
    offset = {"xytext": (label.right, label.up), "textcoords": "offset points"}
    if abs(label.right) + abs(label.up) > _NEAR:
        arrow = {"arrowstyle": "-", "linewidth": 0.4, "color": colours.GREY, "shrinkB": 4, "shrinkA": 0}
        axes.annotate("", (longitude, latitude), arrowprops=arrow, zorder=3, **offset)
    across = "left" if label.right > 3 else "right" if label.right < -3 else "center"
    down = "bottom" if label.up > 3 else "top" if label.up < -3 else "center"
    look = {"size": style.SMALL, "linespacing": 1.1, "zorder": 6, "color": colours.INK if user else colours.MEDIAN}
    axes.annotate(text, (longitude, latitude), ha=across, va=down, **look, **offset)


def _key(sheet: style.Sheet, axes: Axes, canal: bool) -> None:
    """Marks, widths and colours in the empty north-east of the map."""
    # the steppe has room
    named = {f"{flow} km³ a year": style.line(colours.WATER, width(flow)) for flow in (2, 10, 30)}
    named |= {
        "reservoir": style.mark("^", 6, colours.MEDIAN, colours.INK),
        "dam expected or not in use": style.mark("^", 6, None, colours.INK),
        "users": style.mark("o", 8, _SCALE(0.5), colours.INK),
        "sea, delta or lakes": style.mark("D", 6, colours.WATER, colours.INK),
        "head water": style.mark("o", 2.2, colours.WATER, colours.INK),
    }
    if canal:
        named["canal being built"] = style.mark("s", 6, colours.SUPPOSED, colours.INK)
    look = {"loc": "upper right", "bbox_to_anchor": (0.995, 0.99), "labelspacing": 0.65}
    axes.legend(list(named.values()), list(named), **look)
    bar = sheet.place(0.2 + 0.55 * _WIDE, 0.2, 1.5, 0.09)
    sheet.figure.colorbar(ScalarMappable(LACKING, _SCALE), cax=bar, orientation="horizontal", extend="max")
    bar.xaxis.set_major_locator(MaxNLocator(4))
    style.percent_axis(bar.xaxis)
    style.bare(bar)
    bar.set_title("demand not met", size=style.SMALL, pad=3)
