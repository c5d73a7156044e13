"""A month of a border section: clashes, what they close, and packages that settle."""

import math

import numpy as np
import pytest

from by_hand.three_states import AB, AC, BC, A, B, C, Some, events
from sim.engine.event_types import CODE
from sim.engine.layout import ISSUES
from sim.processes import border_conflict
from sim.processes.border_conflict import BORDERS

NEVER, ALWAYS = np.array([-99.0] + [0.0] * 5), np.array([9.0] + [0.0] * 5)


@pytest.fixture(autouse=True)
def parameters(region, inputs, params):
    inputs.channels.section, inputs.channels.frailty = ["ab", "ac", "bc"], ["fab", "fac", "fbc"]
    inputs.conflict.__dict__.update(
        clash_offset=np.zeros(3), clash_class=np.array([1, 2]), clash_weight=np.array([-0.5, -1.0]),
        share_of_border=np.array([[0.6, 0.2], [9.0, 9.0], [0.8, 1.0]]), documented_unrest=np.full((300, 3), 0.25),
    )  # fmt: skip
    inputs.outside.issue_weight = np.full((3, len(ISSUES)), 0.2)
    params.__dict__.update(
        borders_frailty=0.5, borders_militarised=0.3, borders_settle_whole=0.5, clash_offset=np.full(3, np.nan),
        clash_coefficients=NEVER, settlement_coefficients=NEVER, borders_ripe_memory=24.0, border_clash_memory=12.0,
        borders_stake=0.5,
    )  # fmt: skip
    region.frontier.unsettled[:] = [0.4, 0.0, 0.8]
    region.frontier.frailty_year[:] = 25  # of month 300


def section(region, inputs, params, log, draws, numbers, month=300, dyad=AB):
    draws(border_conflict, numbers)
    border_conflict.step_section(region, inputs, params, 7, month, dyad, log)
    return events(log)


def test_a_quiet_section(region, inputs, params, log, draws):
    assert section(region, inputs, params, log, draws, {("ab", 0): (1e-9,) * 4}) == []


def test_nothing_happens_where_all_is_settled(region, inputs, params, log, draws):
    params.clash_coefficients = params.settlement_coefficients = ALWAYS
    assert section(region, inputs, params, log, draws, {("ac", 0): (0.0, 0.0, 0.0, 0.0)}, dyad=AC) == []
    inputs.conflict.enclaves[AC] = 1  # but clashes where there are enclaves, with nothing left to settle
    assert [row[1] for row in section(region, inputs, params, log, draws, {("ac", 0): (0.0,) * 4}, dyad=AC)] == [
        "clash"
    ]


@pytest.mark.parametrize(("fought", "grave"), [(0.29, 1), (0.3, 0)])
def test_a_clash_with_regular_forces_closes_the_crossings(region, inputs, params, log, draws, fought, grave):
    params.clash_coefficients = ALWAYS
    found = section(region, inputs, params, log, draws, {("ab", 0): (0.1, fought, 0.9, 0.9)})
    assert found == [(300, "clash", A, B, -1, float(grave))]
    frontier = region.frontier
    assert frontier.clash_month.tolist() == [300, -1, -1]
    assert frontier.fought_month[AB] == (300 if grave else -1) and frontier.crossing[AB] == (0.0 if grave else 1.0)
    assert region.beliefs.losses[A, B] == region.beliefs.losses[B, A] == (1.0 if grave else 0.5)


def test_a_package_settles_all_or_most_and_opens_the_crossings(region, inputs, params, log, draws):
    params.settlement_coefficients = ALWAYS
    region.frontier.crossing[:] = 0.0
    most = {("ab", 0): (0.9, 0.9, 0.1, 0.51), ("ab", 1): (0.9**9, 0, 0, 0)}
    assert section(region, inputs, params, log, draws, most) == [(300, "settlement", A, B, -1, pytest.approx(0.96))]
    assert region.frontier.unsettled == pytest.approx([0.04, 0.0, 0.8])
    assert region.frontier.crossing.tolist() == [1.0, 0.0, 0.0]
    news = region.beliefs.gains + region.beliefs.losses
    assert news[A, B] == news[B, A] == CODE["settlement"] / 100 and np.count_nonzero(news) == 2
    whole = {("ab", 0): (0.9, 0.9, 0.1, 0.49)}
    assert section(region, inputs, params, log, draws, whole)[1:] == [(300, "settlement", A, B, -1, 1.0)]
    assert region.frontier.unsettled[AB] == 0.0


def test_a_frozen_border_is_not_settled_before_its_month(region, inputs, params, log, draws):
    params.settlement_coefficients = ALWAYS
    region.frontier.frozen_until[AB] = 301
    numbers = {("ab", 0): (0.9, 0.9, 0.1, 0.4), ("ab", 1): (0.5,) * 4}
    assert section(region, inputs, params, log, draws, numbers) == []
    assert len(section(region, inputs, params, log, draws, numbers, month=301)) == 1


