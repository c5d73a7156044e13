"""The month of trade and its December, with the parts that have tests of their own replaced by marks."""

import math

import numpy as np
import pytest

from by_hand.three_states import Some
from by_hand.three_traders import AB, AX, BC, NAN, A, B, X, traders
from sim.engine.layout import record
from sim.engine.process import dtype_of, put_starts
from sim.processes.trade import growth, step
from sim.processes.trade.gravity import GravityError
from sim.processes.trade.state import PROCESS, trade_axes, trade_fields
from sim.processes.trade.step import TRADE

YEAR = 12


@pytest.fixture
def world():
    return traders()


@pytest.fixture
def done(monkeypatch):
    """Names of the replaced functions in the order of their calls; those that give a code give what `codes` holds."""
    found, codes = [], {}

    def replace(*names):
        for name in names:

            def mark(*given, name=name):
                found.append(name)
                return codes.get(name, 1)

            monkeypatch.setattr(step, name, mark)
        return found

    replace.codes = codes
    return replace


def test_failures_of_a_member():
    step.check_trade(0, ("AAA", "BBB"))
    with pytest.raises(GravityError, match="BBB"):
        step.check_trade(-2, ("AAA", "BBB"))


# ---------------------------------------------------------------------------------------------- the month


@pytest.fixture
def region(world):
    commerce, trade, _ = world
    return Some(
        commerce=commerce, frontier=Some(crossing=np.ones(3)), polity=Some(gains=np.zeros((3, 6))),
        inputs=Some(
            trade=trade, clock=Some(first_year=2010, branch=2012 * 12 + 2, end=2014 * 12 + 5),
            outside=Some(issue_weight=np.full((3, 6), 0.5)),
        ),
    )  # fmt: skip


PARTS = ("watch_borders", "measure_depth", "measure_content", "share_out", "value_trade")


def month(region, world, number):
    step.step_trade(region, region.inputs, world[2], 7, number)


@pytest.mark.parametrize(
    ("at", "expected"),
    [
        ((2011, 10), ["watch_borders"]),
        ((2011, 11), ["watch_borders", "trade_of_year", "value_trade"]),
        ((2012, 10), ["watch_borders"]),
        ((2012, 11), ["watch_borders", "measure_content", "trade_of_year", "value_trade"]),
        ((2014, 5), ["watch_borders", "measure_content", "trade_of_year", "share_out", "value_trade"]),
    ],
)
def test_the_years_figures_are_due_in_december_and_at_the_end(region, world, done, at, expected):
    found = done(*PARTS, "trade_of_year")
    month(region, world, at[0] * YEAR + at[1])
    assert found == expected
    found.clear()
    world[2].trade_depth_effect = -0.1
    month(region, world, at[0] * YEAR + at[1])
    assert ("measure_depth" in found) == (len(expected) > 1)


def test_a_region_without_figures_only_watches_its_borders(region, world, done):
    found = done(*PARTS, "trade_of_year")
    world[1].exists = 0
    month(region, world, 2011 * YEAR + 11)
    assert found == ["watch_borders"]


def test_a_run_that_ends_at_its_branch_shares_out(region, world, done):
    found = done(*PARTS, "trade_of_year")
    region.inputs.clock.branch = region.inputs.clock.end
    month(region, world, region.inputs.clock.end)
    assert found == ["watch_borders", "measure_content", "trade_of_year", "share_out", "value_trade"]
    found.clear()
    region.inputs.clock.branch = region.inputs.clock.end + 1
    month(region, world, region.inputs.clock.end)
    assert found == ["watch_borders", "trade_of_year", "value_trade"]


@pytest.mark.parametrize(("at", "months"), [((2012, 11), 12), ((2014, 5), 6)])
def test_borders_of_the_year_are_means_over_its_months(region, world, done, at, months, monkeypatch):
    done(*PARTS)
    asked = []
    monkeypatch.setattr(step, "trade_of_year", lambda *given: asked.append(given[3:]) or 1)
    world[0].passage_sum[:], world[0].closed_sum[:] = 6.0, 3.0
    month(region, world, at[0] * YEAR + at[1])
    assert world[0].passage == pytest.approx(np.full(3, 6 / months))
    assert world[0].closed == pytest.approx(np.full(3, 3 / months))
    assert asked == [(7, at[0] - 2010, 2)]  # member, row of the year, row of the branch


