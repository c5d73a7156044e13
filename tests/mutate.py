"""Small faults put into equations and outcomes one at a time: the tests of that folder must notice each.

A random sample of all the places where an operator, a comparison, a condition, a number or a statement can be changed
in `sim/processes` and `sim/outcomes`. Every mutant runs uncompiled, with the tests of the mirrored folder that execute
the changed line (the quickest first, until one fails); no other test may catch it, nor one that takes more than
two seconds uncompiled, as ensembles do; a mutant that outlives twenty seconds of tests has survived. In the checkout:

    python tests/mutate.py --sample 300 --kept mutants.jsonl
    python tests/mutate.py --sample 300 --kept mutants.jsonl --survivors

The second says again what the first has kept. A run that is ended goes on where it was, and after a change of the
tests `--again` tries those that survived once more.
"""

import argparse
import ast
import copy
import json
import os
import random
import resource
import shutil
import signal
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path
from typing import NamedTuple

import pytest

ROOT = Path(__file__).parents[1]
FOLDERS = ("processes", "outcomes")
PARTS = ("sim", "tests", "scenarios", "docs", "pyproject.toml", "README.md", "CHANGELOG.md", ".ci")
TESTS = {"processes": "tests/processes", "outcomes": "tests/outcomes"}
_MEMORY = 6 * 2**30
#: Seconds of processor time that a test may take uncompiled, and all tests of one mutant together.
_LONGEST, _TOGETHER = 2, 20

_COMPARISONS = {
    ast.Lt: (ast.LtE, ast.GtE), ast.LtE: (ast.Lt, ast.Gt), ast.Gt: (ast.GtE, ast.LtE), ast.GtE: (ast.Gt, ast.Lt),
    ast.Eq: (ast.NotEq,), ast.NotEq: (ast.Eq,), ast.Is: (ast.IsNot,), ast.IsNot: (ast.Is,), ast.In: (ast.NotIn,),
    ast.NotIn: (ast.In,),
}  # fmt: skip
_OPERATORS = {
    ast.Add: (ast.Sub,), ast.Sub: (ast.Add,), ast.Mult: (ast.Div,), ast.Div: (ast.Mult,), ast.FloorDiv: (ast.Mult,),
    ast.Mod: (ast.Mult,), ast.Pow: (ast.Mult,), ast.BitAnd: (ast.BitOr,), ast.BitOr: (ast.BitAnd,),
}  # fmt: skip
_CALLS = {"min": "max", "max": "min", "minimum": "maximum", "maximum": "minimum", "any": "all", "all": "any"}


class Mutant(NamedTuple):
    """One fault: the file below `sim`, its lines, what stood there and what stands there now."""

    file: str
    first: int
    last: int
    before: str
    after: str
    number: int

    @property
    def folder(self) -> str:
        """The folder of `sim` that it lies in."""
        return self.file.split("/")[0]


def _changes(node: ast.AST) -> Iterator[ast.AST]:
    """What may stand in the place of a node."""

    def changed(**fields) -> ast.AST:
        other = copy.deepcopy(node)
        for name, value in fields.items():
            setattr(other, name, value)
        return other

    match node:
        case ast.Compare(ops=[operator]):
            for other in _COMPARISONS.get(type(operator), ()):
                yield changed(ops=[other()])
        case ast.BinOp(op=operator) | ast.AugAssign(op=operator):
            for other in _OPERATORS.get(type(operator), ()):
                yield changed(op=other())
            if isinstance(node, ast.AugAssign):
                yield ast.Pass()
        case ast.BoolOp(op=operator):
            yield changed(op=ast.Or() if isinstance(operator, ast.And) else ast.And())
        case ast.UnaryOp(op=ast.Not() | ast.USub()):
            yield node.operand
        case ast.Constant(value=bool(value)):
            yield ast.Constant(not value)
        case ast.Constant(value=int(value)):
            yield ast.Constant(value + 1)
        case ast.Constant(value=float(value)):
            yield ast.Constant(1.0 if value == 0 else value * 1.25)
        case ast.If() | ast.While() | ast.IfExp():
            yield changed(test=ast.UnaryOp(ast.Not(), node.test))
        case ast.Break():
            yield ast.Continue()
        case ast.Continue():
            yield ast.Pass()
        case ast.Expr(value=ast.Call()) | ast.Assign(targets=[ast.Subscript() | ast.Attribute()]):
            yield ast.Pass()
        case ast.Call(func=ast.Name(id=name)) if name in _CALLS:
            yield changed(func=ast.Name(_CALLS[name], ast.Load()))
        case ast.Call(func=ast.Attribute(attr=name)) if name in _CALLS:
            yield changed(func=ast.Attribute(node.func.value, _CALLS[name], ast.Load()))


