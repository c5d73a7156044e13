"""What a run says while it works: a bar on a terminal, plain lines elsewhere; always on standard error."""

import sys
from types import TracebackType

_SAYS = {
    "compile": "compiling the model (first start only, about a minute)",
    "simulate": "simulating",
    "finish": "writing tables",
}


class RunProgress:
    """Shows :class:`sim.runs.Progress`; used as a context manager and as the callback."""

    def __init__(self, name: str) -> None:
        self.name = name
        self.on_terminal = sys.stderr.isatty()
        self._stage: str | None = None
        self._bar = None
        self._task = None

    def __enter__(self) -> "RunProgress":
        if self.on_terminal:
            from rich.console import Console
            from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

            says = TextColumn("{task.description}", markup=False)
            columns = (says, BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
            self._bar = Progress(*columns, console=Console(stderr=True), transient=True)
            self._bar.start()
            self._task = self._bar.add_task(f"{self.name}: reading", total=None)
        return self

    def __exit__(self, kind: type | None, error: BaseException | None, trace: TracebackType | None) -> None:
        if self._bar is not None:
            self._bar.stop()

    def __call__(self, progress) -> None:
        says = _SAYS.get(progress.stage)
        if says is None:
            return
        if self._bar is not None:
            self._bar.update(
                self._task, description=f"{self.name}: {says}", completed=progress.done, total=progress.total
            )
        elif progress.stage != self._stage:
            reached = f", {progress.done} of {progress.total} members done" if progress.stage == "simulate" else ""
            print(f"{self.name}: {says}{reached}", file=sys.stderr, flush=True)
        self._stage = progress.stage
