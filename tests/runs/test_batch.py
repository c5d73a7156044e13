"""Batches: only what changed is run, and what fails is recorded while the rest is finished."""

import errno
import json

import batches
import numpy as np
import pytest

import sim.model
from sim.runs import DiskFullError, OutputError, open_design, parts, plan_batch, run_batch
from sim.runs.executors import Threads
from sim.runs.files import RunLock
from sim.scenario import load_scenario


@pytest.fixture(scope="module")
def done(tmp_path_factory):
    """A finished batch and its outcomes; left as it is."""
    folder = tmp_path_factory.mktemp("done")
    return folder, batches.run_all(folder)


@pytest.fixture
def never(monkeypatch):
    """Nothing may be simulated."""

    def simulate(*_, **__):
        raise AssertionError("simulated again")

    monkeypatch.setattr(sim.model, "simulate_members", simulate)


def small(name, folder, text=""):
    """A scenario of four members over the baseline."""
    (folder / f"{name}.toml").write_text(f'extends = "baseline"\n[run]\nmembers = 4\n{text}')
    return load_scenario(folder / f"{name}.toml")


def test_outcomes_and_folders(done):
    folder, outcomes = done
    assert [(each.name, each.found, each.done, each.complete) for each in outcomes] == [
        ("baseline", 0, 1, True),
        ("unanimity", 0, 1, True),
        ("grid", 0, 2, True),
    ]
    assert [run.manifest["members"] for each in outcomes for run in each.runs()] == [39, 8, 3, 3]
    assert outcomes[0].runs()[0].manifest["no_effect"] is None
    assert outcomes[1].runs()[0].manifest["no_effect"] is False
    assert not list((folder / "out").rglob("parts")) and not list((folder / "out").rglob(".lock"))


def test_a_run_of_a_batch_is_the_run_of_the_scenario(done, never):
    from sim.runs import run_scenario

    folder, outcomes = done
    run = run_scenario(load_scenario("unanimity", ["run.members=8"]), folder / "out")
    assert run.path == outcomes[1].planned.folder


def test_what_is_there_is_not_run_again(done, never):
    folder, _ = done
    again = batches.run_all(folder)
    assert [(each.found, each.done, each.complete) for each in again] == [(1, 0, True), (1, 0, True), (2, 0, True)]


def test_one_edited_parameter_reruns_that_scenario_only(tmp_path):
    names = ("first", "second", "third")
    before = run_batch([small(name, tmp_path) for name in names], tmp_path / "out")
    edited = [small(name, tmp_path, "[parameters]\ntrust.decay = 0.02\n" * (name == "second")) for name in names]
    after = run_batch(edited, tmp_path / "out")
    assert [each.done for each in before] == [1, 1, 1]
    assert [each.done for each in after] == [0, 1, 0]
    assert before[1].planned.folder != after[1].planned.folder


def test_a_new_title_reruns_nothing_and_is_shown(tmp_path):
    run_batch([small("mine", tmp_path)], tmp_path / "out")
    (tmp_path / "mine.toml").write_text('extends = "baseline"\ntitle = "New"\n[run]\nmembers = 4\n')
    (outcome,) = run_batch([load_scenario(tmp_path / "mine.toml")], tmp_path / "out")
    assert (outcome.found, outcome.done) == (1, 0) and outcome.runs()[0].manifest["title"] == "New"


def test_a_changed_fact_reruns_what_used_it(done, monkeypatch):
    from dataclasses import replace

    import sim.facts

    folder, _ = done
    facts = replace(sim.facts.load_facts(), digest="0" * 64)
    monkeypatch.setattr(sim.facts, "load_facts", lambda *_, **__: facts)
    plan = plan_batch(batches.scenarios(folder), folder / "out")
    assert [planned.found for planned in plan] == [0, 0, 0]


