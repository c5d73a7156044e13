"""Checks of the river network: it must drain, without cycles, and every number must be possible where it stands."""

from collections.abc import Iterable
from dataclasses import replace
from typing import Any

from sim.errors import Problem, printable, suggestion
from sim.facts.reading import Placed
from sim.facts.river_rows import QUANTITIES, SUMMING_TO_ONE, RiverNode, parse_values, rivers_with_parameters
from sim.facts.units import accepted, factor_to

NODES, NUMBERS = "river_nodes.csv", "river_numbers.csv"
WHOLE_TOLERANCE = 0.002  # monthly shares are printed with four decimals


def check_rivers(tables: dict[str, dict[Any, Placed]]) -> list[Problem]:
    """All problems between the river tables; numbers in another unit are converted in place."""
    numbers = tables["river_numbers"]
    problems = _in_own_units(numbers)
    nodes, sections = tables["river_nodes"], tables["river_sections"]
    pairs, years = tables["river_pairs"], tables["river_inflow_years"]
    rivers = rivers_with_parameters(tables["river_parameters"])
    problems += check_network(nodes, numbers, sections, list(pairs.values()), list(years.values()), rivers)
    for placed in tables["river_disputes"].values():
        row = placed.row
        if row.is_dispute and (row.downstream, row.upstream, row.basin) not in pairs:
            text = f"'{row.downstream}' is not below '{row.upstream}' in basin '{row.basin}'"
            problems.append(placed.problem("upstream", text))
    problems += _reporting(list(tables["river_reporting"].values()))
    return problems


def _reporting(rows: list[Placed]) -> Iterable[Problem]:
    """Spans of years that end before they begin, or overlap."""
    last = None
    for placed in sorted(rows, key=lambda each: each.row.since):
        row = placed.row
        if row.until < row.since:
            yield placed.problem("until", f"{row.until} lies before {row.since}")
        elif last is not None and row.since <= last.until:
            yield placed.problem("since", f"{row.since} lies in the years that begin in {last.since}")
        last = row


def _in_own_units(numbers: dict) -> list[Problem]:
    problems = []
    for key, placed in numbers.items():
        quantity = QUANTITIES.get(placed.row.quantity)
        if quantity is None:
            continue
        factor = factor_to(quantity.unit, placed.row.unit)
        if factor is None:
            text = f"'{printable(placed.row.unit)}' is no unit of {placed.row.quantity}."
            text += f" Allowed: {accepted(quantity.unit)}"
            problems.append(placed.problem("unit", text))
        elif factor != 1.0:
            try:
                values = ";".join(repr(value * factor) for value in parse_values(placed.row.values))
            except ValueError:
                continue  # named with the numbers
            row = replace(placed.row, values=values, unit=quantity.unit)
            numbers[key] = placed._replace(row=row)
    return problems


def check_network(
    nodes: dict, numbers: dict, sections: dict, pairs: list, years: list, rivers: tuple[str, ...] = ()
) -> list[Problem]:
    """All problems of a network, empty if there is none.

    Parameters
    ----------
    nodes, sections : id -> Placed row
    numbers : (node, quantity) -> Placed row
    pairs, years : Placed rows
    rivers : in small letters, those whose deciding dams the parameters speak of
    """
    problems = [problem for placed in nodes.values() for problem in _node(placed, nodes, sections, numbers)]
    problems += [problem for placed in numbers.values() for problem in _number(placed, nodes)]
    problems += _needed(nodes, numbers, rivers) + _storages(nodes, numbers)
    cycle = _cycle(nodes)
    if cycle:
        added = [name for name in cycle if nodes[name].file != NODES] or cycle  # a user looks into the user's file
        start = cycle.index(added[0])
        names = " -> ".join([*cycle[start:], *cycle[: start + 1]])
        problems.append(nodes[added[0]].problem("to", f"the water runs in a circle: {names}"))
    elif not problems:
        problems += _sections(nodes, sections)
    problems += [problem for placed in pairs for problem in _pair(placed, nodes, sections, not cycle)]
    groups = _named(numbers, "group")
    for placed in years:
        if placed.row.group not in groups:
            problems.append(placed.problem("group", _unknown(placed.row.group, groups, "group of inflows")))
    return problems


def _unknown(name: str, allowed: Iterable[str], what: str) -> str:
    near = suggestion(name, allowed, most_listed=0).strip()
    return f"'{printable(name)}' is not a known {what}." + (f" {near}" if near else "")


def _named(numbers: dict, kind: str) -> set[str]:
    return {node.partition(":")[2] for node, _ in numbers if node.startswith(kind + ":")}