def _left_alone(node: ast.AST) -> list[ast.AST]:
    """Children that say nothing of what the code does: annotations, decorators, what an error says, type aliases."""
    match node:
        case ast.FunctionDef():
            given = node.args
            arguments = [*given.posonlyargs, *given.args, *given.kwonlyargs, given.vararg, given.kwarg]
            return [*node.decorator_list, node.returns, *(each.annotation for each in arguments if each)]
        case ast.AnnAssign():
            return [node.annotation]
        case ast.Raise():
            return [node.exc, node.cause]
        case ast.ClassDef():
            return [*node.decorator_list, *node.bases]
    return []


def _places(tree: ast.Module) -> Iterator[tuple[ast.AST, str, int | None, ast.AST]]:
    """Parent, field, index and node of everything that may be changed."""
    waiting: list[ast.AST] = [tree]
    while waiting:
        parent = waiting.pop()
        omitted = {id(child) for child in _left_alone(parent)}
        for field, value in ast.iter_fields(parent):
            for index, child in enumerate(value) if isinstance(value, list) else [(None, value)]:
                if isinstance(child, ast.AST) and id(child) not in omitted:
                    waiting.append(child)
                    if hasattr(child, "lineno"):
                        yield parent, field, index, child


def _put(parent: ast.AST, field: str, index: int | None, node: ast.AST) -> None:
    if index is None:
        setattr(parent, field, node)
    else:
        getattr(parent, field)[index] = node


def mutations(file: str) -> Iterator[tuple[Mutant, Callable[[], str]]]:
    """Every mutant of a file, and a function that gives the whole source with it."""
    source = (ROOT / "sim" / file).read_text("utf-8")
    tree = ast.parse(source)
    number = 0
    for parent, field, index, node in _places(tree):
        for other in _changes(node):

            def written(parent=parent, field=field, index=index, node=node, other=other) -> str:
                _put(parent, field, index, other)
                try:
                    return ast.unparse(ast.fix_missing_locations(tree))
                finally:
                    _put(parent, field, index, node)

            whole = node.test if isinstance(node, ast.If | ast.While | ast.IfExp) else node
            texts = [" ".join(ast.unparse(each).split()) for each in (whole, getattr(other, "test", other))]
            yield Mutant(file, node.lineno, whole.end_lineno, *texts, number), written
            number += 1


class Bench:
    """A copy of the checkout in which one file at a time is changed, and tests run in a process forked for them."""

    def __init__(self, place: Path):
        self.place = place
        for name in PARTS:
            source = ROOT / name
            if source.is_dir():
                shutil.copytree(source, place / name, ignore=shutil.ignore_patterns("__pycache__"))
            else:
                shutil.copy(source, place / name)

    def write(self, file: str, text: str) -> None:
        """A file of `sim`; what Python has kept of it is taken away."""
        path = self.place / "sim" / file
        path.write_text(text, "utf-8")
        for kept in (path.parent / "__pycache__").glob(f"{path.stem}.*.pyc"):
            kept.unlink()

    def run(self, arguments: list[str], seconds: float, plugin: object = None) -> int:
        """The exit code of pytest, or -1 if so many seconds of processor time were not enough or it was ended."""
        pid = os.fork()
        if pid == 0:
            resource.setrlimit(resource.RLIMIT_CPU, (int(seconds), int(seconds)))
            os._exit(self._in_child(arguments, plugin))
        try:
            _, status = os.waitpid(pid, 0)
        finally:
            with suppress(ProcessLookupError):  # also what a test has started and not ended
                os.killpg(pid, signal.SIGKILL)
        return os.waitstatus_to_exitcode(status) if os.WIFEXITED(status) else -1

    def _in_child(self, arguments: list[str], plugin: object) -> int:
        os.setpgid(0, 0)
        resource.setrlimit(resource.RLIMIT_AS, (_MEMORY, _MEMORY))
        quiet = os.open(os.devnull, os.O_WRONLY)
        os.dup2(quiet, 1)
        os.dup2(quiet, 2)
        os.chdir(self.place)
        sys.path[:] = [str(self.place), *(each for each in sys.path if Path(each or ".").resolve() != ROOT)]
        try:
            options = ["-q", "-n0", "-x", "-p", "no:cacheprovider", "--benchmark-disable", f"--rootdir={self.place}"]
            return int(pytest.main([*options, *arguments], plugins=[plugin] if plugin else []))
        except BaseException:
            return -1
        finally:
            shutil.rmtree(self.place / ".hypothesis", ignore_errors=True)


