"""The small parts the plots are put together from."""

from types import SimpleNamespace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from matplotlib.axes import Axes
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure
from matplotlib.font_manager import FontProperties
from matplotlib.textpath import TextToPath

from sim.comparison.labels import key_in_words
from sim.outcomes.posterior_checks import Check
from sim.outcomes.view import View, month_name
from sim.plots import colours, fonts
from sim.plots.axes import Panel
from sim.plots.files import save
from sim.plots.posterior_checks import _row
from sim.plots.sensitivity import draw_heat_map
from sim.plots.style import Sheet, lines, spread, styled
from sim.plots.trust_matrix import chosen_years
from sim.studies.sensitivity import Factor, Indices
from sim.words import named


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


@pytest.mark.parametrize("weight", ["normal", "bold"])
@pytest.mark.parametrize("text", ["2", " ", "AVATo, T.", "deficits of the office", "38 %", "a  b ", "Ŝ – “q” km³"])
def test_a_text_put_together_from_words_is_that_of_matplotlib(text, weight):
    """Kerning, ligatures and blanks included; some versions round places to a 64th."""
    font = FontProperties(family="DejaVu Sans", weight=weight, size=fonts.EM)
    found = fonts.shaped(text, font)
    box = found.width, found.high - found.low, -found.low
    assert box == pytest.approx(TextToPath().get_text_width_height_descent(text, font, ismath=False), abs=0.2)
    vertices, codes = TextToPath().get_text_path(font, text)
    assert found.codes.tolist() == list(codes)
    np.testing.assert_allclose(found.vertices, np.reshape(vertices, (-1, 2)), atol=0.2)


@pytest.mark.parametrize("scale", ["linear", "log"])
def test_axes_with_one_tick_look_like_those_of_matplotlib(scale):
    """Minor ticks of a logarithmic scale, marks at the ends, an offset, and labels of the axes that keep clear."""

    def dots(kind):
        with styled():
            figure = Figure(figsize=(3, 2))
            for place in ((0.2, 0.2, 0.3, 0.6), (0.65, 0.2, 0.3, 0.6)):
                axes = figure.add_axes(kind(figure, place))
                axes.plot([1.0, 20.0, 300.0], [2.0e9, 3e7, 1.0e9])
                axes.set_yscale(scale)
                axes.set(xlabel="months", ylabel="dollars")
                axes.tick_params(labelleft=False, labelright=True, right=True)
            axes.set_xticks([0, 150, 300], ["none", "half", "all"])
            canvas = FigureCanvasAgg(figure)
            canvas.draw()
            canvas.draw()
            return np.asarray(canvas.buffer_rgba())

    np.testing.assert_array_equal(dots(Panel), dots(Axes))


def test_long_titles_end_in_an_ellipsis_and_nothing_is_cut_inside():
    assert lines("a title that is too long for one line", 12, 2).endswith("…")
    assert lines("short", 12) == "short"


def test_the_bar_of_the_year_of_the_branch_stands_behind_it():
    """Branch in July 2025: half a year is left, from 2025.5 to 2026, of which the bar takes 88 %, as of a whole one."""
    catalogue = SimpleNamespace(start=1992 * 12, branch=2025 * 12 + 6, end=2026 * 12 + 11)
    view = object.__new__(View)
    view.catalogue, view.branch = catalogue, 2025.5
    middle, width = view.bars_of_years(np.array([2024, 2025, 2026]))
    np.testing.assert_allclose(middle, [2024.5, 2025.75, 2026.5])
    np.testing.assert_allclose(width, [0.88, 0.44, 0.88])
    assert middle[1] - width[1] / 2 > view.branch


def test_bars_of_counts_begin_at_zero():
    quantiles = {"q2.5": 0.0, "q10": 0.0, "q25": 1.0, "q50": 2.0, "q75": 3.0, "q90": 4.0, "q97.5": 5.0}
    check = Check("states that hold out", "states", 2.0, quantiles, 0.7, 0.3, 100, "1")
    with styled():
        sheet = Sheet(1.0, "", "", "", "")
        _row(sheet, check, 0.1)
    bars = [line.get_xdata() for line in sheet.figure.axes[0].lines[:3]]
    assert [bar[0] for bar in bars] == pytest.approx([0.0, 0.0, 0.85])


def test_a_map_of_indices_names_parameters_and_outcomes_in_words(tmp_path, monkeypatch):
    kept = []
    monkeypatch.setattr(Figure, "savefig", lambda figure, *_, **__: kept.append(figure))
    factors = (Factor("trust.decay", 0.0, 1.0), Factor("x1", 0.0, 1.0))
    outcomes = ("index_2035", "log(trade.KAZ-UZB@2030)", "signed_month.friendship-2022.TJK by 2030")
    numbers = np.full((3, 2), 0.2)
    draw_heat_map(Indices(factors, outcomes, numbers, numbers, numbers, numbers, np.ones(3), 64), tmp_path / "x.png")
    (axes,) = kept[0].axes
    rows, columns = (
        [" ".join(label.split()) for label in axis.get_major_formatter().format_ticks(axis.get_majorticklocs())]
        for axis in (axes.yaxis, axes.xaxis)
    )
    assert sorted(rows) == ["Share of the gap to the baseline closed each month", "x1"]
    assert columns[1] == "Logarithm of trade of Kazakhstan–Uzbekistan, 2030"
    assert columns[2] == "“Treaty of friendship for the 21st century” signed by Tajikistan by 2030"


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("KGZ-TJK clashes 2021-22", "Kyrgyzstan–Tajikistan clashes 2021–22"),
        ("Cooperation roadmap 2025-2027", "Cooperation roadmap 2025–2027"),
        ("regional summits 2010-2017", "regional summits 2010–2017"),
        ("on 2025-07-01 and in 2025-07", "on 2025-07-01 and in 2025-07"),
        ("format friendship-2022-24x", "format friendship-2022-24x"),
    ],
)
def test_years_of_a_span_have_a_dash_and_dates_keep_their_hyphens(text, said):
    assert named(text) == said


def test_keys_of_a_design_in_words():
    assert key_in_words("events.russian-pull.factor") == "Russian pull: factor"
    assert key_in_words("trust.loss_aversion") == key_in_words("parameters.trust.loss_aversion")
    assert key_in_words("trust.loss_aversion") == "How many times a loss counts as much as a gain"
    assert key_in_words("run.seed") == "run.seed"
