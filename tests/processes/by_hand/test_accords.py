"""Answers at summits and between them, and what a refusal tells."""

import math

import numpy as np
import pytest

from by_hand.three_states import A, B, C, Some, events
from sim.engine.decisions import TERM_COLUMNS
from sim.engine.event_types import CODE
from sim.engine.layout import CONTEXT, GRID_POINTS, PARTS
from sim.processes import accords, signatures


@pytest.fixture(autouse=True)
def parameters(region, inputs, params, monkeypatch):
    """Two accords of a format with leaders, the first by opt-in, the second under unanimity; one part of V is 0.5."""
    inputs.channels.accord = {(m, i): f"{m}{'abc'[i]}" for m in range(2) for i in range(3)}
    inputs.channels.attitude = {(m, i): f"t{m}{'abc'[i]}" for m in range(2) for i in range(3)}
    inputs.channels.readiness, inputs.channels.tabling = ["ra", "rb", "rc"], ["text0", "text1"]
    inputs.accords = Some(
        count=2, party=np.ones((2, 3), int), n_parties=np.array([3, 3]), unanimous=np.array([0, 1]),
        format=np.array([0, 0]), hard=np.full((2, 3, 2), 999), soft=np.full((2, 3, 2), 999),
        weight=np.array([0.2, 0.4]), event_class=np.array([5, 6]), proposal=np.array([0, 0]), opens=np.array([0, 0]),
        opened=np.zeros(2),
    )  # fmt: skip
    inputs.formats = Some(yearly=np.array([0]), regional=np.array([1]))
    region.environment.summit = np.array([1])
    region.rivals = Some(hold=np.zeros(3))
    region.treaties.__dict__.update(
        tabled=np.array([100, 100]), signed=np.full((2, 3), -1), signatures=np.zeros(2, int),
        ratified=np.full((2, 3), -1), in_force=np.full(2, -1), implemented=np.zeros(2), refused=np.zeros((2, 3), int),
        attitude=np.zeros((2, 3)), readiness=np.zeros(3), answers=np.zeros(3, int), lapsed=np.zeros(2, int),
        ratifications=np.zeros(2, int), refusals=0, refusal_accord=np.zeros(9, int), refusal_state=np.zeros(9, int),
        refusal_logit=np.zeros(9), refusal_asked=np.zeros(9), likelihood=np.zeros(GRID_POINTS),
        weights=np.zeros(GRID_POINTS),
    )  # fmt: skip
    region.appraisal.__dict__.update(
        accord=np.zeros((2, 3, len(PARTS))), parts=np.zeros(len(PARTS)), context=np.zeros(len(CONTEXT))
    )
    region.appraisal.accord[:, :, 0] = 0.5
    monkeypatch.setattr(accords, "appraise_accord", lambda *given: None)  # see test_utility.py
    params.__dict__.update(
        accords_interest=0.0, answer_coefficients=np.zeros(3), accords_intercept=0.0, accords_bandwagon=0.0,
        accords_reconsider=0.1, accords_accession=0.02, accords_persistence=1.5, accords_state_sd=0.75,
        accords_tabling=0.1, accords_opened=0.4, bars_soft=1.0, rivals_signing=-2.0, readiness=np.full(3, np.nan),
    )  # fmt: skip


def put(region, accord, *states, month=290):
    for state in states:
        accords.put_signature(region.treaties, accord, state, month)


def summit(region, inputs, params, log, draws, numbers, month=300, otherwise=0.999):
    """Only the first accord, or the second if a number speaks of it."""
    draws(accords, numbers, otherwise)
    accords.answer_summits(region, inputs, params, 7, month, log)
    return [(kind, state, accord) for _, kind, state, _, accord, _ in events(log)]


def test_accords_that_have_begun_stand_in_their_order():
    treaties = Some(begun=np.zeros(4, int), n_begun=0, signed=np.full((4, 3), -1), signatures=np.zeros(4, int))
    for accord, listed in ((2, [2]), (0, [0, 2]), (2, [0, 2]), (3, [0, 2, 3]), (1, [0, 1, 2, 3])):
        signatures.put_signature(treaties, accord, A, 290)
        assert treaties.begun[: treaties.n_begun].tolist() == listed


