"""Rivers before the branch: drawn given the record, and nothing jumps at the branch."""

import numpy as np
import pytest

from sim.engine.side_by_side import SIDE_BY_SIDE
from sim.facts import load_facts
from sim.model import build_world, simulate_members
from sim.model.parameters import draw_parameters
from sim.processes.rivers.inflow import recorded_weights
from sim.processes.rivers.past import step_past
from sim.processes.rivers.past_side_by_side import new_pasts, recall_past, simulate_pasts
from sim.processes.rivers.recording import write_river_month
from sim.processes.rivers.state import copy_rivers
from sim.processes.rivers.step import begin_account
from sim.scenario import load_scenario

MEMBERS = 40
OBSERVED_MINIMUM = 6.4  # km3, Toktogul
SERIES = (
    *(f"deficit_year.{state}" for state in ("KAZ", "KGZ", "TJK", "TKM", "UZB")),
    *(f"power_deficit.{state}" for state in ("KGZ", "TJK")),
    *(f"storage.{name}" for name in ("toktogul", "nurek", "kairakkum")),
    *(f"flow.{name}" for name in ("north_aral", "large_aral")),
)

# what moves at the branch because it is meant to, and why
MEANT = {f"deficit_year.{state}": "Qosh Tepa, Rogun filling and a falling Amu Darya" for state in ("TJK", "TKM", "UZB")}


@pytest.fixture(scope="module")
def ensemble():
    """World and block of some members of the baseline."""
    world = build_world(load_scenario("baseline"), load_facts())
    return world, simulate_members(world, 0, MEMBERS)


def test_kriging_by_hand():
    """Two rivers of one basin, correlation 0.8: the unrecorded one shares 0.8 of the other's surprise."""
    weights = recorded_weights(np.array([[1.1, np.nan], [1.0, 0.9], [np.nan, np.nan]]), [0, 0], 0.35, 0.45)
    assert weights[0] == pytest.approx(np.array([[0.0, 0.0], [0.8, 0.0]]))
    assert not weights[1:].any(), "nothing to fill, or nothing to fill it from"


@pytest.fixture(scope="module")
def nothing_built():
    """The same without what is expected to be built and needed."""
    world = build_world(load_scenario("baseline", ["water.expected=none"]), load_facts())
    return world, simulate_members(world, 0, MEMBERS)


def jumps(world, block, name: str) -> bool:
    """Whether the mean of the first five years lies outside the middle 80 % of five-year means since 1995.

    One per cent is left for a storage that ends most years at its guide curve, where the middle 80 % are a point.
    """
    values, branch = np.asarray(block.yearly[name], float), world.years.index(2025)
    first = world.years.index(1995)
    before = np.concatenate([values[:, k : k + 5].mean(axis=1) for k in range(first, branch - 4)])
    low, high = np.quantile(before, (0.1, 0.9))
    return not 0.99 * low <= values[:, branch + 1 : branch + 6].mean() <= 1.01 * high


@pytest.mark.parametrize("name", SERIES)
def test_no_jump_at_the_branch(nothing_built, name):
    assert not jumps(*nothing_built, name)


@pytest.mark.parametrize("name", SERIES)
def test_what_is_being_built_moves_only_what_is_on_the_list(ensemble, name):
    assert not jumps(*ensemble, name) or name in MEANT, "not on the written list"


def test_members_have_their_own_past_where_nothing_is_recorded(ensemble):
    world, block = ensemble
    flow = np.asarray(block.yearly["flow.north_aral"], float)
    spread = flow[:, world.years.index(1996) : world.years.index(2024)].std(axis=0).mean()
    assert 0.5 < spread / flow[:, world.years.index(2030) :].std(axis=0).mean() < 1.5


def test_toktogul_stays_above_its_observed_minimum(ensemble):
    world, block = ensemble
    storage = np.asarray(block.monthly["storage.toktogul"], float)
    month = world.inputs.clock.start + np.arange(storage.shape[1])
    aprils = storage[:, (month % 12 == 3) & (month >= 1992 * 12)]
    assert (aprils < OBSERVED_MINIMUM - 0.01).mean() <= 0.02


@pytest.mark.skipif(not SIDE_BY_SIDE, reason="uncompiled code takes one member after the other")
def test_eight_pasts_side_by_side_leave_every_word_of_one_after_the_other():
    """Of members 3 to 7, the last of whom also fills the lanes that are left; another future keeps the same past."""
    world = build_world(load_scenario("baseline", ["water.expected=none"]), load_facts())
    inputs, clock, rivers = world.inputs, world.inputs.clock, world.new_memory().region.rivers
    parameters = draw_parameters(world.scenario, world.facts, 3, 8)
    months, years = len(world.rivers.monthly_names), len(world.rivers.yearly_names)
    pasts = new_pasts(rivers, parameters, months, years)
    monthly, yearly = np.empty((5, len(world.months), months)), np.empty((5, len(world.years), years))
    simulate_pasts(pasts, inputs, parameters, 3, monthly, yearly)
    for k, params in enumerate(parameters):
        alone, line = world.new_memory().region.rivers, np.empty(months)
        copy_rivers(inputs.rivers.start, alone)
        begin_account(alone, inputs.rivers, params)
        for month in range(clock.start, clock.branch):
            step_past(alone, inputs.rivers, params, 3 + k, month, month % 12 == 11)
            write_river_month(alone, inputs.rivers, line)
            assert line.tolist() == monthly[k, month - clock.start].tolist()
        recall_past(pasts, k, rivers, clock.branch)
        alone.account.known_until = clock.branch
        assert rivers.flows.tobytes() == alone.flows.tobytes()
        assert rivers.account.tobytes() == alone.account.tobytes()
