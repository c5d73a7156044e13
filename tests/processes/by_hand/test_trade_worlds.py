"""Resistances and gains at their limits, and the world without integration."""

import math

import numpy as np
import pytest

from by_hand.three_traders import AB, AX, A, B, C, X, traders
from sim.processes.trade import equity, gains, gravity

NAMES = ("A", "B", "C")


def search(freeness, output, expenditure, correction=None, rounds=100, tolerance=1e-10, outward=None):
    """Code and resistances."""
    n = len(output)
    freeness, outward = np.array(freeness, float), np.ones(n) if outward is None else np.array(outward)
    market = gravity.Market(np.array(output), np.array(expenditure), np.eye(n) if correction is None else correction)
    inward = np.empty(n)
    turned = np.ascontiguousarray(freeness.T)
    code = gravity.solve_resistances(freeness, turned, market, outward, inward, np.empty(n), tolerance, rounds)
    return code, outward, inward


FREE, ONES = np.ones((3, 3)), [1.0, 1.0, 1.0]


@pytest.mark.parametrize("bad", [0.0, -1.0, math.inf, math.nan])
@pytest.mark.parametrize("place", [0, 1, 2])
def test_sizes_must_be_positive_and_finite(bad, place):
    sizes = ONES.copy()
    sizes[place] = bad
    assert search(FREE, sizes, ONES)[0] == -(place + 1) == search(FREE, ONES, sizes)[0]


@pytest.mark.parametrize("bad", [-0.1, math.inf, math.nan])
def test_freeness_must_be_finite_and_not_negative(bad):
    freeness = FREE.copy()
    freeness[1, 2] = bad
    assert search(freeness, ONES, ONES)[0] == -2  # the exporter


def test_who_sells_or_buys_nothing():
    sells = FREE.copy()
    sells[2] = 0.0
    assert search(sells, ONES, ONES)[0] == -3
    assert search(sells.T, ONES, ONES)[0] == -3
    sells[2, 0] = 0.1
    sizes = [1.0, 1.0, 0.3]
    assert search(sells, sizes, sizes)[0] > 0 and search(sells.T, sizes, sizes)[0] > 0


def test_codes_are_told_by_name():
    assert gravity.check_solution(1, NAMES) == 1
    for code, name, told in ((-1, "A", "positive"), (-3, "C", "positive"), (-4, "A", "after 5"), (-6, "C", "after 5")):
        with pytest.raises(gravity.GravityError, match=told) as caught:
            gravity.check_solution(code, NAMES, 5)
        assert caught.value.economy == name and name in str(caught.value)


def test_the_base_year_is_found_in_one_round():
    code, outward, inward = search(FREE, [1.0, 2.0, 3.0], [3.0, 2.0, 1.0])
    assert code == 1 and outward == pytest.approx(ONES) and inward == pytest.approx(ONES)


def test_twice_the_freeness_in_both_directions():
    """Freeness of 2 everywhere: the product of the two resistances is 2, and every flow what it was."""
    code, outward, inward = search(2 * FREE, [1.0, 2.0, 3.0], [3.0, 2.0, 1.0])
    assert code > 0 and outward * inward == pytest.approx([2.0, 2.0, 2.0])
    flows, shares = np.empty((3, 3)), np.empty(3)
    gravity.gravity_flows(2 * FREE, np.array([1.0, 2.0, 3.0]), np.array([3.0, 2.0, 1.0]), outward, inward, flows)
    assert flows == pytest.approx(np.outer([1.0, 2.0, 3.0], [3.0, 2.0, 1.0]) / 6)
    gravity.domestic_shares(2 * FREE, np.array([1.0, 2.0, 3.0]), outward, inward, shares)
    assert shares == pytest.approx(np.array([1.0, 2.0, 3.0]) / 6)


UNEVEN = np.array([[1.0, 0.2, 0.1], [0.3, 1.0, 0.2], [0.1, 0.4, 1.0]])


def test_running_out_of_rounds_names_who_moved_most():
    """The first round moves ln O by the log of sum_j T_ij e_j / I_j where I_j = mean_i T_ij."""
    inward = UNEVEN.mean(axis=0)
    moves = np.abs(np.log((UNEVEN / inward).mean(axis=1)))
    assert search(UNEVEN, ONES, ONES, rounds=1)[0] == -(3 + int(np.argmax(moves)) + 1)
    turned = UNEVEN[::-1, ::-1]
    assert search(turned, ONES, ONES, rounds=1)[0] == -(3 + 2 - int(np.argmax(moves)) + 1)


