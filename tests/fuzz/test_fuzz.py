"""The pieces of the fuzzing command; the search itself is run by hand (docs/reliability.md)."""

import json
import random
import subprocess
import sys
from importlib.util import find_spec

import pytest

from tests.fuzz import readers
from tests.fuzz.__main__ import blind_case
from tests.fuzz.guided import COMPILED, changed, heard, packed, unguided, unpacked
from tests.fuzz.readers import READERS, ROOT, Input, Reader, attempt, damaged, rearranged

QUICK = [reader for reader in READERS if reader != "run folder"]  # which takes a run


@pytest.mark.parametrize("reader", QUICK)
def test_inputs_are_valid_before_they_are_damaged(reader, tmp_path):
    drawn = READERS[reader].draw(random.Random(1))
    assert drawn.name in READERS[reader].names
    READERS[reader].read(tmp_path, drawn)


@pytest.mark.parametrize("reader", QUICK)
def test_a_seed_makes_its_case_again(reader):
    assert blind_case(reader, 7) == blind_case(reader, 7) != blind_case(reader, 8)


def test_damage_changes_the_bytes():
    data = b'title = "a"\nyears = [1992, 2040]\n'
    assert sum(damaged(data, random.Random(seed)) != data for seed in range(100)) > 80


def test_what_is_no_error_of_casim_is_a_finding(monkeypatch):
    def stumble(_, given):
        if given.data != b"good":
            raise KeyError(given.name)

    monkeypatch.setitem(readers.READERS, "stumbling", Reader(("x",), lambda chance: Input("x", b"good"), stumble))
    assert attempt("stumbling", Input("x", b"good")) is None
    assert attempt("stumbling", Input("x", b"bad")).startswith("KeyError at test_fuzz.py:")


def test_words_of_casim_are_an_answer():
    assert attempt("goal", Input("--until", b"P(")) is None
    assert attempt("scenario", Input("case.toml", b"[run")) is None


def test_long_reading_is_a_finding(monkeypatch):
    monkeypatch.setattr(readers, "SLOW", -1.0)
    assert attempt("goal", Input("--until", b"P(")).startswith("took ")


def test_any_bytes_are_an_input():
    names = ("a.csv", "b.csv", "c.csv")
    assert unpacked(names, packed(names, "b.csv", b"x,y\n")) == ("b.csv", b"x,y\n")
    assert unpacked(names, b"") == ("a.csv", b"")
    assert unpacked(names, b"\xff") == ("a.csv", b"")
    assert changed(b"\x02a,b\n1,2\n", random.Random(3))[:1] == b"\x02"


def test_json_stays_readable_and_one_part_of_it_differs():
    whole = {"a": [1, {"b": "c"}], "d": {"e": [True]}}
    made = [json.loads(rearranged(json.dumps(whole).encode(), random.Random(seed))) for seed in range(60)]
    assert len({json.dumps(each) for each in made}) > 20 and made.count(whole) < 10


def test_only_readers_are_instrumented_and_nothing_compiled():
    left = unguided()
    assert {"sim.model", "sim.engine", "sim.processes", *COMPILED} <= set(left)
    instrumented = set((ROOT / "sim").rglob("*.py")) - {_path(name) for name in left}
    wanted = ("sim.scenario", "sim.scenario.toml", "sim.facts.load", "sim.runs.manifest", "sim.outcomes.goal")
    assert {_path(name) for name in wanted} <= instrumented
    assert [path for path in instrumented if "@compiled" in path.read_text("utf-8")] == []


def _path(name):
    path = ROOT.joinpath(*name.split("."))
    return path / "__init__.py" if path.is_dir() else path.with_suffix(".py")


def test_guided_says_what_it_needs():
    if find_spec("atheris"):
        pytest.skip("atheris is here")
    ended = subprocess.run(
        [sys.executable, "-m", "tests.fuzz", "--guided"], cwd=ROOT, capture_output=True, text=True, timeout=120
    )
    assert ended.returncode == 2 and "uv sync --group fuzz" in ended.stderr


def test_guided_search_runs_and_keeps_what_reaches_further(tmp_path):
    """A second of it, of one reader."""
    pytest.importorskip("atheris")
    from tests.fuzz.guided import _searched

    (tmp_path / "corpus").mkdir()
    cases, branches, found = _searched("goal", tmp_path, tmp_path, 1)
    assert cases > 3 and branches > 10 and not found
    assert list((tmp_path / "corpus").iterdir())


def test_what_a_search_says_is_heard():
    log = (
        "#128\tpulse  cov: 60 ft: 112 corp: 5/9b\nFOUND /a b/goal/found-01.input: KeyError at goal.py:3: 'x'\n"
        "#901\tREDUCE cov: 64 ft: 120 corp: 7/9b\n==9== libFuzzer: deadly signal\n"
        "artifact_prefix='/a b/goal/'; Test unit written to /a b/goal/crash-5f\n"
        "stat::number_of_executed_units: 950\nTest unit written to /a b/goal/slow-unit-77\n"
    )
    found = {"/a b/goal/found-01.input": "KeyError at goal.py:3: 'x'", "/a b/goal/crash-5f": "ended the process"}
    assert heard(log) == (950, 64, found)
    assert heard("Traceback") == (0, 0, {})