class _Watch:
    """A plugin that keeps what each test that passes took, and has coverage file every executed line under its test."""

    def __init__(self, folder: Path, source: Path):
        import coverage

        self.times: dict[str, float] = {}
        self.not_passed: set[str] = set()
        self.kept = folder / "times.json"
        self.coverage = coverage.Coverage(data_file=str(folder / "lines"), source=[str(source)], config_file=False)

    def pytest_sessionstart(self) -> None:
        """Before any module is imported."""
        signal.signal(signal.SIGPROF, _too_long)
        self.coverage.start()

    def pytest_runtest_logstart(self, nodeid: str) -> None:
        """What fixtures execute belongs to the test that asks for them first."""
        self.coverage.switch_context(nodeid)
        self.times[nodeid] = -time.process_time()

    def pytest_runtest_logfinish(self, nodeid: str) -> None:
        """With its fixtures."""
        self.times[nodeid] += time.process_time()

    @pytest.hookimpl(wrapper=True)
    def pytest_runtest_setup(self) -> Iterator[None]:
        """Fixtures take no longer than a test may."""
        return (yield from _in_time())

    @pytest.hookimpl(wrapper=True)
    def pytest_runtest_call(self) -> Iterator[None]:
        """Nor does the test."""
        return (yield from _in_time())

    def pytest_runtest_logreport(self, report) -> None:
        """Those that fail, or take too long, can show nothing."""
        if not report.passed:
            self.not_passed.add(report.nodeid)

    def pytest_sessionfinish(self) -> None:
        """All of it."""
        self.coverage.stop()
        self.coverage.save()
        self.kept.write_text(json.dumps([self.times, sorted(self.not_passed)]))


def _in_time() -> Iterator[None]:
    """Around what may take too long, not around what pytest does between, which an exception would end."""
    signal.setitimer(signal.ITIMER_PROF, _LONGEST)
    try:
        return (yield)
    finally:
        signal.setitimer(signal.ITIMER_PROF, 0)


def _too_long(*_) -> None:
    raise TimeoutError(f"more than {_LONGEST} seconds uncompiled")


def survey(bench: Bench, folder: str, known: Path | None) -> tuple[dict[str, dict[int, set[str]]], dict[str, float]]:
    """File -> line -> tests that pass and execute it ("" where it runs at import); test -> seconds.

    What was too slow before is not tried again; ``known`` is a file to keep the names in.
    """
    import coverage

    place = bench.place.parent / folder
    place.mkdir()
    watch = _Watch(place, bench.place / "sim" / folder)
    slow = json.loads(known.read_text()).get(folder, []) if known and known.exists() else []
    options = ["--maxfail=9999", *(f"--deselect={test}" for test in slow)]
    if (code := bench.run([TESTS[folder], *options], 3600, watch)) not in (0, 1):
        raise SystemExit(f"the tests of {folder} did not come to their end ({code})")
    times, not_passed = json.loads(watch.kept.read_text())
    seconds = {test: took for test, took in times.items() if test not in not_passed}
    not_passed += slow
    if known:
        before = json.loads(known.read_text()) if known.exists() else {}
        known.write_text(json.dumps(before | {folder: not_passed}))
    print(f"{folder}: {len(seconds)} tests pass uncompiled in {sum(seconds.values()):.0f} s", flush=True)
    print(f"{folder}: {len(not_passed)} are left out: {', '.join(not_passed) or 'none'}", flush=True)
    data = coverage.CoverageData(str(place / "lines"))
    data.read()
    found = {
        Path(path).relative_to(bench.place / "sim").as_posix(): {
            line: {test for test in tests if test in seconds or not test}
            for line, tests in data.contexts_by_lineno(path).items()
        }
        for path in data.measured_files()
    }
    return found, seconds


