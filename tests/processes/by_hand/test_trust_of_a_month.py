"""Trust at the beginning, a month of it written down, and the impacts of dated events."""

import math

import numpy as np
import pytest

from by_hand.three_states import A, B, C
from sim.engine.layout import GRID_POINTS, LONG_AGO
from sim.engine.process import put_starts
from sim.processes import accords, bilateral_treaties, border_conflict, leaders, ratification, trust


def test_trust_begins_where_it_would_drift_to(region, params):
    """A level of ln 3 is a chance of 3/4; elites that are half alike add half the effect."""
    params.trust_baseline, params.trust_identity_effect = math.log(3.0), 0.5
    region.polity.elite[:] = [0.0, 0.0, 1.0]
    trust.begin_trust(region.beliefs, region.polity, params)
    near, far = math.log(3.0), math.log(3.0) + 0.25
    assert region.beliefs.logit == pytest.approx(np.array([[0, near, far], [near, 0, far], [far, far, 0]]))
    assert region.beliefs.trust[A, B] == pytest.approx(0.75)
    assert region.beliefs.trust[C, A] == pytest.approx(1 / (1 + math.exp(-far)))
    assert np.diag(region.beliefs.trust).tolist() == [1.0] * 3


def test_the_end_of_a_month_makes_the_new_trust_and_forgets_its_news(region):
    beliefs = region.beliefs
    beliefs.updated[:] = [[9.0, 0.0, math.log(3.0)], [-math.log(3.0), 9.0, 1.0], [2.0, 3.0, 9.0]]
    beliefs.gains[:], beliefs.losses[:] = 0.5, 0.25
    trust.commit_trust(region)
    assert beliefs.logit.tolist() == [[0.0, 0.0, math.log(3.0)], [-math.log(3.0), 0.0, 1.0], [2.0, 3.0, 0.0]]
    assert beliefs.trust[0] == pytest.approx([1.0, 0.5, 0.75]) and beliefs.trust[1, :2] == pytest.approx([0.25, 1.0])
    assert not beliefs.gains.any() and not beliefs.losses.any()


def test_a_new_leader_takes_trust_part_of_the_way_back(region, params):
    """To 1 by half of the way, of which full institutions prevent a half and half institutions a quarter."""
    params.__dict__.update(
        trust_baseline=1.0, trust_identity_effect=0.0, trust_third_parties=0.0, trust_leader_reset=0.5,
        leaders_institutions=0.5,
    )  # fmt: skip
    region.beliefs.logit[:] = [[0.0, 3.0, -1.0], [5.0, 0.0, 7.0], [1.0, 7.0, 0.0]]
    region.environment.institutions = 0.5
    trust.reset_trust(A, region, params)
    assert region.beliefs.logit[A].tolist() == [0.0, 3.0 - 0.375 * 2, -1.0 + 0.375 * 2]
    assert region.beliefs.logit[:, A].tolist() == [0.0, 5.0 - 0.375 * 4, 1.0] and region.beliefs.logit[B, C] == 7.0


def test_dated_impacts_come_in_their_month_and_once(region, inputs, monkeypatch):
    asked = []
    monkeypatch.setattr(trust, "add_impact", lambda beliefs, *given: asked.append(given))
    rows = [(299, B, A, 1, 0.5), (300, C, A, 2, -0.25), (301, A, B, 3, 1.0)]
    inputs.impacts = np.array(
        rows, [("month", int), ("target", int), ("actor", int), ("event_class", int), ("weight", float)]
    ).view(np.recarray)
    region.environment.next_impact = 0
    trust.apply_impacts(region, inputs, 300)
    assert asked == [(B, A, 1, 0.5, 300), (C, A, 2, -0.25, 300)] and region.environment.next_impact == 2
    trust.apply_impacts(region, inputs, 301)
    assert asked[2:] == [(A, B, 3, 1.0, 301)]
    trust.apply_impacts(region, inputs, 302)
    assert len(asked) == 3 == region.environment.next_impact


# ------------------------------------------------------------------------------------ before anything happens


def table_of(process, record, *fractions):
    """One number a field, as it is declared: 7 where nothing is; all but the fractions are whole numbers."""
    fields = process.state[record]
    assert {one.name for one in fields if not one.whole} == set(fractions)
    found = {one.name: 7.0 for one in fields}
    put_starts(found, fields)
    return found


