"""What a command says while it works: a bar on a terminal, plain lines elsewhere; always on standard error."""

import sys
from types import TracebackType

from sim.cli.failure import complain

_SAYS = {
    "compile": "compiling the model (first start only, about half a minute)",
    "simulate": "simulating",
    "finish": "writing tables",
}


class Bar:
    """A bar with the time left on a terminal, a line every tenth part elsewhere; a context manager and the callback."""

    begins = "replaying the record"

    def __init__(self, name: str, doing: str = "", unit: str = "") -> None:
        self.name, self.doing, self.unit = name, doing, unit
        self._bar = self._task = None
        self._said = -1

    def __enter__(self):
        if sys.stderr.isatty():
            from rich.console import Console
            from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

            says = TextColumn("{task.description}", markup=False)
            columns = (says, BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
            self._bar = Progress(*columns, console=Console(stderr=True), transient=True)
            self._bar.start()
            self._task = self._bar.add_task(f"{self.name}: {self.begins}", total=None)
        return self

    def __exit__(self, kind: type | None, error: BaseException | None, trace: TracebackType | None) -> None:
        if self._bar is not None:
            self._bar.stop()

    def __call__(self, done: int, total: int) -> None:
        if self._bar is not None:
            self._show(self.doing, done, total)
        elif 10 * done // total > self._said:
            self._said = 10 * done // total
            complain(f"{self.name}: {done} of {total} {self.unit}")

    def _show(self, doing: str, done: int, total: int) -> None:
        self._bar.update(self._task, description=f"{self.name}: {doing}", completed=done, total=total)


class RunProgress(Bar):
    """Shows :class:`sim.runs.Progress`: its stages, on a terminal with a bar of the members."""

    begins = "reading"
    _stage: str | None = None

    def __call__(self, progress) -> None:
        says = _SAYS.get(progress.stage)
        if says is None:
            return
        if self._bar is not None:
            self._show(says, progress.done, progress.total)
        elif progress.stage != self._stage:
            reached = f", {progress.done} of {progress.total} members done" if progress.stage == "simulate" else ""
            print(f"{self.name}: {says}{reached}", file=sys.stderr, flush=True)
        self._stage = progress.stage
