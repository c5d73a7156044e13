"""A month of the ladder: steps, declarations, councils, and the wave of a year."""

import math

import numpy as np
import pytest

from by_hand.three_states import AB, AC, BC, DYAD_A, DYAD_B, A, B, C, Some, events
from sim.engine.decisions import TERM_COLUMNS
from sim.engine.event_types import CODE
from sim.engine.layout import CONTEXT, GRID_POINTS, PARTS
from sim.processes import bilateral_treaties
from sim.processes.bilateral_treaties import ATTITUDE, WAVE

NEVER, SURELY = -99.0, 9.0


@pytest.fixture(autouse=True)
def parameters(region, inputs, params):
    inputs.channels.ladder, inputs.channels.bilateral, inputs.channels.wave = ["ab", "ac", "bc"], [1, 2, 3], ["wave"]
    inputs.ladder.barred = np.array([[900, 999]] * 3)
    inputs.formats = Some(regional=np.array([1]), yearly=np.array([0]), party=np.array([[1, 1, 0]]))
    inputs.event_weights.__dict__.update(rung_weight=np.array([0.1, 0.2, 0.4]), rung_class=np.array([1, 2, 3]))
    region.treaties.__dict__.update(
        rung_before=np.zeros(3, int), standing=np.zeros((3, 3), int), frozen_until=np.zeros(3, int),
        council=np.zeros(3, int), declared=np.zeros(3, int), rung_implemented=np.zeros((3, 3)),
        rung_in_force=np.full((3, 3), -1), weights=np.zeros(GRID_POINTS),
    )  # fmt: skip
    region.appraisal.__dict__.update(
        parts=np.zeros(len(PARTS)), context=np.zeros(len(CONTEXT)), wave_likelihood=np.zeros(GRID_POINTS)
    )
    region.environment.__dict__.update(
        wave=0.0, turbulence=0.0, summit=np.array([1]), steps=0.0, exposure=0.0, next_event=0
    )
    params.__dict__.update(
        ladder_interest=0.0, ladder_council=NEVER, ladder_friendship=NEVER, ladder_partnership=NEVER,
        ladder_alliance=NEVER, ladder_declaration=NEVER, ladder_double_step=0.0, ladder_summit=0.0,
        ladder_wave_sd=0.5, step_coefficients=np.zeros(6), implementation_council=0.5,
    )  # fmt: skip


def step(region, inputs, params, log, draws, numbers, month=300, otherwise=0.999):
    given = draws(bilateral_treaties, numbers, otherwise)
    bilateral_treaties.step_rungs(region, inputs, params, 7, month, log)
    assert all(asked[1:] == (0, month, 7) for asked in given.asked)
    return [row[1:5] for row in events(log)]


@pytest.mark.parametrize(("rung", "name"), [(0, "friendship"), (1, "partnership"), (2, "alliance")])
def test_every_rung_has_a_hazard_of_its_own(region, inputs, params, log, draws, rung, name):
    setattr(params, f"ladder_{name}", math.log(0.02))
    region.treaties.rung[:] = [rung, 3, 3]
    region.treaties.declared[:], region.treaties.council[:] = 1, 1
    chance = 1 - math.exp(-0.02)
    assert step(region, inputs, params, log, draws, {("ab", 0): (chance + 1e-9, 0.9, 0.0, 0.9)}) == []
    found = step(region, inputs, params, log, draws, {("ab", 0): (chance - 1e-9, 0.9, 0.0, 0.9)})
    assert found == [("rung", A, B, rung + 1)] and region.treaties.rung.tolist() == [rung + 1, 3, 3]
    assert region.beliefs.gains[A, B] == region.beliefs.gains[B, A] == [0.1, 0.2, 0.4][rung]
    assert region.beliefs.impact_month[rung + 1, A, B] == 300  # each rung is a class of its own


def test_at_the_top_nothing_is_left(region, inputs, params, log, draws):
    region.treaties.rung[:], region.treaties.council[:] = 3, 1
    params.ladder_council = params.ladder_alliance = SURELY
    assert step(region, inputs, params, log, draws, {}, otherwise=0.0) == []


def test_nothing_moves_before_a_freeze_has_passed(region, inputs, params, log, draws):
    params.ladder_friendship = SURELY
    region.treaties.frozen_until[:] = [301, 300, 0]
    assert [row[1:3] for row in step(region, inputs, params, log, draws, {}, otherwise=0.5)] == [(A, C), (B, C)]


