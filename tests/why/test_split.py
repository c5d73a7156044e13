"""The split over the treaty of 2022: what counts as one, what goes with it, and what the page says, by hand."""

import numpy as np
import pytest

from sim.why.split import MEMBERS, Split, as_lines, is_split, raised_by

NEVER = np.nan


def columns(**months):
    return {f"signed_month.friendship-2022.{state}": np.array(values) for state, values in months.items()}


def test_a_split_is_three_that_signed_and_two_that_did_not():
    # as happened; one of the two joins in 2024; one of the three never signs
    found = columns(
        KAZ=[2022.5, 2022.5, 2022.5],
        KGZ=[2022.5, 2022.5, NEVER],
        UZB=[2022.5, 2022.5, 2022.5],
        TJK=[NEVER, 2024.6, NEVER],
        TKM=[NEVER, NEVER, NEVER],
    )
    assert is_split(found, 2023.0).tolist() == [True, True, False]
    assert is_split(found, 2025.5).tolist() == [True, False, False]


def test_what_goes_with_it_is_measured_in_standard_deviations():
    values = {"drawn.far": np.array([1.0, 1.0, -1.0, -1.0]), "drawn.near": np.array([1.0, 0.0, 1.0, 0.0])}
    hit = np.array([True, True, False, False])
    assert raised_by(values, hit) == [("far", pytest.approx(2.0)), ("near", pytest.approx(0.0))]
    assert raised_by(values, np.zeros(4, bool)) == []


def test_the_page_gives_counts_and_the_product_of_the_shares():
    by_state = {"KAZ": 1.0, "KGZ": 1.0, "UZB": 1.0, "TJK": 0.5, "TKM": 0.2}
    text = "\n".join(as_lines([Split("as it was", 0.5, 10 / MEMBERS, by_state)], [("x", 1.5)], ["TJK: doubt."]))
    assert "10 (0.5 %;" in text and "multiply to 40.0 %" in text and "`x` +1.50" in text and "- TJK: doubt." in text
