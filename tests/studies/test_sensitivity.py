"""Sensitivity analysis: known indices through the same path, points that land where they should, and what misleads."""

import json

import numpy as np
import pytest
from typer.testing import CliRunner

from sim.cli.app import app
from sim.facts import load_facts
from sim.scenario import load_scenario
from sim.studies.draws import Draws, quantiles_of_prior, row_of_member
from sim.studies.expression import parse
from sim.studies.learning import explained, flips, worth_of_learning
from sim.studies.sensitivity import Factor, Ishigami, SensitivityError, screen, sobol
from sim.studies.simulated import SimulatedProblem, distinct_rows, factors_of


class Noisy:
    """y = 2 a + noise: half of the variance is chance when the noise has that of 2 a."""

    factors = (Factor("a", 0.0, 1.0), Factor("idle", 0.0, 1.0))
    outcomes = ("y", "still")

    def evaluate(self, blocks, chance):
        x = np.asarray(blocks)
        noise = np.stack([np.random.default_rng(stream).uniform(0, 2, x.shape[1]) for stream in chance])
        return np.stack([2 * x[..., 0] + noise, np.ones_like(noise)], axis=-1)


def test_ishigami_through_the_command():
    found = CliRunner().invoke(app, ["sensitivity", "ishigami", "--points", "4096"])
    assert found.exit_code == 0, found.output
    indices = sobol(Ishigami(), 4096)
    first, total = Ishigami.exact()
    np.testing.assert_allclose(first, [0.3139, 0.4424, 0], atol=1e-4)  # Saltelli et al. 2008, table 4.3
    np.testing.assert_allclose(indices.first[0], first, atol=0.02)
    np.testing.assert_allclose(indices.total[0], total, atol=0.02)
    assert (np.abs(indices.first[0] - first) < 1.5 * indices.first_half[0] + 0.005).all()


def test_chance_is_one_more_input():
    indices = sobol(Noisy(), 4096)
    assert indices.first[0, 0] == pytest.approx(0.5, abs=0.05)
    assert indices.total[0] == pytest.approx([0.5, 0.0], abs=0.05)
    assert indices.together[0] == pytest.approx(0.5, abs=0.05)


def test_an_outcome_that_never_varies_is_said_not_given_indices():
    indices = sobol(Noisy(), 256)
    assert np.isnan(indices.first[1]).all()
    assert any("still has one value" in each for each in indices.warnings)


def test_chance_cancels_in_elementary_effects():
    found = screen(Noisy(), 10)
    assert found.sigma[0, 0] == pytest.approx(0.0, abs=1e-9)  # the effect is 2 everywhere, whatever the noise
    assert found.mu_star[0, 1] == 0.0 and found.constant == ("still",)
    assert found.chosen(1) == [0]


class Broken(Noisy):
    def evaluate(self, blocks, chance):
        found = super().evaluate(blocks, chance)
        found[0, 0, 0] = np.nan
        return found


def test_one_empty_outcome_is_refused_not_turned_into_zeros():
    with pytest.raises(SensitivityError, match="y is empty"):
        sobol(Broken(), 64)


def test_a_small_sample_says_so_and_what_would_do():
    said = sobol(Ishigami(), 64).warnings
    assert said and "--points" in said[0]
    with pytest.raises(SensitivityError, match="power of two"):
        sobol(Ishigami(), 100)


def test_members_land_on_the_points_meant_for_them():
    members, rows = distinct_rows(7, 200)
    assert len(set(rows.tolist())) == 200 and members[-1] < 230
    np.testing.assert_array_equal(row_of_member(7, members, 1600), rows)


def test_every_parameter_with_a_range_is_varied_within_the_table():
    facts = load_facts()
    scenario = load_scenario("baseline")
    table = {row.name: row for row in facts.parameters}
    factors = factors_of(facts, scenario.calibration.read())
    assert len(factors) > 100
    for each in factors:
        assert table[each.name].lower <= each.lower < each.upper <= table[each.name].upper, each
    fitted = {each.name for each in factors if each.basis == "posterior"}
    assert "ladder.contagion" in fitted and "trust.decay" not in fitted