def test_signatures_are_counted_once(region):
    treaties = region.treaties
    put(region, 0, A, B)
    put(region, 0, A, month=295)
    assert treaties.signatures.tolist() == [2, 0] and treaties.signed[0].tolist() == [295, 290, -1]
    signatures.put_ratification(treaties, 0, A, 298)
    signatures.put_ratification(treaties, 0, A, 299)
    assert treaties.ratifications.tolist() == [1, 0] and treaties.ratified[0, A] == 299
    signatures.take_signature(treaties, 0, A)
    signatures.take_signature(treaties, 0, A)
    signatures.take_signature(treaties, 0, C)
    assert treaties.signatures.tolist() == [1, 0] and treaties.signed[0].tolist() == [-1, 290, -1]
    assert treaties.ratified[0, A] == -1 and treaties.ratifications.tolist() == [0, 0]
    put(region, 1, A, month=0)
    signatures.take_signature(treaties, 1, A)
    assert treaties.signatures[1] == 0
    treaties.in_force[0], treaties.implemented[0] = 290, 0.5
    signatures.make_void(treaties, 0)
    assert (treaties.signed[0] == -1).all() and treaties.signatures[0] == 0
    assert treaties.in_force[0] == -1 and treaties.implemented[0] == 0.0


def test_by_opt_in_each_signs_for_itself(region, inputs, params, log, draws):
    """At log-odds of nought a draw below one half signs."""
    inputs.accords.unanimous[1], region.treaties.tabled[1] = 0, 301
    numbers = {("0a", 0): 0.49, ("0b", 0): 0.51, ("0c", 0): 0.2}
    found = summit(region, inputs, params, log, draws, numbers)
    assert found == [("signature", A, 0), ("refusal", B, 0), ("signature", C, 0)]
    assert region.treaties.signed[0].tolist() == [300, -1, 300] and region.treaties.refused[0].tolist() == [0, 1, 0]
    # C signed after A: both take note of each other, nobody of B
    assert region.beliefs.gains[A, C] == region.beliefs.gains[C, A] == 0.2
    assert np.count_nonzero(region.beliefs.gains) == 2


@pytest.mark.parametrize(
    ("numbers", "outcome"),
    [
        ((0.1, 0.1, 0.1), [("signature", A, 1), ("signature", B, 1), ("signature", C, 1)]),
        ((0.1, 0.9, 0.1), [("refusal", B, 1)]),  # the willing have not declined
        ((0.9, 0.9, 0.9), [("refusal", A, 1), ("refusal", B, 1), ("refusal", C, 1)]),
    ],
)
def test_under_unanimity_all_or_none(region, inputs, params, log, draws, numbers, outcome):
    region.treaties.lapsed[0] = 1
    given = {(f"1{state}", 0): number for state, number in zip("abc", numbers, strict=True)}
    assert summit(region, inputs, params, log, draws, given) == outcome


def test_a_refusal_is_written_once(region, inputs, params, log, draws):
    region.treaties.lapsed[1] = 1
    region.treaties.refused[0, A] = 1
    found = summit(region, inputs, params, log, draws, {("0a", 0): (0.9, 0.9, 0.05, 0.9)}, otherwise=0.9)
    assert found == [("refusal", B, 0), ("refusal", C, 0)]


def test_only_parties_without_a_bar_are_asked(region, inputs, params, log, draws):
    region.treaties.lapsed[1] = 1
    inputs.accords.party[0, A] = 0
    inputs.accords.hard[0, B] = [300, 301]
    assert summit(region, inputs, params, log, draws, {}, otherwise=0.1) == [("signature", C, 0)]
    assert accords.may_join(inputs, 0, B, 299) and accords.may_join(inputs, 0, B, 301)
    assert not accords.may_join(inputs, 0, B, 300) and not accords.may_join(inputs, 0, A, 299)
    inputs.accords.unanimous[0] = 1
    signatures.make_void(region.treaties, 0)
    assert summit(region, inputs, params, log, draws, {}, otherwise=0.1)[1:] == []  # B is asked and cannot


def test_who_has_declined_gives_it_another_thought_now_and_then(region, inputs, params):
    def takes_up(accord, n_signed, uniform):
        return accords.takes_up(region, inputs, params, accord, A, n_signed, uniform)

    assert takes_up(0, 1, 0.99)
    region.treaties.refused[:, A] = 1
    assert takes_up(0, 1, 0.099) and not takes_up(0, 1, 0.1) and not takes_up(0, 0, 0.1)
    assert takes_up(1, 0, 0.99)  # under unanimity a text without signatures is put to all anew
    assert not takes_up(1, 1, 0.1)