def test_the_first_failure_is_kept_and_nothing_shared_out_then(region, world, done):
    found = done(*PARTS, "trade_of_year")
    done.codes["trade_of_year"] = -3
    month(region, world, region.inputs.clock.end)
    assert "share_out" not in found and world[0].failure == -3
    done.codes["trade_of_year"] = -2
    month(region, world, region.inputs.clock.end)
    assert world[0].failure == -3
    world[0].failure, done.codes["trade_of_year"], done.codes["share_out"] = 0, 1, -4
    month(region, world, region.inputs.clock.end)
    assert world[0].failure == -4


@pytest.mark.parametrize(("simulated", "months"), [(True, 0), (False, -1)])
def test_values_are_told_whether_they_are_simulated(region, world, done, monkeypatch, simulated, months):
    done(*PARTS[:4], "trade_of_year")
    told = []
    monkeypatch.setattr(step, "value_trade", lambda *given: told.append(given[2]))
    region.inputs.clock.branch = 2011 * YEAR + 11 - months
    month(region, world, 2011 * YEAR + 11)
    assert told == [simulated]


# ------------------------------------------------------------------------------------- before the first year


def test_drifts_and_spreads_of_a_member(world, draws):
    """0.6 of the common normal and 0.8 of the own one; a scale of 1.5 adds half of the median to the states'."""
    commerce, trade, params = world
    trade.growth, trade.drift_spread = np.array([0.02, 0.04, 0.06, 0.02]), np.full(4, 0.01)
    trade.standing[:] = [0.5, 0.0, 0.25]
    trade.spread_factor[:] = [9.0, 2.0, 1.6, 1.0, 2.0, 2.0]
    params.trade_growth_scale = 1.5
    given = draws(step, {("world", 0): 1.0}, 0.0)
    draws(growth, {("growB", 0): -2.0}, 0.0)
    step.begin_trade(commerce, trade, params, 7)
    assert given.asked == [("world", 0, 0, 7)]
    assert commerce.drift == pytest.approx([0.036, 0.066 - 0.016, 0.096, 0.026])
    assert commerce.content.tolist() == [-0.5, 0.0, -0.25] and commerce.inflation == 0.03
    # what the common 0.3 leaves of 0.5 for the axis, of 0.25 times the factor for others: 0.5² - 0.3² = 0.4²
    assert commerce.own_spread == pytest.approx([0.4, 0.4, math.sqrt(0.07), 0.0, 0.4, 0.4])


def test_costs_of_the_base_year(world, draws):
    commerce, trade, params = world
    params.__dict__.update(
        trade_depth_effect=0.5, trade_tariff_effect=8.0, trade_passage_effect=1.0, trade_closed_effect=2.0
    )
    trade.depth_base[AB], trade.passage_base[BC], trade.closed_base[BC] = 0.2, 0.75, 0.5
    draws(step, {}, 0.0)
    draws(growth, {}, 0.0)
    step.begin_trade(commerce, trade, params, 7)
    assert commerce.cost_base == pytest.approx([0.1, 0, 0, -1.25, 0, 0])


# ---------------------------------------------------------------------------------------------- the year

OF_YEAR = (
    "sizes_and_prices", "size_changes", "start_unrecorded", "costs_of_branch", "costs_of_year", "draw_shocks",
    "trade_year", "bound_openness", "_gains", "gains_of_integration",
)  # fmt: skip
ALWAYS = ["sizes_and_prices", "size_changes", "costs_of_year", "trade_year", "bound_openness"]
GAINS = ["_gains", "gains_of_integration"]


