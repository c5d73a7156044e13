"""Mode, chain, checkpoint, calibration file, synthetic worlds, and the command as a user calls it."""

import json
import math

import numpy as np
import pytest
from typer.testing import CliRunner

from sim.calibration import chain, recovery
from sim.calibration.chain import Chain, ChainTooShortError, CheckpointError, joint_draws, sample
from sim.calibration.fit import Size, calibrate, write_calibration
from sim.calibration.mode import find_mode
from sim.calibration.priors import PRIOR_SETS, SIGNED, Prior, log_prior, parse_prior, priors_of
from sim.calibration.recovery import Recovery, recover
from sim.calibration.synthetic import draw_history
from sim.cli.app import app
from sim.scenario.calibration import read_calibration, shipped_calibrations


@pytest.fixture(scope="module")
def mode(posterior):
    return find_mode(posterior)


def test_the_mode_is_the_highest_point_near_it(posterior, mode):
    assert np.abs(posterior.gradient(mode.x)).max() < 1e-2
    for k in range(len(mode.x)):
        for side in (-0.2, 0.2):
            beside = mode.x.copy()
            beside[k] += side * mode.sd[k]
            assert posterior.log_density(beside) < mode.log_density


def test_priors_by_hand():
    assert parse_prior("x", "normal(-3, 1.5)", -8, 1) == Prior("x", -3.0, 1.5, -8, 1)
    assert parse_prior("x", "half-normal(1)", 0, 3) == Prior("x", 0.0, 1.0, 0.0, 3)
    with pytest.raises(ValueError, match="is not normal"):
        parse_prior("x", "gamma(2, 20)", 0, 2)
    assert log_prior(np.array([1.0]), (Prior("x", 0.0, 2.0, -5, 5),)) == pytest.approx(-0.125)
    assert log_prior(np.array([9.0]), (Prior("x", 0.0, 2.0, -5, 5),)) == -math.inf


def test_symmetric_priors_assume_no_sign(facts):
    literature = {prior.name: prior for prior in priors_of(facts, "literature")}
    symmetric = {prior.name: prior for prior in priors_of(facts, "symmetric")}
    for name in SIGNED:
        assert symmetric[name].mean == 0 and symmetric[name].lower == -symmetric[name].upper
        assert symmetric[name].sd ** 2 == pytest.approx(literature[name].mean ** 2 + literature[name].sd ** 2)
    assert symmetric["ladder.alliance"] == literature["ladder.alliance"]
    with pytest.raises(ValueError, match="Known: literature, symmetric, prior-only"):
        priors_of(facts, "flat")


def test_a_chain_goes_on_from_its_checkpoint_as_if_nothing_had_been(posterior, mode, tmp_path, monkeypatch):
    monkeypatch.setattr(chain, "_STEPS_AT_ONCE", 10)
    whole = sample(posterior, mode, 40, 70, seed=3)
    sample(posterior, mode, 20, 70, 3, tmp_path / "c.npz", "me")
    joined = sample(posterior, mode, 40, 70, 3, tmp_path / "c.npz", "me", threads=1)
    assert np.array_equal(whole.positions, joined.positions)
    with pytest.raises(CheckpointError, match="belongs to another fit"):
        sample(posterior, mode, 20, 70, 3, tmp_path / "c.npz", "other")
    (tmp_path / "c.npz").write_bytes(b"torn")
    with pytest.raises(CheckpointError, match="cannot be read"):
        sample(posterior, mode, 20, 70, 3, tmp_path / "c.npz", "me")


def walk(persistence, steps, rng):
    """Known autocorrelation: an AR(1) process, time (1 + a) / (1 - a) kept steps."""
    noise = rng.standard_normal((steps, 8, 2))
    for k in range(1, steps):
        noise[k] = persistence * noise[k - 1] + math.sqrt(1 - persistence**2) * noise[k]
    return Chain(noise, 0.3)


def test_too_short_a_chain_is_refused_and_says_how_long_it_must_be():
    rng = np.random.default_rng(1)
    with pytest.raises(ChainTooShortError, match=r"50 are needed: about \d+ steps") as caught:
        joint_draws(walk(0.9, 300, rng), 100, 0)
    assert caught.value.steps == 3000 and caught.value.needed > 50 * caught.value.time
    draws, times = joint_draws(walk(0.5, 4000, rng), 100, 0)
    assert draws.shape == (100, 2) and times == pytest.approx(30.0, rel=0.3)


