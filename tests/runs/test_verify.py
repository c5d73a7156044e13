"""A run folder checked against its digests: every kind of damage has its sentence."""

import json
import re
import shutil

import pytest
from typer.testing import CliRunner

from sim.cli.app import app
from sim.runs import DamagedError, OutputError, open_run, run_batch
from sim.runs.manifest import write_manifest
from sim.runs.verify import faults_of
from sim.scenario import load_scenario
from sim.why.again import scenario_of


@pytest.fixture
def folder(reference, tmp_path):
    """A copy of a finished run of the real engine; times of files do not survive a copy."""
    return shutil.copytree(reference.path, tmp_path / "results" / "copy", copy_function=shutil.copyfile)


def edited(folder, signed=False, **changes):
    """Change the manifest, with a digest of what it now says if it is to look whole."""
    manifest = json.loads((folder / "manifest.json").read_text("utf-8")) | changes
    if signed:
        write_manifest(folder, manifest)
    else:
        (folder / "manifest.json").write_text(json.dumps(manifest), "utf-8")


def test_a_copy_is_as_it_was_written(folder):
    assert faults_of(folder) == []


def test_one_bit_in_each_file_is_found(folder):
    for path in sorted(path for path in folder.iterdir() if path.is_file()):
        whole = path.read_bytes()
        flipped = bytearray(whole)
        flipped[len(whole) // 2] ^= 1
        path.write_bytes(flipped)
        found = faults_of(folder)
        assert found and all(fault.startswith(path.name) for fault in found), (path.name, found)
        path.write_bytes(whole)
    assert faults_of(folder) == []


def test_files_that_are_gone_cut_or_foreign_are_named(folder):
    (folder / "monthly.parquet").unlink()
    (folder / "yearly.parquet").write_bytes((folder / "yearly.parquet").read_bytes()[:-100])
    (folder / "other.parquet").write_bytes(b"PAR1")
    found = "\n".join(faults_of(folder))
    assert "monthly.parquet: is missing" in found and "other.parquet: is no table of this run" in found
    assert "yearly.parquet: has" in found and "written" in found


@pytest.mark.parametrize(
    ("changes", "fault"),
    [
        ({"seed": 7}, "seed 7 here, 2026 in the scenario"),
        ({"members": 11}, "members 11 here, 12 in the scenario"),
        ({"facts_digest": "0" * 64}, "its key is not that of the scenario"),
        ({"model_version": "0"}, "its key is not that of the scenario"),
        ({"failed": [{"member": 3, "cause": "x"}]}, "12 members and 1 failed ones, not 12"),
        ({"resolved": None}, "says nothing of the scenario"),
        ({"files": None}, "says nothing of the tables"),
        ({"failed": None}, "does not say how many members"),
        ({"kept": ["terms"]}, "terms.parquet: the manifest does not name it"),
        ({"files": {"../outside": 3}}, "no name of a file in this folder"),
        ({"state": "running"}, "is not finished"),
        ({"schema": 99}, "layout 99"),
        ({"record": "mine"}, "does not say which record"),
        ({"record": {"name": "mine", "digest": "0"}}, "record: "),
    ],
)
def test_a_manifest_that_contradicts_itself_is_found_though_its_digest_fits(folder, changes, fault):
    edited(folder, signed=True, **changes)
    assert fault in "\n".join(faults_of(folder))


def test_a_manifest_that_was_edited_or_cannot_be_read(folder):
    edited(folder, title="Another")
    assert faults_of(folder) == ["manifest.json: is not as it was written"]
    (folder / "manifest.json").write_text("{")
    assert faults_of(folder) == ["manifest.json: cannot be read"]


def test_a_design_is_checked_point_by_point(tmp_path):
    (tmp_path / "two.toml").write_text(
        'extends = "baseline"\n[run]\nmembers = 2\n[design]\nkind = "grid"\n"trust.decay" = [0.01, 0.02]\n'
    )
    (outcome,) = run_batch([load_scenario(str(tmp_path / "two.toml"))], tmp_path / "results")
    design = outcome.planned.folder
    assert faults_of(design) == []
    points = sorted((design / "points").iterdir())
    (points[0] / "events.parquet").unlink()
    shutil.rmtree(points[1])
    with open(design / "members.parquet", "ab") as file:
        file.write(b"x")
    found = "\n".join(faults_of(design))
    assert "members.parquet: is not as it was written" in found and f"points/{points[1].name}: is missing" in found
    assert f"points/{points[0].name}/events.parquet: is missing" in found


def test_what_is_no_run_is_said(tmp_path):
    with pytest.raises(OutputError, match="no run folder here"):
        faults_of(tmp_path)


def test_the_command(folder, monkeypatch):
    monkeypatch.chdir(folder.parents[1])
    call = CliRunner().invoke
    assert call(app, ["verify", "nowhere"]).exit_code == 2
    whole = call(app, ["verify", "--again"])
    assert whole.exit_code == 0 and "the same again" in whole.output
    edited(folder, signed=True, numbers_digest="0" * 64)
    assert call(app, ["verify", "results/copy"]).exit_code == 0
    again = call(app, ["verify", "baseline", "--again"])
    assert again.exit_code == 1 and "its numbers differ" in again.stderr
    (folder / "events.parquet").unlink()
    gone = call(app, ["verify", "results/copy"])
    assert (
        gone.exit_code == 1 and "events.parquet: is missing" in gone.stderr and "fetch the folder anew" in gone.stderr
    )


@pytest.mark.parametrize(
    "changes",
    [
        {"catalogue": {"states": 3}},
        {"catalogue": None},
        {"title": 3},
        {"failed": [3]},
        {"members": "many"},
        {"files": []},
    ],
)
def test_a_foreign_manifest_is_refused_in_words_by_whoever_reads_it(folder, changes):
    from sim.outcomes.view import View
    from sim.runs import open_run
    from sim.runs.errors import DamagedError

    edited(folder, signed=True, **changes)
    with pytest.raises(DamagedError, match=r"manifest\.json"):
        View(open_run(folder))


def test_a_catalogue_that_names_what_the_tables_lack_is_refused(folder):
    from sim.runs import open_run
    from sim.runs.errors import DamagedError

    manifest = json.loads((folder / "manifest.json").read_text("utf-8"))
    manifest["catalogue"]["accords"][0]["id"] = "elsewhere"
    edited(folder, signed=True, catalogue=manifest["catalogue"])
    with pytest.raises(DamagedError, match="names the accord elsewhere"):
        _ = open_run(folder).catalogue


def test_a_manifest_nested_without_end_is_no_manifest(folder):
    (folder / "manifest.json").write_text("[" * 100_000)
    assert faults_of(folder) == ["manifest.json: cannot be read"]


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"kept": 1}, "kept is no list of names of tables"),
        ({"kept": [["terms"]]}, "kept is no list of names of tables"),
        ({"files": {"members.parquet": []}}, "not the [] written"),
    ],
)
def test_parts_of_other_kinds_are_faults(folder, changes, said):
    edited(folder, signed=True, **changes)
    assert any(said in fault for fault in faults_of(folder))


