"""`casim run --until` as a user gives it."""

import pytest
from typer.testing import CliRunner

from sim.cli.app import app


@pytest.fixture
def run(tmp_path, monkeypatch):
    """Runs `casim run baseline` in an empty folder with further arguments."""
    monkeypatch.chdir(tmp_path)
    return lambda *arguments: CliRunner().invoke(app, ["run", "baseline", "--no-plots", *arguments])


def test_a_goal_out_of_reach_says_how_many_more(run, tmp_path):
    done = run("--until", "mean(trust_mean_2040) +- 0.001", "--members", "10")
    assert done.exit_code == 0, done.stderr
    assert "mean(trust_mean_2040) = 0." in done.stderr and "not sure enough, about" in done.stderr
    (folder,) = (tmp_path / "results").iterdir()
    assert "10 members" in done.stdout and folder.name in done.stdout


def test_a_goal_within_reach(run):
    done = run("--until", "P(new_treaties_2040 >= 0) +- 0.2", "--members", "12")
    assert done.exit_code == 0 and "P(new_treaties_2040 >= 0) = 1, 95 % interval +- 0.12, 12 members" in done.stderr


@pytest.mark.parametrize("goal", ["mean(index_2040)", "mean(indox_2040) +- 0.1"])
def test_a_wrong_goal_ends_with_2_and_points_at_it(run, tmp_path, goal):
    done = run("--until", goal)
    assert done.exit_code == 2 and "--until, character" in done.stderr and "^" in done.stderr
    assert list(tmp_path.iterdir()) == []
