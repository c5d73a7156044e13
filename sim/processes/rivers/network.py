"""The river network as arrays of records, in an order in which every node comes after all that drains into it.

The junctions of a section stand next to each other, so that the section's share can be found before its first user is
served, and reservoirs that meet a need come as late as possible, when the other water of their section is known.
"""

from typing import NamedTuple

import numpy as np

from sim.engine.layout import records
from sim.facts.load import Rivers
from sim.facts.river_rows import MONTHS, RiverNode

INFLOW, RESERVOIR, JUNCTION, SINK = 0, 1, 2, 3
GUIDE, NEED, DECISION = 0, 1, 2
SHARED, FIRST = 0, 1
CLOSED, FILLING, OPERATING = 0, 1, 2
ICE = [0, 1, 2, 11]  # January to March and December

_KIND = {"inflow": INFLOW, "reservoir": RESERVOIR, "junction": JUNCTION, "sink": SINK}
_RULE = {"guide": GUIDE, "need": NEED, "decision": DECISION}


NODE = np.dtype(
    [
        (name, np.int64)
        for name in ("kind", "to", "spill_to", "section", "basin", "rule", "users_first", "users_stop", "opens")
    ]
    + [(name, np.float64) for name in ("full", "dead", "anomaly_share", "energy_per_water", "flow_loss", "drainage")]
    + [("has_first", np.bool_)],
    align=True,
)
NODE_MONTH = np.dtype(
    [
        (name, np.float64)
        for name in (
            "evaporation",
            "guide",
            "release_cap",
            "mean_inflow",
            "fixed_loss",
            "environment",
            "shared",
            "shared_return",
        )
    ]
)
USER = np.dtype([("kind", np.int64), ("node", np.int64), ("return_share", np.float64)])
SECTION = np.dtype([("first", np.int64), ("stop", np.int64), ("head_weight", np.float64)])


class Network(NamedTuple):
    """The network as arrays of records; volumes in km3, months from January, -1 = none.

    Attributes
    ----------
    nodes : (nodes,) of `NODE`: kind, where water and spill go, section, basin, rule, range of its users; `opens` (the
        absolute month in which a reservoir is put in service), `full` and `dead` storage, `anomaly_share` (of an
        unusual inflow that a decision passes on at once), `energy_per_water` (TWh per km3), `flow_loss` (share of
        what is left after the fixed loss), `drainage` (share of the water in the soil that seeps into the ground in a
        month, and of that in the ground that comes back to the river), `has_first` (whether some user is served before
        sharing)
    months : (12, nodes) of `NODE_MONTH`: `evaporation` (share of storage), `guide` (km3 in store), `release_cap` (km3),
        `mean_inflow` of
        a decision reservoir, `fixed_loss`,
        `environment` (weighted demand of a sink), `shared` (demand that is shared), `shared_return` (what returns
        of it in the same month)
    users : (users,) of `USER`
    demand : (12, users) km3
    season : (12, users) fractions of a year's use
    sections : (sections,) of `SECTION`: range of nodes, advantage of the head of the river
    courses : (nodes, nodes) from the end of each node's water up to the node itself, then -1
    order : (nodes,) the nodes as they are gone through in a month, see `in_turns`
    """

    nodes: np.recarray
    months: np.recarray
    users: np.recarray
    demand: np.ndarray
    season: np.ndarray
    sections: np.recarray
    courses: np.ndarray
    order: np.ndarray


class Names(NamedTuple):
    """Names of the rows and columns of a network's arrays, each a tuple of ids in the order of the arrays."""

    nodes: tuple[str, ...]
    users: tuple[str, ...]
    sections: tuple[str, ...]
    basins: tuple[str, ...]


def compile_network(rivers: Rivers) -> tuple[Network, Names]:
    """The arrays of a checked network and the names that belong to them."""
    order = _order(rivers)
    index = {name: position for position, name in enumerate(order)}
    basins, basin_of = _basins(rivers)
    users = sorted(rivers.of_kind("demand"), key=lambda node: index[node.to])
    sections = tuple(dict.fromkeys(rivers.nodes[name].section for name in order if rivers.nodes[name].section))
    nodes, months = records(len(order), NODE), records((MONTHS, len(order)), NODE_MONTH)
    for k, name in enumerate(order):
        row = rivers.nodes[name]
        nodes[k].kind = _KIND[row.kind]
        nodes[k].to = index.get(row.to, -1)
        nodes[k].spill_to = index.get(row.spill_to or row.to, -1)
        nodes[k].section = sections.index(row.section) if row.kind == "junction" else -1
        nodes[k].basin = basins.index(basin_of[name])
        _FILL.get(row.kind, _nothing)(rivers, row, nodes, months, k)
    user_rows, demand, season = _users(rivers, users, index, nodes, months)
    ranges = _sections(rivers, sections, order)
    network = Network(nodes, months, user_rows, demand, season, ranges, _courses(nodes["to"]), in_turns(nodes))
    return network, Names(tuple(order), tuple(row.id for row in users), sections, basins)


