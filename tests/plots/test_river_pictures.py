"""Plots of rivers and borders: what is observed or documented is marked where it belongs, and values are the run's."""

import numpy as np
import pytest

from sim.facts import load_rivers
from sim.outcomes import Events
from sim.outcomes.borders import Section, clashes, sections, settlement
from sim.outcomes.record import observations
from sim.outcomes.view import View
from sim.plots import borders, disputes, river_map, rivers, style
from tests.plots.labels import drawn_texts, outside, overlapping

DRAWN = (
    rivers.draw_deficits,
    rivers.draw_storages,
    rivers.draw_seas,
    river_map.draw,
    disputes.draw,
    borders.draw,
)


def marks(figure, prefix: str) -> dict[str, tuple[float, float]]:
    """First point of every mark whose id begins so."""
    lines = [line for axes in figure.axes for line in axes.get_lines() if str(line.get_gid()).startswith(prefix)]
    return {line.get_gid(): (float(line.get_xdata()[0]), float(line.get_ydata()[0])) for line in lines}


def figure_of(draw, view):
    with style.styled():
        return draw(view)


@pytest.mark.parametrize("name", ["baseline", "free-run", "qosh-tepa-15", "rogun-filling", "khujand-never"])
def test_texts_neither_overlap_nor_leave_the_page(views, name):
    with style.styled():
        for draw in DRAWN:
            figure = draw(views(name))
            assert overlapping(figure) == [] and outside(figure) == [], draw


def test_storages_mark_observed_values_on_their_days(views):
    found = marks(figure_of(rivers.draw_storages, views("free-run")), "observed toktogul")
    rows = {row.date: row.value for row in load_rivers().observations if row.series == "toktogul_storage"}
    assert {gid.split()[-1]: place[1] for gid, place in found.items()} == rows
    assert found["observed toktogul 2020-12-31"][0] == pytest.approx(2021.0)
    assert found["observed toktogul 2014-05"][0] == pytest.approx(2014 + 4.5 / 12)


def test_storages_given_to_the_run_are_hollow(views):
    def hollow(view):
        lines = [line for axes in figure_of(rivers.draw_storages, view).axes for line in axes.get_lines()]
        return {
            line.get_gid()
            for line in lines
            if str(line.get_gid()).startswith("observed") and line.get_markerfacecolor() == "white"
        }

    assert "observed toktogul 2013-04-01" in hollow(views("baseline"))
    assert "observed toktogul 2024-09-20" not in hollow(views("baseline"))
    assert hollow(views("free-run")) == set()


def test_sums_of_stretches_are_shown_as_means(views):
    found = marks(figure_of(rivers.draw_seas, views("baseline")), "observed")
    assert found["observed northern_aral_inflow 2022"] == pytest.approx((2022.5, 0.82))
    since = 2017 + 5 / 12
    assert found["observed northern_aral_inflow_sum 2017-06..2024-06"] == pytest.approx(
        (since, 13.3 / (2024.5 - since))
    )
    assert "observed northern_aral_inflow 2024-01..06" not in found


def test_dates_of_observations_are_read_whole():
    spans = {seen.date: (seen.since, seen.until) for seen in observations(load_rivers(), "northern_aral_inflow_sum")}
    assert spans["2005..2024-06"] == pytest.approx((2005.0, 2024.5))
    assert spans["2017-06..2024-06"] == pytest.approx((2017 + 5 / 12, 2024.5))


def test_disputes_and_borders_mark_the_record(views):
    view = views("free-run")
    found = marks(figure_of(disputes.draw, view), "recorded")
    assert found["recorded release-cut-2014"][0] == pytest.approx(2014.5)
    years = view.record_end - 1992
    likely = 1 / 0.4 + 3 / 0.6 + 2 / 0.7 + 2 / 0.7  # 1999; 2000 and twice 2004; 2013 and 2014; twice 2023
    assert found["recorded disputes.KAZ-KGZ"][0] == pytest.approx(10 * likely / years)
    found = marks(figure_of(borders.draw, view), "documented")
    assert found["documented settlement KGZ-TJK 2025-03-13"] == pytest.approx((2025 + 2 / 12, 1.0))
    assert found["documented clash KGZ-TJK 2022-09-14"][0] == pytest.approx(2022 + 8 / 12)
    assert found["documented clashes KGZ-TJK"][0] == 12 and found["documented clashes TJK-UZB"][0] == 0


def section(view, name):
    return next(each for each in sections(view) if each.name == name)


def test_replayed_sections_are_settled_as_documented(views):
    view = views("baseline")
    mean, since = settlement(view, section(view, "KGZ-UZB"))
    at = {year: mean[year * 12 + 11 - view.catalogue.start] for year in (2016, 2017, 2022)}
    assert at[2016] == 0.0 and at[2017] == pytest.approx(0.85) and at[2022] == pytest.approx(1.0)
    assert ((since > 2022) & (since < 2023)).all()


def test_a_section_is_settled_from_the_last_time_on(views):
    view = views("baseline")
    kinds = [view.catalogue.kind(kind) for kind in ("settlement", "border-reopened", "settlement")]
    month, value = np.array([2000, 2010, 2020]) * 12, np.array([1.0, 0.3, 1.0])
    nothing = np.zeros(3, int)
    for last, when in ((3, 2020), (2, np.inf), (1, 2000)):
        rows = slice(0, last)
        events = Events(nothing[rows] - 1, month[rows], np.array(kinds)[rows], *[nothing[rows]] * 3, value[rows])
        mean, since = settlement(view, Section("KGZ-TJK", events, 0.0))
        assert (since == when).all() and mean[-1] == pytest.approx(0.7 if last == 2 else 1.0)


def test_clashes_of_the_sections_add_up_to_the_outcomes(views):
    view = views("free-run")
    rate = view.rate_by_year(clashes(view, section(view, "KGZ-TJK")))
    assert rate.sum() / view.years.size == pytest.approx(view.members["clashes.KGZ-TJK"].mean())


def test_map_is_as_wide_as_the_flow(views):
    view = views("qosh-tepa-15")
    figure = figure_of(river_map.draw, view)
    wide = {line.get_gid(): line.get_linewidth() for axes in figure.axes for line in axes.get_lines() if line.get_gid()}
    flow = view.window_mean("flow.nurek").mean()
    assert wide["flow nurek"] == pytest.approx(river_map.width(flow))
    texts = [text for text, _ in drawn_texts(figure)]
    assert any(text.startswith("Qosh Tepa") for text in texts)
    expected = [text for text, _ in drawn_texts(figure_of(river_map.draw, views("baseline")))]
    assert any(text.startswith("Qosh Tepa") for text in expected), "the baseline expects the canal"


def test_months_of_the_table_are_those_of_the_run(views):
    view = views("baseline")
    table = view.run.monthly
    rows = table[(table["series"] == "deficit.UZB") & (table["month"] % 12 == 7) & (table["month"] >= 2031 * 12)]
    assert view.by_calendar_month("deficit.UZB")["mean"][7] == pytest.approx(rows["mean"].mean())


def test_a_run_without_water_has_no_such_plots(views, monkeypatch):
    view = views("baseline")
    monkeypatch.setattr(View, "monthly", lambda self, series: None)
    dry = View(view.run, view.facts)
    dry.members = {name: values for name, values in view.members.items() if not name.startswith("disputes")}
    with style.styled():
        assert all(draw(dry) is None for draw in DRAWN)


def test_the_window_is_that_of_the_scenario(views):
    assert views("baseline").window == (2031, 2040)
    assert views("qosh-tepa-15").window == (2026, 2035)
