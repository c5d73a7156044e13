"""The rivers as the engine runs on them: tables as arrays, dated events of a scenario as lines of the schedule.

The tables come in as rows that have been loaded and checked; of a scenario nothing is needed but its events.
"""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from sim.engine.layout import record
from sim.engine.process import fill_channels
from sim.facts.load import Rivers as RiverFacts
from sim.processes.rivers.expected import CANAL, KAMBARATA, LINE, POWER, ROGUN
from sim.processes.rivers.inflow import recorded_weights
from sim.processes.rivers.network import (
    CLOSED,
    INFLOW,
    OPERATING,
    Names,
    Network,
    compile_network,
    inflow_climatology,
    steady_groundwater,
)
from sim.processes.rivers.past import documented_shortfall
from sim.processes.rivers.recording import river_monthly_series, river_yearly_series
from sim.processes.rivers.release_policy import FIRST_RIVER, OTHER_RIVER
from sim.processes.rivers.state import (
    FIRST_RECORDED,
    MAX_SEEN,
    PROCESS,
    RECORDED_YEARS,
    RiverInputs,
    Rivers,
    RiverSizes,
    empty_rivers,
    network_fields,
    river_table_fields,
)
from sim.processes.rivers.step import ALL, BY_SHARE, BY_VOLUME, OF_THE_RIVER, OWN_SHARE

RECORD_ENDS = 2024 * 12 + 8  # last month of the last recorded water year
FIT_BEGINS = 2020 * 12 + 8  # August 2020, counted from month 1
_LOWER_SINCE_2018 = "water.other_{group}_since_2018"  # parameter of a group whose mean is lower since
RIVER_EVENTS = (
    "withdrawal",
    "dam-filling",
    "release-cut",
    "barter",
    "transfer",
    "inflow-trend",
    "drought",
)
_PASTS = 16  # members whose past is averaged for what shortfalls were worth
USUAL = -1.0  # a barter that goes back to what it is without the scenario
Line = tuple[int, str, int, int, float]  # month, kind, subject, a, value


@dataclass(frozen=True, eq=False)
class RiverWorld:
    """The rivers by name and by number: what the rest of the world needs to find a node, a user or a dam."""

    facts: RiverFacts
    network: Network
    names: Names
    groups: tuple[str, ...]
    dams: tuple[str, ...]
    accounts: tuple[tuple[str, str], ...]  # state and basin
    states: tuple[str, ...]  # with users on the rivers
    sizes: RiverSizes

    @property
    def yearly_names(self) -> list[str]:
        """Names of the yearly series."""
        return river_yearly_series(self.facts, self.names, self.states)

    @property
    def monthly_names(self) -> list[str]:
        """Names of the monthly series."""
        return river_monthly_series(self.facts, self.states)


def gather_rivers(facts: RiverFacts, states: tuple[str, ...]) -> RiverWorld:
    """The rivers of checked tables, a user's own additions included."""
    network, names = compile_network(facts)
    groups = tuple(dict.fromkeys(facts.nodes[name].group for name in names.nodes if facts.nodes[name].group))
    dams = tuple(name for name in names.nodes if facts.nodes[name].rule == "decision")
    accounts = tuple(
        dict.fromkeys(
            (state, basin_of_user(facts, user))
            for user in names.users
            for state in whose(facts, user)
            if state in states
        )
    )
    users_of = tuple(state for state in states if any(state == whose for whose, _ in accounts))
    sizes = RiverSizes(
        len(names.nodes),
        len(names.users),
        len(names.sections),
        len(names.basins),
        len(groups),
        len(dams),
        len(accounts),
        len(facts.pairs),
        len(users_of),
        *(sum(row.series == series for row in facts.watched) for series in ("storage", "inflow")),
    )
    return RiverWorld(facts, network, names, groups, dams, accounts, users_of, sizes)


def whose(facts: RiverFacts, user: str) -> tuple[str, ...]:
    """The state in which a user is counted; one of several states is counted in none."""
    return facts.nodes[user].states if len(facts.nodes[user].states) == 1 else ()


def basin_of_user(facts: RiverFacts, user: str) -> str:
    """The basin of the section that a user takes water from."""
    return facts.sections[facts.nodes[facts.nodes[user].to].section].basin


