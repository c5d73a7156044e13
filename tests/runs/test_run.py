"""The line from scenario to finished folder: equal numbers whatever the division of labour, and no half-truths."""

import errno
import json

import numpy as np
import pytest

import sim.model
from sim.outcomes.metric import describe
from sim.runs import DamagedError, DiskFullError, LockedError, OutputError, RunError, open_run, parts, run_scenario
from sim.runs.files import RunLock
from sim.runs.manifest import content_key
from sim.scenario import load_scenario


@pytest.mark.parametrize(("threads", "part_size"), [(1, 1), (2, 7), (2, 1), (1, 50), (2, None)])
def test_threads_and_part_size_change_no_bit(tiny, reference, assert_equal_runs, tmp_path, threads, part_size):
    assert_equal_runs(reference, run_scenario(tiny, tmp_path, threads, part_size))


def test_what_a_finished_folder_holds(reference, tiny):
    names = sorted(path.name for path in reference.path.iterdir())
    assert names == ["events.parquet", "manifest.json", "members.parquet", "monthly.parquet", "yearly.parquet"]
    manifest = reference.manifest
    assert manifest["state"] == "complete" and manifest["failed"] == []
    assert manifest["resolved"] == tiny.resolved()
    assert manifest["title"] == tiny.title and manifest["members"] == 12 and manifest["seed"] == 2026
    assert manifest["versions"].keys() >= {"python", "numpy", "numba", "pandas", "pyarrow", "casim"}
    assert manifest["origins"]["run.members"] == "command line:1"
    assert len(reference.members) == 12 and not reference.members.columns.duplicated().any()
    assert len(reference.yearly) == 12 * 49
    assert repr(reference).startswith("<Run baseline ")


def test_tables_hold_what_the_engine_returned(tiny, reference):
    from sim.facts import load_facts

    world = sim.model.build_world(tiny, load_facts())
    block = sim.model.simulate_members(world, 0, 12)
    yearly = reference.yearly
    for name, values in block.yearly.items():
        np.testing.assert_array_equal(yearly[name].to_numpy(), values.ravel().astype(yearly[name].dtype))
    monthly = reference.monthly.set_index("series")
    for name, values in block.monthly.items():
        np.testing.assert_allclose(monthly.loc[name, "mean"], values.mean(axis=0), atol=1e-9)
        bin_width = describe(name).resolution
        np.testing.assert_allclose(monthly.loc[name, "q50"], np.median(values, axis=0), atol=0.51 * bin_width)
    assert (~reference.events["documented"]).sum() == len(block.events)
    assert (reference.events["member"] == -1).sum() == len(world.dated_events)


def test_a_finished_run_is_not_run_again(tiny, reference, monkeypatch):
    def never(*_, **__):
        raise AssertionError("simulated again")

    monkeypatch.setattr(sim.model, "simulate_members", never)
    again = run_scenario(tiny, reference.path.parent)
    assert again.manifest["finished"] == reference.manifest["finished"]


def test_interrupted_it_goes_on(tiny, reference, assert_equal_runs, tmp_path):
    def interrupt(progress):
        if progress.done >= 4:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        run_scenario(tiny, tmp_path, 1, 2, interrupt)
    folder = tmp_path / reference.path.name
    assert json.loads((folder / "manifest.json").read_text())["state"] == "running"
    assert 2 <= len(list((folder / "parts").iterdir())) < 6
    with pytest.raises(OutputError, match="not finished"):
        open_run(folder)
    assert_equal_runs(reference, run_scenario(tiny, tmp_path, 2, 5))


@pytest.mark.parametrize("writes", [1, 6, 14])
def test_on_a_full_disk_it_stops_and_goes_on(tiny, reference, assert_equal_runs, tmp_path, monkeypatch, writes):
    """14 writes are beyond the parts of three members (4 files each): the disk fills while part 4 is written."""
    left = [writes]
    genuine = parts._write_table

    def write_table(path, table):
        left[0] -= 1
        if left[0] < 0:
            raise OSError(errno.ENOSPC, "No space left on device")
        genuine(path, table)

    with monkeypatch.context() as patch:
        patch.setattr(parts, "_write_table", write_table)
        with pytest.raises(DiskFullError, match="disk is full"):
            run_scenario(tiny, tmp_path, 1, 3)
    assert_equal_runs(reference, run_scenario(tiny, tmp_path, 1, 3))


