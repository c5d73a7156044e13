"""No series of politics, trust, borders, institutions, disputes or trade jumps on the day on which the record ends.

Deficits, storages and seas: `tests/processes/rivers/test_past.py`.
"""

import numpy as np
import pytest

from sim.facts.river_rows import seen_share
from sim.model.recording import REGION_SERIES

YEAR = 12
DECADE = 10
WINDOW = 5
FIRST_ON_RECORD, FIRST_WITHOUT_RECORD = 1992, 2025  # whole years
#: Series whose first simulated year may move further than any year of the last ten on record, and why.
EXCEPTIONS = {
    "institutions": "bodies and plans adopted in 2024 and 2025 are put into practice in the year after",
    "implemented": "the same: more was signed in 2024 and 2025 than in any two years before",
}


def move(monthly: np.ndarray, branch: int) -> tuple[float, float]:
    """By how much the first twelve months differ from the twelve before, and the largest such difference on record.

    Parameters
    ----------
    monthly : (member, month); means over members are compared
    branch : first simulated month, as an index
    """
    mean = monthly.mean(axis=0)
    years = mean[branch - (DECADE + 1) * YEAR : branch].reshape(-1, YEAR).mean(axis=1)
    return float(mean[branch : branch + YEAR].mean() - years[-1]), float(np.abs(np.diff(years)).max())


def test_a_jump_is_seen_and_a_trend_is_not():
    months = np.arange(240.0)
    trend = np.tile(0.1 * months, (3, 1))
    found, largest = move(trend, 180)
    assert found == pytest.approx(largest) == pytest.approx(1.2)
    trend[:, 180:] += 5.0
    assert move(trend, 180)[0] == pytest.approx(6.2)


@pytest.mark.parametrize("series", REGION_SERIES)
def test_no_series_of_the_region_jumps(block_of, world_of, series):
    world = world_of()
    found, largest = move(block_of(members=100).monthly[series], world.inputs.clock.branch - world.inputs.clock.start)
    if series in EXCEPTIONS:
        assert abs(found) > largest, "no longer an exception"
    else:
        assert abs(found) <= largest + 1e-3


def test_no_trust_between_two_states_jumps(block_of, world_of):
    world, block = world_of(), block_of(members=100)
    at = world.years.index(world.inputs.clock.branch // YEAR)
    pairs = [name for name in block.yearly if name.startswith("trust.")]
    for name in pairs:
        values = block.yearly[name].mean(axis=0)
        changes = np.diff(values[: at + 1])
        assert abs(values[at + 1] - values[at]) <= max(0.06, 2.0 * changes.std()), name


#: Pairs of states whose disputes over water lie outside what five years on record had, and why.
QUIET = "none on record, and nothing is seen from inside Turkmenistan: the rate is what its states and all pairs share"
DISPUTE_EXCEPTIONS = {"TKM-TJK": QUIET, "TKM-UZB": QUIET, "TKM-AFG": QUIET}


def five_year_means(facts, pairs) -> np.ndarray:
    """Disputes a year of some pairs in any five years on record, each counted as many times as are seen of so many."""
    years = np.zeros(FIRST_WITHOUT_RECORD - FIRST_ON_RECORD)
    for row in facts.river_disputes:
        if row.is_dispute and (row.downstream, row.upstream) in pairs and row.date.year >= FIRST_ON_RECORD:
            years[row.date.year - FIRST_ON_RECORD] += 1.0 / seen_share(facts.river_reporting, row.date.year)
    return np.convolve(years, np.full(WINDOW, 1 / WINDOW), "valid")


def dispute_rate(world, block, pairs) -> float:
    """Disputes a year of some pairs in the first five years after the branch, reported or not."""
    events, first = block.events, world.inputs.clock.branch // YEAR + 1
    kept = (events["kind"] == world.event_kinds.index("dispute")) & (events["month"] // YEAR >= first)
    kept &= events["month"] // YEAR < first + WINDOW
    places = [(world.states.index(down), world.states.index(up) if up in world.states else -1) for down, up in pairs]
    kept &= np.any([(events["a"] == down) & (events["b"] == up) for down, up in places], axis=0)
    return kept.sum() / len(block.members) / WINDOW


def test_disputes_go_on_as_five_years_of_the_record_had_them(block_of, world_of):
    world, block = world_of(), block_of(members=100)
    facts = world.facts
    pairs = list(dict.fromkeys((row.downstream, row.upstream) for row in facts.river_pairs))
    for pair in pairs:
        past, after = five_year_means(facts, [pair]), dispute_rate(world, block, [pair])
        inside = past.min() <= after <= past.max()
        assert inside == ("-".join(pair) not in DISPUTE_EXCEPTIONS), (pair, after)
    past, after = five_year_means(facts, pairs), dispute_rate(world, block, pairs)
    assert past.min() <= after <= past.max()
    quiet = [tuple(name.split("-")) for name in DISPUTE_EXCEPTIONS]
    assert dispute_rate(world, block, quiet) < dispute_rate(world, block, pairs) / 4


#: Dyads whose growth after the branch lies outside what five years on record had, and why.
GROWTH_EXCEPTIONS = {"TJK-TKM": "figures from 2016 to 2023 alone, three windows that overlap, all of the same fall"}


def test_growth_of_trade_goes_on_as_five_years_of_the_record_had_it(block_of, world_of):
    world, block = world_of(), block_of(members=100)
    at = world.years.index(world.inputs.clock.branch // YEAR)
    prices = block.yearly["deflator"]
    for name in [name for name in block.yearly if name.startswith(("trade.", "trade_regional_constant"))]:
        real = block.yearly[name] / (prices if name.startswith("trade.") else 1.0)
        growth = np.diff(np.log(real), axis=1)
        past = np.convolve(growth[0, : at - 2], np.full(WINDOW, 1 / WINDOW), "valid")  # 2024 has no figures
        past = past[np.isfinite(past)]
        after = growth[:, at : at + WINDOW].mean()
        inside = past.min() <= after <= past.max()
        assert inside == (name.removeprefix("trade.") not in GROWTH_EXCEPTIONS), name