def test_a_text_lies_open_at_its_summits(region, inputs):
    def open_at(month=300, n_signed=0, accord=0):
        return accords.lies_open(region, inputs, accord, n_signed, month)

    assert open_at() and open_at(100) and not open_at(99)
    inputs.formats.yearly[0] = 1
    assert open_at() and not open_at(n_signed=1) and open_at(n_signed=1, accord=1)
    inputs.formats.yearly[0] = 0
    assert open_at(n_signed=1)
    region.treaties.lapsed[0] = 1
    assert not open_at() and open_at(accord=1)
    region.environment.summit[0] = 0
    assert not open_at(accord=1)


def test_log_odds_of_an_answer(region, inputs, params):
    """Interest 2 x 0.5, intercept -1, 0.8 times the share signed, attitudes, a bar, a rival's hold."""
    params.accords_interest, params.answer_coefficients = 2.0, np.array([-1.0, 0.8, 0.4])

    def logit(n_signed=1, month=300):
        return accords.answer_logit(region, inputs, params, 0, A, n_signed, month)

    assert logit() == pytest.approx(1.0 - 1.0 + 0.4) and logit(2) == pytest.approx(0.8)
    region.treaties.readiness[A], region.treaties.attitude[0, A] = 0.3, -0.7
    assert logit() == pytest.approx(0.0)
    inputs.accords.soft[0, A] = [300, 310]
    assert logit() == pytest.approx(-1.0) and logit(month=310) == pytest.approx(0.0)
    region.rivals.hold[A] = 0.25
    assert logit(month=310) == pytest.approx(-0.5)
    inputs.formats.regional[0] = 0
    assert logit(month=310) == pytest.approx(0.0)
    inputs.accords.opened[0] = 1.0
    assert logit(month=310) == pytest.approx(0.4)


def test_between_summits_what_some_have_signed_is_joined_by_accession(region, inputs, params, log, draws):
    """Two in a hundred months, times the chance of a yes: one half."""

    def accede(draw, month=300):
        draws(accords, {(f"{m}c", 0): (0.0, draw, 0.0, 0.0) for m in range(2)})
        accords.accede(region, inputs, params, 7, month, log)
        return events(log)

    assert accede(0.0) == []  # nobody has signed
    put(region, 0, A, B)
    put(region, 1, A, B)
    assert accede(0.01 + 1e-9) == [] and accede(0.02) == []
    region.treaties.tabled[0] = 301
    assert accede(0.0) == []
    region.treaties.tabled[0], region.treaties.lapsed[0] = 300, 1
    assert accede(0.0) == []
    region.treaties.lapsed[0] = 0
    assert accede(0.01 - 1e-9) == [(300, "accession", C, -1, 0, 0.0)]
    assert (
        region.treaties.signatures.tolist() == [3, 2]
        and region.beliefs.gains[C, A] == region.beliefs.gains[C, B] == 0.2
    )
    assert len(accede(0.0)) == 1


def test_a_bar_keeps_from_accession(region, inputs, params, log, draws):
    put(region, 0, A, B)
    inputs.accords.hard[0, C] = [0, 999]
    draws(accords, {("0c", 0): (0.0, 0.0, 0.0, 0.0)})
    accords.accede(region, inputs, params, 7, 300, log)
    assert events(log) == []


def grid(logit, asked, times):
    attitude = 1.5 * np.linspace(-4, 4, GRID_POINTS)
    return times * np.log(1 - asked / (1 + np.exp(-(logit + attitude))))


def dated(region, inputs, params, log, kind, month, state=A, accord=0):
    accords.apply(Some(kind=CODE[kind], a=state, subject=accord), region, inputs, params, month, log)
    return region.treaties


def told(region, accord=0, state=A):
    assert accords.recall_refusals(region.treaties, accord, state, 1.5)
    return region.treaties.likelihood


def test_a_documented_refusal_tells_of_the_attitude(region, inputs, params, log):
    put(region, 0, B)
    params.answer_coefficients = np.array([-0.5, 1.0, 0.0])
    dated(region, inputs, params, log, "refusal", 150)
    assert region.treaties.refused[0].tolist() == [1, 0, 0]
    assert told(region) == pytest.approx(grid(0.0, 1.0, 1.0))
    dated(region, inputs, params, log, "refusal", 160)  # asked again only with the chance of another thought
    dated(region, inputs, params, log, "refusal", 160, accord=1)
    assert told(region) == pytest.approx(grid(0.0, 1.0, 1.0) + grid(0.0, 0.1, 1.0))
    assert not accords.recall_refusals(region.treaties, 0, C, 1.5) and not region.treaties.likelihood.any()
    assert log.n_terms[0] == 0


