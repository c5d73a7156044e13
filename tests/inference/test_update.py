"""A calibration brought up to a changed record: Pareto-smoothed weights, what is counted, what is refused."""

import contextlib
import importlib
import json
import shutil
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from scipy.stats import genpareto
from typer.testing import CliRunner

from sim.cli.app import app
from sim.facts import load_facts
from sim.facts.record import read_record
from sim.inference import sample as sampling
from sim.inference.conjugate import shares_of
from sim.inference.fit import carried_over, write_calibration
from sim.inference.laplace import find_mode
from sim.inference.priors import draw_prior
from sim.inference.psis import fit_pareto, resample, smooth
from sim.inference.sample import sample
from sim.inference.update import UpdateError, fitted_facts, update
from sim.scenario import ScenarioError, explain, load_scenario
from sim.scenario.calibration_file import read_calibration, shipped_calibrations

HEADER = (
    "id,date,precision,kind,parties,actor,target,subject,value,title,used,source,locator,confidence,disagreement,note"
)
SUMMIT = "s26,2026-03-20,day,summit,KAZ;KGZ;TJK;TKM;UZB,,,consultative,,Summit,1,invented,s26,assumed,,"
ACCESSION = "a26,2026-05-14,day,accession,TKM,TKM,,friendship-2022,,Accession,1,invented,a26,assumed,,"
CLASH = "c26,2026-06-02,day,clash,KGZ;TJK,,,,1,Clash,1,invented,c26,assumed,,"
SHIPPED = "2025-06-f55aade1"
SCRIPTS = Path(__file__).parents[2] / "docs" / "derivations"


def events(*lines):
    return "\n".join([HEADER, *lines]) + "\n"


@pytest.fixture
def shipped():
    return read_calibration(shipped_calibrations()[SHIPPED])


@pytest.fixture
def mine(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "mine").mkdir()
    (tmp_path / "mine" / "events.csv").write_text(events(SUMMIT, ACCESSION, CLASH))
    return tmp_path / "mine"


def cli(*words):
    return CliRunner().invoke(app, list(words))


@pytest.fixture(scope="module")
def updated(tmp_path_factory):
    """A folder with a user's record `mine` of three rows more and one less, and what the command wrote beside it."""
    folder = tmp_path_factory.mktemp("updated")
    (folder / "mine").mkdir()
    withdrawn = "rogun_reversal" + "," * 10 + "0,,,,,\n"
    (folder / "mine" / "events.csv").write_text(events(SUMMIT, ACCESSION, CLASH) + withdrawn)
    with contextlib.chdir(folder):
        with pytest.raises(ScenarioError, match=r"Update it with: casim calibrate --record mine --update\."):
            load_scenario("baseline", [], record=Path("mine"))
        done = cli("calibrate", "--record", "mine", "--update")
    assert done.exit_code == 0 and "Pareto k-hat" in done.output, done.output
    (written,) = folder.glob("*.json")
    return folder / "mine", written


@pytest.mark.parametrize(
    ("mean", "sd", "khat", "effective", "most"),
    [
        (0.5, 1.2, 0.2836533566172547, 1383.6908090685438, 0.004339871677778612),
        (3.0, 1.0, 0.9821076267354832, 34.12665919554576, 0.07992947452879841),
    ],
)
def test_smoothed_weights_are_those_of_arviz(mean, sd, khat, effective, most):
    """The figures are those of `arviz.psislw` 0.22 for draws of a standard normal weighted to another normal."""
    x = np.random.default_rng(7).standard_normal(2000)
    found = smooth(0.5 * x**2 - 0.5 * ((x - mean) / sd) ** 2)
    assert found.khat == pytest.approx(khat, rel=1e-9)
    assert found.effective == pytest.approx(effective, rel=1e-9)
    assert found.weights.max() == pytest.approx(most, rel=1e-9) and found.weights.sum() == pytest.approx(1.0)


@pytest.mark.parametrize("shape", [-0.3, 0.2, 0.9])
def test_the_shape_of_a_known_tail(shape):
    excess = genpareto.ppf((np.arange(4000) + 0.5) / 4000, shape, scale=2.0)
    assert fit_pareto(excess) == pytest.approx((shape, 2.0), abs=0.03)


def test_weights_without_a_tail():
    assert smooth(np.full(50, -3.0)).khat == 0.0 and smooth(np.full(50, -3.0)).effective == pytest.approx(50.0)
    assert smooth(np.array([0.0, -1.0, -np.inf, -2.0])).khat == np.inf
    with pytest.raises(ValueError, match="no draw"):
        smooth(np.full(5, -np.inf))