def inflow_climatology(rivers: Rivers, names: Names) -> np.ndarray:
    """(12, nodes) mean inflow in km3 a month, net of what the valleys use themselves; zero at other nodes."""
    result = np.zeros((MONTHS, len(names.nodes)))
    for position, name in enumerate(names.nodes):
        if rivers.nodes[name].kind == "inflow":
            result[:, position] = _net_inflow(rivers, name)
    return result


def steady_groundwater(network: Network, k: int) -> float:
    """Mean water in km3 in each of the two stores under the fields of junction k if its users are served in full."""
    inside = network.users["node"] == k
    returned = (network.demand * network.users["return_share"])[:, inside].sum() / MONTHS
    rate = network.nodes[k].drainage
    return float(returned * (1.0 - rate) / rate) if rate > 0.0 else 0.0


def _net_inflow(rivers: Rivers, name: str) -> np.ndarray:
    return np.array(rivers.values(name, "inflow")) * rivers.number(name, "net_share")


def _order(rivers: Rivers) -> list[str]:
    """Nodes but demands, upstream first, each section in one piece, need reservoirs last among what could come next."""
    nodes = {name: node for name, node in rivers.nodes.items() if node.kind != "demand"}
    block = {name: "section:" + node.section if node.kind == "junction" else name for name, node in nodes.items()}
    pending: dict[str, set[str]] = {place: set() for place in block.values()}
    for name, node in nodes.items():
        for target in (node.to, node.spill_to):
            if target and block[target] != block[name]:
                pending[block[target]].add(block[name])
    result: list[str] = []
    while pending:
        free = [place for place, above in pending.items() if not above]
        place = min(free, key=lambda name: name in nodes and nodes[name].rule == "need")
        del pending[place]
        for above in pending.values():
            above.discard(place)
        result += _within([name for name in nodes if block[name] == place], nodes)
    return result


def _within(members: list[str], nodes: dict) -> list[str]:
    """The nodes of a block, upstream first."""
    left, result = list(members), []
    while left:
        fed = {target for name in left for target in (nodes[name].to, nodes[name].spill_to)}
        name = next(name for name in left if name not in fed)
        left.remove(name)
        result.append(name)
    return result


def _basins(rivers: Rivers) -> tuple[tuple[str, ...], dict[str, str]]:
    """Names of the basins and the basin of each node: that of a section above or below it, else its own river."""
    nodes = {name: node for name, node in rivers.nodes.items() if node.kind != "demand"}
    of = {name: rivers.sections[node.section].basin for name, node in nodes.items() if node.kind == "junction"}
    changed = True
    while changed:
        changed = False
        for name, node in nodes.items():
            for target in (node.to, node.spill_to):
                if target and (name in of) != (target in of):
                    of[name] = of[target] = of.get(name, of.get(target, ""))
                    changed = True
    result = {name: of.get(name, node.river) for name, node in nodes.items()}
    return tuple(sorted(set(result.values()))), result


def _nothing(rivers: Rivers, row: RiverNode, nodes: np.recarray, months: np.recarray, k: int) -> None:
    """A kind of node without numbers of its own."""


def _fill_reservoir(rivers: Rivers, row: RiverNode, nodes: np.recarray, months: np.recarray, k: int) -> None:
    for quantity in ("full", "dead", "anomaly_share", "energy_per_water"):
        nodes[quantity][k] = rivers.number(row.id, quantity)
    months["release_cap"][:, k] = rivers.number(row.id, "release_cap")
    ice = np.minimum(rivers.number(row.id, "winter_release_cap"), months["release_cap"][ICE, k])
    months["release_cap"][ICE, k] = ice
    nodes[k].rule = _RULE[row.rule]
    if rivers.has(row.id, "opened"):
        nodes[k].opens = int(rivers.number(row.id, "opened")) * MONTHS
    shape = np.array(rivers.values("shape:evaporation", "fractions"))
    months["evaporation"][:, k] = rivers.number(row.id, "evaporation") * shape
    if rivers.has(row.id, "operating_floor"):
        nodes[k].dead = rivers.number(row.id, "operating_floor")
    if row.rule == "decision":
        for node in rivers.of_kind("inflow"):
            if row.id in _downstream(node.id, rivers):
                months["mean_inflow"][:, k] += _net_inflow(rivers, node.id)
    else:
        active = nodes[k].full - nodes[k].dead
        months["guide"][:, k] = nodes[k].dead + np.array(rivers.values(row.id, "guide")) * active


