"""Random river networks for property tests: trees of reservoirs and junctions that end in sinks, with odd numbers."""

from hypothesis import strategies as st

from sim.facts import Rivers
from sim.facts.reading import Placed
from sim.facts.river_checks import check_network
from sim.facts.river_rows import RiverNode, RiverNumber, RiverSection

_SHARES = st.floats(0.0, 1.0)
_AMOUNTS = st.floats(0.0, 20.0)
_FLAT = ";".join(["0.0833"] * 11 + ["0.0837"])


def _node(name: str, kind: str, to: str, **more) -> RiverNode:
    columns = {"spill_to": "", "section": "", "group": "", "rule": "", "shape": "", "switch": ""} | more
    return RiverNode(
        id=name,
        kind=kind,
        title=name,
        river="River",
        states=("UZB",),
        to=to,
        latitude=40.0,
        longitude=65.0,
        place_basis="assumed",
        source="test",
        **columns,
    )


def _number(node: str, quantity: str, values: list[float]) -> RiverNumber:
    text = ";".join(repr(value) for value in values)
    return RiverNumber(
        node=node, quantity=quantity, values=text, unit="", basis="assumed", source="test", licence="", note=""
    )


def _section(name: str, head_weight: float) -> RiverSection:
    return RiverSection(id=name, basin="b", head_weight=head_weight, basis="assumed", source="test", note="")


@st.composite
def networks(draw) -> Rivers:
    """A random network that passes all checks."""
    nodes: dict[str, RiverNode] = {}
    numbers: dict[tuple[str, str], RiverNumber] = {}

    def put(node: str, **quantities) -> None:
        for quantity, strategy in quantities.items():
            count = 12 if quantity in ("inflow", "guide", "reference_flow") else 1
            numbers[node, quantity] = _number(node, quantity, [draw(strategy) for _ in range(count)])

    for name in ("evaporation", "even"):
        row = RiverNumber(
            node="shape:" + name,
            quantity="fractions",
            values=_FLAT,
            unit="",
            basis="assumed",
            source="test",
            licence="",
            note="",
        )
        numbers[row.node, row.quantity] = row
    numbers["group:all", "variation"] = _number("group:all", "variation", [0.2])
    sinks = [f"sink{k}" for k in range(draw(st.integers(1, 2)))]
    for name in sinks:
        nodes[name] = _node(name, "sink", "", shape="even")
        put(name, environment=_AMOUNTS, priority=_SHARES)
    below = list(sinks)
    sections = {"s0": _section("s0", draw(_SHARES))}
    for k in range(draw(st.integers(1, 7))):
        name, to, spill_to = f"n{k}", draw(st.sampled_from(below)), draw(st.sampled_from(below))
        if draw(st.booleans()):
            rule = draw(st.sampled_from(["guide", "need"]))
            nodes[name] = _node(name, "reservoir", to, spill_to=spill_to, rule=rule)
            dead = draw(st.floats(0.0, 5.0))
            full = draw(st.floats(dead, 15.0))
            put(name, dead=st.just(dead), full=st.just(full), evaporation=_SHARES, guide=_SHARES)
            put(name, initial_storage=st.floats(dead, full), release_cap=_AMOUNTS, winter_release_cap=_AMOUNTS)
        else:
            section = f"s{k}"
            if nodes[to].kind == "junction" and draw(st.booleans()):
                section = nodes[to].section
            sections[section] = sections.get(section) or _section(section, draw(_SHARES))
            nodes[name] = _node(name, "junction", to, section=section)
            put(name, loss=_SHARES, fixed_loss_share=_SHARES, reference_flow=st.floats(0.0, 3.0))
            put(name, return_delay=st.floats(0.0, 24.0))
            for d in range(draw(st.integers(0, 3))):
                rule = draw(st.sampled_from(["", "first"]))
                nodes[f"d{k}{d}"] = _node(f"d{k}{d}", "demand", name, shape="even", rule=rule)
                put(f"d{k}{d}", limit=_AMOUNTS, use=_SHARES, return_share=_SHARES)
        below.append(name)
    for k in range(draw(st.integers(1, 4))):
        nodes[f"in{k}"] = _node(f"in{k}", "inflow", draw(st.sampled_from(below)), group="all")
        put(f"in{k}", inflow=st.floats(0.0, 5.0))
    if not any(node.kind == "junction" for node in nodes.values()):
        nodes["last"] = _node("last", "junction", sinks[0], section="s0")
    placed = [{key: Placed(row, "test", 0) for key, row in table.items()} for table in (nodes, numbers, sections)]
    problems = check_network(*placed, [], [])
    assert not problems, [str(problem) for problem in problems]
    return Rivers(nodes, numbers, sections, (), (), (), (), (), (), (), ())