def river_inputs(
    world: RiverWorld, states, clock, params, seed: int, expected: tuple[str, ...] = (), with_past: bool = True
) -> RiverInputs:
    """All that is given of the rivers, what shortfalls the documented past had included unless unwanted.

    Parameters
    ----------
    states : ids of the states
    clock : the run's clock
    params : one row of parameters at their central values
    expected : switches of what is expected to be built, and POWER if demand for winter power is expected to grow
    """
    start = empty_rivers(world.sizes, len(states))
    network, table = record(network_fields(world.sizes)), record(river_table_fields(world.sizes, len(states)))
    for name in network.dtype.names:
        getattr(network, name)[:] = getattr(world.network, name)
    given = RiverInputs(network, table, start)
    fill_table(given.table, world, states, seed)
    fill_expected(given.table, world, expected)
    shares = params.water_inflow_common, params.water_inflow_basin
    table.shared_surprise = recorded_weights(table.recorded, table.basin_of_group, *shares)
    fill_first_storages(start, world)
    if not with_past:
        return given
    rivers = empty_rivers(world.sizes, len(states))
    shortfall = documented_shortfall(rivers, given, params, max(RECORD_ENDS, clock.branch - 1), _PASTS)
    table.documented_water, table.documented_energy, table.documented_import = shortfall.T
    if clock.branch <= FIRST_RECORDED * 12:
        # no season has ended yet: the first ones are taken to be like those on record
        for name, mean in (("season_deficit", shortfall[:, 0]), ("power_deficit", shortfall[:, 1])):
            getattr(start.account, name)[:] = mean ** (1.0 / params.water_damage_exponent)
        short = start.account.power_deficit * table.winter_need + table.documented_import
        start.account.power_short[:] = short
    return given


def fill_places(table, world: RiverWorld, states) -> None:
    """Flow, group of rivers and state of every node; a node of several states makes power for none."""
    table.climatology = inflow_climatology(world.facts, world.names)
    table.mean_flow = table.climatology.sum(axis=0)
    for k, name in enumerate(world.names.nodes):
        node = world.facts.nodes[name]
        table.group[k] = world.groups.index(node.group) if world.network.nodes[k].kind == INFLOW else -1
        table.state[k] = states.index(node.states[0]) if len(node.states) == 1 and node.states[0] in states else -1
        if world.network.nodes[k].to >= 0:
            table.mean_flow[world.network.nodes[k].to] += table.mean_flow[k]
        table.giver[k] = giving_user(world, name)


def giving_user(world: RiverWorld, dam: str) -> int:
    """The user who goes without what a new dam keeps out of its owner's share: the owner's largest; -1 for none."""
    node = world.facts.nodes[dam]
    if not node.switch or node.kind != "reservoir":
        return -1
    basin = world.names.basins[world.network.nodes[world.names.nodes.index(dam)].basin]
    demand = world.network.demand.sum(axis=0)
    users = [
        d
        for d, user in enumerate(world.names.users)
        if whose(world.facts, user) == node.states and basin_of_user(world.facts, user) == basin and demand[d] > 0.0
    ]
    return max(users, key=lambda d: demand[d], default=-1)


def accounts_of_users(world: RiverWorld) -> np.ndarray:
    """The account in which each user is counted, -1 for a user of no state that is counted."""
    of_user = [(*whose(world.facts, user), basin_of_user(world.facts, user)) for user in world.names.users]
    return np.array([world.accounts.index(key) if key in world.accounts else -1 for key in of_user], dtype=np.int64)


