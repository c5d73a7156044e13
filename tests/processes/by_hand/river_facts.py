"""Tables of rivers as rows, for networks of a few nodes."""

from by_hand.three_states import Some
from sim.facts import Rivers
from sim.facts.river_rows import InflowYear, RiverNode, RiverNumber, RiverPair, RiverSection, Watched

_SAID = {"basis": "assumed", "source": "test"}
EVEN = [1 / 12] * 12


def river_facts(nodes, numbers, sections, **tables):
    """Rivers of some tables.

    Parameters
    ----------
    nodes : id -> columns; a node is of no state and of the river "River" if nothing else is said
    numbers : node -> quantity -> number or twelve numbers
    sections : id -> basin and weight of the head
    tables : rows of the other tables; none, and no parameters, where left out
    """
    empty = {"title": "a place", "river": "River", "states": (), "latitude": 0.0, "longitude": 0.0}
    empty |= dict.fromkeys(("to", "spill_to", "section", "group", "rule", "shape", "switch"), "")
    rows = {
        (node, quantity): RiverNumber(
            node=node, quantity=quantity, values=_text(values), unit="", licence="", note="", **_SAID
        )
        for node, quantities in numbers.items()
        for quantity, values in quantities.items()
    }
    names = ("pairs", "inflow_years", "observations", "borders", "disputes", "reporting", "watched", "parameters")
    places = {
        name: RiverNode(id=name, **empty | columns, place_basis="assumed", source="test")
        for name, columns in nodes.items()
    }
    stretches = {
        name: RiverSection(id=name, basin=basin, head_weight=weight, note="", **_SAID)
        for name, (basin, weight) in sections.items()
    }
    return Rivers(places, rows, stretches, **{name: tuple(tables.get(name, ())) for name in names})


def _text(values):
    return ";".join(map(repr, values)) if isinstance(values, list) else repr(values)


def inflow_year(year, group, factor):
    return InflowYear(year=year, group=group, factor=factor, note="", **_SAID)


def pair(downstream, upstream, basin, balance=""):
    return RiverPair(downstream=downstream, upstream=upstream, basin=basin, balance=balance, source="test")


def watched(series, node):
    return Watched(series=series, node=node, name=node, title="", observed="", source="test")


def observation(date, series, value):
    return Some(date=date, series=series, value=value)