@pytest.mark.parametrize(
    ("row", "more"),
    [
        (1, []),
        (2, ["start_unrecorded", "costs_of_branch", *GAINS]),
        (3, ["costs_of_branch", "draw_shocks", *GAINS]),
        (4, ["draw_shocks", *GAINS]),
    ],
)
def test_a_december_part_by_part(world, done, draws, row, more):
    """The branch is in row 2, shocks begin in row 3."""
    commerce, trade, params = world
    draws(step, {}, 0.25)
    found = done(*OF_YEAR)
    trade.shocks_from = 3
    commerce.depth[:], commerce.depth_branch[:] = 0.5, 0.125
    assert step.trade_of_year(commerce, trade, params, 7, row, 2) == 1
    assert sorted(found) == sorted([*ALWAYS, *more])
    assert commerce.depth_branch.tolist() == [0.5 if row < 2 else 0.125] * 3


def test_what_a_december_tells_its_parts(world, draws, monkeypatch, done):
    commerce, trade, params = world
    given = draws(step, {("common", 0): -0.75})
    done(*OF_YEAR)
    told = {}
    for name in ("costs_of_branch", "costs_of_year", "draw_shocks", "trade_year"):
        monkeypatch.setattr(step, name, lambda *args, name=name: told.__setitem__(name, args))
    trade.shocks_from = 3
    for row in (2, 3, 4):
        told.clear()
        step.trade_of_year(commerce, trade, params, 7, row, 2)
        assert told["costs_of_year"][3:] == (row, True)
        assert told["trade_year"][3] == (0.0 if row == 2 else -0.75)
        assert told.get("draw_shocks", (None,) * 5)[2:] == ((2010 + row, 7, row == 3) if row > 2 else (None,) * 3)
        if row < 4:
            assert told["costs_of_branch"][3] is (row == 2)
    assert given.asked == [("common", 0, 2013, 7), ("common", 0, 2014, 7)]
    step.trade_of_year(commerce, trade, params, 7, 1, 2)
    assert told["costs_of_year"][3:] == (1, False)


def test_documented_trade_is_taken_to_the_last_digit(world, done, draws):
    commerce, trade, params = world
    draws(step, {}, 0.0)
    done(*OF_YEAR)
    commerce.usd[:] = 5.0
    trade.documented[1, [AB, AX]] = 1.0, 2.0
    trade.usd[1] = 7.0
    step.trade_of_year(commerce, trade, params, 7, 1, 2)
    assert commerce.usd.tolist() == [7.0, 5.0, 7.0, 5.0, 5.0, 5.0]


@pytest.mark.parametrize("row", [2, 3])
def test_failed_gains_stop_a_december(world, done, draws, row):
    draws(step, {}, 0.0)
    found = done(*OF_YEAR)
    done.codes.update(_gains=-2, gains_of_integration=5)
    assert step.trade_of_year(*world, 7, row, 2) == -2 and "gains_of_integration" not in found
    done.codes["_gains"] = 1
    assert step.trade_of_year(*world, 7, row, 2) == 5


# ---------------------------------------------------------------------------------------- what policy is worth


def gains(world, monkeypatch, code=1):
    commerce, trade, params = world
    trade.freeness, trade.home_share = np.ones((4, 4)), np.ones(4)
    asked = []

    def found(freeness, log_change, market, elasticity, without, work, outward, gain):
        asked.append((log_change.copy(), elasticity))
        gain[:] = 0.125
        return code

    monkeypatch.setattr(step, "policy_gains", found)
    commerce.gain[:], commerce.outward[:] = 9.0, 3.0
    return step._gains(commerce, trade, params), asked


def test_no_change_of_costs_is_worth_nothing(world, monkeypatch):
    world[0].cost[:], world[0].cost_branch[:] = 0.3, 0.3 + 1e-13  # rounding
    assert gains(world, monkeypatch) == (1, []) and world[0].gain.tolist() == [0.0] * 4


def test_changes_of_costs_go_both_ways(world, monkeypatch):
    commerce = world[0]
    commerce.log_change[:] = 7.0
    commerce.cost[:], commerce.cost_branch[:] = [0.5, 1e-13, 0, 0, 0, 0], [0.25, 0, 0, 0, 0.5, 0]
    code, ((change, elasticity),) = gains(world, monkeypatch)
    expected = np.zeros((4, 4))
    expected[A, B] = expected[B, A] = 0.25
    expected[B, X] = expected[X, B] = -0.5
    np.fill_diagonal(expected, 7.0)  # nobody writes there
    assert code == 1 and elasticity == 4.0 and change.tolist() == expected.tolist()
    assert commerce.gain.tolist() == [0.125] * 4 and commerce.outward.tolist() == [3.0] * 4


