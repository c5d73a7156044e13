"""The shapes of the rivers: what is given of them, and what one member's rivers hold.

Everything is a record of arrays of fixed size, which compiled functions hand on for nothing; arrays by themselves would
be counted at every call. A network with other numbers of nodes is therefore compiled once more when it first runs.
"""

from dataclasses import dataclass
from typing import Any, NamedTuple

import numpy as np

from sim.engine.arrays import copy_into
from sim.engine.compiled import compiled
from sim.engine.layout import REAL, WHOLE, record, records
from sim.engine.process import FIXED, Channel, Field, Process, channel_fields, dtype_of
from sim.processes.rivers.network import MONTHS, NODE, NODE_MONTH, OPERATING, SECTION, USER, Network

FIRST_RECORDED = 1992  # year of the first storages: here the rivers begin
RECORDED_YEARS = 60
MAX_SEEN = 64  # recorded storages

NODE_STATE = np.dtype(
    [
        (name, np.float64)
        for name in (
            "storage",
            "fill_share",
            "inflow",
            "planned",
            "arrived",
            "release",
            "spill",
            "evaporation",
            "loss",
            "soil_water",
            "groundwater",
            "plain",
            "taken",
            "spared",
            "spared_return",
        )
    ]
    + [("condition", np.int64), ("own_share", np.int64)]
)
USER_STATE = np.dtype(
    [(name, np.float64) for name in ("diversion", "diversion_share", "spared", "wanted", "delivered")]
)
BASIN_STATE = np.dtype([(name, np.float64) for name in ("supply", "demand", "share")])


class RiverState(NamedTuple):
    """Storage, the month's inputs and the month's results of one member, as records; volumes in km3.

    Attributes
    ----------
    nodes : (nodes,) of `NODE_STATE`. Carried on: `storage`, `condition` (0 not built, 1 filling, 2 operating),
        `fill_share` (share of the inflow retained while filling), `own_share` (0/1, out of the owner's own water),
        `soil_water` and `groundwater` (under the fields of a junction, on the way back to the river: the one drains
        into the other). Inputs of a month: `inflow`,
        `planned` (release of a decision reservoir), `spared` (of the shared demand of a junction, given up this month)
        and `spared_return` (what would have returned of it in the same month). Results: `arrived`, `release`, `spill`,
        `evaporation`, `loss`. Scratch: `plain`, `taken`
    users : (users,) of `USER_STATE`. Inputs: `diversion` and `diversion_share`, taken before sharing, in km3 a month
        and as a share of the flow, and `spared`, km3 of a shared demand given up. Results: `wanted`, `delivered`
    shares : (sections,) share of the demand served
    basins : (basins,) of `BASIN_STATE`: expected supply and demand, share under an equal cut
    """

    nodes: np.recarray
    users: np.recarray
    shares: np.ndarray
    basins: np.recarray


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
    states: int  # with users on the rivers
    storages: int  # that are followed from month to month
    sinks: int  # likewise


PROCESS = Process(
    "rivers",
    state={
        "account": (
            Field("news", ("group",), None, "working space: what is new in the year's shock, by itself"),
            Field("surprise", ("group",), None, "working space: what the record says beyond it"),
            Field("unrecorded", ("group",), None, "working space: nan, no factor is on record"),
            Field("normals", ("normal",), None, "standard normals of the year"),
            Field("shock", ("group",), None, "of the year, standard normal"),
            Field("factor", ("group",), None, "flow of the year over the mean"),
            Field("climate", ("group",), None, "mean flow over today's mean"),
            Field("earlier", (), None, "months by which the melt has come forward since the branch"),
            Field("trend", ("group",), None, "log change a year, beyond the member's own"),
            Field("drought", ("group",), None, "factor a scenario puts on top"),
            Field("scale", ("group",), None, "all of these but the factor of the year"),
            Field("volume", ("dam",), None, "km3 decided for the year, negative before the first decision"),
            Field("share", ("dam",), None, "of the irrigation profile"),
            Field("agreed", ("dam",), None, "km3, April to September"),
            Field("released", ("dam",), None, "km3, April to September so far"),
            Field("compliance", ("dam",), None, "released of what was agreed"),
            Field("change", ("dam",), None, "km3 a year, a deliberate cut or surge of a scenario"),
            Field("barter", ("dam",), None, "million USD a year"),
            Field("transfer", ("dam",), None, "million USD a year"),
            Field("wanted_by_month", ("account", "month"), None, "km3"),
            Field("delivered_by_month", ("account", "month"), None, "km3"),
            Field("month_wanted", ("account",), None, "km3"),
            Field("month_delivered", ("account",), None, "km3"),
            Field("wanted", ("account",), None, "of the last twelve months"),
            Field("delivered", ("account",), None, "the same"),
            Field("account_deficit", ("account",), None, "unmet share"),
            Field("state_wanted", ("state",), None, "working space"),
            Field("state_delivered", ("state",), None, "working space"),
            Field("needed", ("basin",), None, "of the last twelve months"),
            Field("served", ("basin",), None, "the same"),
            Field("month_deficit", ("state",), None, "unmet share of the month"),
            Field("year_deficit", ("state",), None, "unmet share of the last twelve months"),
            Field("season_deficit", ("state",), None, "of the last water year"),
            Field("power", ("state",), None, "TWh this winter"),
            Field("winter_months", (), None, "of this winter so far", whole=True),
            Field("power_deficit", ("state",), None, "of the last winter"),
            Field("power_short", ("state",), None, "TWh missing last winter"),
            Field("loss_water", ("state",), None, "share of GDP, last water year"),
            Field("loss_energy", ("state",), None, "share of GDP, last winter"),
            Field("value", ("state",), None, "share of GDP lost without any irrigation"),
            Field("year_flow", ("node",), None, "km3 that left the node this year"),
            Field("year_wanted", ("user",), None, "km3 this year"),
            Field("year_delivered", ("user",), None, "km3 this year"),
            Field("diverted", ("user",), None, "km3 a year taken before any is shared"),
            Field("flood", ("basin",), None, "km3 spilled this winter"),
            Field("performance", ("basin",), None, "of the last twelve months"),
            Field("known_until", (), 0, "month up to which the past has been simulated beforehand", whole=True),
        )
    },
    own_channels=(
        Channel("common_key", "inflow"),
        Channel("basin_key", "inflow:{basin}", ("basin",)),
        Channel("group_key", "inflow:{group}", ("group",)),
        Channel("dam_key", "release:{dam}", ("dam",)),
        Channel("pair_key", "dispute:{riparians}", ("riparians",)),  # whether there is a dispute, and how grave it is
    ),
    parameters=("water",),
)


