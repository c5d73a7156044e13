"""A scenario that names a calibration: its members take joint rows, a set parameter wins, and what does not belong is
refused."""

import dataclasses
import hashlib
import json
import pickle
import shutil

import numpy as np
import pytest

from sim.inference.fit import Fit, write_calibration
from sim.model import build_world, simulate_members
from sim.model.parameters import draw_parameters
from sim.scenario import ScenarioError, explain, load_scenario
from sim.scenario.calibration_file import (
    FORMAT,
    CalibrationError,
    leader_parameters,
    read_calibration,
    record_digest,
    shipped_calibrations,
)


@pytest.fixture
def folder(tmp_path, facts):
    """A calibration of three draws, and a scenario that names it."""
    names = ("ladder.partnership", "ladder.interest", "openness.UZB.shavkat-mirziyoyev", "blocker.TJK")
    draws = np.array([[-5.0, 0.5, 1.5, 0.25], [-6.0, 1.0, 2.0, -0.5], [-5.5, 0.25, 2.5, 1.0]])
    rows = [
        {
            "name": name,
            "prior_mean": 0.0,
            "prior_sd": 1.0,
            "mean": float(draws[:, k].mean()),
            "sd": float(draws[:, k].std()),
            "moved": 2.5,
            "narrowed": 0.5,
        }
        for k, name in enumerate(names)
    ]
    about = {"format": FORMAT, "record_digest": record_digest(facts), "prior_set": "literature", "parameters": rows}
    write_calibration(Fit(about, draws), tmp_path / "mine.json")
    (tmp_path / "s.toml").write_text('extends = "baseline"\n[calibration]\nuse = "mine.json"\n', "utf-8")
    return tmp_path


def test_members_take_whole_rows(folder, facts):
    scenario = load_scenario(folder / "s.toml")
    drawn = draw_parameters(scenario, facts, 0, 200)
    rows = np.column_stack([drawn["ladder_partnership"], drawn["ladder_interest"]])
    assert {tuple(row) for row in rows} == {(-5.0, 0.5), (-6.0, 1.0), (-5.5, 0.25)}
    uzb, tjk = 5, 3
    assert set(drawn["leader_openness"][drawn["ladder_interest"] == 1.0, uzb, 1]) == {2.0}
    assert set(drawn["blocker_strength"][drawn["ladder_interest"] == 0.5, tjk]) == {0.25}
    assert np.isnan(drawn["leader_openness"][:, uzb, 0]).all()
    alone = draw_parameters(scenario, facts, 120, 121)
    assert alone["ladder_interest"][0] == drawn["ladder_interest"][120]


def test_the_engine_lives_with_them(folder, facts):
    world = build_world(load_scenario(folder / "s.toml"), facts)
    block = simulate_members(world, 0, 12)
    drawn = draw_parameters(world.scenario, facts, 0, 12)
    assert block.drawn["blocker.TJK"] == pytest.approx(np.maximum(drawn["blocker_strength"][:, 3], 0.0))
    mirziyoyev = block.yearly["openness.UZB"][:, world.years.index(2020)]
    assert mirziyoyev == pytest.approx(drawn["leader_openness"][:, 5, 1])


def test_what_the_scenario_sets_wins(folder, facts):
    scenario = load_scenario(folder / "s.toml", ["ladder.interest=2", "border.blocker=0.3"])
    drawn = draw_parameters(scenario, facts, 0, 5)
    assert set(drawn["ladder_interest"]) == {2.0}
    assert np.isnan(drawn["blocker_strength"]).all()


def test_without_uncertainty_all_have_the_mean(folder, facts):
    scenario = load_scenario(folder / "s.toml", ["run.parameter_uncertainty=false"])
    assert set(draw_parameters(scenario, facts, 0, 5)["ladder_partnership"]) == {-5.5}


def test_the_key_of_a_run_knows_the_calibration(folder):
    with_it, without = load_scenario(folder / "s.toml"), load_scenario(folder / "s.toml", ["calibration.use=none"])
    assert with_it.resolved() != without.resolved()
    assert "calibration" not in without.resolved()


def test_explain_says_what_is_calibrated(folder):
    rows = {row.key: row for row in explain(load_scenario(folder / "s.toml"))}
    assert rows["calibration.use"].value == "mine.json"
    found = rows["parameters.ladder.interest"]
    assert "calibrated" in found.source and "moved it by +2.5" in found.source and found.file == "mine.json"
    assert rows["parameters.trust.decay"].file == "table of parameters"


def refusal(folder, settings=()):
    with pytest.raises(ScenarioError) as caught:
        load_scenario(folder / "s.toml", settings)
    (problem,) = caught.value.problems
    return problem


def test_a_file_of_another_record_is_refused_with_the_reason(folder, facts):
    about = json.loads((folder / "mine.json").read_text())
    (folder / "mine.json").write_text(json.dumps({**about, "record_digest": "0123456789abcdef"}))
    problem = refusal(folder)
    assert problem.line == 3 and "was fitted to another record (0123456789ab)" in problem.message


