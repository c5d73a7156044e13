"""What trade costs between two economies, from states set by hand."""

import math

import numpy as np
import pytest

from by_hand.three_states import Some
from by_hand.three_traders import D_BC, A, B, C, traders
from sim.processes.trade import costs


@pytest.fixture
def world():
    return traders()


def test_a_quarter_of_the_year_shut_and_half_the_crossings():
    effects = costs.CostEffects(0.5, 2.0, 0.4, 3.0)
    assert costs.cost_term(effects, 0.2, 0.3, 0.5, 0.25, 0.07) == pytest.approx(0.1 + 0.6 - 0.2 - 0.75 + 0.07)
    assert costs.delivered_cost_effect(1 - math.exp(-0.1), 4.0) == pytest.approx(0.4)


def test_tariffs_fall_by_equal_steps_and_rise_at_once():
    assert costs.phase_in(0.0, 1.0, 8.0) == 0.125 and costs.phase_in(0.25, 1.0, 8.0) == 0.375
    assert costs.phase_in(0.9, 1.0, 8.0) == 1.0 and costs.phase_in(-0.5, 1.0, 8.0) == -0.375
    assert costs.phase_in(0.5, 0.5, 8.0) == 0.5 and costs.phase_in(0.5, 0.25, 8.0) == 0.25


def of_year(world, simulated, **effects):
    """The year's costs where the whole effect is that of a few parameters."""
    commerce, trade, params = world
    params.__dict__.update(effects)
    costs.costs_of_year(commerce, trade, params, 1, simulated)
    return commerce


def test_depth_counts_between_states(world):
    commerce, *_ = world
    commerce.depth[:] = [0.2, 0.4, 0.6]
    commerce.cost_base[:] = 0.01
    found = of_year(world, True, trade_depth_effect=0.5)
    assert found.cost == pytest.approx([0.1, 0.2, 0, 0.3, 0, 0])
    assert found.cost_change == pytest.approx(found.cost - 0.01)
    assert found.cost_alone == pytest.approx(np.zeros(6))  # no integration, no depth


def test_the_larger_tariff_content_is_phased_in(world):
    commerce, trade, _ = world
    trade.tariff[1] = [0.05, 1.0, 0.1, -0.5, -0.25, 0.0]
    commerce.content[:] = [0.1, 0.0, -0.75]
    trade.standing[:] = [0.25, 0.0, 1.0]
    found = of_year(world, False, trade_tariff_effect=2.0)
    # a step is 1/8: AB reaches its 0.1, AC is on its way to 1, AX reaches 0.1; what ends is gone at once
    assert found.phased == pytest.approx([0.1, 0.125, 0.1, -0.5, -0.25, 0.0])
    assert found.cost == pytest.approx([0.2, 0.25, 0.2, -1.0, -0.5, 0.0])
    # without integration also what the record leaves of free trade among the states is gone
    assert found.cost_alone == pytest.approx([-0.5, 0.0, 0.2, -2.0, -0.5, 0.0])


@pytest.mark.parametrize("simulated", [False, True])
def test_borders_are_documented_or_simulated_and_alone_no_better_than_at_the_branch(world, simulated):
    commerce, trade, _ = world
    trade.passage[1], trade.closed[1] = [0.5, 0.75, 0.25, 1.0, 1.0, 1.0], [0.25, 0.0, 0.5, 0.0, 0.0, 0.0]
    commerce.passage[:], commerce.closed[:] = [1.0, 0.25, 0.5], [0.0, 0.25, 0.5]
    trade.passage_branch[:], trade.closed_branch[:] = [0.75, 1.0, 0.25], [0.125, 0.0, 1.0]
    found = of_year(world, simulated, trade_passage_effect=1.0, trade_closed_effect=2.0)
    outside = -0.75 - 1.0  # AX keeps the documented border
    if simulated:
        assert found.cost == pytest.approx([0.0, -0.75 - 0.5, outside, -0.5 - 1.0, 0, 0])
        assert found.cost_alone == pytest.approx([-0.25 - 0.25, -0.75 - 0.5, outside, -0.75 - 2.0, 0, 0])
    else:
        assert found.cost == pytest.approx([-0.5 - 0.5, -0.25, outside, 0.0, 0, 0])
        assert found.cost_alone == pytest.approx([-0.5 - 0.5, -0.25, outside, -0.75 - 2.0, 0, 0])