def test_documented_signatures_and_accessions(region, inputs, params, log):
    dated(region, inputs, params, log, "signature", 150)
    dated(region, inputs, params, log, "signature", 150, B)
    assert not region.beliefs.gains.any()  # the record's impacts have a list of their own
    dated(region, inputs, params, log, "accession", 160, C)
    assert region.beliefs.gains[C].tolist() == [0.2, 0.2, 0.0]
    assert region.treaties.signed[0].tolist() == [150, 150, 160] and region.treaties.signatures[0] == 3


def test_what_a_scenario_supposes_counts_at_once(region, inputs, params, log):
    region.treaties.tabled[0] = 400
    put(region, 0, B)
    dated(region, inputs, params, log, "refusal", 200)
    assert region.treaties.refused[0].tolist() == [1, 0, 0] and region.treaties.refusals == 0
    dated(region, inputs, params, log, "signature", 250)
    assert region.treaties.tabled[0] == 250 and region.treaties.signed[0, A] == 250
    assert region.beliefs.gains[A, B] == 0.2
    dated(region, inputs, params, log, "signature", 260)
    assert region.treaties.signed[0, A] == 250 and region.treaties.tabled[0] == 250


def test_terms_of_answers(region, inputs, params, log, draws):
    log.terms = np.zeros((9, len(TERM_COLUMNS)))
    params.__dict__.update(
        accords_interest=2.0,
        answer_coefficients=np.array([-1.0, 0.8, 0.4]),
        accords_intercept=-1.0,
        accords_bandwagon=0.8,
    )
    put(region, 0, B)
    region.treaties.attitude[0, A] = 0.25
    dated(region, inputs, params, log, "signature", 150)
    dated(region, inputs, params, log, "signature", 151)  # signed already
    dated(region, inputs, params, log, "refusal", 152, C)
    assert log.n_terms[0] == 2
    row = dict(zip(TERM_COLUMNS, log.terms[0], strict=True))
    assert row["total"] == pytest.approx(-1.0 + 1.0 + 0.4 + 0.25) == row["intercept"] + 1.65
    assert (row["month"], row["ladder"], row["a"], row["b"], row["subject"], row["decided"]) == (150, 0, A, -1, 0, 1)
    assert row["probability"] == pytest.approx(1 / (1 + math.exp(-0.65)))
    assert (row["gain"], row["others"], row["attitude"]) == pytest.approx((1.0, 0.4, 0.25))
    row = dict(zip(TERM_COLUMNS, log.terms[1], strict=True))
    assert (row["a"], row["decided"], row["others"]) == (C, 0, pytest.approx(0.8))
    assert row["probability"] == pytest.approx(1 / (1 + math.exp(-0.8)))
    region.treaties.lapsed[1] = 1
    draws(accords, {("0c", 0): (0.9, 0.9, 0.05, 0.9)})
    accords.answer_summits(region, inputs, params, 7, 300, log)
    assert log.n_terms[0] == 3 and log.terms[2, :6].tolist() == [300, 0, C, -1, 0, 0]


def test_months_without_accession_tell_of_the_attitude(region, inputs, params):
    def waited(accord=0, month=200, state=C):
        region.treaties.likelihood[:] = 0.0
        return accords.remember_waiting(region, inputs, params, accord, state, month)

    assert not waited()  # nobody has signed
    put(region, 0, A, month=190)
    put(region, 0, B, month=180)
    assert waited()
    assert region.treaties.likelihood == pytest.approx(grid(0.0, 0.02, 20.0))
    assert not waited(month=180) and not waited(state=A)
    put(region, 1, A, month=190)
    assert not waited(1)  # under unanimity nobody accedes
    inputs.accords.hard[0, C] = [0, 999]
    assert not waited()
    inputs.accords.hard[0, C], region.treaties.lapsed[0] = 999, 1
    assert not waited()
    signatures.make_void(region.treaties, 0)
    region.treaties.lapsed[0] = 0
    put(region, 0, A, month=0)
    put(region, 0, B, month=190)
    waited()
    assert region.treaties.likelihood == pytest.approx(grid(0.0, 0.02, 200.0))