@pytest.mark.parametrize("code", [0, -2])
def test_a_failed_search_starts_afresh_next_year(world, monkeypatch, code):
    world[0].cost[AB] = 0.5
    assert gains(world, monkeypatch, code)[0] == code and world[0].outward.tolist() == [1.0] * 4


# --------------------------------------------------------------------------------------------- interest


@pytest.fixture
def valued(region, world):
    """Trade of 1, 2, 4, 8, 16 and 32 billion, GDP of 10, 20 and 40 billion: figures of 3/10, 9/20 and 10/40."""
    commerce = world[0]
    commerce.usd[:] = np.array([1, 2, 4, 8, 16, 32]) * 1e9
    commerce.log_volume[:3] = np.log([10e9, 20e9, 40e9])
    commerce.step[:] = 1e12
    region.inputs.outside.issue_weight[:, TRADE] = [0.1, 0.2, 0.3]

    def value(simulated):
        step.value_trade(region, region.inputs, simulated)
        return region.polity.gains[:, TRADE]

    return value, commerce, region


def test_documented_years_make_the_mean(valued):
    value, commerce, region = valued
    assert not value(False).any()
    assert commerce.figure_sum == pytest.approx([0.3, 0.45, 0.25]) and commerce.figure_count.tolist() == [1, 1, 1]
    commerce.usd[BC] = NAN
    value(False)  # only A's are known
    assert commerce.figure_sum == pytest.approx([0.6, 0.45, 0.25]) and commerce.figure_count.tolist() == [2, 1, 1]
    assert not region.polity.gains.any()


def test_simulated_years_are_held_against_it(valued):
    value, commerce, region = valued
    commerce.figure_sum[:], commerce.figure_count[:] = [0.4, 0.45, 0.0], [2.0, 4.0, 0.0]
    # A: 0.3 against a mean of 0.2; B: four times its mean; C had no figure, so that this is its first
    assert value(True) == pytest.approx([0.1 * 1.5, 0.2 * 4, 0.3])
    assert commerce.figure_count.tolist() == [2, 4, 1] and commerce.figure_sum == pytest.approx([0.4, 0.45, 0.25])
    others = np.delete(region.polity.gains, TRADE, axis=1)
    assert not others.any()


# ------------------------------------------------------------------------------------- before anything happens


def test_a_member_begins_without_figures_of_trade():
    """Three states and two others: what only the record or a draw can tell is unknown, the rest is nought or open."""
    axes = trade_axes(5, 9, 3)
    assert (axes["economy"], axes["importer"], axes["pair"], axes["state"], axes["dyad"]) == (5, 5, 9, 3, 3)
    fields = PROCESS.state["commerce"]
    commerce = record(dtype_of(fields, axes))
    put_starts(commerce, fields)
    for name in ("log_volume", "residual", "level", "cost", "cost_branch", "cost_alone", "log_trade", "usd", "shapley"):
        assert np.isnan(getattr(commerce, name)).all(), name
    assert np.isnan(commerce.deflator) and np.isnan(commerce.integration_gain).all()
    for name in ("gain", "phased", "depth", "depth_branch", "passage_sum", "closed_sum", "figure_sum", "figure_count"):
        assert not getattr(commerce, name).any(), name
    assert commerce.failure == 0 and not commerce.normals.any()
    for name in ("crossing_branch", "outward", "outward_alone"):
        assert (getattr(commerce, name) == 1.0).all(), name
    table = record(trade_fields(5, 9, 3))
    assert table.covers.shape == (9, 2) and table.freeness.shape == table.correction.shape == (5, 5)
    assert table.standing.shape == (3,) and table.growth_set.shape[1] == 5 and table.documented.shape[1] == 9
    assert trade_fields(5, 9, 4)[[name for name, *_ in trade_fields(5, 9, 4)].index("standing")][2] == 6
