"""What a run keeps of the rivers: names of the series, and how they are written."""

from sim.engine.compiled import compiled
from sim.engine.series import series_names
from sim.engine.side_by_side import ratio_or
from sim.facts.load import Rivers as RiverFacts
from sim.processes.rivers.network import FIRST, Names

# in the order in which `write_river_month` and `write_river_year` write them
MONTHLY = (
    "deficit.{state}",
    "storage.{reservoir}",
    "inflow.{sea}",
)
YEARLY = (
    "deficit_year.{state}",
    "power_deficit.{state}",
    "loss_water.{state}",
    "loss_energy.{state}",
    "compliance.{dam}",
    "performance.{basin}",
    "flow.{node}",
    "served.{user}",
    "taken.{diversion}",
)


def river_monthly_series(rivers: RiverFacts, states: tuple[str, ...]) -> list[str]:
    """Names of the monthly series of a network; `states` are those with users on its rivers."""
    watched = {series: [row.name for row in rivers.watched if row.series == series] for series in ("storage", "inflow")}
    return series_names(MONTHLY, {"state": states, "reservoir": watched["storage"], "sea": watched["inflow"]})


def river_yearly_series(rivers: RiverFacts, names: Names, states: tuple[str, ...]) -> list[str]:
    """Names of the yearly series of a network; `states` as in `river_monthly_series`."""
    return series_names(
        YEARLY,
        {
            "state": states,
            "dam": [name for name in names.nodes if rivers.nodes[name].rule == "decision"],
            "basin": names.basins,
            "node": names.nodes,
            "user": [user for user in names.users if rivers.nodes[user].rule != "first"],
            "diversion": [user for user in names.users if rivers.nodes[user].rule == "first"],
        },
    )


@compiled
def write_river_month(rivers, given, line):
    """Deficits by state, storages (km3) and what reaches the seas (km3 this month), in the order of MONTHLY."""
    table, k = given.table, 0
    for s in range(table.river_state.shape[0]):
        line[k] = rivers.account.month_deficit[table.river_state[s]]
        k += 1
    for s in range(table.storage_node.shape[0]):
        line[k] = rivers.flows.nodes[table.storage_node[s]].storage
        k += 1
    for s in range(table.sink_node.shape[0]):
        line[k] = rivers.flows.nodes[table.sink_node[s]].arrived
        k += 1


@compiled
def write_river_year(rivers, given, line, k):
    """The series of YEARLY into `line` from place k on."""
    table, account = given.table, rivers.account
    k = write_states(account.year_deficit, table, line, k)
    k = write_states(account.power_deficit, table, line, k)
    k = write_states(account.loss_water, table, line, k)
    k = write_states(account.loss_energy, table, line, k)
    k = write_all(account.compliance, line, k)
    k = write_all(account.performance, line, k)
    k = write_all(account.year_flow, line, k)
    users = given.network.users
    for d in range(users.shape[0]):
        if users[d].kind != FIRST:
            line[k] = ratio_or(account.year_delivered[d], account.year_wanted[d], 1.0)
            k += 1
    for d in range(users.shape[0]):
        if users[d].kind == FIRST:
            line[k] = rivers.account.year_delivered[d]
            k += 1


@compiled
def write_states(values, table, line, k):
    """Values of the states on the rivers from place k on; gives the next place."""
    for s in range(table.river_state.shape[0]):
        line[k + s] = values[table.river_state[s]]
    return k + table.river_state.shape[0]


@compiled
def write_all(values, line, k):
    """Values from place k on; gives the next place."""
    for s in range(values.shape[0]):
        line[k + s] = values[s]
    return k + values.shape[0]
