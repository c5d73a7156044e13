"""What a batch says while it works: a bar for each scenario and one for all on a terminal, sparse lines elsewhere."""

import sys
import time
from collections.abc import Sequence
from types import TracebackType

from sim.cli.failure import complain

_MOST_BARS = 24
_SECONDS_BETWEEN_LINES = 30.0
_LINES = 10


def duration(seconds: float) -> str:
    """Seconds in words that claim no more than is known."""
    if seconds < 1:
        return "under a second"
    if seconds < 90:
        return f"about {max(1, round(seconds)):d} s"
    if seconds < 5400:
        return f"about {round(seconds / 60):d} min"
    return f"about {seconds / 3600:.1f} h"


def announce(plan: Sequence, seconds: float, where: str) -> None:
    """Say on standard error how much there is to do before it begins."""
    runs = [run for planned in plan for run in planned.runs]
    complete = sum(run.complete for run in runs)
    missing = sum(run.members - run.found for run in runs)
    there = f", {complete} of them there already" if complete else ""
    complain(
        f"{len(runs):,} run{'s' if len(runs) != 1 else ''} of {len(plan)} scenario{'s' if len(plan) != 1 else ''}"
        f"{there}"
    )
    if complete < len(runs):
        complain(f"{missing:,} members to simulate {where}: {duration(seconds)}")


class BatchBars:
    """Shows :class:`sim.runs.Progress`; used as a context manager and as the callback."""

    def __init__(self, plan: Sequence) -> None:
        self.plan = plan
        self.on_terminal = sys.stderr.isatty()
        self._begun = self._told = time.monotonic()
        self._first_done: int | None = None
        self._shown_share = 0
        self._over: set[str] = set()
        self._bars = None
        self._tasks: dict[str, int] = {}

    def __enter__(self) -> "BatchBars":
        if self.on_terminal:
            from rich.console import Console
            from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

            columns = (
                TextColumn("{task.description}", markup=False),
                BarColumn(),
                MofNCompleteColumn(),
                TimeRemainingColumn(compact=True),
            )
            self._bars = Progress(*columns, console=Console(stderr=True), transient=True)
            self._bars.start()
            self._all = self._bars.add_task("all", total=sum(planned.members for planned in self.plan))
        return self

    def __exit__(self, kind: type | None, error: BaseException | None, trace: TracebackType | None) -> None:
        if self._bars is not None:
            self._bars.stop()

    def __call__(self, progress) -> None:
        if progress.stage == "done":
            self._over.add(progress.scenario)
        if self._bars is not None:
            self._show(progress)
        elif progress.stage != "begin":
            self._tell(progress)

    def _show(self, progress) -> None:
        """Bars of the scenarios under way, as many as fit; those that are done make room."""
        self._bars.update(self._all, completed=progress.batch_done)
        if progress.scenario not in self._tasks and len(self._tasks) < _MOST_BARS and progress.stage != "done":
            self._tasks[progress.scenario] = self._bars.add_task(progress.scenario, total=progress.total)
        task = self._tasks.get(progress.scenario)
        if task is None:
            return
        says = f"{progress.scenario}: writing" if progress.done == progress.total else progress.scenario
        self._bars.update(task, completed=progress.done, description=says)
        if progress.stage == "done":
            self._bars.remove_task(self._tasks.pop(progress.scenario))

    def _tell(self, progress) -> None:
        """A line for each tenth of the way, and at least every half minute while anything moves."""
        now = time.monotonic()
        if self._first_done is None:
            self._first_done, self._begun = progress.batch_done, now
        share = progress.batch_done * _LINES // max(1, progress.batch_total)
        last = progress.stage == "done" and len(self._over) == len(self.plan)
        if share > self._shown_share or now - self._told > _SECONDS_BETWEEN_LINES or last:
            self._shown_share, self._told = share, now
            left = self._left(progress, now)
            complain(
                f"{progress.batch_done:,} of {progress.batch_total:,} members, {len(self._over)} of "
                f"{len(self.plan)} scenarios done{left}"
            )

    def _left(self, progress, now: float) -> str:
        done = progress.batch_done - self._first_done
        rest = progress.batch_total - progress.batch_done
        if not done or not rest:
            return ""
        return f"; {duration((now - self._begun) / done * rest)} left"
