"""One suite for every executor: equal bits, errors that come back as errors, and workers that die."""

import os
import signal
import time
from dataclasses import dataclass, replace

import batches
import pytest

from sim.runs import LostWorkerError, UnlikeWorkerError, choose_executor, run_batch
from sim.runs.executors import Processes, Threads
from sim.runs.work import PartDone, SimulatePart, work_of
from sim.scenario import load_scenario

KINDS = ("threads", "processes", "dask-1", "dask-2")


@pytest.fixture(scope="module")
def expected(tmp_path_factory):
    """Tables of the batch, done on one thread in as large parts as there are."""
    with Threads(1) as executor:
        return batches.tables_of(batches.run_all(tmp_path_factory.mktemp("expected"), executor, 500))


@pytest.fixture(scope="module")
def cluster():
    """A real cluster on this machine: a scheduler and two worker processes, with nannies that start them anew."""
    distributed = pytest.importorskip("distributed")
    with distributed.LocalCluster(n_workers=2, threads_per_worker=1, dashboard_address=":0") as started:
        yield started


@pytest.fixture(scope="module")
def small_cluster():
    distributed = pytest.importorskip("distributed")
    with _cluster_here(distributed) as started:
        yield started


def _cluster_here(distributed):
    """A cluster of one worker in this very process, which costs no start-up."""
    return distributed.LocalCluster(
        n_workers=1, threads_per_worker=2, processes=False, dashboard_address=":0", protocol="tcp"
    )


@pytest.fixture(scope="module")
def processes():
    with choose_executor(workers=2) as executor:
        yield executor


@pytest.fixture
def executor(request):
    """The executor of that kind, opened once for all tests of this file where opening takes long."""
    if request.param == "threads":
        with choose_executor(threads=2) as made:
            yield made
    elif request.param == "processes":
        yield request.getfixturevalue("processes")
    else:
        cluster = request.getfixturevalue("small_cluster" if request.param == "dask-1" else "cluster")
        with choose_executor(scheduler=cluster.scheduler_address) as made:
            yield made


SIZES = [("threads", 1), ("threads", 37), ("processes", 37), ("processes", 500), ("dask-1", 500), ("dask-2", 7)]


@pytest.mark.parametrize(("executor", "part_size"), SIZES, indirect=["executor"])
def test_executor_and_part_size_change_no_bit(executor, part_size, expected, tmp_path):
    assert batches.tables_of(batches.run_all(tmp_path, executor, part_size)) == expected


@pytest.mark.parametrize("seed", [1, 2])
def test_the_order_of_the_parts_changes_no_bit(seed, expected, tmp_path):
    assert batches.tables_of(batches.run_all(tmp_path, batches.Shuffled(seed), 4)) == expected


def one(executor, task):
    """What becomes of a task."""
    executor.submit(task)
    deadline = time.monotonic() + 120
    while time.monotonic() < deadline:
        for completed in executor.wait():
            assert completed.task is task
            return completed
    raise AssertionError("nothing came back")


@pytest.mark.parametrize("executor", KINDS, indirect=True)
def test_a_worker_that_does_not_see_the_folder_says_so(executor, tmp_path):
    work = work_of(load_scenario("baseline"), tmp_path / "nowhere")
    completed = one(executor, SimulatePart(work, 0, 1))
    assert isinstance(completed.error, UnlikeWorkerError) and "one that all workers share" in str(completed.error)
    assert executor.under_way == 0


@pytest.mark.parametrize("executor", KINDS, indirect=True)
@pytest.mark.parametrize(
    ("change", "told"), [({"model_version": "0"}, "has model version"), ({"facts_digest": "f" * 64}, "has facts")]
)
def test_a_worker_of_another_version_says_so(executor, change, told, tmp_path):
    work = replace(work_of(load_scenario("baseline"), tmp_path), key="k", **change)
    (tmp_path / "manifest.json").write_text('{"key": "k"}')
    completed = one(executor, SimulatePart(work, 0, 1))
    assert isinstance(completed.error, UnlikeWorkerError) and told in str(completed.error)


@dataclass(frozen=True, eq=False)
class Deadly:
    """A task that ends its worker; with a file to leave behind, the first time only."""

    memory: str = ""

    def perform(self):
        if self.memory and os.path.exists(self.memory):
            return PartDone(1, 0, 0.0)
        if self.memory:
            with open(self.memory, "w"):
                pass
        os.kill(os.getpid(), signal.SIGKILL)


@dataclass(frozen=True, eq=False)
class Harmless:
    """A task that takes a moment."""

    def perform(self):
        time.sleep(0.05)
        return PartDone(1, 0, 0.0)


@pytest.mark.skipif(os.name == "nt", reason="signals")
def test_a_task_that_kills_its_worker_is_found_and_the_others_are_done():
    with Processes(2) as executor:
        deadly, others = Deadly(), [Harmless() for _ in range(3)]
        for task in (others[0], deadly, *others[1:]):
            executor.submit(task)
        completed = []
        while executor.under_way:
            completed += executor.wait()
    errors = {each.task: each.error for each in completed}
    assert isinstance(errors.pop(deadly), LostWorkerError)
    assert errors == dict.fromkeys(others)


@pytest.mark.skipif(os.name == "nt", reason="signals")
def test_a_task_whose_worker_was_lost_once_is_done(processes, tmp_path):
    assert one(processes, Deadly(str(tmp_path / "died"))).done == PartDone(1, 0, 0.0)


def kill_one(pids, after_parts):
    """A progress callback that kills the first worker once so many parts are kept."""
    seen = []

    def progress(reached):
        if reached.stage == "simulate":
            seen.append(reached)
            if len(seen) == after_parts:
                os.kill(pids()[0], signal.SIGKILL)

    return progress


@pytest.mark.skipif(os.name == "nt", reason="signals")
def test_a_dask_worker_killed_in_the_middle_costs_its_unfinished_parts_only(cluster, expected, tmp_path):
    from distributed import Client

    with Client(cluster, set_as_default=False) as client:
        progress = kill_one(lambda: list(client.run(os.getpid).values()), after_parts=5)
        with choose_executor(scheduler=cluster.scheduler_address) as executor:
            outcomes = batches.run_all(tmp_path, executor, 3, progress)
    assert batches.tables_of(outcomes) == expected


@pytest.mark.skipif(os.name == "nt", reason="signals")
def test_a_process_killed_in_the_middle_costs_its_unfinished_parts_only(expected, tmp_path):
    with Processes(2) as executor:
        progress = kill_one(executor.pids, after_parts=5)
        outcomes = batches.run_all(tmp_path, executor, 3, progress)
    assert batches.tables_of(outcomes) == expected


def test_a_scheduler_that_goes_away_ends_the_batch_and_it_goes_on(expected, tmp_path):
    distributed = pytest.importorskip("distributed")
    from sim.runs import SchedulerError

    cluster = _cluster_here(distributed)

    def progress(reached):
        if reached.stage == "simulate" and reached.batch_done > 4:
            cluster.close(timeout=2)

    with choose_executor(scheduler=cluster.scheduler_address) as executor:
        with pytest.raises(SchedulerError, match="went away"):
            batches.run_all(tmp_path, executor, 2, progress)
    assert batches.tables_of(run_batch(batches.scenarios(tmp_path), tmp_path / "out")) == expected