def test_rate_of_clashes(region, inputs, params):
    """-3 + 0.5 ln(1 + 0.2) [200 km open] + 0.7 season + 0.4 recent - trust 0.2 x mean, + offset + frailty."""
    params.clash_coefficients = np.array([-3.0, 0.5, -1.0, 0.7, 0.4, 0.2])
    region.beliefs.logit[A, B], region.beliefs.logit[B, A] = 1.0, 2.0
    inputs.conflict.clash_offset[AB], region.frontier.log_frailty[AB] = 0.25, -0.125

    def rate(month):
        return border_conflict.section_clash_rate(region, inputs, params, month, AB)

    base = -3.0 + 0.5 * math.log(1.2) - 0.2 * 1.5 + 0.25 - 0.125
    assert rate(300) == pytest.approx(base) and rate(303) == pytest.approx(base + 0.7)
    region.frontier.clash_month[AB] = 288
    assert rate(300) == pytest.approx(base + 0.4) and rate(301) == pytest.approx(base)
    params.clash_offset[AB] = 1.0  # of a calibration, in place of the table's
    assert rate(301) == pytest.approx(base + 0.75)
    region.frontier.clash_month[AB] = 0
    assert rate(12) == pytest.approx(base + 0.75 + 0.4)
    region.frontier.unsettled[AB] = 0.0
    assert rate(301) == pytest.approx(-3.0 - 1.0 - 0.3 + 1.0 - 0.125)


def test_rate_of_settlements(region, inputs, params):
    params.settlement_coefficients = np.array([-4.0, 2.0, 0.5, -1.0, 0.3, 0.9])
    region.polity.capacity[:], region.polity.openness[:] = [0.5, 0.7, 0.0], [0.25, 0.5, 9.0]
    region.environment.process = 0.5
    base = -4.0 + 2.0 * 0.2 + 0.5 * 0.75 + 0.15

    def rate():
        return border_conflict.section_settlement_rate(region, inputs, params, 300, AB)

    assert rate() == pytest.approx(base)
    region.frontier.fought_month[AB] = 276
    assert rate() == pytest.approx(base + 0.9 / math.e)
    region.frontier.fought_month[AB] = 0
    assert rate() == pytest.approx(base + 0.9 * math.exp(-300 / 24))
    inputs.conflict.enclaves[AB] = 1
    assert rate() == pytest.approx(base - 1.0 + 0.9 * math.exp(-300 / 24))


def test_the_years_multiplier_is_drawn_once_a_year(region, inputs, params, log, draws, monkeypatch):
    asked = []
    monkeypatch.setattr(border_conflict, "draw_frailty", lambda *given: asked.append(given) or 2.0)
    section(region, inputs, params, log, draws, {}, month=312)
    assert asked == [("fab", 0.5, 26, 7)] and region.frontier.frailty_year.tolist() == [26, 25, 25]
    assert region.frontier.log_frailty.tolist() == [pytest.approx(math.log(2.0)), 0.0, 0.0]
    section(region, inputs, params, log, draws, {}, month=323)
    assert len(asked) == 1


def test_in_the_branch_year_the_multiplier_knows_what_the_year_has_shown(region, inputs, params, monkeypatch):
    """Gamma(1/2, 1/2) and two clashes where a half was expected: gamma(5/2, 1)."""
    asked = []
    monkeypatch.setattr(border_conflict, "draw_frailty", lambda *given: asked.append(given) or 0.8)
    inputs.clock.branch = 305
    region.frontier.clashes[BC], region.frontier.exposure[BC] = 2.0, 0.5
    assert border_conflict.frailty_of_year(region, inputs, params, BC, 25, 7) == pytest.approx(0.8 * 2.5 / 1.0)
    assert border_conflict.frailty_of_year(region, inputs, params, BC, 26, 7) == pytest.approx(0.8)
    assert asked == [("fbc", 2.5, 25, 7), ("fbc", 0.5, 26, 7)]


def test_a_refused_attempt_is_followed_by_another(draws, monkeypatch):
    given = draws(border_conflict, {("key", 0): (0.3, 0, 0, 0)}, otherwise=(0.5, 0.25, 0.0, 0.0))
    answers = [math.nan, math.nan, 1.7]
    tried = []
    monkeypatch.setattr(border_conflict, "gamma_frailty", lambda *numbers: tried.append(numbers) or answers.pop(0))
    assert border_conflict.draw_frailty("key", 0.5, 25, 7) == 1.7
    assert tried == [(0.5, pytest.approx(0.0, abs=1e-9), 0.25, 0.3)] * 3
    assert [slot for _, slot, _, _ in given.asked] == [0, 1, 2, 3]
    answers[:] = [math.nan] * 8
    assert border_conflict.draw_frailty("key", 0.5, 25, 7) == 1.0 and answers == []


