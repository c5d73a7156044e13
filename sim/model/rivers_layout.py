"""The shapes of the rivers: what is given of them, and what one member's rivers hold.

Everything is a record of arrays of fixed size, which compiled functions hand on for nothing; arrays by themselves would
be counted at every call. A network with other numbers of nodes is therefore compiled once more when it first runs.
"""

from dataclasses import dataclass
from typing import Any, NamedTuple

import numpy as np

from sim.processes.rivers.balance import BASIN_STATE, NODE_STATE, USER_STATE
from sim.processes.rivers.network import MONTHS, NODE, NODE_MONTH, SECTION, USER

FIRST_RECORDED = 1992  # year of the first storages: here the reconstruction of the rivers begins
RECORDED_YEARS = 60
MAX_YEARS = 110
MAX_SEEN = 64  # recorded storages
WATCHED_STORAGES = ("toktogul", "nurek", "kairakkum")
WATCHED_SINKS = ("north_aral", "large_aral")
LEVELS = 5  # of the BAR scale below zero
RIVER_STATES = ("KAZ", "KGZ", "TJK", "TKM", "UZB")  # with users on the rivers
RIVER_MONTHLY = (
    *(f"deficit.{state}" for state in RIVER_STATES),
    *(f"storage.{name}" for name in WATCHED_STORAGES),
    "inflow.north_aral",
    "inflow.delta",
)

_REAL, _WHOLE, _KEY = np.float64, np.int64, np.uint64


@dataclass(frozen=True)
class RiverSizes:
    """How many of each there are."""

    nodes: int
    users: int
    sections: int
    basins: int
    groups: int
    dams: int  # whose release is decided
    accounts: int  # state and basin with users
    pairs: int  # downstream and upstream state


class RiverInputs(NamedTuple):
    """All that is given of the rivers. Each attribute but `start` is a record.

    Attributes
    ----------
    network : what `sim.processes.rivers.network.Network` holds, under the same names
    table : see `river_table_fields`
    past : see `past_fields`
    start : `Rivers` at the branch
    """

    network: Any
    table: Any
    past: Any
    start: Any


class Rivers(NamedTuple):
    """One member's rivers: the month's `flows`, as `sim.processes.rivers.balance.RiverState`, and its `account`."""

    flows: Any
    account: Any


def network_fields(n: RiverSizes) -> list[tuple]:
    """Fields of the network, in the types and under the names of `Network`."""
    return [
        ("nodes", _of(NODE), n.nodes),
        ("months", _of(NODE_MONTH), (MONTHS, n.nodes)),
        ("users", _of(USER), n.users),
        ("demand", _REAL, (MONTHS, n.users)),
        ("season", _REAL, (MONTHS, n.users)),
        ("sections", _of(SECTION), n.sections),
    ]


def flow_fields(n: RiverSizes) -> list[tuple]:
    """Fields of the flows, in the types and under the names of `RiverState`."""
    return [
        ("nodes", _of(NODE_STATE), n.nodes),
        ("users", _of(USER_STATE), n.users),
        ("shares", _REAL, n.sections),
        ("basins", _of(BASIN_STATE), n.basins),
    ]


def past_fields(monthly: int, yearly: int) -> list[tuple]:
    """Fields of the series of the reconstruction, by month and year of the run, as far as the branch."""
    return [("monthly", _REAL, (MAX_YEARS * MONTHS, monthly)), ("yearly", _REAL, (MAX_YEARS, yearly))]


def _of(kind: np.dtype) -> np.dtype:
    """The type of a record whose fields are attributes, compiled or not."""
    return np.dtype((np.record, kind))