def river_axes(n: RiverSizes, states: int) -> dict[str, int]:
    """How many entries the axes of declared fields of the rivers have."""
    own = {"node": n.nodes, "user": n.users, "basin": n.basins, "group": n.groups, "dam": n.dams, "account": n.accounts}
    return {**FIXED, **own, "riparians": n.pairs, "normal": 1 + n.basins + n.groups, "state": states}


class RiverInputs(NamedTuple):
    """All that is given of the rivers. Each attribute but `start` is a record.

    Attributes
    ----------
    network : what `sim.processes.rivers.network.Network` holds, under the same names
    table : see `river_table_fields`
    start : `Rivers` in January of FIRST_RECORDED
    """

    network: Any
    table: Any
    start: Any


class Rivers(NamedTuple):
    """One member's rivers: the month's `flows`, as `RiverState`, and its `account`."""

    flows: Any
    account: Any


def network_fields(n: RiverSizes) -> list[tuple]:
    """Fields of the network, in the types and under the names of `Network`."""
    return [
        ("nodes", _of(NODE), n.nodes),
        ("months", _of(NODE_MONTH), (MONTHS, n.nodes)),
        ("users", _of(USER), n.users),
        ("demand", REAL, (MONTHS, n.users)),
        ("season", REAL, (MONTHS, n.users)),
        ("sections", _of(SECTION), n.sections),
        ("courses", WHOLE, (n.nodes, n.nodes)),
        ("order", WHOLE, n.nodes),
    ]


def flow_fields(n: RiverSizes) -> list[tuple]:
    """Fields of the flows, in the types and under the names of `RiverState`."""
    return [
        ("nodes", _of(NODE_STATE), n.nodes),
        ("users", _of(USER_STATE), n.users),
        ("shares", REAL, n.sections),
        ("basins", _of(BASIN_STATE), n.basins),
    ]


def _of(kind: np.dtype) -> np.dtype:
    """The type of a record whose fields are attributes, compiled or not."""
    return np.dtype((np.record, kind))


# what is expected to be built or to grow
_EXPECTED = [
    ("canal", WHOLE),  # expected user that is served first, -1 = none
    ("rogun", WHOLE),  # expected dam, -1 = none or not expected
    ("kambarata", WHOLE),
    ("growing_need", WHOLE),  # 0/1, whether more winter power is needed from year to year
    ("seller", WHOLE),  # dam whose summer power is expected to be sold to South Asia, -1 = none
]