def fill_table(table, world: RiverWorld, states, seed: int) -> None:
    """The table of a `RiverInputs`."""
    facts, names, basins = world.facts, world.names, world.names.basins
    table.n_yearly = len(world.yearly_names)
    fill_places(table, world, states)
    table.account_of_user = accounts_of_users(world)
    fill_groups(table, world)
    fill_seen(table, world)
    for k, dam in enumerate(world.dams):
        fill_dam(table, world, k, dam, states)
    for a, (state, basin) in enumerate(world.accounts):
        table.account_state[a], table.account_basin[a] = states.index(state), basins.index(basin)
    for k, pair in enumerate(facts.pairs):
        table.pair_down[k] = states.index(pair.downstream)
        table.pair_up[k] = states.index(pair.upstream) if pair.upstream in states else -1
        table.pair_basin[k] = basins.index(pair.basin) if pair.basin in basins else -1
        account = (pair.downstream, pair.basin)
        table.pair_account[k] = -1 if pair.balance or account not in world.accounts else world.accounts.index(account)
    for i, state in enumerate(states):
        for field, quantity in (
            (table.winter_need, "winter_power_need"),
            (table.import_limit, "power_import_limit"),
            (table.import_cost, "power_import_cost"),
        ):
            if facts.has(f"state:{state}", quantity):
                field[i] = facts.number(f"state:{state}", quantity)
    table.river_state = [states.index(state) for state in world.states]
    table.storage_node = [names.nodes.index(row.node) for row in facts.watched if row.series == "storage"]
    table.sink_node = [names.nodes.index(row.node) for row in facts.watched if row.series == "inflow"]
    riparians = [f"{pair.downstream}-{pair.upstream}:{pair.basin}" for pair in facts.pairs]
    named = {"basin": basins, "group": world.groups, "dam": world.dams, "riparians": riparians}
    fill_channels(table, PROCESS.own_channels, seed, named)


def fill_expected(table, world: RiverWorld, expected: tuple[str, ...]) -> None:
    """Where what is expected stands in the network; -1 for what is not expected or not there."""
    place = {world.facts.nodes[name].switch: k for k, name in enumerate(world.names.nodes)}
    place |= {world.facts.nodes[name].switch: d for d, name in enumerate(world.names.users)}
    table.canal, table.rogun, table.kambarata = (
        place.get(switch, -1) if switch in expected else -1 for switch in (CANAL, ROGUN, KAMBARATA)
    )
    table.growing_need = int(POWER in expected)
    sellers = np.flatnonzero(table.dam_river == FIRST_RIVER)
    table.seller = sellers[0] if LINE in expected and len(sellers) else -1


def fill_groups(table, world: RiverWorld) -> None:
    """Groups of rivers: how much they vary, where they belong, and their recorded years."""
    table.recorded[:] = np.nan
    for g, group in enumerate(world.groups):
        node = next(k for k, name in enumerate(world.names.nodes) if world.facts.nodes[name].group == group)
        table.variation[g] = world.facts.number(f"group:{group}", "variation")
        table.basin_of_group[g] = world.network.nodes[node].basin
        table.recent[g] = int(_LOWER_SINCE_2018.format(group=group) in world.facts.parameters)
    for g in range(len(world.groups)):
        together = table.basin_of_group == table.basin_of_group[g]
        table.recent_basin[g] = int((table.recent * together).any())
    for g, group in enumerate(world.groups):
        for row in world.facts.inflow_years:
            if row.group == group and 0 <= row.year - FIRST_RECORDED < RECORDED_YEARS:
                table.recorded[row.year - FIRST_RECORDED, g] = row.factor


def fill_seen(table, world: RiverWorld) -> None:
    """Recorded storages up to the years of the fit; one of the first half of a month counts for the end of the last."""
    table.seen_month[:] = -1
    found = []
    for row in world.facts.observations:
        node = row.series.removesuffix("_storage")
        if node != row.series and node in world.names.nodes and len(row.date) == len("2020-08-12"):
            year, month, day = (int(part) for part in row.date.split("-"))
            if year * 12 + month <= FIT_BEGINS:
                found.append((year * 12 + month - 1 - int(day <= 15), world.names.nodes.index(node), row.value))
    last_first = sorted(found[:MAX_SEEN], key=lambda seen: seen[0], reverse=True)
    for n, (month, node, storage) in enumerate(last_first):
        table.seen_month[n], table.seen_node[n], table.seen_storage[n] = month, node, storage


def fill_dam(table, world: RiverWorld, k: int, dam: str, states) -> None:
    """A dam whose release its state decides."""
    facts, node = world.facts, world.names.nodes.index(dam)
    table.dam_node[k], table.dam_state[k] = node, states.index(facts.nodes[dam].states[0])
    table.dam_basin[k] = world.network.nodes[node].basin
    river, known = facts.nodes[dam].river.lower(), facts.with_parameters
    table.dam_river[k] = known.index(river) if river in known else OTHER_RIVER
    if table.dam_river[k] == OTHER_RIVER:
        table.own_barter[k], table.own_noise[k] = facts.number(dam, "barter"), facts.number(dam, "volume_noise")
    table.usual_volume[k], table.feedback[k] = facts.number(dam, "annual_volume"), facts.number(dam, "storage_feedback")
    table.reference[k] = table.earlier_reference[k] = facts.number(dam, "reference_storage")
    if facts.has(dam, "reference_storage_before_2014"):
        table.earlier_reference[k] = facts.number(dam, "reference_storage_before_2014")
    table.ordinary[k] = facts.number(dam, "mode_share")
    table.irrigation[k] = facts.values(dam, "irrigation_profile")
    table.power[k] = facts.values(dam, "power_profile")