def test_rounds_end_when_what_is_to_come_is_small():
    exact = search(UNEVEN, ONES, ONES, tolerance=0.0, rounds=10_000)[1]
    used = []
    for tolerance in (1e-2, 1e-4, 1e-8):
        code, outward, _ = search(UNEVEN, ONES, ONES, tolerance=tolerance)
        assert np.abs(np.log(outward / outward[0]) - np.log(exact / exact[0])).max() < 2 * tolerance
        used.append(code)
    assert 1 < used[0] < used[1] < used[2]


def test_a_correction_that_makes_things_worse_is_given_up():
    """Steps of five times the size overshoot; plain rounds then find what they always find."""
    plain, expected, _ = search(UNEVEN, ONES, ONES)
    code, outward, _ = search(UNEVEN, ONES, ONES, correction=-5.0 * np.eye(3), rounds=200)
    assert code > plain and outward / outward[0] == pytest.approx(expected / expected[0])


def test_the_correction_closes_what_is_missing_to_first_order():
    """A small change of freeness: after one corrected round what is still missing is of second order."""
    flows = UNEVEN * np.array([3.0, 2.0, 1.0])
    output, expenditure, freeness = np.empty(3), np.empty(3), np.empty((3, 3))
    gravity.totals(flows, output, expenditure)
    assert output == pytest.approx(flows.sum(axis=1)) and expenditure == pytest.approx(flows.sum(axis=0))
    gravity.freeness_of_base(flows, output, expenditure, freeness)
    changed = freeness * np.exp(1e-4 * np.array([[0, 1, 2], [3, 0, -1], [2, -2, 0]]))
    correction = gravity.newton_correction(flows)
    exact = search(changed, output, expenditure, tolerance=0.0, rounds=10_000)[1]
    once = search(changed, output, expenditure, correction, rounds=1)[1]
    plain = search(changed, output, expenditure, rounds=1)[1]
    away, without = (np.abs(np.log(each / each[0] * exact[0] / exact)).max() for each in (once, plain))
    assert away < 1e-7 < without
    # a common factor of all resistances changes no flow and is left where a plain round leaves it
    weight = output / output.sum()
    assert weight @ np.log(once) == pytest.approx(weight @ np.log(plain), abs=1e-7)


def test_a_change_of_freeness_leaves_what_does_not_change():
    freeness, change = np.array([[1.0, 2.0], [4.0, 8.0]]), np.log([[1.0, 3.0], [0.5, 1.0]])
    shifted, turned = np.empty((2, 2)), np.empty((2, 2))
    gravity.shift_freeness(freeness, change, shifted, turned)
    assert shifted == pytest.approx(np.array([[1.0, 6.0], [2.0, 8.0]])) and (turned == shifted.T).all()
    assert shifted[0, 0] == 1.0 and shifted[1, 1] == 8.0


def test_an_economy_may_sell_far_more_than_eight_others():
    """Nine economies fill more than one register: alike ones with freeness 1/4 keep 1 / (1 + 8 / 4) at home."""
    n = 9
    flows = np.full((n, n), 0.25) + 0.75 * np.eye(n)
    change = math.log(2.0) * (1 - np.eye(n))
    found = gains.gains_from(flows, change, [str(k) for k in range(n)], 4.0)
    # from 1/3 to 1 / (1 + 8 / 2) = 1/5
    assert found == pytest.approx(np.full(n, (5 / 3) ** 0.25 - 1))


def test_gains_in_all():
    assert gains.gain_in_all(0.1, 3.0, 4.0, 50.0) == pytest.approx((0.24, 12.0))


# ---------------------------------------------------------------------------- against no integration


@pytest.fixture
def world():
    """Four economies of one that trade alike: freeness 0.1 at the branch."""
    commerce, trade, _ = traders()
    freeness = 0.1 + 0.9 * np.eye(4)
    trade.freeness, trade.output, trade.expenditure = freeness, np.ones(4), np.ones(4)
    trade.correction, trade.gdp = np.eye(4), np.array([10.0, 20.0, 30.0, 1e6])
    commerce.outward_alone[:] = commerce.inward[:] = 1.0
    return commerce, trade


def test_a_world_in_which_nothing_is_integrated_is_the_same_one(world):
    commerce, trade = world
    assert equity.gains_of_integration(commerce, trade, 4.0) > 0
    assert commerce.integration_gain == pytest.approx(np.zeros(4), abs=1e-9)
    assert not commerce.log_integration.any() and commerce.alone == pytest.approx(trade.freeness)
    assert equity.share_out(commerce, trade, 4.0) == 1 and commerce.shapley == pytest.approx(np.zeros(3), abs=1e-7)