def interrupted(folder, after):
    """Stops the batch like Ctrl-C after so many parts; returns the parts on disk by scenario."""
    seen = []

    def progress(reached):
        if reached.stage == "simulate":
            seen.append(reached)
            if len(seen) == after:
                raise KeyboardInterrupt

    with Threads(1) as executor, pytest.raises(KeyboardInterrupt):
        run_batch([small(name, folder) for name in ("first", "second", "third")], folder / "out", executor, 1, progress)
    return {path.name[:5]: len(list(path.glob("parts/0*"))) for path in (folder / "out").iterdir()}


def test_an_interrupted_batch_has_finished_scenarios_before_it_began_others(tmp_path):
    """So few are under way at a time, and a batch of two hundred holds no more in memory than one of five."""
    kept = interrupted(tmp_path, 6)
    assert set(kept) == {"first", "secon"} and not kept["first"] and kept["secon"] > 0
    assert list((tmp_path / "out").glob("first-*/members.parquet"))
    assert not list((tmp_path / "out").glob("second-*/members.parquet"))
    assert not list((tmp_path / "out").rglob(".lock"))


def test_an_interrupted_batch_goes_on_from_its_parts(tmp_path, monkeypatch):
    kept = sum(interrupted(tmp_path, 5).values())
    simulated = []
    genuine = sim.model.simulate_members

    def counting(world, first, last, keep_terms=False):
        simulated.append((first, last))
        return genuine(world, first, last, keep_terms)

    scenarios = [small(name, tmp_path) for name in ("first", "second", "third")]
    found = sum(planned.found for planned in plan_batch(scenarios, tmp_path / "out"))
    monkeypatch.setattr(sim.model, "simulate_members", counting)
    outcomes = run_batch(scenarios, tmp_path / "out", part_size=1)
    assert all(each.complete for each in outcomes) and found == kept
    # besides the missing parts, the first members of scenario and parent are compared
    assert sum(last - first == 1 for first, last in simulated) == 12 - kept


def test_a_damaged_part_and_one_of_another_scenario_are_done_again(tmp_path):
    (tmp_path / "other").mkdir()
    interrupted(tmp_path / "other", 6)
    interrupted(tmp_path, 2)
    damaged = sorted((tmp_path / "out").glob("first-*/parts/0*/sketch.arrow"))[0]
    damaged.write_bytes(damaged.read_bytes()[:-1] + b"x")
    stranger = sorted((tmp_path / "other" / "out").glob("second-*/parts/0*"))[0]
    stranger.rename(next((tmp_path / "out").glob("first-*/parts")) / "000003-000003")
    outcomes = run_batch([small(name, tmp_path) for name in ("first", "second", "third")], tmp_path / "out")
    fresh = run_batch([small(name, tmp_path) for name in ("first", "second", "third")], tmp_path / "fresh")
    assert batches.tables_of(outcomes) == batches.tables_of(fresh)


def test_a_scenario_that_fails_is_recorded_and_the_others_are_finished(tmp_path, monkeypatch):
    genuine = sim.model.simulate_members

    def failing(world, first, last, keep_terms=False):
        if world.scenario.parameters.get("trust.decay") == 0.02:
            raise ArithmeticError("no trust left")
        return genuine(world, first, last, keep_terms)

    monkeypatch.setattr(sim.model, "simulate_members", failing)
    scenarios = [
        small("first", tmp_path),
        small("ill", tmp_path, "[parameters]\ntrust.decay = 0.02\n"),
        small("last", tmp_path),
    ]
    outcomes = run_batch(scenarios, tmp_path / "out")
    assert [each.complete for each in outcomes] == [True, False, True]
    assert "every member failed, the first with ArithmeticError: no trust left" in outcomes[1].causes[0]
    monkeypatch.setattr(sim.model, "simulate_members", genuine)
    assert [each.done for each in run_batch(scenarios, tmp_path / "out")] == [0, 1, 0]