def _fill_junction(rivers: Rivers, row: RiverNode, nodes: np.recarray, months: np.recarray, k: int) -> None:
    nodes[k].flow_loss = rivers.number(row.id, "loss")
    # two linear reservoirs, each of which keeps the water for half of `return_delay` in the mean (Nash, 1957)
    nodes[k].drainage = 2.0 / (2.0 + rivers.number(row.id, "return_delay"))
    if rivers.has(row.id, "reference_flow"):
        fixed = nodes[k].flow_loss * rivers.number(row.id, "fixed_loss_share")
        nodes[k].flow_loss -= fixed
        months["fixed_loss"][:, k] = fixed * np.array(rivers.values(row.id, "reference_flow"))


def _fill_sink(rivers: Rivers, row: RiverNode, nodes: np.recarray, months: np.recarray, k: int) -> None:
    weighted = rivers.number(row.id, "environment") * rivers.number(row.id, "priority")
    months["environment"][:, k] = weighted * np.array(rivers.values("shape:" + row.shape, "fractions"))


_FILL = {"reservoir": _fill_reservoir, "junction": _fill_junction, "sink": _fill_sink}


def _users(
    rivers: Rivers, rows: list[RiverNode], index: dict[str, int], nodes: np.recarray, months: np.recarray
) -> tuple[np.recarray, np.ndarray, np.ndarray]:
    """The users, their demand and its seasons; enters into nodes and months what they come to at each junction."""
    users, demand, season = records(len(rows), USER), *(np.zeros((MONTHS, len(rows))) for _ in range(2))
    for d, row in enumerate(rows):
        k = index[row.to]
        annual = rivers.number(row.id, "limit") * rivers.number(row.id, "use")
        season[:, d] = rivers.values("shape:" + row.shape, "fractions")
        demand[:, d] = annual * season[:, d]
        users[d].kind = FIRST if row.rule == "first" else SHARED
        users[d].node = k
        users[d].return_share = rivers.number(row.id, "return_share")
        if users[d].kind == SHARED:
            months["shared"][:, k] += demand[:, d]
            months["shared_return"][:, k] += demand[:, d] * users[d].return_share * nodes[k].drainage ** 2
        else:
            nodes[k].has_first = True
    for k in range(len(nodes)):
        nodes[k].users_first = np.searchsorted(users["node"], k, side="left")
        nodes[k].users_stop = np.searchsorted(users["node"], k, side="right")
    return users, demand, season


def _courses(to: np.ndarray) -> np.ndarray:
    """What lies below each node, the last first."""
    courses = np.full((len(to), len(to)), -1)
    for k in range(len(to)):
        below = [k]
        while to[below[-1]] >= 0:
            below.append(to[below[-1]])
        courses[k, : len(below)] = below[::-1]
    return courses


def in_turns(nodes: np.recarray) -> np.ndarray:
    """The nodes with those of different basins in turns: a processor then works on one while another one waits.

    Sources at the head stay there. Within a basin the order stays; where basins are joined so does all of it.
    """
    natural, basin = np.arange(len(nodes)), nodes["basin"]
    for target in (nodes["to"], nodes["spill_to"]):
        if (basin[target] != basin)[target >= 0].any():
            return natural
    head = next(iter(np.flatnonzero(nodes["kind"] != INFLOW)), 0)
    share = np.zeros(len(nodes))
    for inside in ((basin == b) & (natural >= head) for b in np.unique(basin)):
        share[inside] = (1.0 + np.arange(inside.sum())) / max(inside.sum(), 1)
    return np.lexsort((natural, share))


def _sections(rivers: Rivers, names: tuple[str, ...], order: list[str]) -> np.recarray:
    sections = records(len(names), SECTION)
    for s, name in enumerate(names):
        inside = [k for k, node in enumerate(order) if rivers.nodes[node].section == name]
        sections[s].first, sections[s].stop = min(inside), max(inside) + 1
        sections[s].head_weight = 1.0 if _is_last(name, rivers) else rivers.sections[name].head_weight
    return sections


def _is_last(section: str, rivers: Rivers) -> bool:
    """Whether nobody takes water below the section: it then has nobody to save water for."""
    users = {node.to for node in rivers.of_kind("demand")}
    inside = [node.id for node in rivers.of_kind("junction") if node.section == section]
    below = set().union(*(_downstream(name, rivers) for name in inside))
    return not any(name in users and rivers.nodes[name].section != section for name in below)


def _downstream(start: str, rivers: Rivers) -> set[str]:
    """The nodes below `start`, which is included."""
    todo, seen = [start], {start}
    while todo:
        node = rivers.nodes[todo.pop()]
        fresh = {target for target in (node.to, node.spill_to) if target and target not in seen}
        seen |= fresh
        todo += fresh
    return seen