def test_integration_of_two_states(world):
    """A and B have 0.2 together, 0.05 less than at the branch without; the rest has the costs of the branch."""
    commerce, trade = world
    commerce.cost_branch[:] = 0.3
    commerce.cost[:], commerce.cost_alone[:] = 0.3, 0.3
    commerce.cost[AB], commerce.cost_alone[AB] = 0.3 + math.log(2), 0.3 - math.log(2)
    commerce.cost[AX] = commerce.cost_alone[AX] = 0.3 + math.log(3)
    assert equity.gains_of_integration(commerce, trade, 4.0) > 0
    expected = trade.freeness.copy()
    expected[A, B] = expected[B, A] = 0.05
    expected[A, X] = expected[X, A] = 0.3
    assert commerce.alone == pytest.approx(expected)
    worth = np.zeros((4, 4))
    worth[A, B] = worth[B, A] = math.log(4)
    assert commerce.log_integration == pytest.approx(worth)
    # the same by the function for use outside: flows of the world alone, and the change
    outward, inward = gravity.solved(expected, np.ones(4), np.ones(4), "ABCX")
    flows = np.empty((4, 4))
    gravity.gravity_flows(expected, np.ones(4), np.ones(4), outward, inward, flows)
    assert commerce.integration_gain == pytest.approx(gains.gains_from(flows, worth, "ABCX", 4.0), abs=1e-7)
    assert (commerce.integration_gain[[A, B]] > 0).all()
    total = commerce.integration_gain[A] * 10 + commerce.integration_gain[B] * 20
    assert equity.share_out(commerce, trade, 4.0) == 1
    # C adds its own loss where it joins the two, in a third of the orders; A and B are alike in what the rest is
    loss = commerce.integration_gain[C] * 30
    assert commerce.shapley == pytest.approx([total / 2 + loss / 3, total / 2 + loss / 3, loss / 3])


@pytest.mark.parametrize("which", [0, 1])
def test_a_search_that_fails(world, monkeypatch, which):
    """In the first world resistances are searched afresh next year; in the second the code comes back."""
    commerce, trade = world
    codes = iter([-7, -7] if which == 0 else [1, -7])
    monkeypatch.setattr(equity, "solve_resistances", lambda *given: next(codes))
    monkeypatch.setattr(equity, "policy_gains", lambda *given: next(codes))
    commerce.outward_alone[:] = 5.0
    assert equity.gains_of_integration(commerce, trade, 4.0) == -7
    assert commerce.outward_alone.tolist() == [1.0 if which == 0 else 5.0] * 4


def test_a_coalition_that_fails_stops_the_sharing(world, monkeypatch):
    commerce, trade = world
    commerce.shapley[:] = 4.0
    monkeypatch.setattr(equity, "gains_of_shift", lambda *given: -3)
    assert equity.share_out(commerce, trade, 4.0) == -3 and commerce.shapley.tolist() == [4.0] * 3


def test_members_of_a_coalition_give_each_other_the_change(world, monkeypatch):
    """Freeness doubles between members alone, and every search starts from ones."""
    _, trade = world
    seen = {}

    def watch(market, elasticity, without, work, outward, gain):
        key = len(seen)
        seen[key] = work.shifted.copy(), work.turned.copy(), outward.copy()
        outward[:] = 9.0
        gain[:] = [1.0, 10.0, 100.0, 1000.0]
        return 1

    monkeypatch.setattr(equity, "gains_of_shift", watch)
    worth = np.full(8, 5.0)
    change = math.log(2) * (1 - np.eye(4))
    income = np.array([1.0, 2.0, 3.0])
    assert equity.coalition_worths(trade.freeness, change, trade, income, 4.0, np.ones(4), worth) == 1
    # AB, AC, BC, ABC; the others change nothing
    assert worth.tolist() == [0, 0, 0, 21, 0, 301, 320, 321]
    for k, members in enumerate(((A, B), (A, C), (B, C), (A, B, C))):
        expected = trade.freeness.copy()
        for i in members:
            for j in members:
                expected[i, j] *= 2 if i != j else 1
        assert seen[k][0] == pytest.approx(expected) and (seen[k][1] == seen[k][0].T).all()
        assert seen[k][2].tolist() == [1.0] * 4