def test_members_that_fail_are_counted_with_their_cause(tmp_path, monkeypatch):
    genuine = sim.model.simulate_members

    def failing(world, first, last, keep_terms=False):
        if first <= 2 < last:
            raise ArithmeticError("no trust left")
        return genuine(world, first, last, keep_terms)

    monkeypatch.setattr(sim.model, "simulate_members", failing)
    for _ in range(2):  # a run found on disk is no better than one done now
        (outcome,) = run_batch([small("ill", tmp_path)], tmp_path / "out")
        assert outcome.complete and outcome.failed_members == 1
        assert outcome.member_cause == "member 2: ArithmeticError: no trust left"


def test_a_locked_run_fails_alone(tmp_path):
    scenarios = [small("first", tmp_path), small("second", tmp_path)]
    folder = plan_batch(scenarios, tmp_path / "out")[0].folder
    folder.mkdir(parents=True)
    with RunLock(folder):
        outcomes = run_batch(scenarios, tmp_path / "out")
    assert "is working on this run" in outcomes[0].causes[0] and outcomes[1].complete


def test_a_full_disk_stops_the_batch_and_it_goes_on(tmp_path, monkeypatch):
    genuine, left = parts._write_table, [9]

    def write_table(path, table):
        left[0] -= 1
        if left[0] < 0:
            raise OSError(errno.ENOSPC, "No space left on device")
        genuine(path, table)

    scenarios = [small("first", tmp_path), small("second", tmp_path)]
    with monkeypatch.context() as patch:
        patch.setattr(parts, "_write_table", write_table)
        with pytest.raises(DiskFullError, match="disk is full"):
            run_batch(scenarios, tmp_path / "out", part_size=1)
    assert not list((tmp_path / "out").rglob(".lock"))
    assert all(each.complete for each in run_batch(scenarios, tmp_path / "out"))


def test_two_scenarios_of_one_name_are_refused(tmp_path):
    (tmp_path / "other").mkdir()
    with pytest.raises(OutputError, match="two scenarios are named mine"):
        run_batch([small("mine", tmp_path), small("mine", tmp_path / "other")], tmp_path / "out")
    assert not (tmp_path / "out").exists()
    with pytest.raises(OutputError, match="at least one scenario"):
        run_batch([], tmp_path / "out")


def test_scenarios_of_one_folder_are_refused_and_other_scripts_keep_their_letters(tmp_path):
    """Names that differ in what a folder's name cannot hold, of files that ask for the same."""
    with pytest.raises(OutputError, match=r"my plan and my-plan ask for the same histories"):
        plan_batch([small("my plan", tmp_path), small("my-plan", tmp_path)], tmp_path / "out")
    folders = [each.folder.name for each in plan_batch([small(f"План {x}", tmp_path) for x in "АБ"], tmp_path / "out")]
    assert [name[:7] for name in folders] == ["План-А-", "План-Б-"] and folders[0][7:] == folders[1][7:]


@pytest.mark.parametrize(("change", "message"), [({"schema": 0}, "layout 0"), ({"key": "f" * 64}, "holds another run")])
def test_folders_of_another_layout_or_run_stop_the_batch_before_it_begins(tmp_path, change, message, never):
    scenario = small("mine", tmp_path)
    folder = plan_batch([scenario], tmp_path / "out")[0].folder
    folder.mkdir(parents=True)
    key = folder.name[-8:] + "0" * 56
    (folder / "manifest.json").write_text(json.dumps({"schema": 1, "key": key} | change))
    with pytest.raises(OutputError, match=message):
        run_batch([scenario], tmp_path / "out")


@pytest.mark.parametrize("place", ["out", "out/grid-design", "out/grid-design/points"])
def test_a_file_where_a_folder_should_be_stops_the_batch_before_it_begins(tmp_path, place, never):
    (tmp_path / place).parent.mkdir(parents=True, exist_ok=True)
    (tmp_path / place).write_text("")
    with pytest.raises(OutputError, match="a file"):
        batches.run_all(tmp_path)


def test_a_dry_look_changes_nothing(tmp_path):
    plan = plan_batch(batches.scenarios(tmp_path), tmp_path / "out")
    assert [(planned.members, planned.found, len(planned.runs)) for planned in plan] == [
        (39, 0, 1),
        (8, 0, 1),
        (6, 0, 2),
    ]
    assert not (tmp_path / "out").exists()


