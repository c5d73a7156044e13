"""Boxes and trees: a planted box is found, none in noise."""

import numpy as np
import pytest
from typer.testing import CliRunner

import sim
from sim.cli.app import app
from sim.facts import load_facts
from sim.studies.discovery import Box, Inputs, Limit, discover
from sim.studies.expression import RunColumns, parse
from sim.studies.history_columns import inputs_of, save_box, until_year
from sim.studies.tree import tree_of


def _noise(seed, n, k):
    rng = np.random.default_rng(seed)
    return Inputs(tuple(f"x{i}" for i in range(k)), rng.random((n, k))), rng


def _planted(seed, n=600, k=10):
    inputs, rng = _noise(seed, n, k)
    x = inputs.values
    inside = (x[:, 3] > 0.6) & (x[:, 7] < 0.5)
    return inputs, rng.random(n) < np.where(inside, 0.8, 0.1)


@pytest.mark.parametrize("seed", range(2))
def test_a_planted_box_is_found(seed):
    box = discover(*_planted(seed), shuffles=10)
    assert box.found
    limits = {limit.name: limit for limit in box.limits}
    assert {"x3", "x7"} <= set(limits) and len(limits) <= 3
    assert limits["x3"].lower == pytest.approx(0.6, abs=0.06) and limits["x3"].upper > 0.9
    assert limits["x7"].upper == pytest.approx(0.5, abs=0.06) and limits["x7"].lower < 0.1
    assert box.density > 0.65 and box.coverage > 0.5


def test_in_noise_a_box_is_found_no_oftener_than_chance_allows():
    """The false-alarm rate aimed at is one in twenty; of twelve noisy worlds at most three may cry wolf (P < 0.003)."""
    found = 0
    for seed in range(12):
        inputs, rng = _noise(1000 + seed, 120, 4)
        found += discover(inputs, rng.random(120) < 0.3, most=2, shuffles=20).found
    assert found <= 3


def test_a_box_of_words_and_counts():
    inputs, rng = _noise(5, 600, 4)
    counts = rng.integers(0, 3, 600).astype(float)
    both = Inputs((*inputs.names, "coups"), np.column_stack([inputs.values, counts]))
    box = discover(both, rng.random(600) < np.where(counts >= 1, 0.7, 0.05), shuffles=10)
    assert [str(limit) for limit in box.limits] == ["coups ≥ 1"]


def test_what_never_or_always_happens_is_refused():
    inputs, _ = _noise(1, 100, 3)
    for wanted in (np.ones(100, bool), np.zeros(100, bool)):
        with pytest.raises(ValueError, match="of 100 histories"):
            discover(inputs, wanted)


def test_the_tree_asks_what_was_planted_and_nothing_in_noise():
    tree, share = tree_of(*_planted(4))
    asked = {tree.name, *(side.name for side in (tree.no, tree.yes) if side.no)}
    assert {"x3", "x7"} <= asked and share > 0.2
    inputs, rng = _noise(9, 400, 10)
    assert tree_of(inputs, rng.random(400) < 0.4)[0].no is None


def test_events_count_up_to_the_year_of_the_condition():
    assert until_year("signed_month.friendship-2022.TJK > 2030 or missing", 2025, 2040) == 2030
    assert until_year("index_2040 > 0.5", 2025, 2040) == 2040


@pytest.fixture(scope="module")
def run(tmp_path_factory):
    folder = tmp_path_factory.mktemp("discover")
    return sim.run(sim.load_scenario("baseline", ["run.members=150"]), folder)


def test_a_box_becomes_a_scenario(run, tmp_path):
    """A box on a parameter, saved: the histories of the scenario have it inside."""
    columns, column = RunColumns(run), "drawn.trade.size_elasticity"
    inputs = inputs_of(run, columns, parse("index_2040 > 0"), 2040)
    assert "leader-change.UZB@2040" in inputs.names and "openness.KAZ@2040" in inputs.names
    edge = float(run.members[column].quantile(0.5))
    limits = (Limit(column, edge, np.inf), Limit("leader-change.UZB@2040", 1, np.inf))
    target = tmp_path / "box.toml"
    loose = save_box(run, columns, inputs, Box(limits, 0.5, 0.5, 0.5, 0.5, 0.1, 0.2), "x > 1", target, load_facts())
    assert loose == ["leader-change.UZB@2040 ≥ 1"]
    again = sim.run(sim.load_scenario(target, ["run.members=40"]), tmp_path)
    assert again.members[column].min() >= edge - 1e-6


def test_the_command_tells_draws_and_saves_what_it_found(run, tmp_path):
    where = f"new_texts_tabled > {run.members['new_texts_tabled'].median()}"
    target = tmp_path / "box.toml"
    words = ["discover", str(run.path), "--where", where, "--save", str(target), "--plot", str(tmp_path / "box.png")]
    found = CliRunner().invoke(app, words)
    assert found.exit_code == 0, found.output
    assert "drawn.tabling.texts" in found.output and target.is_file()
    assert (tmp_path / "box.png").stat().st_size > 10_000


@pytest.mark.parametrize(
    ("where", "said"),
    [
        ("signed_month.friendship-2022.TJL > 2030", "Did you mean signed_month.friendship-2022.TJK"),
        ("index_2040", "is a number, not a condition"),
        ("index_2040 > 5", "of 150 histories"),
        ("index_2040 >", "cannot be read"),
    ],
)
def test_conditions_that_cannot_be_asked(run, where, said):
    found = CliRunner().invoke(app, ["discover", str(run.path), "--where", where])
    assert found.exit_code == 2 and said in found.output