@pytest.mark.parametrize(
    ("changes", "named"),
    [
        ({"model_version": None}, "model_version"),
        ({"facts_digest": 5}, "facts_digest"),
        ({"ancestry": None}, "ancestry"),
        ({"ancestry": [[]]}, "ancestry"),
        ({"versions": {}}, "versions.casim"),
        ({"record": []}, "record"),
        ({"record": {"name": "mine"}}, "record.digest"),
        ({"design": "x"}, "design"),
        ({"calibration": [1]}, "calibration"),
        ({"resolved": {"run": {}}}, "resolved.parameters"),
        ({"resolved": {"run": {}, "parameters": {}, "events": [1]}}, "resolved.events"),
    ],
)
def test_a_manifest_that_lacks_what_readers_use_is_refused(folder, changes, named):
    """Its digest is computed anew, so that nothing but the check of kinds stands between it and the readers."""
    edited(folder, signed=True, **changes)
    with pytest.raises(DamagedError, match=rf"manifest\.json: {named} "):
        open_run(folder)


def test_a_scenario_that_is_none_is_not_built_again(folder):
    resolved = json.loads((folder / "manifest.json").read_text("utf-8"))["resolved"]
    edited(folder, signed=True, resolved={**resolved, "run": {**resolved["run"], "members": "many"}})
    with pytest.raises(OutputError, match="does not hold a scenario"):
        scenario_of(open_run(folder))


@pytest.mark.parametrize(
    ("parameters", "said"),
    [
        ({"trade.size_elasticity": "much"}, "trade.size_elasticity, which is a number"),
        ({"trust.decay": True}, "trust.decay, which is a number"),
        ({"trust.decay": [0.01]}, "trust.decay, which is a number"),
        ({"trade.reading": 2}, "trade.reading, which is one of partner, own"),
        ({"trade.reading": "hearsay"}, "trade.reading, which is one of partner, own"),
    ],
)
def test_a_parameter_of_another_kind_is_refused(folder, parameters, said):
    resolved = json.loads((folder / "manifest.json").read_text("utf-8"))["resolved"]
    edited(folder, signed=True, resolved={**resolved, "parameters": parameters})
    with pytest.raises(DamagedError, match=re.escape(said)):
        open_run(folder)


def test_parameters_that_a_scenario_sets_are_read(folder):
    resolved = json.loads((folder / "manifest.json").read_text("utf-8"))["resolved"]
    given = {"trust.decay": 0.01, "trade.reading": "own"}
    edited(folder, signed=True, resolved={**resolved, "parameters": given})
    assert open_run(folder).manifest["resolved"]["parameters"] == given


def test_words_of_a_choice_in_another_version_of_the_model_are_read(folder):
    resolved = json.loads((folder / "manifest.json").read_text("utf-8"))["resolved"]
    given = {**resolved, "parameters": {"trade.reading": "hearsay"}}
    edited(folder, signed=True, model_version="9", resolved=given)
    assert open_run(folder).manifest["model_version"] == "9"
    edited(folder, signed=True, model_version="9", resolved={**resolved, "parameters": {"trust.decay": [0.01]}})
    with pytest.raises(DamagedError, match=r"trust\.decay, which is a number"):
        open_run(folder)
