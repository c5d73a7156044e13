"""What a run keeps of the rivers: names of the series, and how they are written."""

from sim.engine.compiled import compiled
from sim.engine.layout import Series, series_names
from sim.facts.load import Rivers as RiverFacts
from sim.processes.rivers.network import FIRST, Names

# in the order in which `write_river_month` and `write_river_year` write them
MONTHLY = (
    Series("deficit.{state}", "share", "Unmet share of the month's irrigation demand."),
    Series("storage.{reservoir}", "km3", "Water in store at the end of the month, dead storage included."),
    Series("inflow.{sea}", "km3", "Water that reaches the sea in the month."),
)
YEARLY = (
    Series("deficit_year.{state}", "share", "Unmet share of the year's irrigation demand."),
    Series("power_deficit.{state}", "share", "Unmet share of the power needed in the last winter."),
    Series("loss_water.{state}", "share of GDP", "Loss from the irrigation deficit of the last water year."),
    Series("loss_energy.{state}", "share of GDP", "Loss from the power deficit of the last winter."),
    Series("compliance.{dam}", "share", "Release of April to September over the agreed one, at most 1."),
    Series("performance.{basin}", "share", "Irrigation demand of the last twelve months that was met."),
    Series("flow.{node}", "km3", "Water that left the node in the year."),
    Series("served.{user}", "share", "Demand of the year that was delivered."),
    Series("taken.{diversion}", "km3", "Water taken in the year before any is shared."),
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
            wanted = rivers.account.year_wanted[d]
            line[k] = rivers.account.year_delivered[d] / wanted if wanted > 0.0 else 1.0
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