def fill_first_storages(rivers: Rivers, world: RiverWorld) -> None:
    """Storages of January 1992; dams with a switch are not built, and nothing has been decided."""
    for k, name in enumerate(world.names.nodes):
        node = world.facts.nodes[name]
        rivers.flows.nodes[k].condition = OPERATING
        rivers.flows.nodes[k].soil_water = rivers.flows.nodes[k].groundwater = steady_groundwater(world.network, k)
        if node.kind == "reservoir":
            rivers.flows.nodes[k].storage = world.facts.number(name, "initial_storage")
            if node.switch or world.network.nodes[k].opens > FIRST_RECORDED * 12:
                rivers.flows.nodes[k].storage, rivers.flows.nodes[k].condition = 0.0, CLOSED
    rivers.account.volume[:] = -1.0
    rivers.account.compliance[:] = 1.0


def documented_disputes(facts: RiverFacts, state: dict[str, int], start: int, branch: int) -> list[tuple]:
    """Month, [downstream, upstream], intensity of the recorded disputes between states before the branch.

    And whether the same event stands among the others of the record, where it has moved trust already.
    """
    found = []
    for row in facts.disputes:
        month = row.date.year * 12 + row.date.month - 1
        if row.is_dispute and month < branch and row.downstream in state and row.upstream in state:
            parties = [state[row.downstream], state[row.upstream]]
            found.append((max(month, start), parties, int(row.intensity), bool(row.events)))
    return found


def river_rows(event, month: int, until: int | None, rivers: RiverWorld, end: int) -> Iterator[Line]:
    """The lines of one dated event.

    Parameters
    ----------
    month : absolute month of the event
    until : first month after its effect, if it ends
    end : last month of the run, where a ramp is cut off
    """
    if event.kind == "withdrawal":
        yield from withdrawal_rows(event, month, until, rivers, end)
    elif event.kind == "dam-filling":
        node = rivers.names.nodes.index(event.node)
        years = event.years if event.years is not None else rivers.facts.number(event.node, "filling_years")
        yield month, "dam", node, OWN_SHARE if event.own_share else OF_THE_RIVER, years
    elif event.kind in ("drought", "inflow-trend"):
        basin = ALL if event.basin == "all" else rivers.names.basins.index(event.basin)
        change, back = event.factor if event.kind == "drought" else event.change / 10.0, None
        if until:
            back = 1.0 / change if event.kind == "drought" else -change
            yield until, event.kind, basin, -1, back
        yield month, event.kind, basin, -1, change
    else:
        dam = rivers.dams.index(event.node)
        amount, after = {
            "release-cut": (-getattr(event, "km3", 0.0), getattr(event, "km3", 0.0)),
            "barter": (getattr(event, "million_usd", 0.0), USUAL),
            "transfer": (getattr(event, "million_usd", 0.0), 0.0),
        }[event.kind]
        kind = "release-change" if event.kind == "release-cut" else event.kind
        yield month, kind, dam, -1, amount
        if until:
            yield until, kind, dam, -1, after


def withdrawal_rows(event, month: int, until: int | None, rivers: RiverWorld, end: int) -> Iterator[Line]:
    """A canal that takes more every month until the whole amount is reached, and nothing from its end on."""
    user = rivers.names.users.index(event.node)
    how, amount = (BY_VOLUME, event.km3_per_year) if event.km3_per_year is not None else (BY_SHARE, event.share_of_flow)
    last = min(end, until - 1) if until else end
    steps = event.ramp_months
    for step in range(max(steps, 1)):
        if month + step <= last:
            yield month + step, "diversion", user, how, amount * (step + 1) / max(steps, 1)
    if until:
        yield until, "diversion", user, how, 0.0
