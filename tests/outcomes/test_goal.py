"""Goals: what can be said, where a wrong one goes wrong, and when it is reached."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sim.outcomes.goal import Estimate, GoalError, parse_goal

TJK = "signed_month.friendship-2022.TJK"


def test_a_probability():
    goal = parse_goal(f"P({TJK} by 2030) +- 0.02")
    assert goal.quantity == "P" and goal.half_width == 0.02 and goal.outcomes == (TJK,)
    columns = {TJK: np.array([2026.5] * 30 + [2030.9] * 10 + [2031.0] * 40 + [math.nan] * 20)}
    found = goal.estimate(columns)
    # 40 of 100 by the end of 2030; Wilson: z^2 = 3.8415
    centre, squeeze = (0.4 + 3.841459 / 200) / 1.03841459, 1.03841459
    half = 1.959964 / squeeze * math.sqrt(0.24 / 100 + 3.841459 / 40000)
    assert found == Estimate(0.4, pytest.approx(half, rel=1e-6), 100) and centre > 0.4
    assert not goal.reached(found) and parse_goal(f"P({TJK} by 2030) ± 0.1").reached(found)


def test_conditions_hold_together():
    columns = {
        "new_treaties_2040": np.array([9, 10, 11, 12]),
        "trust_mean_2040": np.array([0.7, 0.7, 0.5, math.nan]),
        TJK: np.array([2030, math.nan, 2040, 2050]),
    }

    def share(text):
        return parse_goal(f"P({text}) +- 0.5").estimate(columns).value

    assert share("new_treaties_2040 >= 10") == 0.75
    assert share("new_treaties_2040 >= 10 and trust_mean_2040 > 0.6") == 0.25
    assert share("trust_mean_2040 != 0.7") == 0.25  # what is empty is neither equal nor unequal
    assert share(f"{TJK} ever") == 0.75 and share(f"{TJK} <= 2040") == 0.5
    assert share("new_treaties_2040 = 9") == share("new_treaties_2040 < 10") == 0.25


def test_means_and_medians():
    columns = {"index_2040": np.array([1.0, 2, 3, 4, 5])}
    found = parse_goal("mean(index_2040) +- 2").estimate(columns)
    assert found.value == 3 and found.half_width == pytest.approx(1.959964 * math.sqrt(2.5 / 5))
    assert parse_goal("median(index_2040) +- 1").estimate(columns).value == 3
    assert parse_goal("mean(index_2040) +- 1").estimate({"index_2040": np.array([math.nan, 1])}).half_width == math.inf


@pytest.mark.parametrize(
    ("text", "position", "said"),
    [
        ("", 0, r"P\(...\), mean\(...\) or median\(...\) expected, found the end"),
        ("Q(x > 1) +- 1", 0, "expected, found 'Q'"),
        ("mean index_2040 +- 1", 5, r"'\(' expected"),
        ("mean(index_2040 > 1) +- 1", 16, r"'\)' expected"),
        ("mean(index_2040) 0.1", 17, r"'\+-' and a half-width expected"),
        ("mean(index_2040) +- 0", 20, "a half-width above zero"),
        ("mean(index_2040) +- -1", 20, "a half-width above zero"),
        ("mean(index_2040) +- 1e-200", 20, "of at least 1e-9"),
        ("mean(index_2040) +- 1e999", 20, "a finite number"),
        ("mean(index_2040) +- 0.1 %", 24, "'%' has no meaning"),
        ("mean(index_2040) +- 0.1 or", 24, "nothing more expected"),
        ("P(index_2040) +- 0.1", 12, "'ever', 'by' and a year, or a comparison"),
        ("P(index_2040 by 2030) +- 0.1", 2, "is not the date of an event"),
        (f"P({TJK} by soon) +- 0.1", 38, "a year expected"),
        (f"P({TJK} by 2030.5) +- 0.1", 38, "a whole year"),
        ("P(index_2040 > 0.5 and) +- 0.1", 22, "the name of an outcome expected"),
        ("P(index_2040 > 0.5 or x > 1) +- 0.1", 19, r"'and' or '\)' expected"),
    ],
)
def test_what_cannot_be_read(text, position, said):
    with pytest.raises(GoalError, match=said) as caught:
        parse_goal(text)
    assert caught.value.position == position
    assert str(caught.value).splitlines()[0].startswith(f"character {position + 1}: ")
    assert str(caught.value).splitlines()[-1] == " " * (position + 2) + "^"


@given(st.text(max_size=60))
def test_any_text_is_a_goal_or_an_error(text):
    try:
        parse_goal(text)
    except GoalError as error:
        assert 0 <= error.position <= len(text)


@given(st.sampled_from([">=", "<=", ">", "<", "=", "!="]), st.floats(-1e6, 1e6), st.floats(1e-6, 1e3))
def test_what_is_said_is_read(comparison, number, half_width):
    goal = parse_goal(f"P(index_2040{comparison}{number!r}) +- {half_width!r}")
    (condition,) = goal.conditions
    assert (condition.relation, condition.number, goal.half_width) == (comparison, number, half_width)