def river_table_fields(n: RiverSizes, states: int) -> list[tuple]:
    """Fields of the table of a `RiverInputs`."""
    return [
        ("n_yearly", WHOLE),  # yearly series
        ("climatology", REAL, (MONTHS, n.nodes)),  # km3 a month
        ("group", WHOLE, n.nodes),  # of rivers, -1 = nothing flows in
        ("state", WHOLE, n.nodes),  # whose power it makes, -1 = nobody's
        ("mean_flow", REAL, n.nodes),  # km3 a year
        ("giver", WHOLE, n.nodes),  # user who gives up what a new dam keeps out of its owner's share, -1 = none
        ("account_of_user", WHOLE, n.users),  # -1 = a user of no state that is counted
        ("variation", REAL, n.groups),  # coefficient of variation
        ("basin_of_group", WHOLE, n.groups),
        ("recent", WHOLE, n.groups),  # 0/1, its mean is lower in recent years
        ("recent_basin", WHOLE, n.groups),  # 0/1, in a basin with such a group, which has the climate trend in full
        ("recorded", REAL, (RECORDED_YEARS, n.groups)),  # factor from FIRST_RECORDED on, nan without one
        ("shared_surprise", REAL, (RECORDED_YEARS, n.groups, n.groups)),  # see `recorded_weights`
        ("seen_month", WHOLE, MAX_SEEN),  # month at whose end a storage is recorded, the last first, -1 = none
        ("seen_node", WHOLE, MAX_SEEN),
        ("seen_storage", REAL, MAX_SEEN),  # km3
        ("dam_node", WHOLE, n.dams),
        ("dam_state", WHOLE, n.dams),
        ("dam_basin", WHOLE, n.dams),
        ("dam_river", WHOLE, n.dams),  # place among the rivers with parameters, 2 for another one
        ("own_barter", REAL, n.dams),  # million USD a year, of a dam on another river
        ("own_noise", REAL, n.dams),  # km3 a year, likewise
        ("usual_volume", REAL, n.dams),  # km3 a year
        ("feedback", REAL, n.dams),
        ("reference", REAL, n.dams),  # km3 on 1 October
        ("earlier_reference", REAL, n.dams),  # the same before 2014
        ("ordinary", REAL, n.dams),  # mode share
        ("irrigation", REAL, (n.dams, MONTHS)),
        ("power", REAL, (n.dams, MONTHS)),
        ("account_state", WHOLE, n.accounts),
        ("account_basin", WHOLE, n.accounts),
        ("pair_down", WHOLE, n.pairs),
        ("pair_up", WHOLE, n.pairs),  # -1 = a neighbour without treaty agency
        ("pair_basin", WHOLE, n.pairs),  # -1 = not in the network
        ("pair_account", WHOLE, n.pairs),  # of the downstream state, -1 = its shortage is not theirs to quarrel over
        ("winter_need", REAL, states),  # TWh
        ("import_limit", REAL, states),  # TWh a winter that can be bought
        ("import_cost", REAL, states),  # share of GDP for a TWh
        *_EXPECTED,
        ("river_state", WHOLE, n.states),
        ("storage_node", WHOLE, n.storages),
        ("sink_node", WHOLE, n.sinks),
        ("documented_water", REAL, states),  # mean of the deficit to the power of damage
        ("documented_energy", REAL, states),
        ("documented_import", REAL, states),  # mean of TWh bought in a winter
        *channel_fields(PROCESS.own_channels, river_axes(n, states)),
    ]


def empty_rivers(n: RiverSizes, states: int) -> Rivers:
    """Rivers of the right shapes, dry."""
    return Rivers(record(flow_fields(n)), record(dtype_of(PROCESS.state["account"], river_axes(n, states))))


def new_state(network: Network) -> RiverState:
    """An empty state of the right sizes, every reservoir operating and dry, nothing diverted."""
    nodes = records(len(network.nodes), NODE_STATE)
    nodes["condition"] = OPERATING
    basins = int(network.nodes["basin"].max(initial=-1)) + 1
    return RiverState(
        nodes, records(len(network.users), USER_STATE), np.ones(len(network.sections)), records(basins, BASIN_STATE)
    )


@compiled
def copy_rivers(source, target):
    """All that changes in `source` into `target`, in place."""
    for k in range(source.flows.nodes.shape[0]):
        target.flows.nodes[k] = source.flows.nodes[k]
    for d in range(source.flows.users.shape[0]):
        target.flows.users[d] = source.flows.users[d]
    copy_into(target.flows.shares, source.flows.shares)
    for b in range(source.flows.basins.shape[0]):
        target.flows.basins[b] = source.flows.basins[b]
    copy_account(source.account, target.account)


@compiled
def copy_account(source, target):
    """What an account carries on; the rest follows from it in the next month, or is a member's own."""
    copy_into(target.shock, source.shock)
    copy_into(target.year_flow, source.year_flow)
    copy_into(target.year_wanted, source.year_wanted)
    copy_into(target.year_delivered, source.year_delivered)
    copy_into(target.factor, source.factor)
    copy_into(target.volume, source.volume)
    copy_into(target.share, source.share)
    copy_into(target.agreed, source.agreed)
    copy_into(target.released, source.released)
    copy_into(target.compliance, source.compliance)
    for k in range(target.wanted_by_month.shape[0]):
        copy_into(target.wanted_by_month[k], source.wanted_by_month[k])
    for k in range(target.delivered_by_month.shape[0]):
        copy_into(target.delivered_by_month[k], source.delivered_by_month[k])
    copy_into(target.season_deficit, source.season_deficit)
    copy_into(target.power, source.power)
    target.winter_months = source.winter_months
    copy_into(target.power_deficit, source.power_deficit)
    copy_into(target.power_short, source.power_short)
    copy_into(target.flood, source.flood)
