"""No series of politics, trust, borders or institutions jumps on the day on which the record ends."""

import numpy as np
import pytest

from sim.model.recording import REGION_SERIES

YEAR = 12
#: Series whose first simulated year may lie further from the record's course than its years lie from each other.
EXCEPTIONS: dict[str, str] = {}


def years_before(monthly: np.ndarray, branch: int) -> np.ndarray:
    """(year,) means over twelve months, the last of which ends with the record, of the mean over members."""
    mean = monthly.mean(axis=0)[branch % YEAR : branch]
    return mean.reshape(-1, YEAR).mean(axis=1)


def surprise(monthly: np.ndarray, branch: int) -> tuple[float, float]:
    """How far the first twelve months lie from the course of the last thirty-six, and the spread of yearly changes."""
    before = years_before(monthly, branch)
    after = float(monthly[:, branch : branch + YEAR].mean())
    course = before[-1] + (before[-1] - before[-3]) / 2.0
    return after - course, float(np.diff(before).std())


def test_a_jump_is_seen_and_a_trend_is_not():
    months = np.arange(120.0)
    wobble = np.tile(np.sin(months), (3, 1))
    trend = wobble + 0.1 * months
    found, spread = surprise(trend, 96)
    assert abs(found) < spread + 0.1
    trend[:, 96:] += 5.0
    assert surprise(trend, 96)[0] == pytest.approx(found + 5.0)


@pytest.mark.parametrize("series", REGION_SERIES)
def test_no_series_of_the_region_jumps(block_of, world_of, series):
    world = world_of()
    found, spread = surprise(
        block_of(members=100).monthly[series], world.inputs.clock.branch - world.inputs.clock.start
    )
    if series in EXCEPTIONS:
        assert abs(found) > spread, "no longer an exception"
    else:
        assert abs(found) <= spread + 1e-3


def test_no_trust_between_two_states_jumps(block_of, world_of):
    world, block = world_of(), block_of(members=100)
    at = world.years.index(world.inputs.clock.branch // YEAR)
    pairs = [name for name in block.yearly if name.startswith("trust.")]
    for name in pairs:
        values = block.yearly[name].mean(axis=0)
        changes = np.diff(values[: at + 1])
        assert abs(values[at + 1] - values[at]) <= max(0.06, 2.0 * changes.std()), name
