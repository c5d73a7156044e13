"""Plots of rivers and borders: what is observed or documented is marked where it belongs, and values are the run's."""

import numpy as np
import pytest

from sim.facts import load_rivers
from sim.plots import borders, disputes, river_map, seas, storages, style, water_deficits
from sim.plots.data import View
from sim.plots.events import happenings
from sim.plots.rivers import by_calendar_month, observed, ten_years
from tests.plots.labels import drawn_texts, outside, overlapping

DRAWN = (water_deficits.draw, storages.draw, seas.draw, river_map.draw, disputes.draw, borders.draw)


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
    found = marks(figure_of(storages.draw, views("free-run")), "observed toktogul")
    rows = {row.date: row.value for row in load_rivers().observations if row.series == "toktogul_storage"}
    assert {gid.split()[-1]: place[1] for gid, place in found.items()} == rows
    assert found["observed toktogul 2020-12-31"][0] == pytest.approx(2021.0)
    assert found["observed toktogul 2014-05"][0] == pytest.approx(2014 + 4.5 / 12)


def test_storages_given_to_the_run_are_hollow(views):
    def hollow(view):
        lines = [line for axes in figure_of(storages.draw, view).axes for line in axes.get_lines()]
        return {
            line.get_gid()
            for line in lines
            if str(line.get_gid()).startswith("observed") and line.get_markerfacecolor() == "white"
        }

    assert "observed toktogul 2013-04-01" in hollow(views("baseline"))
    assert "observed toktogul 2024-09-20" not in hollow(views("baseline"))
    assert hollow(views("free-run")) == {"observed toktogul 2026-04-01"}


def test_sums_of_stretches_are_shown_as_means(views):
    found = marks(figure_of(seas.draw, views("baseline")), "observed")
    assert found["observed northern_aral_inflow 2022"] == pytest.approx((2022.5, 0.82))
    assert found["observed northern_aral_inflow_sum 2023-01..2025-09"] == pytest.approx((2023.0, 5.0 / 2.75))
    assert "observed northern_aral_inflow 2024-01..06" not in found


def test_dates_of_observations_are_read_whole():
    spans = {seen.date: (seen.since, seen.until) for seen in observed("northern_aral_inflow_sum")}
    assert spans["2005..2024-06"] == pytest.approx((2005.0, 2024.5))
    assert spans["2017-06..2024-06"] == pytest.approx((2017 + 5 / 12, 2024.5))


def test_disputes_and_borders_mark_the_record(views):
    view = views("free-run")
    found = marks(figure_of(disputes.draw, view), "recorded")
    assert found["recorded release-cut-2014"][0] == pytest.approx(2014.5)
    years = view.record_end - 1992
    assert found["recorded disputes.KAZ-KGZ"][0] == pytest.approx(2 / years)
    found = marks(figure_of(borders.draw, view), "documented")
    assert found["documented settlement KGZ-TJK 2025-03-13"] == pytest.approx((2025 + 2 / 12, 1.0))
    assert found["documented clash KGZ-TJK 2022-09-14"][0] == pytest.approx(2022 + 8 / 12)
    assert found["documented clashes KGZ-TJK"][0] == 5 and found["documented clashes TJK-UZB"][0] == 0


def test_replayed_sections_are_settled_as_documented(views):
    view = views("baseline")
    found = happenings(view, "settlement", "clash", "border-reopened")
    pair = tuple(view.catalogue.states.index(name) for name in ("KGZ", "UZB"))
    shares = borders.settled_shares(view, found.between(*pair), 0.0)
    years = list(view.catalogue.years)
    assert shares[:, years.index(2016)].max() == 0.0
    assert set(shares[:, years.index(2017)]) == {0.85} and set(shares[:, years.index(2022)]) == {1.0}


def test_settled_dates_are_those_of_the_whole_section():
    years = np.array([2000, 2001, 2002])
    shares = np.array([[0.0, 0.9, 1.0], [0.0, 0.0, 0.0]])
    assert borders.settled_dates(shares, years).tolist() == [2003.0, np.inf]


def test_clashes_of_the_sections_add_up_to_the_outcomes(views):
    view = views("free-run")
    pair = tuple(view.catalogue.states.index(name) for name in ("KGZ", "TJK"))
    years, rate = borders.clash_rate(view, happenings(view, "clash").between(*pair))
    assert rate.sum() / years.size == pytest.approx(view.members["clashes.KGZ-TJK"].mean())


def test_map_is_as_wide_as_the_flow(views):
    view = views("qosh-tepa-15")
    figure = figure_of(river_map.draw, view)
    wide = {line.get_gid(): line.get_linewidth() for axes in figure.axes for line in axes.get_lines() if line.get_gid()}
    flow = ten_years(view, "flow.nurek").mean()
    assert wide["flow nurek"] == pytest.approx(river_map.width(flow))
    texts = [text for text, _ in drawn_texts(figure)]
    assert any(text.startswith("Qosh Tepa") for text in texts)
    without = drawn_texts(figure_of(river_map.draw, views("baseline")))
    assert not any(text.startswith("Qosh Tepa") for text, _ in without)


def test_months_of_the_table_are_those_of_the_run(views):
    view = views("baseline")
    table = view.run.monthly
    rows = table[(table["series"] == "deficit.UZB") & (table["month"] % 12 == 7) & (table["month"] >= 2031 * 12)]
    assert by_calendar_month(view, "deficit.UZB")["mean"][7] == pytest.approx(rows["mean"].mean())


def test_a_run_without_water_has_no_such_plots(views, monkeypatch):
    view = views("baseline")
    monkeypatch.setattr(View, "monthly", lambda self, series: None)
    dry = View(view.run, view.facts)
    dry.members = {name: values for name, values in view.members.items() if not name.startswith("disputes")}
    with style.styled():
        assert all(draw(dry) is None for draw in DRAWN)
