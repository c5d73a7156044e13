"""The example of another region calibrates, and its posterior says how little so short a record knows."""

import json
from pathlib import Path

import numpy as np
import pytest
from typer.testing import CliRunner

from sim.cli.app import app
from sim.facts import load_facts
from sim.facts.record import read_record
from sim.inference.fit import evidence_of
from sim.inference.laplace import find_mode

RECORD = Path(__file__).parents[2] / "scenarios" / "east-africa" / "record"
#: What the example has no event of, or only few: clashes, settlements, the higher rungs.
UNSEEN = ("borders.", "ladder.partnership", "ladder.alliance", "ladder.declaration", "ladder.declared")


@pytest.fixture(scope="module")
def fitted():
    posterior, shares = evidence_of(load_facts(read_record(RECORD, base="none")), "literature")
    mode = find_mode(posterior)
    narrowed = {prior.name: 1 - sd / prior.sd for prior, sd in zip(posterior.priors, mode.sd)}
    moved = {prior.name: (x - prior.mean) / prior.sd for prior, x in zip(posterior.priors, mode.x)}
    return narrowed, moved, shares


def test_what_was_not_seen_is_as_uncertain_as_before(fitted):
    narrowed, moved, _ = fitted
    unseen = [name for name in narrowed if name.startswith(UNSEEN)]
    assert len(unseen) >= 13
    assert all(abs(narrowed[name]) < 0.05 and abs(moved[name]) < 0.05 for name in unseen)


def test_most_is_left_open_and_little_is_learned_where_something_happened(fitted):
    narrowed, _, _ = fitted
    assert np.median(list(narrowed.values())) < 0.25
    assert sum(share > 0.4 for share in narrowed.values()) <= 5
    learned = ("accords.intercept", "accords.persistence", "frictions.base", "openness.RWA.paul-kagame")
    assert all(narrowed[name] > 0.2 for name in learned)


def test_an_empty_table_says_that_nothing_happened(fitted):
    """The example has no bilateral treaty, so that their rate falls far below its prior."""
    _, moved, _ = fitted
    assert moved["ladder.friendship"] < -2
    assert all(abs(shift) < 2 for name, shift in moved.items() if name != "ladder.friendship")


def test_the_command_writes_a_calibration_that_the_region_takes(tmp_path, monkeypatch):
    from sim.scenario import load_scenario

    monkeypatch.chdir(tmp_path)
    words = ["calibrate", "--record", str(RECORD), "--base", "none", "--prior", "prior-only"]
    done = CliRunner().invoke(app, [*words, "--draws", "50", "--out", "priors.json"])
    assert done.exit_code == 0, done.output
    about = json.loads(Path("priors.json").read_text())
    assert {"openness.UGA.yoweri-museveni", "ladder.friendship"} <= {row["name"] for row in about["parameters"]}
    Path("mine.toml").write_text(
        '[record]\nfolder = "record"\nbase = "none"\n[calibration]\nuse = "priors.json"\n[run]\nstart = 1992-01-01\n'
        "branch = 2025-07-01\nend = 2030-12-31\nmembers = 2\nseed = 1\n"
    )
    Path("record").symlink_to(RECORD)
    assert load_scenario("mine.toml").calibration.name == "priors.json"
    assert CliRunner().invoke(app, ["calibrate", "--base", "none"]).exit_code == 2