def test_the_record_digest_follows_the_record_alone(facts):
    event = dataclasses.replace(facts.events[5], note="another note")
    events = (*facts.events[:5], event, *facts.events[6:])
    assert record_digest(dataclasses.replace(facts, events=events)) == record_digest(facts)
    used = next(k for k, event in enumerate(facts.events) if event.used)
    events = (*facts.events[:used], *facts.events[used + 1 :])
    assert record_digest(dataclasses.replace(facts, events=events)) != record_digest(facts)


@pytest.mark.parametrize(
    ("use", "says"),
    [
        ("2025-08", "is not a calibration that ships"),
        ("missing.json", "does not exist"),
        ("s.toml", "nor a path that ends in .json"),
    ],
)
def test_a_name_that_means_nothing(folder, use, says):
    (folder / "s.toml").write_text(f'extends = "baseline"\n[calibration]\nuse = "{use}"\n', "utf-8")
    assert says in refusal(folder).message


def test_damaged_draws_are_refused(folder):
    (folder / "mine.npz").write_bytes(b"nothing")
    assert "does not hold the draws" in refusal(folder).message


def test_another_format_is_refused(folder):
    (folder / "mine.json").write_text('{"format": 99}')
    assert "is not a calibration file of format 1" in refusal(folder).message


def test_the_tables_hold_what_the_shipped_calibration_found(facts):
    """docs/derivations/calibrated_values.py wrote them: runs without a calibration start from the same values."""
    about = read_calibration(shipped_calibrations()["2025-06-f55aade1"]).about
    table = {row.name: row for row in facts.parameters}
    leaders = dict(zip(leader_parameters(facts), facts.leaders))
    for row in about["parameters"]:
        if row["name"] in table:
            assert table[row["name"]].value == pytest.approx(row["mean"], rel=2e-3, abs=1e-4)
            assert table[row["name"]].status == "fitted"
        if row["name"] in leaders:
            assert leaders[row["name"]].openness_mean == pytest.approx(row["mean"], abs=0.006)
    families = ("ladder.", "accords.", "frictions.", "borders.")
    drawn = {name for name, row in table.items() if row.status == "fitted" and row.spread and name.startswith(families)}
    assert drawn <= {row["name"] for row in about["parameters"]}


def test_a_calibration_travels_with_the_scenario_that_names_it(tmp_path):
    shipped = shipped_calibrations()["2025-06-f55aade1"]
    for path in (shipped, shipped.with_suffix(".npz")):
        shutil.copy(path, tmp_path / f"mine{path.suffix}")
    (tmp_path / "a.toml").write_text('extends = "baseline"\n[calibration]\nuse = "mine.json"\n')
    scenario = load_scenario(tmp_path / "a.toml")
    before = scenario.calibration.read()
    text = (tmp_path / "mine.json").read_text()
    (tmp_path / "mine.json").write_text(text.replace('"seed": 1', '"seed": 2'))
    (tmp_path / "mine.npz").unlink()
    again = pickle.loads(pickle.dumps(scenario)).calibration.read()
    assert again.digest == before.digest and (again.draws == before.draws).all()
    with pytest.raises(ScenarioError, match=r"mine\.json or its \.npz cannot be read"):
        load_scenario(tmp_path / "a.toml")


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (lambda about: about["parameters"].append(about["parameters"][0]), "lists .* twice"),
        (lambda about: about["parameters"][3].pop("mean"), "parameter 4 lacks"),
        (lambda about: about["parameters"][0].update(sd=float("nan")), "parameter 1 lacks"),
        (lambda about: about.update(parameters="all"), "lists no parameters"),
        (lambda about: about.pop("prior_set"), "does not say under which priors"),
        (
            lambda about: about["parameters"][1].update(before={"mean": 1.0}),
            "parameter 2 lacks a finite mean or sd from",
        ),
        (lambda about: about.update(updated_from={}), "does not say from which calibration it was updated"),
        (lambda about: about["parameters"][1].update(before={"mean": 1.0, "sd": 1.0}), "from which calibration it was"),
    ],
)
def test_broken_calibration_files_are_refused_in_words(tmp_path, change, message):
    shipped = shipped_calibrations()["2025-06-f55aade1"]
    about = json.loads(shipped.read_text())
    change(about)
    (tmp_path / "mine.json").write_text(json.dumps(about))
    shutil.copy(shipped.with_suffix(".npz"), tmp_path / "mine.npz")
    with pytest.raises(CalibrationError, match=message):
        read_calibration(tmp_path / "mine.json")


def test_draws_that_are_locked_with_a_password_are_refused_in_words(tmp_path):
    """The flag stands in the header before the file and in the directory at the end of the archive."""
    shipped = shipped_calibrations()["2025-06-f55aade1"]
    packed = bytearray(shipped.with_suffix(".npz").read_bytes())
    for signature, flag in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        packed[packed.rindex(signature) + flag] |= 1
    about = json.loads(shipped.read_text()) | {"draws_sha256": hashlib.sha256(packed).hexdigest()}
    (tmp_path / "mine.json").write_text(json.dumps(about))
    (tmp_path / "mine.npz").write_bytes(packed)
    with pytest.raises(CalibrationError, match=r"mine\.npz cannot be read: .*encrypted"):
        read_calibration(tmp_path / "mine.json")
