"""Forecasts from documented origins: scores by hand, what an origin knows, and the command as a user calls it."""

import json
import math
from dataclasses import replace
from types import SimpleNamespace

import numpy as np
import pytest
from typer.testing import CliRunner

from sim.cli.app import app
from sim.engine.event_types import CODE
from sim.facts import load_facts, load_trade_facts
from sim.facts.record import read_record
from sim.facts.trade_panel import trade_panel
from sim.hindcast import forecasts
from sim.hindcast.clashes import ClashCases, clashes_from, engine_counts, gamma_poisson, sections_at_risk
from sim.hindcast.origins import look_ahead
from sim.hindcast.passages import documented_waits, engine_waits, hazard_waits, passages_from
from sim.hindcast.scores import (
    ENGINE,
    Cases,
    covered,
    crps,
    crps_of_counts,
    joined,
    mean_gain,
    randomised_pit,
    score_rules,
)
from sim.hindcast.tables import forecast_lines
from sim.hindcast.trade import engine_rule, trade_cases
from sim.hindcast.variants import baselines
from sim.hindcast.vintage import facts_before
from sim.inference.observations import Step, record, tidy_history
from sim.model.build import EVENT_FIELDS
from tests.ended_tables import tables_before

CORE_DYADS_WITH_FIGURES = 10


@pytest.fixture(scope="module")
def origin(facts, tmp_path_factory):
    return look_ahead(facts, 2016 * 12, 12, "literature", tmp_path_factory.mktemp("fits"))


def test_an_origin_knows_what_tables_that_end_there_hold(origin, facts, tmp_path):
    """A package that ends in 2015 and a record that goes on to 2026 give the same fit and the same members."""
    (tmp_path / "mine").mkdir()
    (tmp_path / "mine" / "events.csv").write_text(
        "id,date,precision,kind,parties,actor,target,subject,value,title,used,source,locator,confidence,disagreement,note\n"
        "c26,2026-06-02,day,clash,KGZ;TJK,,,,1,Clash,1,invented,c26,assumed,,\n"
    )
    (tmp_path / "mine" / "trade_flows.csv").write_text(
        "exporter,importer,year,usd_current,status,reading,source,licence\nKAZ,KGZ,2024,9e9,observed,,invented,facts\n"
    )
    ended = load_facts(folder=tables_before(2016, tmp_path / "tables"))
    carried_on = load_facts(read_record(tmp_path / "mine"))
    for known, years in ((ended, 10), (carried_on, 10)):
        other = look_ahead(known, 2016 * 12, 12, "literature", tmp_path)
        for name, values in origin.block.yearly.items():
            first = origin.world.years.index(2016)
            there = slice(first, first + years - 1)
            assert np.array_equal(values[:, there], other.block.yearly[name][:, there], equal_nan=True), name
    ours, theirs = (passages_from(each, record(facts, origin.panel)) for each in (origin, replace(origin, facts=ended)))
    assert np.array_equal(ours.truth, theirs.truth)


def test_crps_by_hand():
    """Members 0 and 2, truth 1: mean distance 1, less half the mean distance of two members (0, 2, 2, 0)."""
    assert crps(np.array([0.0, 2.0]), np.array(1.0)) == pytest.approx(0.5)
    assert crps(np.array([[2.0, 0.0], [0.0, 0.0]]), np.array([5.0, 0.0])) == pytest.approx([3.5, 0.0])
    assert crps(np.array([3.0]), np.array(1.0)) == pytest.approx(2.0)  # one member: the absolute error


def test_crps_equals_that_of_scoringrules():
    scoringrules = pytest.importorskip("scoringrules")
    rng = np.random.default_rng(3)
    members, truth = rng.normal(size=(40, 31)), rng.normal(size=40)
    assert crps(members, truth) == pytest.approx(scoringrules.crps_ensemble(truth, members), abs=1e-12)


