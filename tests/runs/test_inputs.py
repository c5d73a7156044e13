"""What a key names is read once and travels with the work; trouble that passes is never booked as failed members."""

import errno
import json
import shutil

import batches
import numpy as np
import pytest

from sim.runs import RunError, choose_executor, manifest, open_run, parts, resume, run_batch, run_scenario, work
from sim.runs.executors import Threads
from sim.scenario import load_scenario
from sim.scenario.calibration_file import shipped_calibrations

MEMBERS = 8


@pytest.fixture(scope="module")
def cluster():
    """One worker in a process of its own, which serves all of this module."""
    distributed = pytest.importorskip("distributed")
    with distributed.LocalCluster(n_workers=1, threads_per_worker=1, dashboard_address=":0") as started:
        yield started.scheduler_address


@pytest.fixture
def rivers(tmp_path):
    """A scenario with a table of its own; returns a function that writes the table and loads the scenario."""
    (tmp_path / "mine").mkdir()
    (tmp_path / "mine.toml").write_text(
        f'extends = "baseline"\n[run]\nmembers = {MEMBERS}\n[rivers]\nfolder = "mine"\n'
    )

    def write(full):
        header = "node,quantity,values,unit,basis,source,licence,note\n"
        (tmp_path / "mine" / "river_numbers.csv").write_text(
            f"{header}toktogul,full,{full},km3,assumed,own judgement,facts,\n"
        )
        return load_scenario(tmp_path / "mine.toml")

    return write


def tables(run):
    """The bytes of every table of a run."""
    return {name: (run.path / f"{name}.parquet").read_bytes() for name in batches.TABLES}


def fresh(scenario, folder):
    """The tables of a run on threads of this process."""
    return tables(run_scenario(scenario, folder, threads=1))


def on_cluster(scenario, folder, address):
    """The tables of a run on a cluster."""
    with choose_executor(scheduler=address) as executor:
        (outcome,) = run_batch([scenario], folder, executor)
    assert outcome.complete, outcome.causes
    return tables(outcome.runs()[0])


def test_an_edited_folder_is_seen_by_the_next_run_of_this_process_and_of_a_live_worker(rivers, tmp_path, cluster):
    first = rivers(19.0)
    before = fresh(first, tmp_path / "here")
    assert on_cluster(first, tmp_path / "there", cluster) == before
    second = rivers(17.0)
    after = fresh(second, tmp_path / "here")
    assert after["yearly"] != before["yearly"]
    assert on_cluster(second, tmp_path / "there", cluster) == after
    # what was loaded before the edit is still what it was
    assert fresh(first, tmp_path / "again") == before


def own_calibration(folder):
    """The baseline under a calibration file in the folder."""
    shipped = shipped_calibrations()["2025-06-f55aade1"]
    for path in (shipped, shipped.with_suffix(".npz")):
        shutil.copy(path, folder / f"mine{path.suffix}")
    text = 'extends = "baseline"\n[run]\nmembers = 12\n[calibration]\nuse = "mine.json"\n'
    (folder / "mine.toml").write_text(text)
    return load_scenario(folder / "mine.toml")


def replace_calibration(folder):
    """Another fit under the same name, as `casim calibrate --out` leaves it."""
    import hashlib

    about = json.loads((folder / "mine.json").read_text())
    with np.load(folder / "mine.npz") as file:
        draws = file["draws"][::-1] * 0.5
    np.savez(folder / "mine.npz", draws=draws)
    about["draws_sha256"] = hashlib.sha256((folder / "mine.npz").read_bytes()).hexdigest()
    (folder / "mine.json").write_text(json.dumps(about))


@pytest.mark.parametrize("workers", [{"threads": 1}, {"workers": 1}])
def test_a_calibration_replaced_during_a_run_changes_nothing_in_it(tmp_path, workers):
    scenario = own_calibration(tmp_path)
    expected = fresh(scenario, tmp_path / "undisturbed")
    replaced = []

    def progress(reached):
        if reached.stage == "simulate" and not replaced:
            replaced.append(replace_calibration(tmp_path))

    with choose_executor(**workers) as executor:
        (outcome,) = run_batch([scenario], tmp_path / "out", executor, 3, progress)
    assert replaced and tables(outcome.runs()[0]) == expected
    assert load_scenario(tmp_path / "mine.toml").resolved() != scenario.resolved()


