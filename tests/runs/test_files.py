"""Files that are whole or not there, whatever ends the process that writes them."""

import os
import subprocess
import sys

import pytest

from sim.runs.files import delete, replaced, temporary

KILLED = (
    "import os, signal, sys; from pathlib import Path; from sim.runs.files import replaced\n"
    "with replaced(Path(sys.argv[1])) as unfinished:\n"
    "    unfinished.write_text('half'); os.kill(os.getpid(), signal.SIGKILL)"
)


def test_a_file_appears_whole_and_a_failure_leaves_the_old_one(tmp_path):
    path = tmp_path / "table.csv"
    path.write_text("old")
    with pytest.raises(ZeroDivisionError), replaced(path) as unfinished:
        unfinished.write_text("half")
        raise ZeroDivisionError
    assert path.read_text() == "old" and os.listdir(tmp_path) == ["table.csv"]
    with replaced(path) as unfinished:
        unfinished.write_text("new")
        assert path.read_text() == "old"
    assert path.read_text() == "new" and os.listdir(tmp_path) == ["table.csv"]


@pytest.mark.skipif(os.name == "nt", reason="needs a signal that kills")
@pytest.mark.parametrize("name", ["table.csv", "[1].csv"])
def test_what_a_killed_process_left_goes_with_the_next_writing(tmp_path, name):
    path = tmp_path / name
    subprocess.run([sys.executable, "-c", KILLED, str(path)], check=False)
    assert [each.read_text() for each in tmp_path.iterdir()] == ["half"]
    with replaced(path) as unfinished:
        unfinished.write_text("whole")
    assert os.listdir(tmp_path) == [name]


def test_what_others_are_writing_is_left_alone(tmp_path):
    """A running process, another file, another machine, and what bears no number of a process."""
    mine = temporary(tmp_path, "table.csv")
    machine = mine.name.split("-")[2]
    others = [mine, *(tmp_path / f".tmp-{name}" for name in (
        f"other.csv-{machine}-4194304999-aa", "table.csv-0badcafe-4194304999-aa", f"table.csv-{machine}-x-aa"
    ))]  # fmt: skip
    for each in others:
        each.write_text("half")
    temporary(tmp_path, "table.csv")
    assert sorted(tmp_path.iterdir()) == sorted(others)
    for each in others:
        delete(each)
    assert not list(tmp_path.iterdir())