def test_crps_of_a_count_is_that_of_its_members():
    at_most = np.array([[0.5, 1.0, 1.0]])
    assert crps_of_counts(at_most, np.array([1])) == pytest.approx([0.25])
    assert crps(np.array([0.0, 1.0]), np.array(1.0)) == pytest.approx(0.25)


def test_ranks_and_intervals_with_lumps():
    members, rng = np.array([1.0, 2.0, 2.0, 2.0]), np.random.default_rng(1)
    assert 0.0 < randomised_pit(members, np.array(0.0), rng) < 0.2  # below all members: the lowest of five places
    inside = randomised_pit(np.tile(members, (4000, 1)), np.full(4000, 2.0), rng)
    assert 0.2 < inside.min() and inside.mean() == pytest.approx(0.6, abs=0.01)  # anywhere among the ties
    assert covered(members, np.array(2.0), 0.5) and not covered(members, np.array(3.0), 0.95)


def test_right_forecasts_have_uniform_ranks_and_cover_what_they_say():
    rng = np.random.default_rng(5)
    members, truth = rng.normal(size=(4000, 100)), rng.normal(size=4000)
    assert randomised_pit(members, truth, rng).std() == pytest.approx(1 / math.sqrt(12), abs=0.01)
    assert covered(members, truth, 0.8).mean() == pytest.approx(0.8, abs=0.03)


def test_gains_are_resampled_by_whole_clusters():
    worse, better = np.array([1.0, 1.0, 4.0]), np.array([0.0, 0.0, 0.0])
    gain, low, high = mean_gain(worse, better, np.array(["a", "a", "b"]))
    assert (gain, low, high) == (2.0, 1.0, 4.0)  # never a mixture of parts of a cluster
    assert mean_gain(worse, worse, np.array([1, 2, 3])) == (0.0, 0.0, 0.0)


def test_waits_are_cut_at_the_end_of_the_record():
    """Dyad 0 steps in month 7, dyad 1 not within the horizon, dyad 2 has reached the top, dyad 3 has only declared."""
    start = 2016 * 12
    panel = SimpleNamespace(dyads=("a-b", "a-c", "b-c", "b-d"))
    here = SimpleNamespace(panel=panel, month=start, horizon=114)
    steps = [
        Step(0, 2, start + 7, start + 7, start + 7),
        Step(2, 3, start - 5, start - 5, start - 5),
        Step(3, 4, start + 1, start + 1, start + 1),
    ]
    dyads, waits = documented_waits(here, tidy_history(steps))
    assert dyads.tolist() == [0, 1, 3] and waits.tolist() == [7, 114, 114]


def test_waits_of_members_begin_at_the_origin():
    events = np.array(
        [
            (0, 2016 * 12 + 30, CODE["rung"], 0, 1, 2, 0.0),
            (0, 2016 * 12 + 9, CODE["rung"], 0, 1, 1, 0.0),
            (1, 2016 * 12 + 5, CODE["clash"], 0, 1, -1, 0.0),
        ],
        EVENT_FIELDS,
    )
    block = SimpleNamespace(events=events, members=np.arange(2))
    world = SimpleNamespace(states=("KAZ", "UZB"), dyads=(("KAZ", "UZB"),))
    here = SimpleNamespace(block=block, world=world, month=2016 * 12, horizon=114)
    assert engine_waits(here).tolist() == [[9], [114]]


def test_an_origin_knows_nothing_later(facts):
    known = facts_before(facts, 2016 * 12)
    dated = [
        *(e.date for e in known.events),
        *(r.since for r in (*known.leaders, *known.group_share, *known.shocks)),
        *(r.until for r in known.shocks),
        *(r.opens for r in known.accords),
    ]
    assert max(dated).year == 2015
    assert max(row.year for row in (*known.capacity, *known.dependence)) == 2015
    assert len({(row.openness_mean, row.openness_sd) for row in known.leaders}) == 1
    assert facts_before(facts_before(facts, 2020 * 12), 2016 * 12) == known


