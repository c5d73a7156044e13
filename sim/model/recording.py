"""Phase 8: what a run keeps of a month, and its names."""

from collections.abc import Sequence

from sim.engine.compiled import compiled
from sim.processes.rivers.recording import write_river_month, write_river_year
from sim.processes.trade.recording import record_trade, trade_series

REGION_SERIES = (
    "trust_mean",
    "trust_minimum",
    "regional_process",
    "institutions",
    "treaty_depth",
    "implemented",
    "borders_settled",
    "crossings_open",
    "elite_identity",
    "society_identity",
    "pull_mean",
    "turbulence",
)
_N_REGION = len(REGION_SERIES)


def computed_series(dyads: Sequence[str], states: Sequence[str], accords: Sequence[str]) -> list[str]:
    """Names of the yearly series that are no fields of the state, in the order in which `record_year` writes them."""
    return [*(f"signed.{accord}" for accord in accords), *trade_series(dyads, states)]


@compiled
def record_month(region, inputs, month, line):
    """The monthly series, into `line` (series,), in the order of `World.monthly_names`.

    Those of the region lie in [0, 1], unless a scenario multiplies the pull.
    """
    trust = region.beliefs.trust
    n_states = trust.shape[0]
    total, lowest = 0.0, 1.0
    for i in range(n_states):
        for j in range(n_states):
            if i != j:
                total += trust[i, j]
                lowest = min(lowest, trust[i, j])
    line[0] = total / (n_states * (n_states - 1))
    line[1] = lowest
    line[2] = region.environment.process
    line[3] = region.environment.institutions
    line[4], line[5] = treaty_depth(region.treaties, inputs)
    line[6], line[7] = border_state(region.frontier, inputs.borders)
    line[8] = mean(region.polity.elite)
    line[9] = mean(region.polity.society)
    line[10] = mean(region.environment.pull)
    line[11] = region.environment.turbulence
    if month >= region.rivers.account.known_until:
        write_river_month(region.rivers, inputs.rivers, line[_N_REGION:])


@compiled
def mean(values):
    """Arithmetic mean, added from the left, so that compilation changes no bit."""
    total = 0.0
    for k in range(values.shape[0]):
        total += values[k]
    return total / values.shape[0]


@compiled
def treaty_depth(treaties, inputs):
    """Depth signed and depth implemented, as shares of all documented depth that could be signed; cut at one.

    New texts count too.
    """
    signed, done = 0.0, 0.0
    for d in range(treaties.rung.shape[0]):
        for k in range(treaties.rung[d]):
            signed += inputs.ladder.depth[k]
            done += inputs.ladder.depth[k] * treaties.rung_implemented[d, k]
    for n in range(treaties.n_begun):
        m = treaties.begun[n]
        if treaties.signatures[m] > 0 and treaties.lapsed[m] == 0:
            share = inputs.accords.depth_signed[m, treaties.signatures[m] - 1]
            signed += share
            done += share * treaties.implemented[m]
    return min(signed / inputs.accords.full_depth, 1.0), min(done / inputs.accords.full_depth, 1.0)


@compiled
def border_state(frontier, borders):
    """Share of the border length that is settled, and mean open share of the crossings."""
    length, settled, crossings, count = 0.0, 0.0, 0.0, 0
    for d in range(borders.exists.shape[0]):
        if borders.exists[d] == 1:
            length += borders.length[d]
            settled += borders.length[d] * (1.0 - frontier.unsettled[d])
            crossings += frontier.crossing[d]
            count += 1
    return settled / length if length > 0.0 else 1.0, crossings / count if count > 0 else 1.0


@compiled(apart=True)
def record_year(memory, inputs, month, line):
    """The yearly series at 31 December, into `line` (series,), in the order of `World.yearly_names`."""
    region = memory.region
    k = 0
    recorded = memory.recorded
    for k in range(recorded.shape[0]):
        word = recorded[k, 0]
        line[k] = memory.words[word] if recorded[k, 1] == 1 else memory.reals[word]
    k = recorded.shape[0]
    for m in range(inputs.accords.named):
        line[k] = region.treaties.signatures[m]
        k += 1
    record_trade(region.commerce, inputs.trade, line[k:])
    if month >= region.rivers.account.known_until:
        start, stop = yearly_rivers(inputs.rivers.table, line.shape[0])
        write_river_year(region.rivers, inputs.rivers, line[start:stop], 0)


@compiled
def monthly_rivers(table):
    """Where the series of the rivers begin and end among the monthly ones."""
    count = table.river_state.shape[0] + table.storage_node.shape[0] + table.sink_node.shape[0]
    return _N_REGION, _N_REGION + count


@compiled
def yearly_rivers(table, count):
    """The same among the `count` yearly ones, which the monthly ones end."""
    stop = count - monthly_rivers(table)[1]
    return stop - table.n_yearly, stop