def river_table_fields(n: RiverSizes, states: int) -> list[tuple]:
    """Fields of the table of a `RiverInputs`."""
    return [
        ("n_yearly", _WHOLE),  # yearly series
        ("climatology", _REAL, (MONTHS, n.nodes)),  # km3 a month
        ("group", _WHOLE, n.nodes),  # of rivers, -1 = nothing flows in
        ("state", _WHOLE, n.nodes),  # whose power it makes, -1 = nobody's
        ("mean_flow", _REAL, n.nodes),  # km3 a year
        ("account_of_user", _WHOLE, n.users),  # -1 = a user of no state that is counted
        ("variation", _REAL, n.groups),  # coefficient of variation
        ("basin_of_group", _WHOLE, n.groups),
        ("recent", _WHOLE, n.groups),  # 0/1, its mean is lower in recent years
        ("recorded", _REAL, (RECORDED_YEARS, n.groups)),  # factor from FIRST_RECORDED on, nan without one
        ("seen_month", _WHOLE, MAX_SEEN),  # month at whose end a storage is recorded, -1 = none
        ("seen_node", _WHOLE, MAX_SEEN),
        ("seen_storage", _REAL, MAX_SEEN),  # km3
        ("dam_node", _WHOLE, n.dams),
        ("dam_state", _WHOLE, n.dams),
        ("dam_basin", _WHOLE, n.dams),
        ("dam_river", _WHOLE, n.dams),  # 0 Naryn, 1 Vakhsh, 2 another one
        ("usual_volume", _REAL, n.dams),  # km3 a year
        ("feedback", _REAL, n.dams),
        ("reference", _REAL, n.dams),  # km3 on 1 October
        ("earlier_reference", _REAL, n.dams),  # the same before 2014
        ("ordinary", _REAL, n.dams),  # mode share
        ("irrigation", _REAL, (n.dams, MONTHS)),
        ("power", _REAL, (n.dams, MONTHS)),
        ("account_state", _WHOLE, n.accounts),
        ("account_basin", _WHOLE, n.accounts),
        ("pair_down", _WHOLE, n.pairs),
        ("pair_up", _WHOLE, n.pairs),  # -1 = a neighbour without treaty agency
        ("pair_basin", _WHOLE, n.pairs),
        ("pair_account", _WHOLE, n.pairs),  # of the downstream state
        ("winter_need", _REAL, states),  # TWh
        ("river_state", _WHOLE, len(RIVER_STATES)),
        ("storage_node", _WHOLE, len(WATCHED_STORAGES)),
        ("sink_node", _WHOLE, len(WATCHED_SINKS)),
        ("documented_water", _REAL, states),  # mean of the deficit to the power of damage
        ("documented_energy", _REAL, states),
        ("common_key", _KEY, (1, 2)),
        ("basin_key", _KEY, (n.basins, 2)),
        ("group_key", _KEY, (n.groups, 2)),
        ("dam_key", _KEY, (n.dams, 2)),
        ("dispute_key", _KEY, (1, 2)),  # whether there is one, four pairs at a time
        ("pair_key", _KEY, (n.pairs, 2)),  # how grave it is
    ]


def account_fields(n: RiverSizes, states: int) -> list[tuple]:
    """Fields of the account of a member's `Rivers`."""
    return [
        ("shock", _REAL, n.groups),  # of the year, standard normal
        ("factor", _REAL, n.groups),  # flow of the year over the mean
        ("climate", _REAL, n.groups),  # mean flow over today's mean
        ("trend", _REAL, n.groups),  # log change a year, beyond the member's own
        ("drought", _REAL, n.groups),  # factor a scenario puts on top
        ("scale", _REAL, n.groups),  # all of these but the factor of the year
        ("volume", _REAL, n.dams),  # km3 decided for the year, negative before the first decision
        ("share", _REAL, n.dams),  # of the irrigation profile
        ("agreed", _REAL, n.dams),  # km3, April to September
        ("released", _REAL, n.dams),  # km3, April to September so far
        ("compliance", _REAL, n.dams),
        ("change", _REAL, n.dams),  # km3 a year, a deliberate cut or surge of a scenario
        ("barter", _REAL, n.dams),  # million USD a year
        ("transfer", _REAL, n.dams),  # million USD a year
        ("wanted_by_month", _REAL, (n.accounts, MONTHS)),
        ("delivered_by_month", _REAL, (n.accounts, MONTHS)),
        ("month_wanted", _REAL, n.accounts),
        ("month_delivered", _REAL, n.accounts),
        ("wanted", _REAL, n.accounts),  # of the last twelve months
        ("delivered", _REAL, n.accounts),
        ("account_deficit", _REAL, n.accounts),
        ("state_wanted", _REAL, (2, states)),  # of the month, of the last twelve
        ("state_delivered", _REAL, (2, states)),
        ("needed", _REAL, n.basins),  # of the last twelve months
        ("served", _REAL, n.basins),
        ("month_deficit", _REAL, states),
        ("year_deficit", _REAL, states),
        ("season_deficit", _REAL, states),  # of the last water year
        ("power", _REAL, states),  # TWh this winter
        ("winter_months", _WHOLE),  # of this winter so far
        ("power_deficit", _REAL, states),  # of the last winter
        ("loss_water", _REAL, states),  # share of GDP, last water year
        ("loss_energy", _REAL, states),  # share of GDP, last winter
        ("value", _REAL, states),  # share of GDP lost without any irrigation
        ("year_flow", _REAL, n.nodes),  # km3 that left the node this year
        ("year_wanted", _REAL, n.users),  # km3 this year
        ("year_delivered", _REAL, n.users),
        ("diverted", _REAL, n.users),  # km3 a year taken before any is shared
        ("flood", _REAL, n.basins),  # km3 spilled this winter
        ("performance", _REAL, n.basins),  # of the last twelve months
    ]


def empty_rivers(n: RiverSizes, states: int) -> Rivers:
    """Rivers of the right shapes, dry."""
    return Rivers(record(flow_fields(n)), record(account_fields(n, states)))


def record(fields: list[tuple]) -> np.record:
    """A zeroed record with these fields (name, type, shape)."""
    return np.zeros(1, np.dtype(fields, align=True)).view(np.recarray)[0]
