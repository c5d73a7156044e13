"""How fast casim's way is beside Mesa's batch_run and AgentPy's Experiment, on the same work.

    python tests/benchmarks/peers/ratios.py [--repetitions 7] [--whole]

Processor time of one core per member, repetitions interleaved, medians; compilation and imports are not counted. Every
way goes through 588 months of the reduced core of `core.py` and keeps the same records; that the histories are equal
is shown by `test_peers.py`. With ``--whole`` the engine of casim itself is timed too, which does far more per member.
"""

import argparse
import ast
import io
import platform
import statistics
import time
import tokenize
from collections.abc import Callable
from pathlib import Path

from compiled_core import CompiledCore
from core import load_core

HERE = Path(__file__).parent
_SILENT = {tokenize.COMMENT, tokenize.NL, tokenize.NEWLINE, tokenize.INDENT, tokenize.DEDENT, tokenize.ENDMARKER}


def lines_of_code(path: Path) -> int:
    """Lines with code on them: no blank lines, comments or docstrings."""
    text = path.read_text("utf-8")
    docstrings = set()
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef) and ast.get_docstring(node) is not None:
            docstrings |= set(range(node.body[0].lineno, node.body[0].end_lineno + 1))
    found = set()
    for token in tokenize.generate_tokens(io.StringIO(text).readline):
        if token.type not in _SILENT:
            found |= set(range(token.start[0], token.end[0] + 1))
    return len(found - docstrings)


def ways(core, whole: bool) -> dict[str, tuple[int, Callable[[], object], str]]:
    """By name: members a repetition, what goes through them, and the file whose lines are counted."""
    compiled = CompiledCore(core, seed=2026)
    found = {"casim's way (reduced core)": (400, lambda: compiled.run(0, 400), "compiled_core.py")}
    try:
        import mesa
        import mesa_core

        found[f"Mesa {mesa.__version__}, batch_run"] = (2, lambda: mesa_core.run_batch(core, 2), "mesa_core.py")
        import agentpy
        import agentpy_core

        found[f"AgentPy {agentpy.__version__}, Experiment"] = (
            2,
            lambda: agentpy_core.run_batch(core, 2),
            "agentpy_core.py",
        )
    except ImportError as error:
        print(f"left out: {error}")
    if whole:
        from sim.facts import load_facts
        from sim.model import build_world, simulate_members
        from sim.scenario import load_scenario

        world = build_world(load_scenario("baseline"), load_facts())
        found["casim itself (whole model)"] = (100, lambda: simulate_members(world, 0, 100), "")
    return found


def measure(found: dict, repetitions: int) -> dict[str, list[float]]:
    """Processor seconds per member of each way, in turns."""
    seconds: dict[str, list[float]] = {name: [] for name in found}
    for _, live, _ in found.values():
        live()  # compiles, imports, fills caches
    for _ in range(repetitions):
        for name, (members, live, _) in found.items():
            started = time.process_time()
            live()
            seconds[name].append((time.process_time() - started) / members)
    return seconds


def main() -> None:
    """Measure and print the table."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--repetitions", type=int, default=7)
    parser.add_argument("--whole", action="store_true", help="time the whole engine of casim too")
    chosen = parser.parse_args()
    found = ways(load_core(), chosen.whole)
    seconds = measure(found, chosen.repetitions)
    base = statistics.median(next(iter(seconds.values())))
    print(
        f"Python {platform.python_version()}, {chosen.repetitions} interleaved repetitions, processor time, medians\n"
    )
    print(f"| {'written as':32} | ms a member | members/s a core | casim's way is faster | lines |")
    print(f"|{'-' * 34}|------------:|-----------------:|----------------------:|------:|")
    for name, values in seconds.items():
        middle = statistics.median(values)
        # a ratio of each round, so that what else the machine did in it counts for both
        ratios = [value / fast for value, fast in zip(values, next(iter(seconds.values())))]
        ratio = (
            ""
            if middle == base
            else f"{statistics.median(ratios):.0f} times"
            if middle > 10 * base
            else (f"{statistics.median(ratios):.1f} times")
        )
        lines = lines_of_code(HERE / found[name][2]) if found[name][2] else ""
        print(f"| {name:32} | {1000 * middle:11.2f} | {1 / middle:16,.1f} | {ratio:>21} | {lines:>5} |")


if __name__ == "__main__":
    main()