def test_a_law_bars_alliances_for_its_months(region, inputs, params, log, draws):
    params.ladder_alliance = SURELY
    region.treaties.rung[:], region.treaties.council[:] = 2, 1
    region.treaties.declared[:] = 1
    inputs.ladder.barred[A] = [300, 301]
    assert step(region, inputs, params, log, draws, {}, otherwise=0.5) == [("rung", B, C, 3)]
    assert [row[1:3] for row in step(region, inputs, params, log, draws, {}, month=301, otherwise=0.5)][1:] == [
        (A, B), (A, C),
    ]  # fmt: skip
    assert not bilateral_treaties.may_ally(inputs, B, A, 300) and bilateral_treaties.may_ally(inputs, A, B, 299)


@pytest.mark.parametrize(("double", "barred", "rung"), [(0.29, 999, 3), (0.3, 999, 2), (0.29, 300, 2)])
def test_a_partnership_may_become_an_alliance_at_once(region, inputs, params, log, draws, double, barred, rung):
    params.ladder_partnership, params.ladder_double_step = SURELY, 0.3
    region.treaties.rung[:] = [1, 3, 3]
    region.treaties.council[:] = 1
    inputs.ladder.barred[B] = [barred, 999]
    found = step(region, inputs, params, log, draws, {("ab", 0): (0.5, double, 0.9, 0.9)})
    assert found == [("rung", A, B, each) for each in range(2, rung + 1)] and region.treaties.rung[AB] == rung


def test_a_declaration_comes_before_an_alliance_and_once(region, inputs, params, log, draws):
    params.ladder_declaration = SURELY
    region.treaties.rung[:] = [2, 1, 2]
    region.treaties.declared[:], region.treaties.council[:] = [0, 0, 1], 1
    assert step(region, inputs, params, log, draws, {}, otherwise=0.5) == [("declaration", A, B, -1)]
    assert region.treaties.declared.tolist() == [1, 0, 1]
    news = region.beliefs.gains + region.beliefs.losses
    assert news[A, B] == news[B, A] == CODE["declaration"] / 100 and np.count_nonzero(news) == 2


def test_councils_stand_from_the_partnership_on(region, inputs, params, log, draws):
    params.ladder_council = math.log(0.02)
    region.treaties.rung[:] = [1, 2, 3]
    region.treaties.rung_implemented[BC, 2] = 0.5
    chance = 1 - math.exp(-0.02)
    assert step(region, inputs, params, log, draws, {("bc", 0): (0.9, 0.9, 0.9, chance + 1e-9)}) == []
    numbers = {(key, 0): (0.9, 0.9, 0.9, chance - 1e-9) for key in ("ab", "ac", "bc")}
    assert step(region, inputs, params, log, draws, numbers) == [("council", A, C, -1), ("council", B, C, -1)]
    assert region.treaties.council.tolist() == [0, 1, 1]
    assert region.treaties.rung_implemented[BC].tolist() == [0.0, 0.0, 0.75]
    assert region.treaties.rung_implemented[AC].tolist() == [0.0, 0.5, 0.0]
    assert step(region, inputs, params, log, draws, numbers)[2:] == []


def terms(region, inputs, params, dyad, rung):
    parts, context = np.zeros(len(PARTS)), np.zeros(len(CONTEXT))
    standing = region.treaties.standing
    bilateral_treaties.count_standing(region.treaties.rung, DYAD_A, DYAD_B, standing)
    total = bilateral_treaties.step_terms(region, inputs, params, dyad, rung, standing, parts, context)
    assert total == pytest.approx(parts.sum() + context.sum())
    return parts, dict(zip(CONTEXT, context, strict=True))


def test_terms_of_a_step(region, inputs, params):
    """Interest of both, halved; others on the rung; capacity over a half; declared; process; turbulence; summit."""
    params.ladder_interest = 2.0
    params.step_coefficients = np.array([1.0, 2.0, 3.0, 4.0, 5.0, 6.0])
    params.ladder_summit = 6.0
    region.appraisal.dyad[A, B], region.appraisal.dyad[B, A] = np.arange(7), 1.0
    region.polity.capacity[:] = [0.7, 0.5, 0.9]
    region.treaties.rung[:] = [1, 2, 0]
    region.treaties.declared[:] = 1
    region.environment.__dict__.update(process=0.25, turbulence=0.5, wave=-0.125)
    parts, context = terms(region, inputs, params, AB, 1)
    assert parts == pytest.approx(np.arange(7) + 1.0)
    assert context == pytest.approx({
        "others": 0.5, "capacity": 0.2, "declared": 0.0, "process": 1.0, "turbulence": 0.25, "summit": 6.0,
        "wave": -0.125, "attitude": 0.0,
    })  # fmt: skip
    _, context = terms(region, inputs, params, AB, 2)
    assert context["declared"] == 3.0 and context["others"] == 0.0
    _, context = terms(region, inputs, params, AC, 1)
    assert context["summit"] == 0.0  # C has no seat
    assert (WAVE, ATTITUDE) == (CONTEXT.index("wave"), CONTEXT.index("attitude"))