def test_a_disk_that_fills_while_finishing(tiny, reference, assert_equal_runs, tmp_path, monkeypatch):
    from sim.runs import finish

    class Full(finish.TableWriter):
        def _write(self, last):
            if self.path.name == "events.parquet":
                raise OSError(errno.ENOSPC, "No space left on device")
            super()._write(last)

    with monkeypatch.context() as patch:
        patch.setattr(finish, "TableWriter", Full)
        with pytest.raises(DiskFullError):
            run_scenario(tiny, tmp_path)
    assert not list((tmp_path / reference.path.name).glob(".tmp-*"))
    assert_equal_runs(reference, run_scenario(tiny, tmp_path))


def test_a_damaged_part_is_done_again(tiny, reference, assert_equal_runs, tmp_path):
    def interrupt(progress):
        if progress.stage == "finish":
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        run_scenario(tiny, tmp_path, 1, 4, interrupt)
    damaged = tmp_path / reference.path.name / "parts" / "000004-000007" / "sketch.arrow"
    damaged.write_bytes(damaged.read_bytes()[:-1] + b"x")
    assert_equal_runs(reference, run_scenario(tiny, tmp_path, 1, 4))


def test_a_missing_table_is_written_again(tiny, reference, assert_equal_runs, tmp_path):
    first = run_scenario(tiny, tmp_path)
    (first.path / "yearly.parquet").unlink()
    assert_equal_runs(reference, run_scenario(tiny, tmp_path))


def test_a_damaged_table_is_not_read(tiny, tmp_path):
    run = run_scenario(tiny, tmp_path)
    file = run.path / "yearly.parquet"
    content = bytearray(file.read_bytes())
    middle = len(content) // 3
    content[middle : middle + 64] = bytes(byte ^ 255 for byte in content[middle : middle + 64])
    file.write_bytes(content)
    with pytest.raises(DamagedError, match="Delete"):
        _ = run.yearly


def test_more_tables_on_request(tiny, reference, tmp_path):
    run = run_scenario(tiny, tmp_path, part_size=5, keep_terms=True, keep_monthly=True)
    assert run.key == reference.key
    assert run.manifest["numbers_digest"] == reference.manifest["numbers_digest"]
    assert run.arrow("monthly_members").num_rows == 12 * 588
    assert {"member", "month", "a", "b", "instrument", "total"} <= set(run.terms.columns)
    with pytest.raises(DamagedError, match="keeps no table 'terms'"):
        _ = reference.terms
    # asking for more later simulates again, asking for less does not
    assert run_scenario(tiny, tmp_path).manifest["finished"] == run.manifest["finished"]


def test_members_that_fail_are_recorded_and_the_others_kept(tiny, reference, tmp_path, monkeypatch):
    genuine = sim.model.simulate_members

    def failing(world, first, last, keep_terms=False):
        if first <= 5 < last or first <= 11 < last:
            raise ArithmeticError("no trust left")
        return genuine(world, first, last, keep_terms)

    monkeypatch.setattr(sim.model, "simulate_members", failing)
    run = run_scenario(tiny, tmp_path, part_size=4)
    assert run.manifest["failed"] == [
        {"member": 5, "cause": "ArithmeticError: no trust left"},
        {"member": 11, "cause": "ArithmeticError: no trust left"},
    ]
    assert list(run.members.index) == [0, 1, 2, 3, 4, 6, 7, 8, 9, 10]
    expected = reference.members.loc[run.members.index]
    assert run.members.equals(expected)
    assert (run.monthly["members"] == 10).all()


def test_if_all_fail_the_run_fails_and_can_be_tried_again(tiny, reference, assert_equal_runs, tmp_path, monkeypatch):
    def failing(*_, **__):
        raise ArithmeticError("no trust left")

    with monkeypatch.context() as patch:
        patch.setattr(sim.model, "simulate_members", failing)
        with pytest.raises(RunError, match="every member failed, the first with ArithmeticError: no trust left"):
            run_scenario(tiny, tmp_path)
    assert_equal_runs(reference, run_scenario(tiny, tmp_path))


