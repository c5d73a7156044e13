"""One history of the rivers with given flows, for fitting and comparison: no chance, no politics."""

from dataclasses import dataclass, replace
from typing import NamedTuple

import numpy as np

from sim.facts import Rivers
from sim.processes.rivers.balance import balance_error, river_month, underground
from sim.processes.rivers.inflow import fill_inflow
from sim.processes.rivers.network import CLOSED, FILLING, compile_network, inflow_climatology, steady_groundwater
from sim.processes.rivers.release_policy import annual_volume, planned_release
from sim.processes.rivers.reservoirs import open_reservoirs
from sim.processes.rivers.state import new_state

GROUPS = ("naryn", "syr", "vakhsh", "amu")
OCTOBER = 9


class Climatology(NamedTuple):
    """What `fill_inflow` reads of a table."""

    climatology: np.ndarray
    group: np.ndarray


@dataclass(frozen=True)
class History:
    """Volumes by month; `months` are absolute (year * 12 + calendar month - 1), columns named in `names`."""

    months: np.ndarray
    names: object
    storage: np.ndarray
    arrived: np.ndarray
    release: np.ndarray
    delivered: np.ndarray
    wanted: np.ndarray
    shares: np.ndarray
    worst_balance: float

    def node(self, quantity: str, name: str) -> np.ndarray:
        """(months,) a quantity of a node, km3."""
        return getattr(self, quantity)[:, self.names.nodes.index(name)]

    def users(self, quantity: str, *names: str) -> np.ndarray:
        """(months,) `delivered` or `wanted` of users, added, km3."""
        return sum(getattr(self, quantity)[:, self.names.users.index(name)] for name in names)

    def total(self, series: np.ndarray, year: int, first: int = 1, last: int = 12) -> float:
        """Sum of a series from one calendar month of a year to another, both included."""
        inside = (self.months >= year * 12 + first - 1) & (self.months <= year * 12 + last - 1)
        return float(series[inside].sum())

    def on(self, series: np.ndarray, year: int, month: int, day: float) -> float:
        """A storage on a day, between the ends of the months around it."""
        k = int(np.searchsorted(self.months, year * 12 + month - 1))
        part = min(day, 30.4) / 30.4
        return float(series[k - 1] * (1.0 - part) + series[k] * part)


def with_numbers(rivers: Rivers, changes: dict[tuple[str, str], object]) -> Rivers:
    """The rivers with other numbers: (node, quantity) -> a number or twelve."""
    numbers = dict(rivers.numbers)
    for key, value in changes.items():
        text = ";".join(repr(float(part)) for part in np.atleast_1d(value))
        numbers[key] = replace(numbers[key], values=text)
    return replace(rivers, numbers=numbers)


def recorded_factors(rivers: Rivers) -> dict[tuple[int, str], float]:
    """Factors of the recorded years."""
    return {(row.year, row.group): row.factor for row in rivers.inflow_years}


def run(
    rivers,
    first,
    last,
    factors,
    storages=None,
    built=None,
    diverted=None,
    share_diverted=0.0,
    volume_change=0.0,
    mode=None,
):
    """Run absolute months first..last.

    Parameters
    ----------
    factors : (year, group) -> factor of the flow; 1 where missing
    storages : reservoir -> km3 at the start; where missing halfway between dead and full
    built : dam -> (absolute month, years of filling)
    diverted : demand that is served first -> km3 a year, from the first month on
    share_diverted : the same diversion as a share of the flow instead
    volume_change : km3 a year by which decided volumes of Toktogul differ
    mode : decision reservoir -> share of the irrigation profile
    """
    network, names = compile_network(rivers)
    inflow, state = inflow_climatology(rivers, names), new_state(network)
    group = np.array([GROUPS.index(g) if (g := rivers.nodes[name].group) in GROUPS else -1 for name in names.nodes])
    table = Climatology(inflow, group)
    reservoirs = {node.id: names.nodes.index(node.id) for node in rivers.of_kind("reservoir")}
    for name, k in reservoirs.items():
        half = 0.5 * (network.nodes[k].dead + network.nodes[k].full)
        state.nodes[k].storage = (storages or {}).get(name, half)
        if rivers.nodes[name].switch or network.nodes[k].opens > first:
            state.nodes[k].storage, state.nodes[k].condition = 0.0, CLOSED
    for k in range(len(names.nodes)):
        state.nodes[k].soil_water = state.nodes[k].groundwater = steady_groundwater(network, k)
    rows = {name: [] for name in ("storage", "arrived", "release", "delivered", "wanted", "shares")}
    volume, worst = {}, 0.0
    for absolute in range(first, last + 1):
        year, month = divmod(absolute, 12)
        open_reservoirs(network.nodes, state.nodes, absolute)
        for name, (opens, years) in (built or {}).items():
            if absolute == opens:
                dam = state.nodes[reservoirs[name]]
                dam.condition = FILLING
                dam.fill_share = network.nodes[reservoirs[name]].full / years / _mean_flow(rivers, name)
        _decide(rivers, reservoirs, state, volume, month, volume_change, mode or {})
        for name, amount in (diverted or {}).items():
            d = names.users.index(name)
            state.users[d].diversion = amount * network.season[month, d]
            state.users[d].diversion_share = share_diverted
        values = np.array([factors.get((year, name), 1.0) for name in GROUPS])
        fill_inflow(state.nodes, table, month, values, np.ones(len(GROUPS)), 0.0)
        before, under = state.nodes["storage"].copy(), underground(state.nodes)
        river_month(network, month, state)
        worst = max(worst, balance_error(network, state, before, under))
        for name in ("storage", "arrived", "release"):
            rows[name].append(state.nodes[name].copy())
        rows["delivered"].append(state.users["delivered"].copy())
        rows["wanted"].append(state.users["wanted"].copy())
        rows["shares"].append(state.shares.copy())
    months = np.arange(first, last + 1)
    return History(months, names, worst_balance=worst, **{name: np.array(values) for name, values in rows.items()})


def _mean_flow(rivers, dam):
    return sum(sum(rivers.values(node.id, "inflow")) for node in rivers.of_kind("inflow") if node.to == dam)


def _decide(rivers, reservoirs, state, volume, month, volume_change, mode):
    """Volume of the year on 1 October, planned release of the month."""
    for name, k in reservoirs.items():
        if rivers.nodes[name].rule != "decision":
            continue
        if month == OCTOBER or name not in volume:
            change = volume_change if name == "toktogul" else 0.0
            volume[name] = annual_volume(
                rivers.number(name, "annual_volume"),
                rivers.number(name, "storage_feedback"),
                state.nodes[k].storage,
                rivers.number(name, "reference_storage"),
                change,
                0.0,
            )
        share = mode.get(name, rivers.number(name, "mode_share"))
        profiles = rivers.values(name, "irrigation_profile")[month], rivers.values(name, "power_profile")[month]
        state.nodes[k].planned = planned_release(volume[name], share, *profiles)
