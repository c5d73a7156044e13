"""The summary of a finished run as it was printed, kept in its folder: shown again, it is not made again."""

import hashlib
import io
import json
import os
import sys
from contextlib import redirect_stdout, suppress
from pathlib import Path
from typing import Any, TextIO

from sim.facts.load import CALIBRATIONS
from sim.runs.files import read_json, replaced
from sim.runs.manifest import MANIFEST

_FILE = ".answer.json"
_PACKAGE = Path(__file__).parents[1]
#: What decides how text looks on a terminal.
_LOOKS = ("TERM", "COLORTERM", "NO_COLOR", "FORCE_COLOR")


def print_answer(run: Any, brief: bool = False) -> None:
    """Print the summary of a run, or its sentences alone: as kept, if run, program and terminal are the same."""
    path, mark = run.path / _FILE, _mark(run.path, brief)
    kept = read_json(path) or {}
    if kept.get("mark") == mark and isinstance(kept.get("text"), str):
        sys.stdout.write(kept["text"])
        return
    from sim.cli import summary

    with redirect_stdout(_Copy(sys.stdout)) as said:
        summary.print_brief(run) if brief else summary.print_summary(run)
    with suppress(OSError), replaced(path) as unfinished:  # a folder that cannot be written is summed up anew
        unfinished.write_text(json.dumps({"mark": mark, "text": said.text}), "utf-8")


class _Copy:
    """Standard output that keeps what is written to it."""

    def __init__(self, stream: TextIO) -> None:
        self._stream, self._kept = stream, io.StringIO()

    def __getattr__(self, name: str) -> Any:
        return getattr(self._stream, name)

    def write(self, text: str) -> int:
        """Write and keep."""
        self._kept.write(text)
        return self._stream.write(text)

    @property
    def text(self) -> str:
        """All that was written."""
        return self._kept.getvalue()


def _mark(folder: Path, brief: bool) -> str:
    """Digest of all that a summary rests on."""
    sources = [*sorted((_PACKAGE / "outcomes").glob("*.py")), *sorted((_PACKAGE / "cli").glob("*.py"))]
    checks = sorted(CALIBRATIONS.glob("*.checks.csv"))
    digest = hashlib.sha256()
    for path in (folder / MANIFEST, _PACKAGE / "words.py", *sources, *checks):
        digest.update(hashlib.sha256(path.read_bytes()).digest())
    looks = [str(folder), brief, sys.stdout.isatty(), sys.stdout.encoding, *(os.environ.get(name) for name in _LOOKS)]
    digest.update(repr(looks).encode())
    return digest.hexdigest()