def test_routes_and_time_at_the_border(world):
    """Elasticity 4: a tenth of a log point off the price is worth 0.4; alone only what was imposed stays."""
    _, trade, _ = world
    saved, dearer = 1 - math.exp(-0.1), 1 - math.exp(0.05)
    trade.imposed[1] = [saved, dearer, saved, 0.0, 0.0, dearer]
    trade.quicker[1] = [0.0, 0.5, 0.0, 0.25, 0.125, 0.0]
    found = of_year(world, True, trade_border_time_effect=0.2)
    assert found.cost == pytest.approx([0.4, -0.2 + 0.1, 0.4, 0.05, 0.025, -0.2])
    assert found.cost_alone == pytest.approx([0.0, -0.1, 0.4, 0.0, 0.025, -0.2])


def test_of_the_branch_the_record_goes_on(world):
    """The year of the branch has three months of the record's own: open 3 of them, then as the branch left it."""
    commerce, trade, params = world
    params.__dict__.update(trade_depth_effect=0.5, trade_passage_effect=1.2, trade_closed_effect=2.4)
    commerce.depth_branch[:] = [0.2, 0.0, 0.0]
    trade.months_before = 3
    trade.passage_before[:], trade.closed_before[:] = [3.0, 1.5, 3.0], [0.0, 0.0, 2.0]
    trade.passage_branch[:], trade.closed_branch[:] = [1.0, 0.5, 1.0], [0.0, 1.0, 0.0]
    costs.costs_of_branch(commerce, trade, params, False)
    assert commerce.cost_branch == pytest.approx([0.1, -0.6 - 2.4, 0, 0, 0, 0])
    costs.costs_of_branch(commerce, trade, params, True)
    # AC: passage (1.5 + 9 / 2) / 12, closed 9 of 12 months; BC: closed two of them
    assert commerce.cost_branch == pytest.approx([0.1, -0.6 - 1.8, 0, -0.4, 0, 0])


def watch(world, month, crossing, branch=2010 * 12 + 3):
    commerce, trade, params = world
    costs.watch_borders(commerce, trade, params, np.array(crossing), month, branch)
    return commerce.passage_sum.tolist(), commerce.closed_sum.tolist()


def test_borders_are_remembered_as_the_record_leaves_them_and_summed_from_the_branch_on(world):
    """The branch is April 2010; closures let a quarter through and shut for good by half."""
    commerce, trade, _ = world
    january = 2010 * 12
    trade.passage_before[:], trade.closed_before[:] = [3.0, 2.0, 1.0], [0.0, 1.0, 2.0]
    trade.passage_branch[:], trade.closed_branch[:] = [1.0, 0.5, 0.25], [0.0, 0.25, 0.0]
    commerce.crossing_branch[:] = 7.0
    watch(world, january + 1, [0.1, 0.1, 0.1])
    assert commerce.crossing_branch.tolist() == [7.0, 7.0, 7.0]  # not yet
    assert watch(world, january + 2, [1.0, 0.8, 0.5]) == ([0, 0, 0], [0, 0, 0])
    assert commerce.crossing_branch.tolist() == [1.0, 0.8, 0.5]
    # as they were: the months before and one more
    assert watch(world, january + 3, [1.0, 0.8, 0.5]) == ([4.0, 2.5, 1.25], [0.0, 1.25, 2.0])
    # AB falls to a half of what it was, AC to a quarter, BC opens further than the tables have it
    passage, closed = watch(world, january + 4, [0.5, 0.2, 0.75])
    assert passage == pytest.approx([4.0 + 1 - 0.5 * 0.75, 2.5 + 0.5 * (1 - 0.75 * 0.75), 1.25 + 0.75])
    assert closed == pytest.approx([0.25, 1.25 + 0.375, 2.0])
    # in January the sums begin anew; BC opens, but less than the tables already have it
    trade.passage_branch[D_BC], trade.closed_branch[D_BC] = 0.9, 1.0
    passage, closed = watch(world, january + 12, [1.0, 0.8, 0.6])
    assert passage == pytest.approx([1.0, 0.5, 0.9]) and closed == [0.0, 0.25, 0.0]