@pytest.mark.parametrize("change", ["not regional", "yearly", "no summit", "first absent", "second absent"])
def test_who_sits_at_a_summit(region, inputs, change):
    assert bilateral_treaties.meet(region, inputs, A, B) and not bilateral_treaties.meet(region, inputs, A, C)
    if change == "not regional":
        region.environment.summit = np.zeros(0)
        inputs.formats.regional = np.zeros(0)
    elif change == "yearly":
        inputs.formats.yearly[0] = 1
    elif change == "no summit":
        region.environment.summit[0] = 0
    else:
        inputs.formats.party[0, A if change == "first absent" else B] = 0
    assert not bilateral_treaties.meet(region, inputs, A, B)


def test_interest_and_wave_move_the_hazard(region, inputs, params, log, draws):
    params.ladder_friendship, params.ladder_interest = math.log(0.02), 1.0
    region.appraisal.dyad[A, B, 0] = region.appraisal.dyad[B, A, 0] = 0.5
    region.environment.wave = 0.25
    chance = 1 - math.exp(-0.02 * math.exp(0.75))
    assert step(region, inputs, params, log, draws, {("ab", 0): (chance + 1e-9,) * 4}) == []
    assert step(region, inputs, params, log, draws, {("ab", 0): (chance - 1e-9,) * 4}) == [("rung", A, B, 1)]


def dated(region, inputs, params, kind, month=300, **fields):
    event = Some(**{"kind": CODE[kind], "a": B, "b": A, "subject": -1, "value": 0.0, **fields})
    bilateral_treaties.apply(event, region, inputs, params, month)
    return region.treaties


def test_dated_steps_raise_the_rung_and_after_the_branch_trust(region, inputs, params):
    assert dated(region, inputs, params, "rung", 199, subject=1).rung.tolist() == [1, 0, 0]
    assert not region.beliefs.gains.any()  # the record's impacts have a list of their own
    assert dated(region, inputs, params, "rung", 200, subject=3).rung.tolist() == [3, 0, 0]
    assert region.beliefs.gains[A, B] == 0.4
    assert dated(region, inputs, params, "rung", 240, subject=2).rung[AB] == 3
    assert region.beliefs.gains[A, B] == 0.4


def test_other_dated_events_of_a_pair(region, inputs, params):
    treaties = region.treaties
    treaties.rung[AB], treaties.rung_in_force[AB], treaties.rung_implemented[AB] = 2, 250, 0.5
    dated(region, inputs, params, "rung-lost", subject=2)
    assert treaties.rung[AB] == 1 and treaties.rung_in_force[AB].tolist() == [250, -1, 250]
    assert treaties.rung_implemented[AB].tolist() == [0.5, 0.0, 0.5]
    assert dated(region, inputs, params, "declaration").declared.tolist() == [1, 0, 0]
    assert dated(region, inputs, params, "rung-in-force", subject=1).rung_in_force[AB, 0] == 300
    assert dated(region, inputs, params, "freeze", value=340.0).frozen_until.tolist() == [340, 0, 0]
    for kind, done in (("council", 0.75), ("programme", 0.875)):
        treaties.council[AB] = 0
        assert dated(region, inputs, params, kind).council[AB] == 1
        assert treaties.rung_implemented[AB, 0] == done


def test_the_wave_of_a_year(region, inputs, params, draws):
    given = draws(bilateral_treaties, {("wave", 0): 0.8})
    bilateral_treaties.draw_wave(region, inputs, params, 7, 312)
    assert region.environment.wave == pytest.approx(0.5 * 0.8 - 0.125)
    assert given.asked == [("wave", 0, 26, 7)]


