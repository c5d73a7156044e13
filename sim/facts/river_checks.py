"""Checks of the river network: it must drain, without cycles, and every number must be possible where it stands."""

import difflib
from collections.abc import Iterable
from dataclasses import dataclass

from sim.facts.errors import FactsProblem
from sim.facts.river_rows import QUANTITIES, SUMMING_TO_ONE, RiverNode

NODES, NUMBERS, SECTIONS = "river_nodes.csv", "river_numbers.csv", "river_sections.csv"
PAIRS, YEARS = "river_pairs.csv", "river_inflow_years.csv"
WHOLE_TOLERANCE = 0.002  # monthly shares are printed with four decimals


@dataclass(frozen=True, slots=True)
class Placed:
    """A row and where it was read."""

    row: object
    table: str
    line: int

    def problem(self, column: str, message: str) -> FactsProblem:
        """A problem of this row."""
        return FactsProblem(self.table, self.line, column, message)


def check_network(nodes: dict, numbers: dict, sections: dict, pairs: list, years: list) -> list[FactsProblem]:
    """All problems of a network, empty if there is none.

    Parameters
    ----------
    nodes, sections : id -> Placed row
    numbers : (node, quantity) -> Placed row
    pairs, years : Placed rows
    """
    problems = [problem for placed in nodes.values() for problem in _node(placed, nodes, sections, numbers)]
    problems += [problem for placed in numbers.values() for problem in _number(placed, nodes)]
    problems += _needed(nodes, numbers) + _storages(nodes, numbers)
    cycle = _cycle(nodes)
    if cycle:
        added = [name for name in cycle if nodes[name].table != NODES] or cycle  # a user looks into the user's file
        start = cycle.index(added[0])
        names = " -> ".join([*cycle[start:], *cycle[: start + 1]])
        problems.append(nodes[added[0]].problem("to", f"the water runs in a circle: {names}"))
    elif not problems:
        problems += _sections(nodes, sections)
    problems += [problem for placed in pairs for problem in _pair(placed, nodes, not cycle)]
    groups = _named(numbers, "group")
    for placed in years:
        if placed.row.group not in groups:
            problems.append(placed.problem("group", _unknown(placed.row.group, groups, "group of inflows")))
    return problems


def parse_values(text: str) -> tuple[float, ...]:
    """The numbers in a cell.

    Raises
    ------
    ValueError : a part is not a number
    """
    return tuple(float(part) for part in text.split(";"))


def _unknown(name: str, allowed: Iterable[str], what: str) -> str:
    near = difflib.get_close_matches(name, list(allowed), n=1)
    return f"'{name}' is not a known {what}." + (f" Did you mean {near[0]}?" if near else "")


def _named(numbers: dict, kind: str) -> set[str]:
    return {node.partition(":")[2] for node, _ in numbers if node.startswith(kind + ":")}


def _node(placed: Placed, nodes: dict, sections: dict, numbers: dict) -> Iterable[FactsProblem]:
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


def _withdrawal(placed: Placed, nodes: dict) -> Iterable[FactsProblem]:
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


def _number(placed: Placed, nodes: dict) -> Iterable[FactsProblem]:
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
        yield placed.problem("values", f"'{row.values}' is not a list of numbers")
        return
    if len(values) != rule.count:
        yield placed.problem("values", f"{len(values)} values where '{row.quantity}' has {rule.count}")
    outside = [value for value in values if not rule.minimum <= value <= rule.maximum or value == float("inf")]
    if outside:
        high = "" if rule.maximum == float("inf") else f"{rule.maximum:g}"
        yield placed.problem("values", f"{row.quantity} {outside[0]:g} is out of range: {rule.minimum:g} to {high}")
    elif row.quantity in SUMMING_TO_ONE and abs(sum(values) - 1.0) > WHOLE_TOLERANCE:
        yield placed.problem("values", f"{row.quantity} must sum to 1, not to {sum(values):.4f}")


def _needed(nodes: dict, numbers: dict) -> list[FactsProblem]:
    found = []
    for name, placed in nodes.items():
        for quantity, rule in QUANTITIES.items():
            node: RiverNode = placed.row
            if (node.kind in rule.needed_by or (node.kind == "reservoir" and node.rule in rule.needed_by)) and (
                name,
                quantity,
            ) not in numbers:
                found.append(placed.problem("", f"'{name}' has no row '{quantity}' in {NUMBERS}"))
    return found


def _storages(nodes: dict, numbers: dict) -> list[FactsProblem]:
    found = []
    for name, placed in nodes.items():
        full, dead = numbers.get((name, "full")), numbers.get((name, "dead"))
        if placed.row.kind == "reservoir" and full and dead:
            try:
                if parse_values(dead.row.values)[0] > parse_values(full.row.values)[0]:
                    found.append(dead.problem("values", f"dead storage of '{name}' is above its full storage"))
            except ValueError:
                pass  # already named
    return found


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


def _sections(nodes: dict, sections: dict) -> list[FactsProblem]:
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


def _pair(placed: Placed, nodes: dict, without_cycle: bool) -> Iterable[FactsProblem]:
    row = placed.row
    states = {state for node in nodes.values() for state in node.row.states}
    if row.downstream == row.upstream:
        yield placed.problem("upstream", f"state '{row.upstream}' is given as upstream of itself")
        return
    for column in ("downstream", "upstream"):
        if getattr(row, column) not in states:
            yield placed.problem(column, f"no node of the network belongs to '{getattr(row, column)}'")
            return
    if without_cycle and not _above(row.upstream, row.downstream, nodes):
        yield placed.problem("upstream", f"'{row.upstream}' has no node above a withdrawal of '{row.downstream}'")


def _above(upstream: str, downstream: str, nodes: dict) -> bool:
    taken_at = {n.row.to for n in nodes.values() if n.row.kind == "demand" and downstream in n.row.states}
    for name, placed in nodes.items():
        if upstream in placed.row.states:
            start = placed.row.to if placed.row.kind == "demand" else name
            if start in nodes and taken_at & reachable(start, nodes):
                return True
    return False
