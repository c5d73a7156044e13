"""Release decision, accounts, disputes and frictions: worked by hand, limiting cases, signs."""

import math

import numpy as np
import pytest

from sim.engine.hazard import chance_within_month, happens, linear
from sim.processes.frictions import friction_covariates, friction_kind
from sim.processes.rivers.allocation import served_share
from sim.processes.rivers.deficits import damage, deficit, twelve_months, winter_spill
from sim.processes.rivers.release_policy import (
    annual_volume,
    compliance,
    expected_barter,
    mode_share,
    performance,
    planned_release,
)
from sim.processes.rivers.reservoirs import allowed_release, wished_release
from sim.processes.water_disputes import dispute_covariates, dispute_intensity


def test_annual_volume_by_hand():
    assert annual_volume(12.5, 0.4, 15.0, 13.0, 0.0, 0.0) == pytest.approx(13.3)
    assert annual_volume(12.5, 0.4, 13.0, 13.0, -3.0, 0.5) == pytest.approx(10.0)
    assert annual_volume(1.0, 0.4, 0.0, 13.0, 0.0, 0.0) == 0.0


def test_mode_share_by_hand():
    assert mode_share(0.25, 0.018, 0.5, 0.0, 0.0) == pytest.approx(0.25)
    expected = 1.0 / (1.0 + math.exp(-(math.log(1.0 / 3.0) + 0.018 * (0.5 * 60.0 + 10.0))))
    assert mode_share(0.25, 0.018, 0.5, 60.0, 10.0) == pytest.approx(expected)
    assert mode_share(0.25, 0.018, 0.0, 60.0, 0.0) == pytest.approx(0.25)


def test_verification_replaces_doubt():
    assert expected_barter(0.4, 0.5, 0.0) == 0.4
    assert expected_barter(0.4, 0.5, 1.0) == pytest.approx(0.7)
    assert expected_barter(1.0, 0.5, 1.0) == 1.0


def test_planned_release_is_the_volume_over_a_year():
    irrigation = np.array([0.0417] * 3 + [0.125] * 6 + [0.0417] * 3)
    power = np.array([0.125] * 3 + [0.0417] * 6 + [0.125] * 3)
    months = [planned_release(12.0, 0.3, irrigation[m], power[m]) for m in range(12)]
    assert sum(months) == pytest.approx(12.0, rel=1e-3)
    assert planned_release(12.0, 1.0, 0.2, 0.9) == pytest.approx(2.4)


def test_compliance_and_performance_are_two_things():
    assert compliance(6.0, 6.5) == pytest.approx(6.0 / 6.5)
    assert compliance(7.0, 6.5) == 1.0 and compliance(1.0, 0.0) == 1.0
    assert performance(5.0, 10.0) == 0.5 and performance(1.0, 0.0) == 1.0


@pytest.mark.parametrize(
    ("rule", "water", "curve", "need", "planned", "wish"),
    [
        (0, 5.0, 3.0, 9.0, 9.0, 2.0),
        (0, 2.0, 3.0, 9.0, 9.0, 0.0),
        (1, 5.0, 3.0, 1.5, 9.0, 2.0),
        (1, 5.0, 3.0, 2.5, 9.0, 2.5),
        (2, 5.0, 3.0, 9.0, 1.2, 1.2),
    ],
)
def test_rules_of_reservoirs_by_hand(rule, water, curve, need, planned, wish):
    assert wished_release(rule, water, curve, need, planned) == pytest.approx(wish)


def test_a_release_is_limited_by_dead_storage_and_outlets():
    assert allowed_release(4.0, 6.0, 3.0, 9.0) == 3.0
    assert allowed_release(4.0, 6.0, 1.0, 2.5) == 2.5
    assert allowed_release(4.0, 2.0, 3.0, 9.0) == 0.0


def test_served_share_by_hand():
    assert served_share(1.0, 0.6, 0.3) == pytest.approx(0.72)
    assert served_share(1.0, 0.6, 0.0) == 0.6
    assert served_share(0.5, 0.9, 0.3) == 0.5


def test_deficit_and_damage():
    assert deficit(10.0, 8.5) == pytest.approx(0.15) and deficit(0.0, 0.0) == 0.0
    assert damage(0.24, 0.25, 1.5) == pytest.approx(0.03)
    assert damage(0.24, 0.0, 1.5) == 0.0


def test_a_rolling_year_forgets_what_is_older():
    yearly = np.zeros(12)
    for month in range(24):
        yearly[month % 12] = 1.0 if month < 12 else 2.0
    assert twelve_months(yearly) == 24.0


def test_dispute_rate_by_hand_and_its_signs():
    def rate(institution_effect=-0.7, **other):
        state = {"deficit": 0.2, "trust": -1.0, "institution": 0.5, "flood": 1.0, "season": True, "openness": 0.4}
        state |= other
        coefficients = np.array([-6.1, 2.0, 0.5, institution_effect, 0.5, 0.3, 0.2])
        return linear(0.0, coefficients, dispute_covariates(*state.values()))

    assert rate() == pytest.approx(-6.1 + 0.4 + 0.5 - 0.35 + 0.5 + 0.3 - 0.08)
    assert rate(deficit=0.3) > rate() > rate(trust=0.0)
    assert rate(flood=2.0) > rate() and rate(institution_effect=0.7) > rate()
    assert rate(season=False) < rate() and rate(openness=1.0) < rate()


def test_chance_within_month():
    assert chance_within_month(0.0) == 0.0
    assert chance_within_month(1e-12) == pytest.approx(1e-12)
    assert chance_within_month(50.0) == pytest.approx(1.0)


def test_what_happens_is_what_the_chance_says():
    for log_rate in (-9.0, -3.0, -2.99, -1.0, 2.0):
        chance = chance_within_month(math.exp(log_rate))
        assert happens(log_rate, chance * 0.999) and not happens(log_rate, chance * 1.001)


def test_intensity_is_an_ordered_logit():
    cuts = np.array([0.0, 1.1, 2.2, 3.5])
    uniforms = (np.arange(200000) + 0.5) / 200000
    levels = np.array([dispute_intensity(0.5, cuts, uniform) for uniform in uniforms])
    for k, cut in enumerate(cuts):
        assert (levels <= -(k + 2)).mean() == pytest.approx(1.0 / (1.0 + math.exp(cut - 0.5)), abs=1e-4)
    assert dispute_intensity(-50.0, cuts, 0.5) == -1 and dispute_intensity(50.0, cuts, 0.5) == -5


def test_only_winter_spill_floods():
    assert winter_spill(0, 1.5) == 1.5 and winter_spill(11, 1.5) == 1.5
    assert winter_spill(6, 1.5) == 0.0


def test_friction_rate_by_hand_and_its_floors():
    def rate(trust, openness):
        return linear(0.0, np.array([-6.0, 0.56, 2.3, 0.0]), friction_covariates(trust, openness, 0.3))

    assert rate(-1.0, 0.5) == pytest.approx(-6.0 + 0.56 - 1.15)
    assert rate(-9.0, 0.0) == rate(-2.0, 0.0) > rate(-1.0, 0.0)
    assert rate(0.0, -4.0) == rate(0.0, -1.5) > rate(0.0, -1.0) > rate(0.0, 1.0)


def test_kinds_of_friction():
    assert [friction_kind(u, 0.26, 0.63) for u in (0.0, 0.25, 0.27, 0.88, 0.9)] == [0, 0, 1, 1, 2]