def test_a_locked_folder_is_left_alone(tiny, reference, tmp_path):
    folder = tmp_path / reference.path.name
    folder.mkdir()
    with RunLock(folder), pytest.raises(LockedError, match="working on this run"):
        run_scenario(tiny, tmp_path)


def test_other_peoples_folders_are_left_alone(tiny, reference, tmp_path):
    folder = tmp_path / reference.path.name
    folder.mkdir()
    (folder / "thesis.doc").write_text("years of work")
    with pytest.raises(OutputError, match=r"holds thesis\.doc"):
        run_scenario(tiny, tmp_path)
    assert (folder / "thesis.doc").read_text() == "years of work"


@pytest.mark.parametrize(("change", "message"), [({"schema": 0}, "layout 0"), ({"key": "f" * 64}, "holds another run")])
def test_run_folders_of_another_layout_or_key_are_left_alone(tiny, tmp_path, change, message):
    folder = run_scenario(tiny, tmp_path).path
    manifest = json.loads((folder / "manifest.json").read_text()) | change
    (folder / "manifest.json").write_text(json.dumps(manifest))
    with pytest.raises(OutputError, match=message):
        run_scenario(tiny, tmp_path)


def test_a_file_where_the_folder_should_be(tiny, reference, tmp_path):
    (tmp_path / "results").write_text("")
    with pytest.raises(OutputError, match="a file"):
        run_scenario(tiny, tmp_path / "results")
    (tmp_path / reference.path.name).write_text("")
    with pytest.raises(OutputError, match="a file"):
        run_scenario(tiny, tmp_path)


def test_no_permission(tiny, tmp_path, monkeypatch):
    def refuse(*_, **__):
        raise PermissionError(errno.EACCES, "Permission denied")

    monkeypatch.setattr("pathlib.Path.mkdir", refuse)
    with pytest.raises(OutputError, match="no permission"):
        run_scenario(tiny, tmp_path / "there")


def test_a_new_title_reruns_nothing_and_is_shown(tmp_path):
    file = tmp_path / "my.toml"
    text = 'extends = "baseline"\ntitle = "{}"\n[run]\nmembers = 3\n[parameters]\ntrust.decay = 0.02\n'
    file.write_text(text.format("old"))
    first = run_scenario(load_scenario(file), tmp_path / "out")
    file.write_text(text.format("new"))
    second = run_scenario(load_scenario(file), tmp_path / "out")
    assert second.path == first.path and second.manifest["finished"] == first.manifest["finished"]
    assert second.manifest["title"] == open_run(second.path).manifest["title"] == "new"


@pytest.mark.parametrize(("decay", "no_effect"), [("0.012", True), ("0.02", False)])
def test_a_scenario_that_moves_nothing_is_told_so(tmp_path, decay, no_effect):
    text = 'extends = "baseline"\n[run]\nmembers = 3\n[parameters]\ntrust.decay = '
    (tmp_path / "my.toml").write_text(text + decay)
    run = run_scenario(load_scenario(tmp_path / "my.toml"), tmp_path / "out")
    assert run.manifest["no_effect"] is no_effect
    assert ("parameters.trust.decay" in run.manifest["same_as_parent"]) is no_effect


def test_more_members_alone_are_no_change(tmp_path, tiny, reference):
    """--members and the like are settings over the file; what is compared is the file with what it extends."""
    assert reference.manifest["no_effect"] is None
    run = run_scenario(load_scenario("great-power-squeeze", ["run.members=8"]), tmp_path)
    assert run.manifest["no_effect"] is False


def test_members_of_a_smaller_run_are_the_first_of_a_larger(reference, tmp_path):
    small = run_scenario(load_scenario("baseline", ["run.members=5"]), tmp_path)
    assert small.key != reference.key
    assert small.members.equals(reference.members.loc[:4])


def test_nothing_to_open(tmp_path):
    with pytest.raises(OutputError, match="no run folder"):
        open_run(tmp_path)


def test_key_of_the_folder_is_the_key_of_the_content(reference, tiny):
    from sim.facts import load_facts

    assert reference.key == content_key(tiny.resolved(), load_facts().digest, sim.model.MODEL_VERSION)
    assert reference.path.name == f"baseline-{reference.key[:8]}"
