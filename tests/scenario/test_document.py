"""Files that cannot be read: one clear problem each, never a traceback."""

import os
import time

import pytest

from sim.facts import files as reading
from sim.scenario import ScenarioError, load_scenario

from . import stand_in


def problem_of(path):
    with pytest.raises(ScenarioError) as caught:
        load_scenario(path, facts=stand_in.facts())
    assert len(caught.value.problems) == 1
    return str(caught.value)


def test_a_folder(folder):
    (folder.path / "x.toml").mkdir()
    assert problem_of("x.toml") == "x.toml: is a folder, not a scenario file."


def test_a_missing_file_names_the_nearest(folder):
    folder.write("mine.toml", "")
    assert problem_of("mien.toml") == "mien.toml: does not exist.  Did you mean mine.toml?"
    assert problem_of("nowhere/zzzzzz.toml") == "nowhere/zzzzzz.toml: does not exist."


def test_a_missing_name_names_the_nearest(folder):
    assert problem_of("free-rum").endswith(
        "is not a scenario that ships, nor a file.  Known: " + known() + "  Did you mean free-run?"
    )


def known():
    from sim.scenario.load import shipped

    return ", ".join(shipped()) + "."


def test_no_permission(folder, monkeypatch):
    path = folder.write("x.toml", "")

    def refuse(*_args, **_options):
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(reading, "open", refuse, raising=False)
    assert problem_of(path) == "x.toml: cannot be read: permission denied."


def test_a_disk_that_fails(folder, monkeypatch):
    path = folder.write("x.toml", "")

    def fail(*_args, **_options):
        raise OSError(5, "Input/output error")

    monkeypatch.setattr(reading, "open", fail, raising=False)
    assert problem_of(path) == "x.toml: cannot be read: Input/output error."


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="no named pipes here")
def test_a_pipe_is_not_waited_for(folder):
    os.mkfifo(folder.path / "x.toml")
    assert problem_of("x.toml") == "x.toml: is not an ordinary file."


def test_too_large(folder):
    folder.write("x.toml", "# " + "x" * 1_000_000)
    assert problem_of("x.toml") == "x.toml: is larger than 1,000,000 bytes: not a scenario file."


@pytest.mark.parametrize(
    "text",
    [
        "x = " + "[" * 900_000,
        "x = " + "{a=" * 300_000,
        "[" + "a." * 450_000 + "a]",
        ("a." * 400 + "a = 1\n") * 1_200,
        "\n".join(f"[a{i}]\nb = {i}" for i in range(20_000)),
        "[parameters]\n" + "\n".join(f"p{i} = {i}" for i in range(30_000)),
        "[[events]]\n" * 30_000,
        "x = 0x" + "f" * 900_000,
        "[run]\nseed = 0x" + "f" * 900_000,
        "\n" * 900_000 + "x",
    ],
    ids=["arrays", "tables", "header", "keys", "many-tables", "many-parameters", "many-events", "hex", "seed", "lines"],
)
def test_large_and_deep_files_end_soon(folder, text):
    folder.write("x.toml", text)
    before = time.perf_counter()
    with pytest.raises(ScenarioError) as caught:
        load_scenario("x.toml", facts=stand_in.facts())
    assert time.perf_counter() - before < 20
    assert len(str(caught.value)) < 200_000


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("", "is empty."),
        ("a\0b.toml", "contains control characters."),
        ("a\nb", "contains control characters."),
        ("\udce9.toml", "contains control characters."),
        ("x" * 300 + ".toml", "is too long for a file name."),
        ("x" * 252, "is too long for a file name."),  # no longer than a name may be, but for its ending
        ("ё" * 130, "is too long for a file name."),  # 260 bytes
        ("a/" * 3000 + "x.toml", "is too long for a file name."),
        (".toml", "has nothing before .toml."),
    ],
)
def test_names_that_cannot_be(folder, name, words):
    told = problem_of(name)
    assert told.endswith(f"the name of the scenario {words}")
    assert "\n" not in told
    told.encode()


def test_byte_order_mark_and_windows_line_ends(folder):
    (folder.path / "x.toml").write_bytes(b'\xef\xbb\xbfextends = "baseline"\r\n[run]\r\nmembers = 7\r\n')
    scenario = folder.load("x.toml")
    assert scenario.run.members == 7
    assert scenario.sources["run.members"].line == 3
