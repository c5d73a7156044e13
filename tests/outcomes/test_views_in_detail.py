"""What a view reads from its tables, on histories written by hand."""

from dataclasses import replace
from types import SimpleNamespace as Some

import numpy as np
import pytest
from views_by_hand import FREE, view_of

from sim.outcomes import record, view
from sim.outcomes.prospects import (
    adoption_curve,
)
from sim.outcomes.record import Step
from sim.outcomes.summary import probability


class Monthly:
    """A run with two monthly series from January 2031 to December 2040: the months' numbers, and ten times these."""

    key, record, manifest = "0123456789abcdef", None, {}

    def __init__(self, catalogue):
        self.catalogue = catalogue
        self.months = np.arange(2031 * 12, 2041 * 12)

    def columns(self, name, wanted):
        assert name == "monthly" and wanted == ["year", *view.QUANTILES, "mean"]
        numbers = np.arange(self.months.size, dtype=float)
        both = np.concatenate([numbers, 10 * numbers])
        found = {quantile: both + share for quantile, share in view.QUANTILES.items()}
        return {"year": np.tile(self.months / 12, 2), **found, "mean": both}

    def codes(self, name, column):
        assert (name, column) == ("monthly", "series")
        return ["a", "b"], np.repeat([0, 1], self.months.size)


@pytest.fixture
def monthly():
    return view.View(Monthly(replace(FREE, branch=2012 * 12)), view_of().facts)


def test_monthly_series_by_name(monthly):
    found = monthly.monthly("b")
    assert found["mean"].tolist() == [10.0 * k for k in range(120)] and found["year"][:2].tolist() == [
        2031,
        2031 + 1 / 12,
    ]
    assert found["q97.5"][1] == pytest.approx(10.975) and set(found) == {"year", "mean", *view.QUANTILES}
    assert monthly.monthly("a")["mean"][-1] == 119.0 and monthly.monthly("c") is None


def test_a_mean_year_of_the_window(monthly):
    """January is month 0, 12, ... of ten years: 54 on average."""
    assert monthly.window == (2031, 2040)
    found = monthly.by_calendar_month("a")
    assert found["mean"].tolist() == [54.0 + k for k in range(12)] and "year" not in found
    assert found["q10"] == pytest.approx([54.1 + k for k in range(12)])
    monthly.__dict__["window"] = (2032, 2033)
    assert monthly.by_calendar_month("a")["mean"].tolist() == [18.0 + k for k in range(12)]
    with pytest.raises(KeyError, match="no monthly series 'c'"):
        monthly.by_calendar_month("c")


def test_quantiles_over_members():
    found = view.quantiles(np.array([[0.0, 10.0], [1.0, 30.0]]))
    assert found["q50"].tolist() == [0.5, 20.0] and found["q2.5"] == pytest.approx([0.025, 10.5])
    assert list(found) == list(view.QUANTILES) and set(view.EDGES[80]) == {"q10", "q90"}
    for band, edges in view.EDGES.items():
        low, high = (view.QUANTILES[edge] for edge in edges)
        assert high - low == pytest.approx(band / 100) and low + high == pytest.approx(1)


@pytest.mark.parametrize(("branch", "end", "every"), [(2030, 2040, 1), (2020, 2032, 1), (2012, 2040, 3)])
def test_curves_skip_months_over_long_spans(branch, end, every):
    """150 months or so are shown: all of 132 and of 156, each third of 348, the last one always."""
    shown = view_of(
        (0, 2031, "rung", "KGZ", "UZB", "friendship", 0),
        catalogue=replace(FREE, branch=branch * 12, end=end * 12 + (11 if end != 2032 else -6)),
    )
    ends, curve = shown.curve("KGZ-UZB.friendship")
    months = np.rint(ends * 12).astype(int)
    assert set(np.diff(months)) == {every} and months[-1] == shown.catalogue.end + 1
    assert branch * 12 <= months[0] < branch * 12 + every
    assert curve.shape == (3, months.size)
    # it comes in January 2031, so that it has come by the end of that month
    assert curve[0].tolist() == [0.25 * (month > 2031 * 12) for month in months]


def test_adoption_counts_what_comes_in_the_month():
    dates = np.array([2030.0, 2030 + 1 / 12, np.nan, 2031.0])
    value, low, high = adoption_curve(dates, [2030 * 12 - 1, 2030 * 12, 2030 * 12 + 1, 2031 * 12 - 1, 2031 * 12])
    assert value.tolist() == [0, 0.25, 0.5, 0.5, 0.75]
    assert [low[1], high[1]] == [probability(1, 4).low, probability(1, 4).high]


def test_rates_of_years_that_are_partly_simulated():
    """Branch in October 2012, end in March 2014: a quarter of either year."""
    rows = [(0, year, "clash", "KGZ", "TJK", "", 1) for year in (2012.75, 2014.0, 2014.0)]
    partly = view_of(*rows, catalogue=replace(FREE, branch=2012 * 12 + 9, end=2014 * 12 + 2))
    assert partly.simulated_part.tolist() == [0.0, 0.0, 0.25, 1.0, 0.25]
    assert partly.rate_by_year(partly.simulated("clash")).tolist() == [0.0, 0.0, 1.0, 0.0, 2.0]
    alone = view_of(rows[0], members=1, catalogue=partly.catalogue)
    assert alone.rate_by_year(alone.simulated("clash")).tolist() == [0.0, 0.0, 4.0, 0.0, 0.0]


def test_events_of_everybody_are_not_those_of_a_member():
    rows = [(-1, 2011, "clash", "KGZ", "TJK", "", 1), (-2, 2030, "settlement", "KGZ", "TJK", "", 1)]
    shown = view_of((0, 2030, "dispute", "KGZ", "TJK", "", -1), documented=rows)
    assert shown.simulated_kinds == {"dispute"} and shown.simulated("clash").month.size == 0
    assert shown.happened("clash", "dispute").member.tolist() == [-1, 0]
    assert shown.happened("unheard of").month.size == 0


def test_documented_steps_are_those_of_dyads_of_the_run(monkeypatch):
    steps = (Step("KGZ-TJK", "friendship", 2011.0, False), Step("KAZ-KGZ", "friendship", 2011.0, False))
    monkeypatch.setattr(record, "steps", lambda facts: steps)
    shown = view_of()
    del shown.steps
    assert shown.steps == steps[:1]


@pytest.mark.parametrize(("branch", "leaves"), [(2025 * 12 + 5, True), (2025 * 12 + 6, False)])
def test_whether_a_run_leaves_the_record(branch, leaves):
    assert view_of(catalogue=replace(FREE, branch=branch)).leaves_record is leaves


def test_the_window_of_one_year_is_called_by_it():
    short = view_of(catalogue=replace(FREE, start=2030 * 12, branch=2030 * 12, end=2030 * 12 + 11))
    assert short.window == (2030, 2030) and short.window_name == "2030"
    cut = view_of(catalogue=replace(FREE, start=2030 * 12, branch=2030 * 12, end=2030 * 12 + 5))
    assert cut.window == (2030, 2030)  # the year that there is


def test_a_run_of_a_record_of_ones_own_says_so():
    manifest = {"facts_digest": "x", "versions": {"casim": "9"}, "scenario": "mine", "seed": 5}
    shown = view_of(manifest=manifest)
    shown.facts = Some(digest="x", record=Some(name="ours", digest="abcdefghij"))
    assert shown.source.endswith("simulated from January 2012, record ours abcdefgh; run 01234567")
    began = view_of(manifest=manifest, catalogue=replace(FREE, start=2012 * 12))
    assert "seed 5, no record replayed, simulated from January 2012" in began.source