def test_progress_counts_every_member_once(tmp_path):
    seen = []
    batches.run_all(tmp_path, None, 5, seen.append)
    assert seen[-1].batch_done == seen[-1].batch_total == 53
    assert [each.batch_done for each in seen] == sorted(each.batch_done for each in seen)
    assert {each.scenario: (each.done, each.total) for each in seen} == {
        "baseline": (39, 39),
        "unanimity": (8, 8),
        "grid": (6, 6),
    }
    assert [each.scenario for each in seen if each.stage == "done"].count("grid") == 1


def test_the_table_of_a_design_holds_the_runs_of_its_points(done):
    folder, _ = done
    design = open_design(folder / "out" / "grid-design")
    assert len(design) == 2 and design.keys == ("parameters.trust.decay",)
    assert design.points["design.parameters.trust.decay"].tolist() == [0.01, 0.02]
    members = design.members
    assert members.index.tolist() == [(0, 0), (0, 1), (0, 2), (1, 0), (1, 1), (1, 2)]
    for point in range(2):
        run = design.run(point)
        assert run.manifest["design"] == {"parameters.trust.decay": design.points.iloc[point, 0]}
        own = members.loc[point].drop(columns=["design.parameters.trust.decay"])
        assert own.equals(run.members)
    assert repr(design).startswith("<DesignRun grid: 2 points of parameters.trust.decay, 3 members each")


def test_points_share_their_luck(done):
    folder, _ = done
    members = open_design(folder / "out" / "grid-design").members
    drawn = [name for name in members if name.startswith("drawn.")]
    assert drawn and members.loc[0][drawn].equals(members.loc[1][drawn])
    assert not np.array_equal(members.loc[0]["trust_mean_2040"], members.loc[1]["trust_mean_2040"])


def test_an_edited_design_runs_its_new_points_only_and_mixes_nothing(tmp_path):
    batches.scenarios(tmp_path)
    file, out = tmp_path / "grid.toml", tmp_path / "out"
    run_batch([load_scenario(file)], out)
    file.write_text(batches.GRID.replace("[0.01, 0.02]", "[0.03, 0.02]"))
    (outcome,) = run_batch([load_scenario(file)], out)
    assert (outcome.found, outcome.done) == (1, 1)
    design = open_design(out / "grid-design")
    assert sorted(set(design.members["design.parameters.trust.decay"])) == [0.02, 0.03]
    assert len(list((out / "grid-design" / "points").iterdir())) == 3


def test_a_design_that_is_not_finished_is_not_opened(tmp_path):
    with pytest.raises(OutputError, match="no design folder"):
        open_design(tmp_path)
    (tmp_path / "points").mkdir()
    with pytest.raises(OutputError, match="not finished"):
        open_design(tmp_path)
    (tmp_path / "design.json").write_text('{"schema": 0}')
    with pytest.raises(OutputError, match="layout 0"):
        open_design(tmp_path)


def test_a_design_of_words_and_numbers_and_of_spans(tmp_path):
    """Columns that only some points have are empty in the others."""
    text = '[design]\nkind = "list"\nrun.end = [2030-12-31, 2040-12-31]\n"treaties.rule" = ["unanimity", "opt-in"]\n'
    (outcome,) = run_batch([small("spans", tmp_path, text)], tmp_path / "out")
    members = open_design(outcome.planned.folder).members
    assert members["design.run.end"].tolist() == ["2030-12-31"] * 4 + ["2040-12-31"] * 4
    assert members.loc[1]["trust_mean_2040"].notna().all() and members.loc[0]["trust_mean_2040"].isna().all()


def test_one_run_is_not_asked_of_a_design(tmp_path):
    from sim.runs import run_scenario

    batches.scenarios(tmp_path)
    with pytest.raises(OutputError, match="use casim batch"):
        run_scenario(load_scenario(tmp_path / "grid.toml"), tmp_path / "out")