def test_a_branch_in_january_starts_from_the_months_before(world):
    _, trade, _ = world
    trade.passage_before[:] = 0.5
    watch(world, 2010 * 12 + 11, [1.0, 1.0, 1.0], 2011 * 12)
    assert watch(world, 2011 * 12, [1.0, 1.0, 1.0], 2011 * 12)[0] == [1.5, 1.5, 1.5]


@pytest.fixture
def treaties(world):
    """Two accords; rungs of depth 0.2 and 0.1; AB has both, AC one, BC none."""
    commerce, trade, _ = world
    region = Some(
        commerce=commerce,
        treaties=Some(
            rung=np.array([2, 1, 0]), lapsed=np.zeros(2, int), in_force=np.array([5, 6]),
            signed=np.array([[-1, -1, -1], [-1, 0, 3]]), ratified=np.array([[0, 4, -1], [-1, 0, 9]]),
        ),
    )  # fmt: skip
    inputs = Some(
        ladder=Some(dyad_a=np.array([A, A, B]), dyad_b=np.array([B, C, C]), depth=np.array([0.2, 0.1])),
        accords=Some(count=2, depth=np.array([0.9, 0.5])), trade=trade,
    )  # fmt: skip
    return region, inputs


def test_the_deepest_treaty_of_two_states(treaties):
    region, inputs = treaties
    depth = region.commerce.depth
    costs.measure_depth(region, inputs)
    assert depth.tolist() == [0.2, 0.2, 0.5]  # the second rung is shallower than the first
    region.treaties.signed[0] = [0, -1, 0]
    costs.measure_depth(region, inputs)
    assert depth.tolist() == [0.2, 0.9, 0.5]
    region.treaties.lapsed[:] = 1
    costs.measure_depth(region, inputs)
    assert depth.tolist() == [0.2, 0.2, 0.0]
    region.treaties.rung[:], inputs.accords.count = [1, 0, 2], 0
    costs.measure_depth(region, inputs)
    assert depth.tolist() == [0.2, 0.0, 0.2]


def test_free_trade_of_accords_beyond_the_record(treaties):
    """The first is ratified by A and B, the second by B and C."""
    region, inputs = treaties
    content, trade = region.commerce.content, inputs.trade

    def measured():
        costs.measure_content(region, inputs)
        return content.tolist()

    trade.standing[:], trade.free_trade[:] = [0.25, 0.5, 0.125], [1.0, 0.0]
    assert measured() == [0.75, -0.5, -0.125]  # the second has no free trade
    trade.free_trade[1] = 0.625
    assert measured() == [0.75, -0.5, 0.5]
    region.treaties.in_force[0] = 0
    assert measured() == [0.75, -0.5, 0.5]  # from the first month on
    region.treaties.in_force[0], region.treaties.lapsed[1] = -1, 1
    assert measured() == [-0.25, -0.5, -0.125]
    region.treaties.in_force[0], region.treaties.lapsed[1] = 3, 0
    region.treaties.ratified[1] = [0, 0, 0]
    assert measured() == [0.75, 0.125, 0.5]  # of two that hold between A and B the larger
