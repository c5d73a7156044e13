"""Scores against arithmetic by hand, no look ahead, and the command as a user calls it."""

import math
from dataclasses import replace
from datetime import date

import numpy as np
import pytest
from typer.testing import CliRunner

from sim.cli.app import app
from sim.facts import load_facts
from sim.hindcast.hazard_fit import fit_variant, pose, spread_around
from sim.hindcast.rolling import (
    Score,
    count_distribution,
    count_pit,
    coverage,
    ground_of,
    leave_one_dyad_out,
    null_gains,
    reliable_gain,
    rolling,
    split,
    whole_calibration,
)
from sim.hindcast.study import basis_of
from sim.hindcast.variants import (
    baselines,
    common_partners,
    contest,
    core_pair,
    core_partner,
    further_rivals,
    recent_steps,
    shipped,
    since_last,
    standing,
    without_signs,
)
from sim.hindcast.vintage import known_until
from sim.inference import sample
from sim.inference.observations import Step, tidy_history
from sim.inference.posterior import priors_on
from sim.inference.risk_sets import ladder_rows
from tests.ended_tables import tables_before


@pytest.fixture(scope="module")
def ground(panel, history, facts):
    return ground_of(panel, history, priors_on(facts, panel, history), facts)


@pytest.fixture(scope="module")
def rivals(ground):
    return {variant.name: variant for variant in baselines(ground.table)}


def test_a_constant_hazard_by_hand(ground, rivals):
    """One hazard for all: the log score of a year is events log(1 - exp(-h)) - h times the quiet months."""
    score = rolling(rivals["constant"], ground, 2017, 2017)
    problem = ground.pose(rivals["constant"])
    rate = math.exp(fit_variant(problem, ground.rows.year < 2017)[0])
    there = (ground.rows.year == 2017) & (ground.rows.kind < 3)
    quiet = int(there.sum()) - 5
    assert score.events == 5
    assert score.total == pytest.approx(5 * math.log(1 - math.exp(-rate)) - quiet * rate, abs=1e-9)
    assert score.brier == pytest.approx(5 * math.exp(-rate) ** 2 + quiet * (1 - math.exp(-rate)) ** 2, abs=1e-9)


def test_the_fitted_constant_is_events_over_months(ground, rivals):
    """With 32 events the prior hardly matters."""
    problem = ground.pose(rivals["constant"])
    rows = ground.rows
    certain = rows.group < 0
    rate = math.exp(fit_variant(problem, certain)[0])
    assert rate == pytest.approx(rows.event[certain].sum() / certain.sum(), rel=0.05)


def test_scores_of_the_record(ground, rivals):
    """The figures that docs/calibration.md quotes, at the mode."""
    assert rolling(shipped(ground.table), ground).total == pytest.approx(-80.53, abs=0.1)
    assert rolling(rivals["constant + wave"], ground).total == pytest.approx(-83.92, abs=0.1)
    assert rolling(rivals["rung + 2016 + declared + wave"], ground).total == pytest.approx(-85.69, abs=0.1)


def test_rivals_named_later_put_no_sign_in(ground, panel):
    """Slopes lie around zero with the mean square of the table's; the fit with them is scored beside the others."""
    neutral, table = without_signs(ground.table), ground.table
    for name in ("ladder.interest", "ladder.contagion", "ladder.capacity", "ladder.declared"):
        assert neutral[name].mean == 0.0 and neutral[name].lower < 0.0
        assert neutral[name].sd ** 2 == pytest.approx(table[name].mean ** 2 + table[name].sd ** 2)
    named = {variant.name: variant for variant in further_rivals(table, panel)}
    assert len(named) == 4 and all(variant.wave and variant.chosen_after for variant in named.values())
    assert len(named["rung + dyads + years + wave"].columns) == len(panel.dyads) + 1
    assert len(ground.pose(named["neutral priors + wave"]).priors) == len(ground.pose(shipped(table)).priors)
    slopes = named["constant + slopes + wave"]
    assert rolling(slopes, ground).total > rolling(shipped(table), ground).total  # what the pages say


def test_a_forecast_does_not_look_ahead(panel, history, facts, ground):
    """Later steps do not change the scores of earlier years."""
    cut = tidy_history(
        *([each for each in part if each.month < 2020 * 12] for part in (history.steps, history.answers, history.acts))
    )
    before = ground_of(panel, cut, ground.priors, facts)
    for variant in (shipped(ground.table), *baselines(ground.table)[:4]):
        now, then = rolling(variant, ground, 2015, 2019), rolling(variant, before, 2015, 2019)
        assert now.log_score == pytest.approx(then.log_score, abs=1e-6)


