"""The map as one SVG that shows a year without scripts and is stepped through the years by them."""

from markupsafe import Markup

from sim.page.places import geometry, marked_places
from sim.page.svg import Sheet
from sim.words import STATES

RUNG_COLOURS = ("#b9b9b9", "#c98f1a", "#2f8f9d", "#1f2f6b")
_WIDE = 0.75  # pixels for the square root of a km3 a year


def width_of(flow: float | None) -> float:
    """Width of a river in pixels, by the square root of its yearly flow."""
    return round(0.5 + _WIDE * max(flow or 0.0, 0.0) ** 0.5, 2)


def draw_map(found: dict, year: int) -> Markup:
    """The map at the end of a year; ``found`` as from :func:`sim.page.places.by_year`."""
    shapes = geometry()
    width, height = shapes["sheet"]
    sheet, at = Sheet(width, height), found["years"].index(year)
    sheet.add("rect", width=width, height=height, fill="#e4edf4")
    for path in shapes["neighbours"].values():
        sheet.add("path", d=path, fill="#f1f1ee", stroke="#cfcfca", fill_rule="evenodd")
    for state, path in shapes["states"].items():
        sheet.add(
            "path",
            STATES[state],
            d=path,
            class_="state",
            data_state=state,
            fill="#fff",
            stroke="#8d8d8d",
            stroke_width=1,
            fill_rule="evenodd",
        )
    _draw_rivers(sheet, shapes, found, at)
    for pair, path in shapes["borders"].items():
        shares = found["settled"].get(pair)
        if shares is not None:
            sheet.add("path", d=path, class_="border", data_pair=pair, fill="none", **border_style(shares[at]))
    _draw_treaties(sheet, shapes, found, at)
    for state, row in marked_places().items():
        x, y = float(row["label_x"]), float(row["label_y"])
        sheet.add("text", STATES[state], x=f"{x:g}", y=f"{y:g}", class_="country", text_anchor="middle")
    return sheet.markup(f"Map of the region at the end of {year}", "map")


def border_style(settled: float | None) -> dict:
    """Settled borders are thin and grey; the more is open, the more they are dashed red."""
    share = 1.0 if settled is None else settled
    if share > 0.995:
        return {"stroke": "#6b6b6b", "stroke_width": 1.2}
    return {"stroke": "#c0392b", "stroke_width": round(1.4 + 2.2 * (1 - share), 2), "stroke_dasharray": "7 3"}


def _draw_rivers(sheet: Sheet, shapes: dict, found: dict, at: int) -> None:
    nodes = shapes["nodes"]
    for name, node in nodes.items():
        other = nodes.get(node["to"])
        if other is None:
            continue
        if node["kind"] == "demand":
            sheet.add(
                "line", x1=node["x"], y1=node["y"], x2=other["x"], y2=other["y"], stroke="#7fb3d5", stroke_width=0.8
            )
            continue
        flow = found["flows"].get(name, [None] * (at + 1))[at]
        sheet.add(
            "line",
            class_="river",
            data_node=name,
            x1=node["x"],
            y1=node["y"],
            x2=other["x"],
            y2=other["y"],
            stroke="#2a7fb8",
            stroke_width=width_of(flow),
            stroke_linecap="round",
        )
    for name, node in nodes.items():
        where = {"cx": node["x"], "cy": node["y"], "class_": "node", "data_node": name}
        if node["kind"] == "demand" and (name in found["lacking"] or name in found["taken"]):
            sheet.add("circle", **where, r=5.5, fill="#fff", stroke="#4a4a4a", stroke_width=0.8)
        elif node["kind"] == "reservoir":
            sheet.add("circle", **where, r=3, fill="#12355b")
        elif node["kind"] == "sink":
            sheet.add("circle", **where, r=5, fill="#9cc7e4", stroke="#2a7fb8", stroke_width=1)


def _draw_treaties(sheet: Sheet, shapes: dict, found: dict, at: int) -> None:
    capitals = shapes["capitals"]
    for dyad, rungs in found["rungs"].items():
        a, b = (capitals[state] for state in dyad.split("-"))
        sheet.add(
            "path",
            d=arc(a[1], a[2], b[1], b[2]),
            class_="treaty",
            data_dyad=dyad,
            fill="none",
            stroke=RUNG_COLOURS[rungs[at]],
            stroke_width=(0.8, 1.6, 2.4, 3.4)[rungs[at]],
            stroke_opacity=round(0.15 + 0.8 * found["sure"][dyad][at] ** 2, 2) if rungs[at] else 0.5,
        )
    for state, (city, x, y) in capitals.items():
        sheet.add("circle", city, cx=x, cy=y, r=4.5, fill="#1a1a1a", stroke="#fff", data_state=state)


def arc(x1: float, y1: float, x2: float, y2: float) -> str:
    """A gentle curve between two places."""
    middle_x, middle_y = (x1 + x2) / 2 - 0.14 * (y2 - y1), (y1 + y2) / 2 + 0.14 * (x2 - x1)
    return f"M{x1:g},{y1:g}Q{middle_x:.1f},{middle_y:.1f} {x2:g},{y2:g}"


def draw_blank() -> Markup:
    """The map of no year in particular, to be filled by the scripts of the page that holds it."""
    shapes = geometry()
    states = sorted(shapes["states"])
    dyads = [f"{a}-{b}" for place, a in enumerate(states) for b in states[place + 1 :]]
    users = [name for name, node in shapes["nodes"].items() if node["kind"] == "demand"]
    empty = {
        "years": [0],
        "rungs": {key: [0] for key in dyads},
        "sure": {key: [1.0] for key in dyads},
        "settled": {key: [1.0] for key in shapes["borders"]},
        "flows": {},
        "lacking": {key: [0.0] for key in users},
        "taken": {},
    }
    return draw_map(empty, 0)