def test_members_follow_the_record_and_then_part(origin, facts):
    years = origin.world.years
    before, after = years.index(2015), years.index(2024)
    rungs = sum(origin.block.yearly[f"rung.{a}-{b}"] for a, b in origin.world.dyads)
    held = {}
    for step in record(facts, origin.panel).steps:
        if step.rung < 4 and step.month < 2016 * 12:
            held[step.dyad] = max(held.get(step.dyad, 0), step.rung)
    assert np.ptp(rungs[:, before]) == 0 and rungs[0, before] == sum(held.values()) and np.ptp(rungs[:, after]) > 0
    trade = origin.world.inputs.trade
    assert np.isfinite(trade.documented[before]).any() and np.isnan(trade.documented[before + 1 :]).all()
    assert not any("mirziyoyev" in name or "tokayev" in name for name in origin.fitted)
    assert origin.effective > 50


def test_a_constant_hazard_waits_as_long_as_it_should(origin):
    table = {prior.name: prior for prior in origin.priors}
    constant = next(variant for variant in baselines(table) if variant.name == "constant")
    waits = hazard_waits(constant, origin, 3000)
    at_risk = documented_waits(origin, origin.history)[0]
    within = (waits[:, at_risk] < 12).mean(axis=0)
    assert np.ptp(within) < 0.05  # the same for every dyad
    assert 0.02 < within.mean() < 0.15
    longer = (waits[:, at_risk] < 36).mean()
    assert longer == pytest.approx(1 - (1 - within.mean()) ** 3, abs=0.02)  # without memory


def test_first_passages_of_an_origin(origin, facts):
    cases = passages_from(origin, record(facts, origin.panel))
    assert cases.clustered_by == "dyads" and len(set(cases.clusters)) == len(cases)
    assert cases.truth.max() == origin.horizon / 12  # some dyad has not stepped
    assert cases.truth[cases.clusters.tolist().index("KAZ-UZB")] < 7  # declared in 2021, allied in 2022
    assert all(found.shape == (len(cases), 12) for found in cases.members.values())
    both = joined([cases, cases])
    once, twice = score_rules(cases), score_rules(both)
    assert [s.crps for s in once] == pytest.approx([s.crps for s in twice]) and len(both) == 2 * len(cases)
    assert once[0].rule == ENGINE and once[0].gain == (0.0, 0.0, 0.0) and sum(once[0].pit) == len(cases)


def test_clashes_by_hand():
    at_most = gamma_poisson(np.array([0.5]), 1.0)  # a rate of half a clash a year, known no better than that
    assert at_most[0, 0] == pytest.approx(math.sqrt(0.5))
    certain = gamma_poisson(np.array([1e6]), 2e6)
    assert certain[0, 0] == pytest.approx(math.exp(-0.5), abs=1e-6)  # a rate that is known: Poisson
    cases = ClashCases(
        np.array([2012, 2013]),
        np.array(["KGZ-TJK"] * 2),
        np.array([0, 2]),
        {"half": np.array([[0.5, 1.0, 1.0], [0.5, 0.8, 1.0]])},
    )
    assert cases.log_score("half") == pytest.approx([math.log(0.5)] * 2)
    assert cases.brier("half") == pytest.approx([0.25, 0.25])
    assert cases.crps("half") == pytest.approx([0.25, 0.25 + 0.64])
    assert cases.expected("half") == pytest.approx(0.5 + 0.7)


def test_clashes_of_an_origin(origin, facts):
    cases = clashes_from(origin, facts)
    assert {"KGZ-TJK", "KGZ-UZB"} <= set(cases.section.tolist()) and cases.seen.sum() == 0  # 2016 was quiet
    every = engine_counts(origin)
    assert (every[:, -1] == 1.0).all() and (every[:, 0] < 1.0).all()  # what no member had is not impossible
    assert not sections_at_risk(origin, origin.month, origin.month + 1)[0].all()
    assert clashes_from(SimpleNamespace(year=2010), facts) is None