def _node(placed: Placed, nodes: dict, sections: dict, numbers: dict) -> Iterable[Problem]:
    node = placed.row
    if node.kind == "sink":
        if node.to or node.spill_to:
            yield placed.problem("to", "a sink is where the water ends; it has no outlet")
    elif node.kind == "demand":
        yield from _withdrawal(placed, nodes)
    elif not node.to:
        yield placed.problem("to", f"{node.kind} '{node.id}' has no outlet")
    for column in ("to", "spill_to"):
        name = getattr(node, column)
        if node.kind != "demand" and name:
            if name not in nodes:
                yield placed.problem(column, _unknown(name, nodes, "node"))
            elif nodes[name].row.kind in ("inflow", "demand"):
                yield placed.problem(column, f"'{name}' is {_article(nodes[name].row.kind)}; water cannot run into it")
    if node.kind == "junction" and node.section not in sections:
        yield placed.problem("section", _unknown(node.section, sections, "section"))
    if node.kind == "inflow" and node.group not in _named(numbers, "group"):
        yield placed.problem("group", _unknown(node.group, _named(numbers, "group"), "group of inflows"))
    if node.kind in ("demand", "sink") and node.shape not in _named(numbers, "shape"):
        yield placed.problem("shape", _unknown(node.shape, _named(numbers, "shape"), "shape"))
    if node.kind == "reservoir" and node.rule not in ("guide", "need", "decision"):
        yield placed.problem("rule", f"'{node.rule}' is no rule of a reservoir. Allowed: guide, need, decision")


def _article(word: str) -> str:
    return f"an {word}" if word[0] in "aeiou" else f"a {word}"


def _withdrawal(placed: Placed, nodes: dict) -> Iterable[Problem]:
    """A demand must be taken from a junction, and from one that lies on the river it names."""
    node = placed.row
    junctions = {name: other.row for name, other in nodes.items() if other.row.kind == "junction"}
    if node.river not in {junction.river for junction in junctions.values()}:
        rivers = sorted({junction.river for junction in junctions.values()})
        text = f"withdrawal from '{node.river}', a river without any junction. Allowed: {', '.join(rivers)}"
        yield placed.problem("river", text)
    elif node.to in junctions and junctions[node.to].river != node.river:
        text = f"withdrawal from '{node.river}' at '{node.to}', which lies on '{junctions[node.to].river}'"
        yield placed.problem("river", text)
    if node.to not in nodes:
        yield placed.problem("to", f"demand on an unknown node: {_unknown(node.to, junctions, 'junction')}")
    elif node.to not in junctions:
        kind = _article(nodes[node.to].row.kind)
        yield placed.problem("to", f"demand on '{node.to}', which is {kind}, not a junction")


def _kind(name: str, nodes: dict) -> str:
    prefix, colon, _ = name.partition(":")
    if colon:
        return prefix
    return nodes[name].row.kind if name in nodes else ""


def _number(placed: Placed, nodes: dict) -> Iterable[Problem]:
    row = placed.row
    kind = _kind(row.node, nodes)
    if kind == "":
        yield placed.problem("node", _unknown(row.node, nodes, "node"))
        return
    rule = QUANTITIES.get(row.quantity)
    if rule is None:
        yield placed.problem("quantity", _unknown(row.quantity, QUANTITIES, "quantity"))
        return
    if kind not in rule.kinds:
        yield placed.problem("quantity", f"'{row.quantity}' belongs to a {rule.kinds[0]}; '{row.node}' is a {kind}")
    try:
        values = parse_values(row.values)
    except ValueError:
        hint = ". Decimals are written with a point" if "," in row.values else ""
        yield placed.problem("values", f"'{printable(row.values)}' is not a list of numbers{hint}")
        return
    if len(values) != rule.count:
        yield placed.problem("values", f"{len(values)} values where '{row.quantity}' has {rule.count}")
    outside = [value for value in values if not rule.minimum <= value <= rule.maximum or value == float("inf")]
    if outside:
        high = "or more" if rule.maximum == float("inf") else f"to {rule.maximum:g}"
        yield placed.problem("values", f"{row.quantity} {outside[0]:g} is out of range: {rule.minimum:g} {high}")
    elif row.quantity in SUMMING_TO_ONE and abs(sum(values) - 1.0) > WHOLE_TOLERANCE:
        yield placed.problem("values", f"{row.quantity} must sum to 1, not to {sum(values):.4f}")


def _needed(nodes: dict, numbers: dict, rivers: tuple[str, ...]) -> list[Problem]:
    found = []
    for name, placed in nodes.items():
        for quantity, rule in QUANTITIES.items():
            node: RiverNode = placed.row
            if (node.kind in rule.needed_by or (node.kind == "reservoir" and node.rule in rule.needed_by)) and (
                name,
                quantity,
            ) not in numbers:
                found.append(placed.problem("", f"'{name}' has no row '{quantity}' in {NUMBERS}"))
        if placed.row.rule != "decision" or placed.row.river.lower() in rivers:
            continue
        for quantity in ("barter", "volume_noise"):
            if (name, quantity) not in numbers:
                text = f"'{name}' decides its release and has no row '{quantity}' in {NUMBERS}; only dams on "
                text += f"{' and '.join(map(str.title, rivers))} take it from the parameters of the model"
                found.append(placed.problem("", text))
    return found