def test_the_model_as_a_problem(tmp_path):
    """A run a block; a parameter that an outcome is made of moves it, one that it does not know does not."""
    facts = load_facts()
    scenario = load_scenario("baseline", ["run.end=2027-12-31"])
    names = ("disputes.base", "tabling.texts")
    factors = [each for each in factors_of(facts, scenario.calibration.read()) if each.name in names]
    factors.sort(key=lambda each: each.name)
    problem = SimulatedProblem(scenario, facts, factors, [parse("new_texts_tabled")], tmp_path)
    low, high = [each.lower for each in factors], [each.upper for each in factors]
    blocks = [np.tile(low, (6, 1)), np.tile([low[0], high[1]], (6, 1)), np.tile([high[0], low[1]], (6, 1))]
    base, grown, idle = problem.evaluate(blocks, [0, 0, 0])[:, :, 0]
    assert sorted(each.name for each in factors) == sorted(names)
    assert (grown > base).all()
    np.testing.assert_array_equal(idle, base)


def test_learning_is_worth_what_it_explains():
    rng = np.random.default_rng(1)
    x, z = rng.random(2000), rng.random(2000)
    y = np.sin(3 * x) + 0.2 * rng.standard_normal(2000)
    share = np.var(np.sin(3 * x)) / np.var(y)
    assert explained(x, y) == pytest.approx(share, abs=0.03)
    assert explained(z, y) < 0.01
    worth = worth_of_learning(Draws(("z", "x"), np.column_stack([z, x])), np.arange(2000), y[:, None])
    assert worth[0].parameter == "x"


def test_a_sign_that_turns_within_a_range_is_named():
    rng = np.random.default_rng(2)
    x = rng.normal(0, 1, (100, 2))
    by_row = {row: float(x[row, 0] + 0.3 * rng.standard_normal()) for row in range(100)}
    found = flips("c", "t", by_row, Draws(("turns", "idle"), x))
    assert [each.parameter for each in found] == ["turns"]
    by_row = {row: value + 9 for row, value in by_row.items()}
    assert not flips("c", "t", by_row, Draws(("turns", "idle"), x))


def test_quantiles_of_priors_stay_in_range():
    facts = load_facts()
    u = np.array([0.001, 0.5, 0.999])
    for row in facts.parameters:
        values = quantiles_of_prior(row, u)
        if values is not None:
            assert (np.diff(values) >= 0).all() and values[0] >= row.lower - 1e-12 and values[-1] <= row.upper + 1e-12


def test_an_outcome_that_is_not_there_is_refused_with_the_nearest(tmp_path):
    words = ["sensitivity", "baseline", "--outcome", "index_2034", "--out", str(tmp_path)]
    found = CliRunner().invoke(app, words)
    assert found.exit_code == 2 and "Did you mean index_20" in found.output


def test_the_command_from_scenario_to_page(tmp_path, monkeypatch):
    monkeypatch.setattr("sim.studies.simulated.factors_of", lambda *found: factors_of(*found)[:4])
    page = tmp_path / "docs" / "sensitivity.md"
    page.parent.mkdir()
    size = ["--trajectories", "4", "--points", "16", "--most", "2", "--claims", str(tmp_path)]
    outcome = "treaties_signed_2035"
    command = ["sensitivity", "baseline", "--outcome", outcome, *size, "--out", str(tmp_path), "--page", str(page)]
    found = CliRunner().invoke(app, command)
    assert found.exit_code == 0, found.output
    rows = json.loads((tmp_path / "indices.json").read_text("utf-8"))
    assert {row["outcome"] for row in rows} == {outcome} and len(rows) == 2
    assert all(row["lower"] < row["upper"] and row["parameter"] in found.output for row in rows)
    assert (tmp_path / "sensitivity.png").stat().st_size > 1000
    text = page.read_text("utf-8")
    assert "16 points" in text and rows[0]["parameter"] in text
    assert (page.parent / "pictures" / "sensitivity.png").exists()


def test_the_command_refuses_what_is_no_outcome(tmp_path):
    found = CliRunner().invoke(
        app, ["sensitivity", "baseline", "--outcome", "treaties_sined_2035", "--out", str(tmp_path)]
    )
    assert found.exit_code == 2
    assert "treaties_signed_2035" in found.output