def _warm_up() -> None:
    """Load what every mutant needs beside casim, once."""
    os.environ["NUMBA_DISABLE_JIT"] = "1"
    import coverage  # noqa: F401
    import hypothesis  # noqa: F401
    import matplotlib  # noqa: F401
    import numba  # noqa: F401
    import pandas  # noqa: F401
    import pyarrow.parquet  # noqa: F401
    import pydantic  # noqa: F401
    import scipy.stats  # noqa: F401

    assert "sim" not in sys.modules


def drawn(sample: int, seed: int) -> list[tuple[Mutant, Callable[[], str]]]:
    """A random sample, half from each folder, in an order in which a part of it is a sample too."""
    chosen = []
    for folder in FOLDERS:
        files = sorted((ROOT / "sim" / folder).rglob("*.py"))
        every = [each for file in files for each in mutations(file.relative_to(ROOT / "sim").as_posix())]
        print(f"{folder}: {len(every):,} mutants in {len(files)} files", flush=True)
        chosen += random.Random(f"{folder} {seed}").sample(every, min(len(every), sample // 2))
    random.Random(seed).shuffle(chosen)
    return chosen


def judged(bench: Bench, mutant: Mutant, text: str, lines: dict[int, set[str]], seconds: dict[str, float]) -> str:
    """killed, timed out, survived, or never executed.

    Tests that execute the line come first, then those that execute anything else of the file, as what the line gave
    may have been kept for them; the quickest first.
    """
    at_line = set().union(*(lines.get(line, ()) for line in range(mutant.first, mutant.last + 1)))
    if not at_line:
        return "never executed"
    others = set().union(*lines.values()) - at_line
    tests, together = [], 0.0
    for name in [name for each in (at_line, others) for name in sorted(each - {""}, key=seconds.get)]:
        together += seconds[name]
        if together < _TOGETHER:
            tests.append(name)
    original = (bench.place / "sim" / mutant.file).read_text("utf-8")
    bench.write(mutant.file, text)
    try:
        code = bench.run(tests, 30 + 5 * sum(map(seconds.get, tests)))
    finally:
        bench.write(mutant.file, original)
    return {0: "survived", -1: "timed out"}.get(code, "killed")


def report(kept: dict[Mutant, str], survivors: bool) -> None:
    """Shares killed, and those that were not."""
    for folder in FOLDERS:
        counts = Counter(what for mutant, what in kept.items() if mutant.folder == folder)
        killed, n = counts["killed"] + counts["timed out"], counts.total()
        if n:
            print(f"{folder}: {killed} of {n} killed ({killed / n:.0%}): {dict(counts)}")
    for mutant, what in sorted(kept.items()) if survivors else ():
        if what in ("survived", "never executed"):
            print(f"{what}: sim/{mutant.file}:{mutant.first}: {mutant.before[:150]}  ->  {mutant.after[:150]}")


def main() -> None:
    """The sample, or what is left of it."""
    wanted = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    wanted.add_argument("--sample", type=int, default=300)
    wanted.add_argument("--seed", type=int, default=1)
    wanted.add_argument("--kept", type=Path, help="a file to keep verdicts in, a line each")
    wanted.add_argument("--survivors", action="store_true", help="only say what was kept")
    wanted.add_argument("--again", action="store_true", help="try survivors once more")
    given = wanted.parse_args()
    kept: dict[Mutant, str] = {}
    if given.kept and given.kept.exists():
        for line in given.kept.read_text("utf-8").splitlines():
            *fields, what = json.loads(line)
            kept[Mutant(*fields)] = what
    if given.survivors:
        return report(kept, True)
    _warm_up()
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))
    with tempfile.TemporaryDirectory(prefix="casim-mutants-") as place:
        bench = Bench(Path(place) / "checkout")
        lines, seconds = {}, {}
        for folder in FOLDERS:
            found, took = survey(bench, folder, given.kept and given.kept.with_suffix(".slow"))
            lines, seconds = lines | found, seconds | took
        for mutant, written in drawn(given.sample, given.seed):
            if mutant in kept and not (given.again and kept[mutant] in ("survived", "never executed")):
                continue
            kept[mutant] = judged(bench, mutant, written(), lines.get(mutant.file, {}), seconds)
            if given.kept:
                with given.kept.open("a", encoding="utf-8") as file:
                    file.write(json.dumps([*mutant, kept[mutant]]) + "\n")
    report(kept, True)


if __name__ == "__main__":
    main()