def test_systematic_resampling_takes_each_as_often_as_its_weight_says():
    weights = np.array([0.5, 0.0, 0.125, 0.375])
    taken = np.bincount(resample(weights, 800, np.random.default_rng(0)), minlength=4)
    assert np.abs(taken - 800 * weights).max() <= 1 and taken[1] == 0


def test_a_leader_who_is_new_resembles_those_of_the_same_state(shipped, posterior):
    names = [name for name in shipped.names if name != "openness.UZB.shavkat-mirziyoyev"]
    without = replace(shipped, names=tuple(names), draws=shipped.draws[:, [shipped.names.index(n) for n in names]])
    drawn = carried_over(without, posterior.priors, np.random.default_rng(3))
    places = [posterior.names.index(f"openness.UZB.{who}") for who in ("islam-karimov", "shavkat-mirziyoyev")]
    karimov, mirziyoyev = drawn[:, places].T
    assert np.array_equal(karimov, without.draws[:, names.index("openness.UZB.islam-karimov")])
    # 0.3 of the state and 0.5 of the leader: slope 0.09 / 0.34, and the rest of the variance around it
    slope = 0.09 / 0.34
    rest = mirziyoyev - slope * karimov
    assert rest.mean() == pytest.approx(0.0, abs=0.06)
    assert rest.std() == pytest.approx(np.sqrt(0.34 - 0.09 * slope), rel=0.05)


def test_three_rows_move_what_they_speak_of(updated, shipped, facts, history, tmp_path):
    mine, written = updated
    found = read_calibration(written)
    about, rows = found.about, {row["name"]: row for row in found.about["parameters"]}
    assert about["record_ends"] == "2026-06" and about["updated_from"]["digest"] == shipped.digest
    assert about["diagnostics"]["khat"] < 0.5 and about["diagnostics"]["effective_draws"] > 1000
    # a clash that was deadly: one more of one more; no settlement: that share stays as it was, draw by draw
    before = {row["name"]: row for row in shipped.about["parameters"]}
    share = next(each for each in shares_of(facts, history) if each.name == "borders.militarised")
    assert rows["borders.militarised"]["counted"] == [share.so + 1, share.so + share.not_so + 1]
    kept = shipped.names.index("borders.settle_whole")
    assert np.allclose(found.draws[:, kept], shipped.draws[:, kept])
    assert rows["borders.clash_base"]["mean"] > before["borders.clash_base"]["mean"]
    assert rows["openness.TKM.serdar-berdimuhamedov"]["mean"] > -0.414
    write_calibration(update(SHIPPED, shipped, load_facts(read_record(mine))), tmp_path / "again.json")
    assert np.array_equal(read_calibration(tmp_path / "again.json").draws, found.draws)


def test_an_update_is_updated_in_its_turn(updated, tmp_path):
    shutil.copytree(updated[0], tmp_path / "mine")
    mine, one = tmp_path / "mine", read_calibration(updated[1])
    begun = (mine / "events.csv").read_text()
    (mine / "events.csv").write_text(begun.replace(f"{CLASH}\n", f"{CLASH}\n{CLASH.replace('26', '27')}\n"))
    facts = load_facts(read_record(mine))
    assert fitted_facts("one", one, facts).record_ends.isoformat() == "2026-06-30"
    two = update("one", one, facts)
    assert two.about["record_ends"] == "2027-06" and two.about["diagnostics"]["khat"] < 0.7
    (mine / "events.csv").write_text(events(SUMMIT, CLASH))
    with pytest.raises(UpdateError, match="was fitted to another record"):
        update("one", one, load_facts(read_record(mine)))


def test_the_command_and_the_scenario_that_names_its_file(updated):
    mine, written = updated
    about = json.loads(written.read_text())
    assert written.stem == f"2026-06-{about['record_digest'][:8]}" and written.with_suffix(".npz").exists()
    named = [f"calibration.use={written}", "run.branch=2026-07-01"]
    scenario = load_scenario("baseline", named, record=mine)
    rows = {row.key: row for row in explain(scenario, facts=load_facts(scenario.record))}
    assert f"{SHIPPED}, weighted by the record up to 2026-06: Pareto k-hat" in rows["calibration.use"].source
    assert f"the rows that are new to {SHIPPED} moved it by" in rows["parameters.borders.clash_base"].source
    with pytest.raises(ScenarioError, match="was fitted to another record"):
        load_scenario("baseline", named[:1])
    again = cli("calibrate", "--record", str(mine), "--update", "--start", str(written))
    assert again.exit_code == 2  # it knows them


