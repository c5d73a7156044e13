"""The small parts the plots are put together from."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sim.outcomes.view import month_name
from sim.plots import colours
from sim.plots.files import save
from sim.plots.style import Sheet, lines, spread, styled
from sim.plots.trust_matrix import chosen_years


@given(st.lists(st.floats(0, 100), max_size=7))
def test_spread_labels_keep_order_and_distance(values):
    placed = np.array(spread(values, 9, 0, 100))
    assert placed.size == len(values)
    if values:
        assert placed.min() >= -1e-6 and placed.max() <= 100 + 1e-6
        assert (np.diff(np.sort(placed)) >= 9 - 0.01).all()
        order = np.argsort(values, kind="stable")
        assert (np.diff(placed[order]) > 0).all()


def test_labels_far_apart_stay_where_they_are():
    assert spread([10, 50, 90], 5, 0, 100) == [10, 50, 90]


@pytest.mark.parametrize(
    ("branch", "years"),
    [
        (2025.5, [1995, 2005, 2016, 2024, 2030, 2040]),
        (1992.0, [1995, 2005, 2016, 2030, 2040]),
        (2016 + 8 / 12, [1995, 2005, 2015, 2030, 2040]),
    ],
)
def test_years_of_the_trust_matrix(branch, years):
    assert chosen_years(1992, 2040, branch) == years


def test_a_short_span_still_shows_its_last_year():
    assert chosen_years(2010, 2012, 2010.0) == [2012]


def test_months_by_name():
    assert month_name(2025.5) == "July 2025"
    assert month_name(1992.0) == "January 1992"
    assert month_name(2024 + 11 / 12) == "December 2024"


# Machado, Oliveira & Fernandes (2009): full protanopia, deuteranopia, tritanopia, in linear RGB
BLINDNESS = {
    "none": np.eye(3),
    "protan": [[0.152286, 1.052583, -0.204868], [0.114503, 0.786281, 0.099216], [-0.003882, -0.048116, 1.051998]],
    "deutan": [[0.367322, 0.860646, -0.227968], [0.280085, 0.672501, 0.047413], [-0.011820, 0.042940, 0.968881]],
    "tritan": [[1.255528, -0.076749, -0.178779], [-0.078411, 0.930809, 0.147602], [0.004733, 0.691367, 0.303900]],
}
TO_XYZ = np.array([[0.4124, 0.3576, 0.1805], [0.2126, 0.7152, 0.0722], [0.0193, 0.1192, 0.9505]])


def lab(colour, blindness):
    """CIE Lab of a colour as someone with that blindness sees it."""
    values = np.array([int(colour[k : k + 2], 16) for k in (1, 3, 5)]) / 255
    linear = np.where(values <= 0.04045, values / 12.92, ((values + 0.055) / 1.055) ** 2.4)
    xyz = TO_XYZ @ np.clip(np.asarray(BLINDNESS[blindness]) @ linear, 0, 1) / [0.9505, 1.0, 1.089]
    root = np.where(xyz > 0.008856, np.cbrt(xyz), 7.787 * xyz + 16 / 116)
    return np.array([116 * root[1] - 16, 500 * (root[0] - root[1]), 200 * (root[1] - root[2])])


@pytest.mark.parametrize("blindness", BLINDNESS)
def test_states_and_record_are_told_apart_by_everyone(blindness):
    seen = [lab(colour, blindness) for colour in (*colours.STATES, colours.RECORD)]
    apart = [np.linalg.norm(one - other) for k, one in enumerate(seen) for other in seen[:k]]
    assert min(apart) > 13


def test_a_slide_is_sixteen_to_nine_and_every_format_keeps_its_bytes(tmp_path):
    def drawn(folder):
        folder.mkdir()
        with styled():
            sheet = Sheet(1.0, "A title with $x$ and [draft]", "What to see.", "Units.", "Source: a test.", keys=0)
            return save(sheet.figure, folder, "plot", ("png", "svg", "pdf"), "slide")

    first, again = drawn(tmp_path / "one"), drawn(tmp_path / "two")
    assert [path.suffix for path in first] == [".png", ".svg", ".pdf"]
    assert [path.read_bytes() for path in first] == [path.read_bytes() for path in again]
    width, height = (int.from_bytes(first[0].read_bytes()[at : at + 4], "big") for at in (16, 20))
    assert (width, height) == (1920, 1080)


def test_long_titles_end_in_an_ellipsis_and_nothing_is_cut_inside():
    assert lines("a title that is too long for one line", 12, 2).endswith("…")
    assert lines("short", 12) == "short"
