"""Cut the base map of the report and the explorer out of Natural Earth and lay it flat.

    npm install world-atlas@2.0.2
    python docs/derivations/base_map.py node_modules/world-atlas/countries-50m.json

Writes `sim/page/assets/region.json`: outlines of the six states, of their neighbours inside the frame, and the common
border of every pair of neighbours, in pixels of a sheet 1000 wide (see `sim/page/projection.py`).
Natural Earth 1:50m, admin-0 countries, public domain; world-atlas (ISC) holds them as TopoJSON, whose shared arcs are
the borders.
"""

import json
import sys
from pathlib import Path

from sim.page.projection import SHEET, project

ROOT = Path(__file__).resolve().parents[2]
STATES = {"031": "AZE", "398": "KAZ", "417": "KGZ", "762": "TJK", "795": "TKM", "860": "UZB"}
NEIGHBOURS = {
    "004": "AFG",
    "051": "ARM",
    "156": "CHN",
    "268": "GEO",
    "356": "IND",
    "364": "IRN",
    "368": "IRQ",
    "496": "MNG",
    "586": "PAK",
    "643": "RUS",
    "792": "TUR",
}
DEGREES = (40.0, 30.0, 95.0, 60.0)  # what lies outside is of no use and slows the reader down


def arcs_of(topology: dict) -> list[list[tuple[float, float]]]:
    """Longitude and latitude along every arc."""
    (sx, sy), (tx, ty) = topology["transform"]["scale"], topology["transform"]["translate"]
    found = []
    for arc in topology["arcs"]:
        x = y = 0
        line = []
        for dx, dy in arc:
            x, y = x + dx, y + dy
            line.append((x * sx + tx, y * sy + ty))
        found.append(line)
    return found


def ring_of(numbers: list[int], arcs: list) -> list[tuple[float, float]]:
    """Points of a ring of arcs; a negative number is an arc taken backwards."""
    line: list[tuple[float, float]] = []
    for number in numbers:
        part = arcs[number] if number >= 0 else arcs[~number][::-1]
        line += part if not line else part[1:]
    return line


def clipped(ring: list[tuple[float, float]], box: tuple[float, float, float, float]) -> list[tuple[float, float]]:
    """A ring cut to a box (Sutherland & Hodgman 1974)."""
    for axis, bound, sign in ((0, box[0], 1), (1, box[1], 1), (0, box[2], -1), (1, box[3], -1)):
        kept: list[tuple[float, float]] = []
        for here, before in zip(ring, ring[-1:] + ring[:-1]):
            inside, was = sign * (here[axis] - bound) >= 0, sign * (before[axis] - bound) >= 0
            if inside != was:
                t = (bound - before[axis]) / (here[axis] - before[axis])
                crossing = [before[k] + t * (here[k] - before[k]) for k in (0, 1)]
                kept.append((crossing[0], crossing[1]))
            if inside:
                kept.append(here)
        ring = kept
        if not ring:
            break
    return ring


def path_of(lines: list[list[tuple[float, float]]], closed: bool) -> str:
    """SVG path data in whole tenths of a pixel, points that fall together left out."""
    pieces = []
    for line in lines:
        points = [tuple(round(value, 1) for value in project(*point)) for point in line]
        kept = [point for point, before in zip(points, [None, *points]) if point != before]
        if len(kept) > (2 if closed else 1):
            pieces.append("M" + "L".join(f"{x:g},{y:g}" for x, y in kept) + ("Z" if closed else ""))
    return "".join(pieces)


def main(source: str) -> None:
    topology = json.loads(Path(source).read_text(encoding="utf-8"))
    arcs = arcs_of(topology)
    rings, used = {}, {}
    for shape in topology["objects"]["countries"]["geometries"]:
        name = STATES.get(shape.get("id")) or NEIGHBOURS.get(shape.get("id"))
        if name is None:
            continue
        parts = shape["arcs"] if shape["type"] == "MultiPolygon" else [shape["arcs"]]
        rings[name] = [ring_of(ring, arcs) for part in parts for ring in part]
        used[name] = {number if number >= 0 else ~number for part in parts for ring in part for number in ring}
    states = {name: path_of(rings[name], True) for name in sorted(STATES.values())}
    around = {
        name: path_of([cut for ring in rings[name] if (cut := clipped(ring, DEGREES))], True)
        for name in sorted(NEIGHBOURS.values())
        if name in rings
    }
    borders = {}
    for i, a in enumerate(sorted(states)):
        for b in sorted(states)[i + 1 :]:
            if shared := sorted(used[a] & used[b]):
                borders[f"{a}-{b}"] = path_of([arcs[number] for number in shared], False)
    plain = {
        "source": "Natural Earth 1:50m, admin-0 countries (public domain), from world-atlas 2.0.2 (ISC)",
        "sheet": SHEET,
        "states": states,
        "neighbours": {name: path for name, path in around.items() if path},
        "borders": borders,
    }
    target = ROOT / "sim" / "page" / "assets" / "region.json"
    target.write_text(json.dumps(plain, indent=0) + "\n", encoding="utf-8")
    print(f"{target.relative_to(ROOT)}: {target.stat().st_size / 1000:.0f} kB, borders {', '.join(borders)}")


if __name__ == "__main__":
    main(sys.argv[1])