def test_the_record_up_to_a_month_is_scored_as_tables_that_end_there(facts, tmp_path):
    """One-step scores of a cut record and of a package whose tables end there are the same to the bit."""
    ended = replace(load_facts(folder=tables_before(2016, tmp_path / "tables")), record_ends=date(2015, 12, 31))
    cut, package = (basis_of(each, "literature") for each in (known_until(facts, 2015, 12), ended))
    assert cut.last == package.last == 2015 and cut.panel.end == 2016 * 12
    ours, theirs = (rolling(shipped(each.table), each, 2012) for each in (cut, package))
    assert ours.units == tuple(range(2012, 2016))
    assert np.array_equal(ours.log_score, theirs.log_score) and np.array_equal(ours.chance, theirs.chance)


def test_the_whole_calibration_is_scored_on_what_it_has_not_seen(ground, monkeypatch):
    """Near the ladder fitted alone, from draws of a fit that knows nothing of the year."""
    monkeypatch.setattr(sample, "WARM_UP", 60)
    whole = whole_calibration(ground, 60, 2012, 2012)
    alone = rolling(shipped(ground.table), ground, 2012, 2012, draws=200)
    assert whole.units == (2012,) and whole.observed.tolist() == alone.observed.tolist()
    assert whole.total == pytest.approx(alone.total, abs=1.0)
    assert whole.expected == pytest.approx(alone.expected, rel=0.5)


def test_every_variant_can_be_fitted(ground):
    for variant in contest(ground.table):
        score = split(variant, ground)
        assert np.isfinite(score.total) and score.events == 8, variant.name


def test_what_the_core_and_common_partners_have_by_hand(ground):
    """The rows of the record: who stands where, and what that says of three decisions."""
    rows, panel = ground.rows, ground.panel
    where = {"-".join(pair): d for d, pair in enumerate(panel.dyads)}

    def rungs(year):
        return {name: int(standing(rows, panel)[year * 12 - panel.first, d]) for name, d in where.items()}

    assert [rungs(year)["KAZ-UZB"] for year in (1992, 2000, 2014, 2024)] == [0, 1, 2, 3]
    assert [rungs(year)["KAZ-KGZ"] for year in (2003, 2005)] == [1, 3]  # a double step
    assert rungs(2024)["KAZ-TKM"] == 2  # law keeps it from the top

    def value(of, dyad, year, kind):
        (row,) = np.flatnonzero((rows.dyad == where[dyad]) & (rows.month == year * 12) & (rows.kind == kind))
        return of(rows, panel)[row]

    # in January 2016 the core are partners; Kyrgyzstan is one of Kazakhstan's, not of Uzbekistan's
    assert value(core_pair, "KGZ-UZB", 2016, 1) == 1.0 and value(core_pair, "KGZ-UZB", 2013, 1) == 0.0
    assert value(core_partner, "KGZ-UZB", 2016, 1) == 1.0 and value(core_partner, "TJK-UZB", 2015, 1) == 0.0
    assert value(core_partner, "KGZ-TJK", 2016, 1) == 0.0
    # both have Kazakhstan alone of four thirds
    assert value(common_partners, "KGZ-UZB", 2016, 1) == 0.25
    core = rows.dyad == where["KAZ-UZB"]
    assert not core_pair(rows, panel)[core].any() and not core_partner(rows, panel)[core].any()


def test_averaging_is_near_the_mode_and_repeats_itself(ground, rivals):
    at_mode = rolling(rivals["constant + wave"], ground, 2016, 2018)
    spread = rolling(rivals["constant + wave"], ground, 2016, 2018, draws=100)
    assert spread.total == pytest.approx(at_mode.total, abs=1.0)
    assert spread.total == rolling(rivals["constant + wave"], ground, 2016, 2018, draws=100).total
    problem = ground.pose(rivals["constant + wave"])
    everything = np.ones(len(ground.rows), bool)
    draws = spread_around(problem, everything, fit_variant(problem, everything), 500)
    assert (draws[:, 1] >= 0).all()  # a spread is never negative


def test_all_dyads_are_left_out_once(ground, rivals):
    score = leave_one_dyad_out(rivals["constant"], ground)
    assert len(score.units) == 15 and score.events == 12 + 13 + 5 and score.came.sum() == 11 + 13 + 5


def test_time_since_the_last_step_and_recent_steps_by_hand(panel):
    month = panel.first + 24
    rows = ladder_rows(panel, tidy_history([Step(0, 1, month, month, month)]))
    since, recent = since_last(rows, panel), recent_steps(rows, panel)
    later = (rows.dyad == 0) & (rows.month == month + 12)
    assert since[later] == pytest.approx(math.log1p(1.0) - 1.5)
    assert since[(rows.dyad == 1) & (rows.month == month + 12)] == pytest.approx(math.log1p(3.0) - 1.5)
    assert recent[rows.month == month].max() == 0  # a month does not excite itself
    assert recent[later] == pytest.approx(math.log1p(math.exp(-1.0)))