def test_a_gamma_variate_by_hand():
    """Shape 1: d = 2/3, c = 1/sqrt(6); at a normal of 0 v = 1 and the variate is 2/3."""
    assert border_conflict.gamma_frailty(1.0, 0.0, 0.5, 0.5) == pytest.approx(2 / 3)
    v = (1 + 1 / math.sqrt(6)) ** 3
    assert border_conflict.gamma_frailty(1.0, 1.0, 0.5, 0.5) == pytest.approx(2 / 3 * v)
    # refused at a log-uniform of 1/2 + d - d v + d log v and above
    edge = math.exp(0.5 + 2 / 3 * (1 - v + math.log(v)))
    assert math.isnan(border_conflict.gamma_frailty(1.0, 1.0, edge + 1e-9, 0.5))
    assert border_conflict.gamma_frailty(1.0, 1.0, edge - 1e-9, 0.5) == pytest.approx(2 / 3 * v)
    assert math.isnan(border_conflict.gamma_frailty(1.0, -math.sqrt(6), 0.5, 0.5))
    # below one: the variate of 1.5 (d = 7/6), shrunk by 0.5 ** 2, over 0.5
    assert border_conflict.gamma_frailty(0.5, 0.0, 0.5, 0.5) == pytest.approx(7 / 6 * 0.25 / 0.5)
    assert border_conflict.gamma_frailty(2.0, 0.0, 0.5, 0.1) == pytest.approx((2 - 1 / 3) / 2)


def test_before_the_branch_expected_clashes_are_added_up(region, inputs, params):
    params.clash_coefficients = np.array([-2.0] + [0.0] * 5)
    region.frontier.log_frailty[:] = 5.0
    for _ in range(2):
        border_conflict.learn_of_frailty(region, inputs, params, 300)
    assert region.frontier.exposure == pytest.approx([2 * math.exp(-2), 0.0, 2 * math.exp(-2)])
    inputs.borders.exists[:], inputs.conflict.enclaves[AC] = [0, 1, 1], 1
    border_conflict.learn_of_frailty(region, inputs, params, 300)
    assert region.frontier.exposure == pytest.approx([2 * math.exp(-2), math.exp(-2), 3 * math.exp(-2)])


def test_border_cooperation_is_worth_what_borders_are_open(region, inputs, params):
    """Unrest 0.4 + 1/e and 0.8; A has 0.6 of it, B 0.2 and 0.8, C 1.0; 0.2 (0.5 + unrest) / (0.5 + 0.25)."""
    region.frontier.clash_month[:] = [288, 288, -1]
    border_conflict.value_borders(region, inputs, params, 300)
    first = 0.4 + 1 / math.e
    unrest = np.array([0.6 * first, 0.2 * first + 0.8 * 0.8, 0.8])
    assert region.polity.gains[:, BORDERS] == pytest.approx(0.2 * (0.5 + unrest) / 0.75)
    assert (np.delete(region.polity.gains, BORDERS, axis=1) == 1 / len(ISSUES)).all()
    region.frontier.clash_month[:] = 0
    border_conflict.value_borders(region, inputs, params, 100)
    inputs.conflict.documented_unrest[1] = 1.0
    border_conflict.value_borders(region, inputs, params, 101)
    grown = region.polity.gains[C, BORDERS]
    assert grown == pytest.approx(0.2 * (0.5 + 0.8 + math.exp(-101 / 12)) / 1.5)


def dated(region, inputs, kind, month, value=0.0):
    border_conflict.apply(Some(kind=CODE[kind], a=C, b=B, value=value), region, inputs, month)
    return region.frontier


def test_dated_clashes_and_settlements(region, inputs):
    inputs.clock.branch = 305
    assert dated(region, inputs, "clash", 302).clash_month.tolist() == [-1, -1, 302]
    assert region.frontier.fought_month[BC] == -1 and region.frontier.clashes.tolist() == [0, 0, 1]
    assert dated(region, inputs, "clash", 299, 1.0).fought_month[BC] == 299
    dated(region, inputs, "clash", 305)
    assert region.frontier.clashes[BC] == 1  # of the branch year, before the branch
    assert dated(region, inputs, "settlement", 302, 0.75).unsettled.tolist() == [0.4, 0.0, 0.25]


def test_what_a_scenario_does_to_a_border_counts_from_the_branch_on(region, inputs):
    inputs.clock.branch = 305
    assert dated(region, inputs, "border-reopened", 304, 0.9).unsettled[BC] == 0.8
    assert dated(region, inputs, "border-reopened", 305, 0.9).unsettled[BC] == 0.9
    assert dated(region, inputs, "border-reopened", 306, 0.3).unsettled[BC] == 0.9
    assert dated(region, inputs, "border-frozen", 304, 400.0).frozen_until[BC] == 0
    assert dated(region, inputs, "border-frozen", 305, 400.0).frozen_until.tolist() == [0, 0, 400]


def test_what_counts_as_settled_has_nothing_left_to_settle(region, inputs, params, log, draws):
    params.settlement_coefficients, inputs.conflict.enclaves[AB] = ALWAYS, 1
    region.frontier.unsettled[AB] = border_conflict.CLOSED_SETTLED
    assert section(region, inputs, params, log, draws, {("ab", 0): (0.9, 0.9, 0.0, 0.0)}) == []
