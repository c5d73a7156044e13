"""Counts by epoch and joint patterns of small histories written by hand."""

import numpy as np
import pytest

from sim.outcomes import epochs, treaties
from tests.outcomes.histories_by_hand import CATALOGUE, histories


def columns(*rows, members=2):
    found = histories((), rows, members)
    return epochs.columns(found, treaties.columns(found))


def test_steps_fall_into_the_epoch_of_their_year():
    found = columns(
        (0, 2024.0, "rung", "KGZ", "TJK", "partnership", 1),
        (0, 2025 + 11 / 12, "rung", "KGZ", "UZB", "partnership", 1),
        (0, 2026.0, "rung", "TJK", "UZB", "partnership", 1),
        (1, 2035 + 11 / 12, "rung", "TJK", "UZB", "partnership", 1),
    )
    assert found["step_count.partnership.2022-2025"].tolist() == [2, 0]
    assert found["step_count.partnership.2026-2030"].tolist() == [1, 0]
    assert found["step_count.partnership.2031-2035"].tolist() == [0, 1]
    assert found["step_count.partnership.2036-2040"].tolist() == [0, 0]


def test_epochs_before_the_run_have_no_column():
    names = [name for name in columns() if name.startswith("step_count.alliance.")]
    assert names == [f"step_count.alliance.{first}-{last}" for first, last in epochs.STEP_EPOCHS[2:]]
    assert "summit_count.2001-2009" not in columns()


@pytest.mark.parametrize(
    ("years", "touches"),
    [((1992, 2009), False), ((1992, 2010), True), ((2040, 2050), True), ((2041, 2050), False)],
)
def test_a_span_touches_the_run_with_its_first_or_last_year(years, touches):
    assert CATALOGUE.touches(years) is touches


def test_the_gap_of_summits_needs_both_its_halves():
    five = [(0, 2018.0 + year, "summit", "", "", "regional", 0) for year in range(5)]
    four = [(1, 2018.0 + year, "summit", "", "", "regional", 0) for year in range(4)]
    assert columns(*five, *four)["pattern.summit_gap"].tolist() == [1, 0]
    early = (0, 2017.0, "summit", "", "", "regional", 0)
    assert columns(early, *five)["pattern.summit_gap"].tolist() == [0, 0]
    assert columns(*five)["summit_count.2018-2024"].tolist() == [5, 0]


def test_what_never_happened_counts_as_nothing():
    found = columns()
    assert found["rivals_won"].tolist() == [0, 0]
    assert np.isnan(found["format_ends_month"]).all()
    assert found["pattern.clash_then_settlement"].tolist() == [0, 0]