def _storages(nodes: dict, numbers: dict) -> list[Problem]:
    """Dead storage lies below full storage, and what is held at the start or aimed at not above it."""
    found = []
    for name, placed in nodes.items():
        if placed.row.kind != "reservoir":
            continue
        dead, full = (_one(numbers, name, quantity) for quantity in ("dead", "full"))
        if full is None:
            continue
        if dead is not None and dead > full:
            found.append(_latest(numbers, name, "dead", "full", f"dead storage of '{name}' is above its full storage"))
        for quantity in ("initial_storage", "reference_storage", "reference_storage_before_2014", "operating_floor"):
            level = _one(numbers, name, quantity)
            if level is not None and level > full:
                text = f"{quantity} of '{name}', {level:g}, is above its full storage, {full:g}"
                found.append(_latest(numbers, name, quantity, "full", text))
            elif level is not None and dead is not None and 0.0 < level < dead:  # 0: not yet filled
                text = f"{quantity} of '{name}', {level:g}, is below its dead storage, {dead:g}"
                found.append(_latest(numbers, name, quantity, "dead", text))
    return found


def _one(numbers: dict, node: str, quantity: str) -> float | None:
    """A node's number; None if it is not given, or is no number, which is reported elsewhere."""
    try:
        return parse_values(numbers[node, quantity].row.values)[0]
    except (KeyError, ValueError):
        return None


def _latest(numbers: dict, node: str, one: str, other: str, message: str) -> Problem:
    """A problem of two numbers, at the one that the user wrote."""
    first, second = numbers[node, one], numbers[node, other]
    return (second if first.file == NUMBERS and second.file != NUMBERS else first).problem("values", message)


def _outlets(node: RiverNode, nodes: dict) -> list[str]:
    return [name for name in (node.to, node.spill_to) if name in nodes] if node.kind != "demand" else []


def _cycle(nodes: dict) -> list[str]:
    """The nodes of one cycle, in the order of the flow; empty if there is none."""
    done: set[str] = set()
    for start in nodes:
        path, choices = [start], [_outlets(nodes[start].row, nodes)]
        while path:
            if choices[-1] and path[-1] not in done:
                name = choices[-1].pop()
                if name in path:
                    return path[path.index(name) :]
                path.append(name)
                choices.append(_outlets(nodes[name].row, nodes))
            else:
                done.add(path.pop())
                choices.pop()
    return []


def reachable(start: str, nodes: dict) -> set[str]:
    """All nodes below `start`, itself included; `nodes` maps id -> Placed node of a network without cycles."""
    found, todo = {start}, [start]
    while todo:
        for name in _outlets(nodes[todo.pop()].row, nodes):
            if name not in found:
                found.add(name)
                todo.append(name)
    return found


def _sections(nodes: dict, sections: dict) -> list[Problem]:
    """Water that leaves a section must not come back to it, and connected sections belong to one basin."""
    found = []
    for name, placed in nodes.items():
        section = placed.row.section
        if placed.row.kind != "junction":
            continue
        outside = [other for other in _outlets(placed.row, nodes) if nodes[other].row.section != section]
        for other in outside:
            if any(nodes[below].row.section == section for below in reachable(other, nodes)):
                text = f"water leaves section '{section}' at '{name}' and returns to it"
                found.append(placed.problem("section", text))
        for below in reachable(name, nodes):
            other = nodes[below].row.section
            if other and sections[other].row.basin != sections[section].row.basin:
                text = f"basin '{sections[section].row.basin}' drains into basin '{sections[other].row.basin}'"
                found.append(sections[section].problem("basin", text))
    return found


def _pair(placed: Placed, nodes: dict, sections: dict, without_cycle: bool) -> Iterable[Problem]:
    row = placed.row
    states = {state for node in nodes.values() for state in node.row.states}
    if row.downstream == row.upstream:
        yield placed.problem("upstream", f"state '{row.upstream}' is given as upstream of itself")
        return
    basins = {node.row.basin for node in sections.values()}
    if not row.balance and row.basin not in basins:
        text = _unknown(row.basin, basins, "basin of the network")
        yield placed.problem("basin", f"{text} A pair on another river has balance 'none'")
    for column in ("downstream", "upstream"):
        if getattr(row, column) not in states:
            yield placed.problem(column, f"no node of the network belongs to '{getattr(row, column)}'")
            return
    if without_cycle and not row.balance and not _above(row.upstream, row.downstream, nodes):
        yield placed.problem("upstream", f"'{row.upstream}' has no node above a withdrawal of '{row.downstream}'")


def _above(upstream: str, downstream: str, nodes: dict) -> bool:
    taken_at = {n.row.to for n in nodes.values() if n.row.kind == "demand" and downstream in n.row.states}
    for name, placed in nodes.items():
        if upstream in placed.row.states:
            start = placed.row.to if placed.row.kind == "demand" else name
            if start in nodes and taken_at & reachable(start, nodes):
                return True
    return False
