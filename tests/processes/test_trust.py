"""Trust: hand-worked numbers, limiting cases, and the rule that repetition adds nothing."""

import math
from collections import namedtuple

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sim.engine.event_log import add_impact
from sim.engine.hazard import probability
from sim.processes.trust import baseline_trust, reset_trust, sum_row, update_trust

LEVEL, IDENTITY_EFFECT, THIRD = -0.5, 1.0, 0.2

Region = namedtuple("Region", ["beliefs", "polity", "environment"])
Beliefs = namedtuple(
    "Beliefs", ["logit", "updated", "of_each", "row_sum", "gains", "losses", "impact_weight", "impact_month"]
)
Polity = namedtuple("Polity", ["elite"])
Environment = namedtuple("Environment", ["process", "institutions"])
Trust = namedtuple(
    "Trust",
    "trust_baseline trust_identity_effect trust_third_parties trust_decay trust_responsiveness trust_loss_aversion "
    "trust_leader_reset leaders_institutions",
)
PARAMS = Trust(LEVEL, IDENTITY_EFFECT, THIRD, 0.01, 0.5, 2.0, 0.25, 0.5)


def beliefs_of(logit, updated, gains, losses):
    n = len(logit)
    return Beliefs(
        logit, updated, np.zeros((n, n)), np.zeros(n), gains, losses, np.zeros((1, n, n)), np.full((1, n, n), -1000)
    )


def three_states():
    logit = np.array([[0.0, 1.0, 2.0], [0.5, 0.0, -1.0], [0.0, 0.3, 0.0]])
    return logit, np.array([0.2, 0.4, 0.6])


def region_of(logit, elite, gains=None, process=0.0, institutions=0.0):
    zero = np.zeros(logit.shape)
    beliefs = beliefs_of(logit, logit.copy(), zero if gains is None else gains, zero.copy())
    return Region(beliefs, Polity(elite), Environment(process, institutions))


def step(logit, identity, gains, losses, process=0.0):
    region = region_of(logit, identity, gains, process)
    region.beliefs.losses[:] = losses
    update_trust(0, len(logit), region, PARAMS)
    return region.beliefs.updated


def test_one_month_by_hand():
    logit, identity = three_states()
    gains, losses = np.zeros((3, 3)), np.zeros((3, 3))
    gains[0, 1], losses[0, 1] = 14 / 47, 29 / 47
    # rest of (0, 1): -0.5 + 0.3 + 0.2 * 0.5 * ((2) + (-1)) / 2
    rest = -0.5 + 1.0 * 0.3 + 0.2 * 0.5 * (2.0 - 1.0) / 2
    by_hand = 1.0 + 0.01 * (rest - 1.0) + 0.5 * (14 / 47 - 2.0 * 29 / 47)
    assert step(logit, identity, gains, losses, process=0.5)[0, 1] == pytest.approx(by_hand, abs=1e-15)


def test_baseline_is_the_same_in_both_directions():
    logit, identity = three_states()
    there, back = (
        baseline_trust(
            (logit[i, j], logit[j, i]),
            (sum_row(logit, i), sum_row(logit, j)),
            (identity[i], identity[j]),
            3,
            0.7,
            PARAMS,
        )
        for i, j in ((0, 2), (2, 0))
    )
    assert there == pytest.approx(back, abs=1e-15)


def test_without_news_trust_stays_at_its_baseline():
    identity = np.full(3, 0.3)
    logit = np.full((3, 3), LEVEL + IDENTITY_EFFECT * 0.3)
    np.fill_diagonal(logit, 0.0)
    assert step(logit, identity, np.zeros((3, 3)), np.zeros((3, 3))) == pytest.approx(logit)


def test_a_range_of_states_writes_its_own_rows_only():
    logit, identity = three_states()
    region = region_of(logit, identity)
    updated = region.beliefs.updated
    updated[:] = 9.0
    update_trust(1, 2, region, PARAMS)
    assert (updated[[0, 2]] == 9.0).all()
    assert updated[1, 0] != 9.0


class Impressions:
    """A pair's impressions of one class."""

    def __init__(self):
        self.beliefs = beliefs_of(*np.zeros((4, 2, 2)))
        self.gains, self.losses = self.beliefs.gains, self.beliefs.losses

    def add_impact(self, weight, month):
        add_impact(self.beliefs, 0, 1, 0, weight, month)
        return self.gains[0, 1], self.losses[0, 1]


def test_only_the_largest_of_twelve_months_counts():
    felt = Impressions()
    assert felt.add_impact(14 / 47, 100) == (14 / 47, 0.0)
    assert felt.add_impact(14 / 47, 106) == (14 / 47, 0.0)  # nothing new
    assert felt.add_impact(31 / 47, 107) == (pytest.approx(31 / 47), 0.0)  # only the excess
    assert felt.add_impact(31 / 47, 119)[0] == pytest.approx(62 / 47)  # twelve months later it counts afresh


def test_losses_add_to_losses():
    assert Impressions().add_impact(-50 / 47, 3) == (0.0, 50 / 47)


def test_target_alone_moves():
    felt = Impressions()
    felt.add_impact(1.0, 3)
    assert felt.gains.sum() == felt.gains[0, 1]


def test_leader_change_resets_part_of_the_way():
    logit, identity = three_states()
    before = logit.copy()
    reset_trust(0, region_of(logit, identity), PARAMS)
    rest = LEVEL + IDENTITY_EFFECT * 0.3
    assert logit[0, 1] == pytest.approx(before[0, 1] + 0.25 * (rest - before[0, 1]))
    assert logit[1, 0] == pytest.approx(before[1, 0] + 0.25 * (rest - before[1, 0]))
    assert logit[1, 2] == before[1, 2]


def test_full_institutions_hold_what_they_can():
    logit, identity = three_states()
    before = logit.copy()
    region = region_of(logit, identity, institutions=1.0)
    reset_trust(0, region, PARAMS._replace(leaders_institutions=1.0))
    assert (logit == before).all()


@given(st.floats(-30, 30))
def test_probability_inverts_log_odds(logit):
    p = probability(logit)
    assert 0.0 < p < 1.0
    if abs(logit) < 15:
        assert math.log(p / (1 - p)) == pytest.approx(logit, abs=1e-6)
