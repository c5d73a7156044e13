"""What the map shows in each year: treaties, borders, rivers, deficits, trust."""

import csv
import json
from collections.abc import Iterable
from functools import lru_cache
from pathlib import Path

import numpy as np

from sim.facts import load_facts, load_rivers
from sim.page.projection import project
from sim.page.source import Source
from sim.words import rounded

ASSETS = Path(__file__).parent / "assets"


@lru_cache(maxsize=1)
def marked_places() -> dict[str, dict[str, str]]:
    """State -> capital with its longitude and latitude, and where the sheet bears the state's name."""
    with open(ASSETS / "places.csv", encoding="utf-8", newline="") as file:
        return {row["state"]: row for row in csv.DictReader(file)}


def is_mapped(states: Iterable[str]) -> bool:
    """Whether the base map shows all of these states."""
    return set(states) <= set(marked_places())


@lru_cache(maxsize=1)
def base_map() -> dict:
    """Outlines and common borders as SVG paths, see `docs/derivations/base_map.py`."""
    return json.loads((ASSETS / "region.json").read_text(encoding="utf-8"))


def geometry() -> dict:
    """Everything on the map that does not change: shapes, capitals, nodes of the rivers and where they flow."""
    rivers = load_rivers()
    places = {}
    for node in rivers.nodes.values():
        x, y = project(node.longitude, node.latitude)
        places[node.id] = {
            "x": round(x, 1),
            "y": round(y, 1),
            "kind": node.kind,
            "title": node.title,
            "river": node.river,
            "state": node.states[0] if node.states else "",
            "to": node.to,
        }
    capitals = {
        state: [row["capital"], *(round(v, 1) for v in project(float(row["longitude"]), float(row["latitude"])))]
        for state, row in marked_places().items()
    }
    return {**base_map(), "capitals": capitals, "nodes": places}


def by_year(source: Source) -> dict:
    """For each year of the run, at its end; flows and deficits are of the year.

    Flows and trust are medians over members. Shortfalls are means: most years lack nothing, so that a median would
    hide the dry ones.
    """
    series, states = source.series, source.catalogue.states
    rungs, sure = {}, {}
    for dyad in source.catalogue.dyads:
        held = np.rint(series[f"rung.{dyad}"]).astype(int)
        counts = np.stack([(held == rung).mean(axis=0) for rung in range(len(source.catalogue.rungs) + 1)])
        rungs[dyad] = counts.argmax(axis=0).tolist()
        sure[dyad] = [rounded(value, 3) for value in counts.max(axis=0)]
    trusted = {
        state: _median(np.mean([series[f"trust.{other}.{state}"] for other in states if other != state], axis=0))
        for state in states
    }
    return {
        "years": source.years,
        "rungs": rungs,
        "sure": sure,
        "held": held_on_average(source),
        "settled": _means(settled(source)),
        "flows": _each(series, "flow."),
        "lacking": {
            name: [rounded(1.0 - value, 3) for value in values.mean(axis=0)]
            for name, values in _under(series, "served.").items()
        },
        "taken": _each(series, "taken."),
        "deficit": _means(_under(series, "deficit_year.")),
        "trusted": trusted,
        "openness": _each(series, "openness."),
    }


def held_on_average(source: Source) -> dict[str, list[float | None]]:
    """Mean number over histories of pairs whose highest treaty is each rung."""
    rungs = np.stack([np.rint(source.series[f"rung.{dyad}"]) for dyad in source.catalogue.dyads])
    return {
        name: [rounded(value, 3) for value in (rungs == place).sum(axis=0).mean(axis=0)]
        for place, name in enumerate(source.catalogue.rungs, start=1)
    }


def _under(series: dict[str, np.ndarray], prefix: str) -> dict[str, np.ndarray]:
    return {name.removeprefix(prefix): values for name, values in series.items() if name.startswith(prefix)}


def _means(found: dict[str, np.ndarray]) -> dict[str, list[float | None]]:
    return {name: [rounded(value, 3) for value in values.mean(axis=0)] for name, values in found.items()}


def _median(values: np.ndarray) -> list[float | None]:
    return [rounded(value, 3) for value in np.median(values, axis=0)]


def _each(series: dict[str, np.ndarray], prefix: str) -> dict[str, list]:
    return {name: _median(values) for name, values in _under(series, prefix).items()}


def settled(source: Source) -> dict[str, np.ndarray]:
    """Settled share of each land border at the end of each year, (m, years), from its events."""
    found = source.happened("settlement", "border-reopened")
    shares = {}
    for row in load_facts(source.record).borders:
        pair = f"{row.state_a}-{row.state_b}"
        if not {row.state_a, row.state_b} <= set(source.catalogue.states):
            continue
        values = np.full((source.n_members, len(source.years)), 1.0 - row.unsettled_share_1992)
        own = found[(found["a"] == row.state_a) & (found["b"] == row.state_b)]
        for member, month, kind, value in zip(own["member"], own["month"], own["kind"], own["value"]):
            rows = slice(None) if member < 0 else np.searchsorted(source.numbers, member)
            at = max(month // 12 - source.years[0], 0)
            now = value if kind == "settlement" else np.minimum(values[rows, at], 1.0 - value)
            values[rows, at:] = np.reshape(now, (-1, 1)) if np.ndim(now) else now
        shares[pair] = values
    return shares


def trust_by_year(source: Source) -> dict[str, list]:
    """Median trust of each state in each other, by ``A.B``."""
    return {name: values for name, values in _each(source.series, "trust.").items()}