def test_lasting_attitudes_at_the_branch(region, inputs, params, draws):
    """Without anything left unsigned the prior's quantile; after a refusal or months of waiting the posterior's."""
    inputs.accords.party[1, C] = 0
    region.treaties.attitude[1, C] = 9.0
    put(region, 0, A, month=190)
    region.treaties.refused[1, B] = 1
    region.treaties.refusals, region.treaties.refusal_accord[0], region.treaties.refusal_state[0] = 1, 1, B
    region.treaties.refusal_logit[0] = region.treaties.refusal_asked[0] = 1.0
    numbers = {("t0a", 0): 0.8413447, ("t0b", 0): 0.5, ("t0c", 0): 0.5, ("t1a", 0): 0.1586553, ("t1b", 0): 0.5}
    draws(accords, numbers)
    accords.draw_attitudes(region, inputs, params, 7)
    attitude = region.treaties.attitude
    assert attitude[0, A] == pytest.approx(1.5, abs=1e-5) and attitude[1, A] == pytest.approx(-1.5, abs=1e-5)
    z = np.linspace(-8, 8, 200_001)

    def median(log_likelihood):
        weight = np.exp(log_likelihood - z * z / 2)
        return 1.5 * z[np.searchsorted(np.cumsum(weight) / weight.sum(), 0.5)]

    waited = 10 * np.log(1 - 0.02 / (1 + np.exp(-1.5 * z)))
    assert attitude[0, B] == attitude[0, C] == pytest.approx(median(waited), abs=0.02) and attitude[0, B] < -0.05
    assert attitude[1, B] == pytest.approx(median(-np.log1p(np.exp(1.0 + 1.5 * z))), abs=0.02)
    assert attitude[1, C] == 9.0  # no party


def test_a_proposal_becomes_a_text_after_a_while(region, inputs, params, draws):
    """exp(-1/2) at 0.1 a year: five years from the branch, or from when it opens."""
    inputs.accords.proposal[:], inputs.accords.opens[:] = [1, 0], [0, 0]
    draws(accords, {("text0", 0): math.exp(-0.5)}, otherwise=0.5)
    accords.draw_attitudes(region, inputs, params, 7)
    assert region.treaties.tabled.tolist() == [260, 100]
    inputs.accords.opens[:] = 250
    accords.draw_attitudes(region, inputs, params, 7)
    assert region.treaties.tabled.tolist() == [310, 100]
    assert accords.months_to_text(1e-300, 0.1) == 1200


def test_readiness_is_that_of_a_calibration_or_drawn(region, inputs, params, draws):
    params.readiness[B] = -1.25
    draws(accords, {("ra", 0): 2.0, ("rc", 0): -1.0})
    accords.begin_accords(region, inputs, params, 7)
    assert region.treaties.readiness.tolist() == [1.5, -1.25, -0.75]


def test_a_likelihood_far_on_one_side_ends_the_scale():
    weights = np.zeros(GRID_POINTS)
    only_last = np.where(np.arange(GRID_POINTS) == GRID_POINTS - 1, 0.0, -1e4)
    assert accords.draw_attitude(only_last, True, 0.5, 1.5, weights) == pytest.approx(1.5 * 4)
    assert accords.draw_attitude(only_last, True, 1.0 + 1e-9, 1.5, weights) == pytest.approx(1.5 * 4)
    flat = np.zeros(GRID_POINTS)
    steps = [accords.draw_attitude(flat, True, u, 1.0, weights) for u in (0.1, 0.25, 0.5, 0.75, 0.9)]
    assert steps == pytest.approx([-1.2816, -0.6745, 0.0, 0.6745, 1.2816], abs=0.01)


def test_who_signed_in_the_first_month_of_all_is_not_asked_again(region, inputs, params, log, draws):
    put(region, 0, A, month=0)
    region.treaties.tabled[1] = 301
    found = summit(region, inputs, params, log, draws, {("0b", 0): 0.9, ("0c", 0): 0.1})
    assert found == [("refusal", B, 0), ("signature", C, 0)]


def test_texts_are_drawn_once_for_a_member(region, inputs, params, draws):
    inputs.accords.proposal[0] = 1
    given = draws(accords, {}, otherwise=0.5)
    accords.draw_attitudes(region, inputs, params, 7)
    assert ("text0", 0, 0, 7) in given.asked and ("t0a", 0, 0, 7) in given.asked
    assert {asked[1:] for asked in given.asked} == {(0, 0, 7)}