def score_of(expected, observed, spread=0.0):
    n = len(expected)
    chance, came = np.repeat(np.array(expected) / 10, 10), np.zeros(10 * n)
    for k, seen in enumerate(observed):
        came[10 * k : 10 * k + seen] = 1
    return Score(
        "a",
        "",
        tuple(range(n)),
        -np.arange(n, dtype=float),
        int(came.sum()),
        chance,
        came,
        np.repeat(np.arange(n), 10),
        np.full(n, spread),
    )


def test_counts_by_hand():
    assert count_distribution(0.5, 0.0)[0] == pytest.approx(math.exp(-0.5))
    assert count_distribution(0.5, 1.0)[0] > math.exp(-0.5)  # shocks make empty years likelier
    score = score_of([1.0, 1.0], [1, 8])
    assert score.expected == pytest.approx([1, 1]) and score.observed.tolist() == [1, 8]
    assert coverage(score, 0.8) == 0.5
    pit = count_pit(score)
    assert math.exp(-1) < pit[0] < 2 * math.exp(-1) and pit[1] > 0.999


def test_gain_and_its_interval():
    worse, better = score_of([1.0] * 4, [1] * 4), score_of([1.0] * 4, [1] * 4)
    object.__setattr__(better, "log_score", worse.log_score + 0.5)
    assert reliable_gain(better, worse) == pytest.approx((2.0, 2.0, 2.0))


def test_a_null_world(ground, rivals):
    gains = null_gains(rivals["per rung"], rivals["constant"], ground, 1, seed=4)
    assert gains.shape == (1,) and abs(gains[0]) < 30


def test_trust_taken_out_of_the_value(ground, panel, facts):
    flat = next(variant for variant in contest(ground.table) if variant.flat_trust)
    problem = pose(flat, ground.rows, panel, ground.table, facts, (np.zeros(19), np.ones(19)))
    these = (ground.rows.kind == 1) & (ground.rows.state_a == 1)
    trust = panel.trust[ground.rows.month - panel.first, ground.rows.state_a, ground.rows.state_b]
    assert abs(np.corrcoef(problem.rows.value_a[these], trust[these])[0, 1]) < 1e-9


@pytest.fixture
def cli(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    return lambda *words: CliRunner().invoke(app, list(words))


def test_hindcast_as_a_user_calls_it(cli, tmp_path):
    done = cli("hindcast", "--draws", "0", "--scheme", "split", "--years", "--plots", "p")
    assert done.exit_code == 0 and "rung + 2016 + declared + wave" in done.output and "8 steps" in done.output
    (told,) = (line for line in done.output.splitlines() if line.startswith("randomised PIT"))
    quarters = told.split(":")[1].split("(")[0]
    assert sum(map(int, quarters.split())) == 8, "one transform a year from 2018 to 2025"
    assert {path.name for path in (tmp_path / "p").iterdir()} == {
        f"{name}.{ending}" for name in ("skill", "reliability") for ending in ("svg", "png")
    }


def test_milestones_as_a_user_gives_them(cli, tmp_path):
    (tmp_path / "my.csv").write_text("date,kind,parties,subject\n2025-11,rung,KGZ;UZB,alliance\n")
    done = cli("hindcast", "--milestones", "my.csv", "--until", "2025-12", "--draws", "0")
    assert done.exit_code == 0 and "row 2: KGZ-UZB, rung 3: chance 0.0" in done.output and "1 steps" in done.output
    (tmp_path / "my.csv").write_text("date,kind,parties,subject\n2025-11,rung,KGZ;UZB,union\n")
    done = cli("hindcast", "--milestones", "my.csv")
    assert done.exit_code == 2 and "my.csv:2: subject 'union' is not a rung." in done.output


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (("--scheme", "random"), "--scheme random is not known.  Known: rolling, split, dyads, whole."),
        (("--prior", "prior-only"), "--prior prior-only is not known.  Known: literature, symmetric."),
        (("--until", "2024"), "must be a month such as 2026-06"),
        (("--until", "2009-12"), "must be a month from 2011-01 to 2025-06"),
        (("--until", "2026-01"), "must be a month from 2011-01 to 2025-06"),
        (("--milestones", "my.csv", "--until", "2024-01"), "after the record's end in 2025-06"),
        (("--scheme", "whole", "--contest"), "compares hazards fitted alone"),
    ],
)
def test_wrong_options_of_hindcast(cli, words, says):
    done = cli("hindcast", *words)
    assert done.exit_code == 2 and says in done.output