def test_the_wave_of_the_branch_year_knows_its_steps(region, inputs, params, draws):
    """Against the posterior of the wave, integrated: steps w - exposure exp(w), a normal prior."""
    z = np.linspace(-8, 8, 400_001)
    wave = 0.5 * z - 0.125
    for steps, exposure, quantile in ((6.0, 2.0, 0.5), (0.0, 3.0, 0.5), (2.0, 2.0, 0.9)):
        region.environment.steps, region.environment.exposure = steps, exposure
        draws(bilateral_treaties, {("wave", 0): quantile})
        bilateral_treaties.draw_wave(region, inputs, params, 7, inputs.clock.branch)
        weight = np.exp(steps * wave - exposure * np.exp(wave) - z * z / 2)
        exact = wave[np.searchsorted(np.cumsum(weight) / weight.sum(), quantile)]
        assert region.environment.wave == pytest.approx(exact, abs=0.01)
    given = draws(bilateral_treaties, {("wave", 0): 0.5})
    bilateral_treaties.draw_wave(region, inputs, params, 7, inputs.clock.branch)
    assert given.asked == [("wave", 0, inputs.clock.branch // 12, 7)]
    region.environment.exposure = 0.0  # nothing could have come: the prior
    draws(bilateral_treaties, {("wave", 0): -1.0})
    bilateral_treaties.draw_wave(region, inputs, params, 7, inputs.clock.branch)
    assert region.environment.wave == pytest.approx(-0.625)


def schedule(*rows):
    return np.array(
        [(month, CODE[kind], a, b) for month, kind, a, b in rows],
        [("month", int), ("kind", int), ("a", int), ("b", int)],
    ).view(np.recarray)


def test_before_the_branch_steps_are_counted_and_what_was_expected(region, inputs, params):
    params.__dict__.update(
        ladder_friendship=math.log(0.01), ladder_partnership=math.log(0.02), ladder_alliance=math.log(0.04),
        ladder_declaration=math.log(0.08),
    )  # fmt: skip
    inputs.schedule = schedule(
        (299, "rung", A, B), (300, "rung", A, C), (300, "declaration", A, C), (300, "clash", A, C), (301, "rung", B, C)
    )
    region.environment.next_event, region.environment.wave = 1, 3.0
    region.treaties.rung[:] = [0, 2, 3]
    bilateral_treaties.learn_of_wave(region, inputs, params, 300)
    assert region.environment.steps == 2.0
    assert region.environment.exposure == pytest.approx(0.01 + 0.04 + 0.08)
    region.treaties.declared[AC] = 1
    bilateral_treaties.learn_of_wave(region, inputs, params, 300)
    assert region.environment.exposure == pytest.approx(2 * 0.05 + 0.08)
    inputs.ladder.barred[C] = [0, 999]
    bilateral_treaties.learn_of_wave(region, inputs, params, 300)
    assert region.environment.exposure == pytest.approx(3 * 0.01 + 2 * 0.04 + 0.08)


def test_terms_are_kept_of_documented_steps_and_each_january(region, inputs, params, log):
    """A row: month, kind of decision, both states, the rung, whether it came, its chance."""
    params.ladder_friendship = math.log(0.01)
    inputs.schedule = schedule((301, "rung", B, C), (302, "rung", A, B))
    log.terms = np.zeros((9, len(TERM_COLUMNS)))
    region.treaties.rung[:] = [0, 3, 0]
    bilateral_treaties.keep_documented_steps(region, inputs, params, 301, log)
    chance = 1 - math.exp(-0.01)
    assert log.n_terms[0] == 1 and log.terms[0, :7] == pytest.approx([301, 1, B, C, 1, 1, chance])
    bilateral_treaties.keep_documented_steps(region, inputs, params, 300, log)
    assert log.n_terms[0] == 3 and log.terms[1:3, 2:6].tolist() == [[A, B, 1, 0], [B, C, 1, 0]]
    region.treaties.rung[:] = 2
    inputs.ladder.barred[B] = [0, 999]
    bilateral_treaties.keep_documented_steps(region, inputs, params, 300, log)
    assert log.n_terms[0] == 4 and log.terms[3, 2:5].tolist() == [A, C, 3]


def test_the_schedule_may_end_before_the_branch(region, inputs, params):
    inputs.schedule = schedule((299, "rung", A, B), (300, "rung", A, C))
    region.treaties.rung[:] = 3
    bilateral_treaties.learn_of_wave(region, inputs, params, 300)
    assert (region.environment.steps, region.environment.exposure) == (2.0, 0.0)


@pytest.mark.parametrize(("month", "kept"), [(300, 3), (301, 1), (311, 1)])
def test_terms_are_kept_each_january_and_where_a_step_comes(region, inputs, params, log, draws, month, kept):
    """Month 300 is a January; AC takes its step."""
    params.ladder_friendship = math.log(0.02)
    log.terms = np.zeros((9, len(TERM_COLUMNS)))
    assert step(region, inputs, params, log, draws, {("ac", 0): (0.0, 0.9, 0.9, 0.9)}, month) == [("rung", A, C, 1)]
    chance = 1 - math.exp(-0.02)
    rows = log.terms[: log.n_terms[0], :7]
    pairs = [(A, B, 0), (A, C, 1), (B, C, 0)] if kept == 3 else [(A, C, 1)]
    assert rows == pytest.approx(np.array([[month, 1, a, b, 1, came, chance] for a, b, came in pairs]))