def test_trade_of_an_origin(origin):
    panel = trade_panel(load_trade_facts())
    start = int(np.flatnonzero(panel.years == 2015)[0])
    members, _ = engine_rule([origin], panel)(start)
    where = origin.world.years.index(2017)
    billions = origin.block.yearly["trade.KAZ-UZB"][:, where] / origin.block.yearly["deflator"][:, where]
    assert np.exp(members[:, 0, 1]) / 1e9 == pytest.approx(billions)
    axis, total, others = trade_cases([origin])
    assert (len(axis), len(total), axis.clusters.tolist()) == (5, 5, [2016] * 5)
    assert len(others) <= 5 * (CORE_DYADS_WITH_FIGURES - 1)
    assert axis.truth[0] == pytest.approx(np.log(panel.trade_usd[panel.pair("KAZ-UZB"), start + 1]))
    assert trade_cases([SimpleNamespace(year=2024)]) == []


def test_cases_are_scored_against_the_first_rule():
    members = {ENGINE: np.array([[1.0, 1.0]]), "other": np.array([[3.0, 3.0]])}
    ours, theirs = score_rules(Cases("t", "u", np.array([1.0]), members, np.array([2016]), "origins"))
    assert ours.crps == 0.0 and theirs.crps == theirs.rmse == 2.0 and theirs.gain == (2.0, 2.0, 2.0)


@pytest.fixture
def cli(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    return lambda *words: CliRunner().invoke(app, list(words))


def test_forecasts_as_a_user_calls_them(cli, tmp_path):
    done = cli("hindcast", "--forecasts", "--origins", "2022", "--members", "10", "--plots", "p")
    assert done.exit_code == 0, done.output
    for words in (
        "1 origin (January 2022)",
        "first passages",
        "clashes of the next twelve months",
        "log trade",
        "hold zero",
    ):
        assert words in done.output
    assert {path.stem for path in (tmp_path / "p").glob("*.png")} == {
        "forecast-ladder",
        "forecast-trade",
        "forecast-clashes",
    }


def test_forecasts_as_json(cli, monkeypatch, origin):
    monkeypatch.setattr(forecasts, "look_ahead", lambda *given: origin)
    done = cli("hindcast", "--forecasts", "--origins", "2016", "--members", "12", "--json", "--plots", "p")
    assert done.exit_code == 0
    found = json.loads(done.stdout)
    assert found["origins"] == [2016] and found["members"] == 12 and len(found["quantities"]) == 4
    assert found["clashes"]["clashes"] == 0 and found["quantities"][0]["rules"][0]["rule"] == ENGINE


def test_tables_say_what_cannot_be_scored(monkeypatch, facts, origin):
    monkeypatch.setattr(forecasts, "look_ahead", lambda *given: origin)
    found = forecasts.forecast(facts, [2016], 12, "literature")
    lines = forecast_lines(replace(found, clashes=None, trade=[]))
    assert "trade: no figures after these origins" in lines
    assert any(line.startswith("clashes: no origin") for line in lines)
    assert max(len(part) for line in forecast_lines(found) for part in line.splitlines()) <= 120


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (("--forecasts", "--origins", "2003"), "--origins 2003 is not allowed.  Years from 2007 to 2024"),
        (("--forecasts", "--origins", "2012-2010"), "--origins 2012-2010 is not allowed."),
        (("--forecasts", "--origins", "soon"), "--origins soon is not allowed."),
        (("--forecasts", "--contest"), "--contest belongs to one-step scores"),
        (("--forecasts", "--scheme", "rolling"), "--scheme belongs to one-step scores"),
        (("--forecasts", "--milestones", "my.csv"), "--milestones belongs to one-step scores"),
        (("--members", "50"), "--members needs --forecasts or --leads."),
        (("--origins", "2012"), "--origins needs --forecasts or --leads."),
        (("--forecasts", "--prior", "prior-only"), "--prior prior-only is not known."),
    ],
)
def test_wrong_options_of_forecasts(cli, words, says):
    done = cli("hindcast", *words)
    assert done.exit_code == 2 and says in done.output and "Traceback" not in done.output