def test_quiet_months_are_evidence_of_a_record_that_reaches_there_only(mine, tmp_path):
    (mine / "events.csv").unlink()
    (mine / "record.csv").write_text("name,until,source\nmine,2026-12-31,me\n")
    assert cli("calibrate", "--record", "mine", "--update", "--out", "quiet.json").exit_code == 0
    named = [f"calibration.use={tmp_path / 'quiet.json'}"]
    load_scenario("baseline", named, record=mine)
    with pytest.raises(ScenarioError, match="was fitted to a record up to 2026-12; the one at hand ends in 2025-06"):
        load_scenario("baseline", named)


def test_weights_that_collapse_are_refused_with_the_command_to_type(mine, tmp_path):
    row = "f{0},2026-{1:02d}-05,day,verbal,{4},{2},{3},,,Note,1,invented,x,assumed,,"
    pairs = [("KAZ", "UZB"), ("UZB", "KAZ"), ("KAZ", "KGZ"), ("KGZ", "KAZ"), ("TKM", "UZB"), ("UZB", "TKM")]
    months = [(month, pair) for month in range(1, 13) for pair in pairs]
    lines = [row.format(number, month, *pair, ";".join(sorted(pair))) for number, (month, pair) in enumerate(months)]
    (mine / "events.csv").write_text(events(*lines))
    refused = cli("calibrate", "--record", "mine", "--update")
    assert refused.exit_code == 3 and "change too much for its draws to follow" in refused.output
    assert f"casim calibrate --record mine --start {SHIPPED} --out mine.json" in refused.output
    assert not list(tmp_path.glob("*.json"))


def test_an_update_finds_what_a_refit_finds(shipped, facts, monkeypatch):
    """One of the ten continuations of docs/calibration.md, with fewer draws: a mean is known to a tenth of an sd."""
    monkeypatch.syspath_prepend(str(SCRIPTS))
    monkeypatch.setattr(sampling, "WARM_UP", 60)
    study = importlib.import_module("calibration_update")
    older, _ = study.reference(facts, shipped, 500)
    (longer,) = study.continuations(facts, 1)
    assert len(longer.events) > len(facts.events) and longer.record_ends.isoformat() == "2026-12-31"
    found = study.compare(longer, facts, older, 300, 1)
    assert found.khat < 0.7 and np.abs(found.away).max() < 0.5 and np.abs(found.away).mean() < 0.15
    assert np.median(found.spread) == pytest.approx(1.0, abs=0.1)


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (("--update",), "--update needs --record DIR"),
        (("--record", "mine", "--update", "--prior", "symmetric"), "no calibration with symmetric priors ships"),
        (("--record", "mine", "--update", "--start", "2025-07"), "is not a calibration that ships"),
    ],
)
def test_wrong_options(mine, words, says):
    done = cli("calibrate", *words)
    assert done.exit_code == 2 and says in done.output


def test_walkers_keep_the_spread_of_a_known_posterior(posterior):
    """They set out from draws of the prior, sample the prior, and must be spread as it is: a biased move shows."""
    flat, prior = posterior.only(), draw_prior(posterior.priors, 20_000, np.random.default_rng(2))
    chain = sample(flat, find_mode(flat), 1500, 124, 1, start=prior[:496])
    walked = chain.positions[70:].reshape(-1, prior.shape[1])
    assert np.mean(walked.std(axis=0) / prior.std(axis=0)) == pytest.approx(1.0, abs=0.03)


def test_a_refit_sets_out_from_the_older_draws(mine, shipped, posterior, tmp_path):
    start = carried_over(shipped, posterior.priors, np.random.default_rng(1))
    chain = sample(posterior, find_mode(posterior), 10, 124, 1, start=start)
    away = np.abs(chain.positions[0] - start.mean(axis=0)) / start.std(axis=0)
    assert chain.positions.shape == (1, 124, 59) and np.median(away) < 1.0
    short = ("calibrate", "--record", "mine", "--start", SHIPPED, "--steps", "100", "--out", "m.json")
    first = cli(*short)
    assert first.exit_code == 1 and "50 are needed" in first.output and not (tmp_path / "m.json").exists()
    assert (tmp_path / "m.checkpoint" / "chain.npz").exists()
    other = cli(*(word for word in short if word not in ("--start", SHIPPED)))
    assert other.exit_code == 2 and "belongs to another fit" in other.output
