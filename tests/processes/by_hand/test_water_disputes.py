"""Who falls out with whom over a river, and how gravely."""

import math

import numpy as np
import pytest

from by_hand.three_states import A, B, C, Some, events
from sim.processes import water_disputes
from sim.processes.water_disputes import dispute_covariates, dispute_intensity, pair_offset, pair_water


@pytest.fixture(autouse=True)
def parameters(region, inputs, params):
    params.__dict__.update(
        dispute_offset=np.zeros((3, 4)), dispute_coefficients=np.array([0.0] * 7), disputes_intensity_deficit=0.0,
        disputes_cut_1=0.0, disputes_cut_2=1.0, disputes_cut_3=2.0, disputes_cut_4=3.0,
    )  # fmt: skip
    inputs.rivers = Some(
        table=Some(
            pair_up=np.array([A, -1]), pair_down=np.array([B, C]), pair_account=np.array([0, -1]),
            pair_basin=np.array([1, -1]), pair_key=["ab", "c"],
        )
    )  # fmt: skip
    inputs.conflict.__dict__.update(dispute_class=1, dispute_weight=np.array([-0.1, -0.2, -0.3, -0.4, -0.5]))
    region.rivers.account.__dict__.update(account_deficit=np.array([0.4]), flood=np.array([9.0, 2.0]))


def test_covariates_in_their_order():
    assert dispute_covariates(0.4, -1.0, 0.2, 3.0, True, 0.5) == (1.0, 0.4, 1.0, 0.2, 3.0, 1.0, -0.5)
    assert dispute_covariates(0.0, 0.5, 0.0, 0.0, False, 0.0)[5] == 0.0


def test_what_a_pair_adds(params):
    params.dispute_offset[B, A], params.dispute_offset[C, -1] = 0.7, math.nan
    assert pair_offset(params, B, A) == 0.7 and pair_offset(params, C, -1) == 0.0


def test_water_of_a_pair(region, inputs):
    assert pair_water(region.rivers, inputs.rivers.table, 0) == (0.4, 2.0)
    assert pair_water(region.rivers, inputs.rivers.table, 1) == (0.0, 0.0)
    inputs.rivers.table.pair_basin[1] = 0
    assert pair_water(region.rivers, inputs.rivers.table, 1) == (0.0, 9.0)


def test_grades_of_a_dispute():
    """Above a cut with chance 1/2, .27, .12, .05."""
    cuts = (0.0, 1.0, 2.0, 3.0)
    assert [dispute_intensity(0.0, cuts, u) for u in (0.51, 0.49, 0.28, 0.26, 0.13, 0.11, 0.05, 0.04)] == [
        -1, -2, -2, -3, -3, -4, -4, -5,
    ]  # fmt: skip
    assert dispute_intensity(3.0, cuts, 0.49) == -5


def simulate(region, inputs, params, log, draws, numbers, month=300):
    given = draws(water_disputes, numbers)
    water_disputes.step_water_disputes(region, inputs, params, 7, month, log)
    assert given.asked == [("ab", 0, month, 7), ("c", 0, month, 7)]
    return events(log)


def test_both_sides_lose_trust_and_an_upstream_without_agency_none(region, inputs, params, log, draws):
    found = simulate(region, inputs, params, log, draws, {("ab", 0): (0.6, 0.2, 0, 0), ("c", 0): (0.6, 0.9, 0, 0)})
    assert found == [(300, "dispute", B, A, -1, -3.0), (300, "dispute", C, -1, -1, -1.0)]
    assert region.beliefs.losses[A, B] == region.beliefs.losses[B, A] == 0.3
    assert np.count_nonzero(region.beliefs.losses) == 2 and not region.beliefs.gains.any()


@pytest.mark.parametrize(
    ("place", "rates"),
    [
        (0, (0.5, 0.5)),  # base
        (1, (0.5 * 0.4, 0.0)),  # deficit
        (2, (0.5 * -1.5, 0.0)),  # trust of B in A
        (3, (0.5 * 0.5, 0.0)),  # institution
        (4, (0.5 * 2.0, 0.0)),  # flood
        (5, (0.5, 0.5)),  # season
        (6, (0.5 * (0.75 - 0.25), 0.5 * 0.125)),  # openness of both, or of C alone
    ],
)
def test_rate_of_a_pair(region, inputs, params, log, draws, monkeypatch, place, rates):
    """The log rate is a constant and one effect of a half; a draw a little on either side of its chance tells it."""
    monkeypatch.setattr(water_disputes, "basin_institution", lambda *given: 0.5 if given[2:] == (B, A) else 0.0)
    region.beliefs.logit[B, A], region.beliefs.logit[A, B] = 1.5, 9.0
    region.polity.openness[:] = [-0.75, 0.25, -0.125]
    params.dispute_coefficients = 0.5 * np.eye(7)[place]
    june = 300 + 5
    for edge, n in ((-1e-9, 2), (1e-9, 0)):
        log.n_events[0] = 0
        chances = [1 - math.exp(-math.exp(rate)) + edge for rate in rates]
        numbers = {("ab", 0): (chances[0], 0.9, 0, 0), ("c", 0): (chances[1], 0.9, 0, 0)}
        assert len(simulate(region, inputs, params, log, draws, numbers, june)) == n


def test_a_deficit_makes_it_graver(region, inputs, params, log, draws):
    params.disputes_intensity_deficit = 10.0  # log-odds 4: 98, 95, 88, 73 %
    found = simulate(region, inputs, params, log, draws, {("ab", 0): (0.1, 0.72, 0, 0)})
    assert found == [(300, "dispute", B, A, -1, -5.0)]


@pytest.mark.parametrize("first", [water_disputes.FIRST_MONTH, water_disputes.FIRST_MONTH + 2])
def test_what_pairs_could_quarrel_over_in_the_past(region, inputs, monkeypatch, first):
    """Each month adds a tenth to the deficit and one km3 to the flood, each member ten times as much; sums of two."""
    rivers, start = region.rivers, object()
    account, begun, months = rivers.account, [], []

    def begin(given_rivers, given, params):
        begun.append((given_rivers, params))
        account.account_deficit[0], account.flood[1] = 0.0, 0.0

    def month_passes(given_rivers, given, params, member, month, recorded):
        months.append((member, month, recorded))
        account.account_deficit[0] += 0.1 * 10**member
        account.flood[1] += 10**member

    monkeypatch.setattr(water_disputes, "copy_rivers", lambda source, target: begun.append((source, target)))
    monkeypatch.setattr(water_disputes, "begin_account", begin)
    monkeypatch.setattr(water_disputes, "step_past", month_passes)
    given = Some(start=start, table=inputs.rivers.table)
    found = np.zeros((2, 3, 2))
    water_disputes.recall_pair_water(rivers, given, "p", first, 2, found)
    passed = 1 + first - water_disputes.FIRST_MONTH + np.arange(3)
    # the second pair is of no river that the network tells of
    assert found[0] == pytest.approx(np.stack([1.1 * passed, 0 * passed], axis=1))
    assert found[1] == pytest.approx(np.stack([11.0 * passed, 0 * passed], axis=1))
    every = range(water_disputes.FIRST_MONTH, first + 3)
    assert months == [(member, month, False) for member in (0, 1) for month in every]
    assert begun == [(start, rivers), (rivers, "p")] * 2
