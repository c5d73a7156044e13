"""Summaries: how sure, and never surer than the members allow."""

import math
from types import SimpleNamespace

import numpy as np
import pandas as pd
import pytest
from histories_by_hand import CATALOGUE, histories
from hypothesis import given
from hypothesis import strategies as st

from sim.outcomes import (
    adoption_column,
    adoption_curve,
    levels,
    member_outcomes,
    open_instruments,
    probability,
    probability_by,
    prospects,
    summarise,
    title_of,
)
from sim.outcomes.summary import spread


@given(st.integers(1, 500).flatmap(lambda members: st.tuples(st.integers(0, members), st.just(members))))
def test_the_interval_holds_the_share_and_stays_a_probability(counts):
    sure = probability(*counts)
    assert 0 <= sure.low <= sure.value <= sure.high <= 1
    assert sure.high - sure.low > 0


def test_wilson_interval_of_a_known_case():
    sure = probability(10, 100)
    assert (sure.low, sure.high) == (pytest.approx(0.0552, abs=1e-4), pytest.approx(0.1744, abs=1e-4))
    assert sure.standard_error == pytest.approx(0.03)


def test_nothing_is_certain_for_having_been_rounded():
    assert str(probability(999, 1000)).startswith(">99 %")
    assert str(probability(1, 1000)).startswith("<1 %")


def test_dates_that_never_come_count_against():
    assert probability_by([2025.5, 2030.99, 2031.0, math.nan], 2030).value == 0.5


def test_summary_leaves_out_what_is_missing():
    summary = summarise([1.0, 2.0, 3.0, math.nan])
    assert (summary.median, summary.members, summary.bands[95]) == (2.0, 3, (1.0, 3.0))
    assert math.isnan(summarise([math.nan]).median)


@given(st.lists(st.floats(-1e6, 1e6), min_size=1, max_size=200))
def test_bands_are_nested(values):
    summary = summarise(values)
    (low95, high95), (low80, high80), (low50, high50) = (summary.bands[band] for band in (95, 80, 50))
    assert low95 <= low80 <= low50 <= high50 <= high80 <= high95
    assert summary.median_low <= summary.median <= summary.median_high


@pytest.fixture
def run():
    found = member_outcomes(
        histories(
            documented=[(-1, 2015, "rung", "KGZ", "UZB", "friendship", 0)],
            simulated=[(k, 2025 + k, "rung", "KGZ", "UZB", "partnership", 0) for k in range(3)]
            + [(0, 2024, "signature", "UZB", "", "some", 0), (0, 2024, "signature", "TJK", "", "some", 0)],
            members=4,
            yearly={"trust_mean": np.full((4, 31), 0.5)},
        )
    )
    return SimpleNamespace(catalogue=CATALOGUE, members=pd.DataFrame(found))


def test_adoption_curve_rises_to_the_share_of_members(run):
    dates = run.members[adoption_column(run.catalogue, "KGZ-UZB.partnership")].to_numpy()
    value, low, high = adoption_curve(dates, [2025 * 12 - 1, 2025 * 12, 2026 * 12, 2040 * 12])
    assert value.tolist() == [0, 0.25, 0.5, 0.75]
    assert (low <= value).all() and (value <= high).all()
    with pytest.raises(KeyError, match="no instrument"):
        adoption_column(run.catalogue, "KGZ-UZB.marriage")


def test_what_the_record_has_settled_is_no_prospect(run):
    names = open_instruments(run.catalogue, run.members)
    assert "KGZ-UZB.friendship" not in names and names[0] == "KGZ-UZB.partnership"
    first, second = prospects(run.catalogue, run.members)
    assert (first.instrument, first.likely.value, first.by[2025].value) == ("KGZ-UZB.partnership", 0.75, 0.25)
    assert (second.title, second.signatories["UZB"].value, second.signatories["KGZ"].value) == ("The willing", 0.25, 0)


def test_levels_name_what_they_summarise(run):
    found = {level.column: level.summary.median for level in levels(run.catalogue, run.members)}
    assert found["trust_mean_2040"] == 0.5 and found["new_treaties_2040"] == 1


@pytest.mark.parametrize(
    ("column", "title"),
    [
        ("flow.large_aral", "flow at Amu Darya delta and Large Aral"),
        ("served.d_tjk_sughd", "served at Sughd"),
        ("flow.my_own_lake", "flow at my own lake"),
    ],
)
def test_places_on_the_rivers_are_called_by_their_names(column, title):
    assert title_of(column) == title


def test_the_interval_of_a_median_by_its_order_statistics():
    """100 values: ranks 50 -+ 1.96 x 10 / 2, that is the 41st and the 61st (Conover 1999)."""
    found = summarise(np.arange(1.0, 101.0))
    assert (found.median_low, found.median_high) == (41.0, 61.0)
    assert spread(np.arange(1.0, 101.0)) == {"mean": 50.5, "median": 50.5, "band_80": (10.0, 90.0)}