def test_no_news_at_the_beginning(region, params):
    """Events of all classes lie so far back that none counts."""
    numbers = ("logit", "updated", "of_each", "row_sum", "trust", "gains", "losses", "impact_weight")
    found = table_of(trust.PROCESS, "beliefs", *numbers)
    assert (found.pop("logit"), found.pop("trust")) == (7.0, 7.0)
    assert found.pop("impact_month") == LONG_AGO < -12 and set(found.values()) == {0.0}
    assert trust.sum_row(np.full((2, 2), found["gains"]), 0) == 0.0


def test_nothing_is_signed_answered_or_left_at_the_beginning(region, inputs, params, draws):
    """Only readiness is drawn; nobody has signed, ratified or declined, and nothing is in force."""
    inputs.channels.readiness, params.readiness, params.accords_state_sd = ["a", "b", "c"], np.full(3, np.nan), 2.0
    region.treaties.readiness = np.zeros(3)
    given = draws(accords, {("b", 0): 0.5}, 0.0)
    accords.begin_accords(region, inputs, params, 7)
    assert region.treaties.readiness.tolist() == [0.0, 1.0, 0.0]
    assert given.asked == [(key, 0, 0, 7) for key in "abc"]
    found = table_of(
        accords.PROCESS, "treaties", "refusal_logit", "refusal_asked", "likelihood", "attitude", "readiness", "weights"
    )
    assert (found.pop("tabled"), found.pop("readiness"), found.pop("signed")) == (7.0, 7.0, -1)
    assert set(found.values()) == {0}


def test_a_wave_knows_of_no_step_at_the_beginning(region):
    """Without steps and exposure its posterior is the prior, with a mean of one for exp(wave)."""
    found = table_of(bilateral_treaties.PROCESS, "environment", "wave", "steps", "exposure")
    assert (found["wave"], found["steps"], found["exposure"]) == (0.0, 0.0, 0.0)
    work = np.zeros(GRID_POINTS), np.zeros(GRID_POINTS)
    middle = bilateral_treaties.wave_given_steps(found["steps"], found["exposure"], 0.5, 0.5, *work)
    assert middle == pytest.approx(-0.125, abs=0.01)
    treaties = table_of(bilateral_treaties.PROCESS, "treaties", "rung_implemented")
    assert treaties.pop("rung_in_force") == -1 and set(treaties.values()) == {0}


def test_a_section_has_had_no_clash_at_the_beginning(region, inputs, params, draws):
    found = table_of(border_conflict.PROCESS, "frontier", "unsettled", "log_frailty", "clashes", "exposure")
    assert [found[name] for name in ("clash_month", "fought_month", "frailty_year")] == [-1] * 3
    assert [found[name] for name in ("frozen_until", "log_frailty", "clashes", "exposure")] == [0] * 4
    assert border_conflict.at_risk(0.5, False) and not border_conflict.at_risk(0.0, False)


def test_no_leader_has_come_or_gone_at_the_beginning(region, inputs):
    found = table_of(leaders.PROCESS, "polity", "openness", "openness_sum", "openness_fall", "blocker")
    assert found["n_leaders"] == found["n_successors"] == found["openness_sum"] == 0
    # without leaders the disposition is the prior
    assert leaders.state_disposition(found["openness_sum"], found["n_leaders"], 0.5, 1.0, 2.0) == pytest.approx(1.0)


def test_nothing_is_in_force_at_the_beginning(region, params):
    found = table_of(ratification.PROCESS, "treaties", "implemented", "ratification_chance")
    assert found["in_force"] == -1 and found["ratified"] == -1 and found["implemented"] == 0.0
    assert found["ratifications"] == 0 and found["ratification_chance"] == -1.0
    params.ratification_rate, params.ratification_parties = math.log(0.1), 0.0
    chance = ratification.ratification_chance(region.treaties, params, 3)
    assert chance == pytest.approx(1 - math.exp(-0.1)) == region.treaties.ratification_chance[2]
    params.ratification_rate = 7.0
    assert ratification.ratification_chance(region.treaties, params, 3) == chance  # once a member