@pytest.mark.parametrize(
    ("trouble", "said"),
    [
        (FileNotFoundError(errno.ENOENT, "No such file or directory", "table.csv"), "FileNotFoundError"),
        (MemoryError(), "not enough memory"),
        (KeyError("a bug"), "KeyError"),
    ],
)
def test_trouble_that_passes_stops_the_part_and_the_same_command_does_it(
    tiny, reference, assert_equal_runs, tmp_path, monkeypatch, trouble, said
):
    import sim.model

    genuine, calls = sim.model.simulate_members, []

    def troubled(world, first, last, keep_terms=False):
        calls.append(first)
        if len(calls) == 2:
            raise trouble
        return genuine(world, first, last, keep_terms)

    with monkeypatch.context() as patch:
        patch.setattr(sim.model, "simulate_members", troubled)
        with pytest.raises(RunError, match=f"members 4 to 7 could not be simulated: {said}.*same command"):
            run_scenario(tiny, tmp_path, 1, 4)
    folder = tmp_path / reference.path.name
    assert manifest.read_manifest(folder)["state"] == "running"
    assert [part.first for part in resume.sound_parts(folder / "parts", history_key(tiny), (), 12)][:1] == [0]
    assert_equal_runs(reference, run_scenario(tiny, tmp_path, 1, 4))


def history_key(scenario):
    return work.work_of(scenario, None, compare=False).history_key


def test_a_part_that_cannot_be_written_is_no_failed_member(tiny, reference, assert_equal_runs, tmp_path, monkeypatch):
    def gone(path, table):
        raise OSError(errno.EIO, "Input/output error")

    with monkeypatch.context() as patch:
        patch.setattr(parts, "_write_table", gone)
        with pytest.raises(RunError, match="Input/output error"):
            run_scenario(tiny, tmp_path, 1, 4)
    assert_equal_runs(reference, run_scenario(tiny, tmp_path, 1, 4))


def interrupted(scenario, folder):
    """A run that is stopped after its first part."""

    def stop(progress):
        if progress.stage == "simulate":
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt), Threads(1) as executor:
        run_batch([scenario], folder, executor, 4, stop)


def test_parts_made_with_something_else_are_told(tiny, reference, tmp_path, monkeypatch):
    interrupted(tiny, tmp_path)
    run = tmp_path / reference.path.name
    made = {"versions": {"numpy": "1.0"}, "code_revision": "older"}
    for note in run.glob("parts/0*/part.json"):
        note.write_text(json.dumps({**json.loads(note.read_text()), "made_with": made}))
    finished = run_scenario(tiny, tmp_path, 1, 4).manifest
    assert finished["versions"] == reference.manifest["versions"]
    assert made in finished["parts_made_with"] and len(finished["parts_made_with"]) == 2
    assert "parts_made_with" not in reference.manifest


@pytest.mark.parametrize(
    "change",
    [
        {"seed": 7},
        {"versions": {"numpy": "0"}},
        {"catalogue": {}},
        {"resolved": None},
        {"files": {}},
        {"members": "12"},
        {"kept": None},
    ],
)
def test_what_is_computed_wins_over_a_manifest_that_was_found(tiny, reference, assert_equal_runs, tmp_path, change):
    shutil.copytree(reference.path, tmp_path / reference.path.name)
    file = tmp_path / reference.path.name / "manifest.json"
    file.write_text(json.dumps(json.loads(file.read_text()) | change))
    again = run_scenario(tiny, tmp_path)
    assert_equal_runs(reference, again)
    left = {"started", "finished", "seconds", "changed", "digest"}
    assert {k: v for k, v in again.manifest.items() if k not in left} == {
        k: v for k, v in reference.manifest.items() if k not in left
    }


def test_a_table_of_the_right_size_with_a_wrong_bit_is_done_again(tiny, reference, assert_equal_runs, tmp_path):
    shutil.copytree(reference.path, tmp_path / reference.path.name)
    assert run_scenario(tiny, tmp_path).manifest["finished"] == reference.manifest["finished"], "a copy is as good"
    table = tmp_path / reference.path.name / "yearly.parquet"
    content = bytearray(table.read_bytes())
    content[len(content) // 2] ^= 1
    table.write_bytes(content)
    assert_equal_runs(reference, run_scenario(tiny, tmp_path))


def test_a_manifest_with_a_wrong_bit_is_not_opened(reference, tmp_path):
    shutil.copytree(reference.path, tmp_path / "run")
    file = tmp_path / "run" / "manifest.json"
    file.write_text(file.read_text().replace('"seed": 2026', '"seed": 2027'))
    with pytest.raises(RunError, match="is not as it was written"):
        open_run(tmp_path / "run")


def test_never_is_nothing_and_not_a_number(reference):
    import pyarrow.compute as pc

    members = reference.arrow("members")
    real = [name for name in members.column_names if str(members.column(name).type) == "double"]
    assert any(members.column(name).null_count for name in real)
    assert not any(pc.any(pc.is_nan(members.column(name))).as_py() for name in real)
    columns = reference.columns()
    for name in real:
        assert np.isnan(columns[name]).sum() == members.column(name).null_count
        assert reference.members[name].isna().sum() == members.column(name).null_count
