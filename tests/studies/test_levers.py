"""Levers: ranking by hand, and files that are wrong."""

import numpy as np
import pytest
from typer.testing import CliRunner

from sim.cli.app import app
from sim.errors import ScenarioError
from sim.studies.arms import Arm
from sim.studies.evenness import bounded_gini
from sim.studies.expression import parse
from sim.studies.lever_file import Policy, Wish, read_levers
from sim.studies.levers import STATES, rank, shapley_of_levers

GOOD = """title = "Two levers"
extends = "baseline"
together = 2

[levers.train]
events = [{ date = 2027-01-01, kind = "corridor", route = "xian-tashkent" }]

[levers.payment]
events = [{ date = 2026-01-01, kind = "transfer", node = "toktogul", million_usd = 60 }]

[[outcomes]]
metric = "treaty_depth_2040"
at_least = 0.8
"""


def _ranked(values, wishes, gains=None):
    names = [(), ("a",), ("b",), ("a", "b")][: len(values)]
    policies = [Policy(each, Arm("x", None)) for each in names]
    rows = np.repeat(np.arange(len(values[0]) // 2), 2)
    gains = gains or [{state: np.zeros(len(values[0])) for state in STATES}] * len(values)
    return rank(policies, wishes, [np.asarray(each, float) for each in values], rows, gains)


def test_ranking_by_hand():
    """Two outcomes, the first to be 1 or more, the second 2 or less, in four histories."""
    wishes = [Wish("up", parse("x"), 1, True, "", 0), Wish("down", parse("y"), 2, False, "", 1)]
    nothing = [[0, 1], [0, 1], [1, 1], [1, 3]]
    a = [[1, 1], [1, 1], [1, 1], [1, 3]]
    b = [[0, 3], [0, 3], [1, 3], [1, 3]]
    best, second, worst = _ranked([nothing, a, b], wishes)
    assert (best.policy.name, second.policy.name, worst.policy.name) == ("a", "nothing", "b")
    assert (best.satisfied, second.satisfied, worst.satisfied) == (0.75, 0.25, 0.0)
    assert best.meets == (1.0, 0.75) and best.levels == (1.0, 1.5)
    assert best.regret == 0.0 and worst.regret >= second.regret > 0
    assert best.efficient and not second.efficient and not worst.efficient


def test_shapley_of_levers_adds_up():
    wish = [Wish("up", parse("x"), 1, True, "", 0)]
    none, a, b, both = [[0]] * 4, [[1], [0], [0], [0]], [[1], [1], [0], [0]], [[1], [1], [1], [1]]
    standings = _ranked([none, a, b, both], wish)
    values = shapley_of_levers(standings)
    assert values == pytest.approx({"a": (0.25 + 0.5) / 2, "b": (0.5 + 0.75) / 2})
    assert sum(values.values()) == pytest.approx(1.0)
    assert shapley_of_levers(standings[:3]) is None


def test_gini_stays_within_bounds_where_some_lose():
    rng = np.random.default_rng(0)
    values = rng.normal(0, 1, (500, 5))
    found = bounded_gini(values)
    assert (found >= 0).all() and (found <= 1).all()
    assert bounded_gini(np.array([[0, 0, 0, 0, 1.0]]))[0] == pytest.approx(0.8)
    assert bounded_gini(np.array([[1.0, 1, 1], [0, 0, 0]])).tolist() == [0, 0]


def _read(text, folder):
    path = folder / "mine.toml"
    path.write_text(text, encoding="utf-8")
    return read_levers(path, folder / "arms")


def test_every_set_of_levers_is_a_policy(tmp_path):
    found = _read(GOOD, tmp_path)
    assert [each.name for each in found.policies] == ["nothing", "train", "payment", "train + payment"]
    assert len(found.policies[3].arm.scenario.events) == 2


@pytest.mark.parametrize(
    ("old", "new", "line", "said"),
    [
        ('route = "xian-tashkent"', 'route = "xian-tashkant"', 6, "xian-tashkent"),
        ("[levers.train]\nevents", "[levers.train]\nparameters = { trust.dekay = 1 }\nevents", 6, "trust.decay"),
        ("[levers.train]\nevents", "[levers.train]\nevent", 6, "Did you mean events"),
        ("at_least = 0.8", "", 11, "either at_least or at_most"),
        ('metric = "treaty_depth_2040"', 'metric = "treaty_depth_2040 +"', 12, "cannot be read"),
        ("together = 2", "together = 0", 3, "whole number"),
        ("together = 2", "togeter = 2", 3, "Did you mean together"),
        ("[levers.train]\nevents", "[levers.idle]\n[levers.train]\nevents", 5, "changes nothing"),
    ],
)
def test_what_is_wrong_is_reported_with_its_line(tmp_path, old, new, line, said):
    assert old in GOOD
    with pytest.raises(ScenarioError) as caught:
        _read(GOOD.replace(old, new), tmp_path)
    assert said in str(caught.value)
    assert caught.value.problems[0].line == line


def test_the_command(tmp_path):
    path = tmp_path / "mine.toml"
    path.write_text(GOOD, encoding="utf-8")
    words = ["levers", str(path), "--members", "24", "--rows", "6", "--out", str(tmp_path / "out")]
    found = CliRunner().invoke(app, words)
    assert found.exit_code == 0, found.output
    assert "Shapley" in found.output and (tmp_path / "out" / "mine.csv").read_text().count("\n") == 5
    path.write_text(GOOD.replace("treaty_depth_2040", "treaty_deph_2040"), encoding="utf-8")
    wrong = CliRunner().invoke(app, words)
    assert wrong.exit_code == 2
    assert "mine.toml:12: metric: treaty_deph_2040 is not an outcome.  Did you mean treaty_depth_2040?" in wrong.output
