"""What tests of batches share: two scenarios and a design, small, and a way to say that two batches are equal."""

import random
import time

from sim.runs import run_batch
from sim.runs.executors import Completed, Executor
from sim.runs.work import perform
from sim.scenario import load_scenario

MEMBERS = {"baseline": 39, "unanimity": 8, "grid": 3}
GRID = """
extends = "baseline"
[run]
members = 3
[design]
kind = "grid"
"trust.decay" = [0.01, 0.02]
"""
TABLES = ("members", "yearly", "monthly", "events")


def scenarios(folder):
    """A scenario of several parts, a smaller one, and a design of two points."""
    (folder / "grid.toml").write_text(GRID)
    shipped = [load_scenario(name, [f"run.members={MEMBERS[name]}"]) for name in ("baseline", "unanimity")]
    return [*shipped, load_scenario(folder / "grid.toml")]


def run_all(folder, executor=None, part_size=None, progress=None):
    """The batch of these scenarios, in the folder."""
    return run_batch(scenarios(folder), folder / "out", executor, part_size, progress)


def tables_of(outcomes):
    """Every table of every run, as bytes, by where it lies below the results folder."""
    assert all(outcome.complete for outcome in outcomes), [outcome.causes for outcome in outcomes]
    found = {}
    for outcome in outcomes:
        for run in outcome.planned.runs:
            for name in TABLES:
                found[run.folder.name, name] = (run.folder / f"{name}.parquet").read_bytes()
        if outcome.planned.scenario.design is not None:
            found[outcome.name, "members"] = (outcome.planned.folder / "members.parquet").read_bytes()
    return found


class Sleep:
    """A task that takes long."""

    def perform(self):
        time.sleep(600)


class Shuffled(Executor):
    """Takes whatever there is and does it in an order of its own, in this thread."""

    def __init__(self, seed):
        super().__init__()
        self.workers, self.where = 500, "here"
        self._random = random.Random(seed)
        self._tasks = []

    @property
    def under_way(self):
        return len(self._tasks)

    def submit(self, task):
        self._tasks.append(task)

    def wait(self, seconds=0.5):
        task = self._tasks.pop(self._random.randrange(len(self._tasks)))
        try:
            return [Completed(task, perform(task), None)]
        except Exception as error:
            return [Completed(task, None, error)]

    def _start(self, task):
        raise NotImplementedError

    def drain(self):
        self._tasks.clear()
        return []

    def close(self):
        self.drain()
