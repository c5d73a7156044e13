"""What is still open and how likely it is, and summaries of numbers worked by hand."""

from dataclasses import replace

import numpy as np
import pytest
from views_by_hand import FREE, view_of

from sim.outcomes.prospects import (
    adoption_column,
    holdouts,
    is_open,
    levels,
    open_instruments,
    prospects,
)
from sim.outcomes.summary import percent, probability, probability_by, summarise


def outcomes(*simulated, documented=(), catalogue=FREE):
    shown = view_of(*simulated, documented=documented, catalogue=catalogue)
    return shown.catalogue, shown.members


def test_open_is_what_some_member_lacked_at_the_branch():
    before, at = 2011 + 11 / 12, 2012.0
    assert not is_open(FREE, np.array([before, 2000.0])) and is_open(FREE, np.array([before, at]))
    assert is_open(FREE, np.array([before, np.nan]))


def test_holdouts_and_what_is_open_in_the_order_of_their_chances():
    """Accord some is in place; UZB joins it in one member. A rung comes in two, another in three."""
    before = [(-1, 2011, "signature", state, "", "some", 0) for state in ("KGZ", "TJK")]
    rows = [(0, 2030, "accession", "UZB", "", "some", 0)]
    rows += [(k, 2020, "rung", "KGZ", "UZB", "alliance", 0) for k in range(2)]
    rows += [(k, 2030, "rung", "TJK", "UZB", "alliance", 0) for k in range(3)]
    catalogue, members = outcomes(*rows, documented=before)
    assert holdouts(catalogue, members) == ["some.UZB"]
    assert open_instruments(catalogue, members)[:2] == ["TJK-UZB.alliance", "KGZ-UZB.alliance"]
    found = prospects(catalogue, members)
    assert [each.instrument for each in found] == ["some.UZB", "TJK-UZB.alliance", "KGZ-UZB.alliance"]
    assert [each.title for each in found] == ["UZB joins The willing", "TJK-UZB alliance", "KGZ-UZB alliance"]
    assert list(found[0].by) == [2020, 2025, 2030, 2035, 2040] and found[0].signatories == {}
    assert [each.instrument for each in prospects(catalogue, members, 1)] == ["some.UZB"]
    assert prospects(catalogue, members, 0) == []
    assert adoption_column(catalogue, "some.UZB") == "signed_month.some.UZB"


def test_states_that_have_signed_are_no_signatories_to_come():
    rows = [(0, 2030, "signature", state, "", "all", 0) for state in ("TJK", "UZB")]
    catalogue, members = outcomes(*rows, documented=[(-1, 2011, "signature", "KGZ", "", "all", 0)])
    found = {each.instrument: each for each in prospects(catalogue, members)}
    assert {state: each.value for state, each in found["all"].signatories.items()} == {"TJK": 0.25, "UZB": 0.25}
    assert found["all"].title == "All or none" and found["all"].likely.value == 0.25


def test_levels_at_the_end_and_counts_of_texts():
    catalogue, members = outcomes((1, 2020, "rung", "KGZ", "UZB", "alliance", 0))
    found = {each.column: each for each in levels(catalogue, members)}
    assert found["new_treaties_2040"].summary.mean == 0.25 and "new_texts_tabled" in found
    assert "trust_mean_2040" not in found  # the run does not hold it
    assert next(name for name in found if name.startswith("summit_count")) == "summit_count.2010-2017"
    late = replace(FREE, branch=2018 * 12)
    first = next(each.column for each in levels(late, members) if each.column.startswith("summit_count"))
    assert first == "summit_count.2018-2024"


def test_percentages_never_round_to_certainty():
    assert [percent(value, 1000) for value in (0.0, 0.004, 0.5, 0.996, 1.0)] == [
        "0 %",
        "<1 %",
        "50 %",
        ">99 %",
        "100 %",
    ]
    assert percent(0.004, 0) == "0 %" and percent(0.996, 0) == "100 %"
    assert str(probability(1, 4)) == "25 % (5-70 %)"


def test_shares_of_none_are_unknown_and_ends_are_held():
    nothing = probability(0, 0)
    assert np.isnan([nothing.value, nothing.low, nothing.high, nothing.standard_error]).all() and nothing.members == 0
    assert probability(0, 5).low == 0.0 and probability(5, 5).high == 1.0
    assert probability(1, 4).standard_error == pytest.approx((3 / 16 / 4) ** 0.5)
    assert probability_by([2030.99, 2031.0], 2030).value == 0.5


def test_bands_are_values_that_occur():
    """Of 1 to 40: 10 and 30, 4 and 36, 1 and 39; the interval of the median from the 14th to the 28th value."""
    found = summarise(np.arange(1.0, 41.0)[::-1])
    assert found.bands == {50: (10.0, 30.0), 80: (4.0, 36.0), 95: (1.0, 39.0)}
    # 20 -+ 1.96 * sqrt(40) / 2 = 13.8 and 26.2: places 13 and 27, counted from 0
    assert (found.median_low, found.median_high) == (14.0, 28.0)
    assert (found.median, found.mean, found.members) == (20.5, 20.5, 40)
    one = summarise([3.0, np.inf, np.nan])
    assert (one.median_low, one.median_high, one.members) == (3.0, 3.0, 1)
    assert summarise([]).members == 0 and np.isnan(summarise([]).bands[95]).all()


def test_chances_are_told_from_the_year_of_the_branch_on():
    catalogue, members = outcomes((0, 2031, "rung", "KGZ", "UZB", "alliance", 0))
    at = replace(FREE, branch=2030 * 12)
    (found,) = prospects(at, members)
    assert list(found.by) == [2030, 2035, 2040] and [each.value for each in found.by.values()] == [0.0, 0.25, 0.25]
    (late,) = prospects(replace(FREE, branch=2030 * 12 + 1), members)
    assert list(late.by) == [2035, 2040]
    with pytest.raises(KeyError) as caught:
        adoption_column(catalogue, "other")
    said = str(caught.value)
    assert "'other' is no instrument of this run" in said and "all, some, KGZ-TJK.friendship" in said
    assert "some.UZB" not in said  # steps alone, not every party of every accord