def test_prior_only_gives_back_the_priors(facts, tmp_path):
    fit = calibrate(facts, "prior-only", Size(draws=4000))
    write_calibration(fit, tmp_path / "p.json")
    found = read_calibration(tmp_path / "p.json")
    rows = {row["name"]: row for row in found.about["parameters"]}
    assert rows["ladder.capacity"]["mean"] == pytest.approx(2.0, abs=0.15)
    assert abs(rows["openness.UZB.islam-karimov"]["moved"]) < 0.1
    assert found.draws == pytest.approx(fit.draws, abs=1e-5)


def test_what_ships_belongs_to_this_record(facts):
    from sim.scenario import load_scenario

    for name, path in shipped_calibrations().items():
        load_scenario("baseline", [f"calibration.use={name}"], facts)
        about = read_calibration(path).about
        assert about["prior_set"] in PRIOR_SETS and about["diagnostics"]["times_sampled"] >= 50
        assert path.with_suffix(".npz").stat().st_size < 500_000


def test_a_synthetic_world_obeys_what_it_was_given(panel, history, posterior):
    """No treaty where the hazard is next to nothing, all of them where it is certain."""
    x = np.array([prior.mean for prior in posterior.priors])
    openness, strength = posterior.unpack(x)
    never, always = x.copy(), x.copy()
    never[:4], never[8], always[:4], always[8] = -60.0, 0.0, 9.0, 0.0
    never[9], always[9], never[11], always[11] = -60.0, 60.0, 0.0, 0.0
    rng = np.random.default_rng(1)
    made = draw_history(panel, history, never, openness, strength, 0.01, rng)
    assert {step.confidence for step in made.steps} == {"assumed"}
    assert {answer.kind for answer in made.answers} == {"refusal"}
    made = draw_history(panel, history, always, openness, strength, 0.01, rng)
    assert sum(step.rung == 3 for step in made.steps) == 15
    assert "refusal" not in {answer.kind for answer in made.answers}


def test_recovery_on_a_few_worlds(facts, monkeypatch):
    monkeypatch.setattr(recovery, "_DRAWS", 400)
    found = recover(facts, 2, seed=5)
    assert found.truth.shape == (2, 34) and found.failed == 0
    assert ((found.rank >= 0) & (found.rank <= 1)).all() and (found.effective > 5).all()
    assert found.coverage().mean() > 0.5


def test_coverage_and_power_by_hand():
    truth, mode, sd = np.array([[1.0], [1.0], [-1.0]]), np.array([[1.5], [3.0], [2.0]]), np.ones((3, 1))
    made = Recovery(("ladder.interest",), np.ones(1), truth, mode, sd, np.array([[0.3], [0.02], [0.001]]),
                    np.ones(3), np.full(3, 30), 0)  # fmt: skip
    assert made.coverage()[0] == pytest.approx(1 / 3)
    assert made.laplace_coverage()[0] == pytest.approx(1 / 3)
    assert made.sign_found()[0] == pytest.approx(2 / 3)


@pytest.fixture
def cli(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    return lambda *words: CliRunner().invoke(app, list(words))


def test_calibrate_as_a_user_calls_it(cli, tmp_path):
    done = cli("calibrate", "--prior", "prior-only", "--out", "p.json", "--draws", "50")
    assert done.exit_code == 0 and "50 joint draws" in done.output
    assert json.loads((tmp_path / "p.json").read_text())["prior_set"] == "prior-only"
    refused = cli("calibrate", "--steps", "100", "--walkers", "70", "--out", "short.json")
    assert refused.exit_code == 1 and "50 are needed" in refused.output and not (tmp_path / "short.json").exists()
    assert (tmp_path / "short.checkpoint.npz").exists()


@pytest.mark.parametrize(
    ("words", "says"),
    [(("--prior", "flat"), "is not a set of priors"), (("--out", "x.txt"), "must end in .json")],
)
def test_wrong_options_of_calibrate(cli, words, says):
    done = cli("calibrate", *words)
    assert done.exit_code == 2 and says in done.output
