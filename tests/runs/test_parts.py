"""Parts: whole or not there, and never those of another run."""

import numpy as np
import pytest

from sim.runs import arrow
from sim.runs.parts import Part, part_name, read_part, write_part
from sim.runs.resume import gaps, sound_parts
from sim.runs.sketch import Sketch

KEY = "k" * 64


def a_part(first, last, failed=()):
    numbers = arrow.table({"member": np.arange(first, last)})
    sketch = Sketch({"x": 0.5}, 2)
    sketch.add({"x": np.zeros((last - first, 2))})
    return Part(first, last, failed, {name: numbers for name in ("members", "yearly", "events")}, sketch)


@pytest.fixture
def parts(tmp_path):
    folder = tmp_path / "parts"
    folder.mkdir()
    for first in (0, 10, 20):
        write_part(folder, KEY, a_part(first, first + 10, ((first + 3, "Error: why"),)))
    return folder


def firsts(parts, members=30):
    return [part.first for part in sound_parts(parts, KEY, ("members",), members)]


def test_what_was_written_is_read(parts):
    part = read_part(parts / "000010-000019", KEY, ("members", "events"))
    assert (part.first, part.last, part.failed) == (10, 20, ((13, "Error: why"),))
    assert part.table("members").column("member").to_pylist() == list(range(10, 20))
    assert part.table("terms") is None
    assert part.read_sketch().numbers.tolist() == [[10, 10]]
    assert part.made_with["versions"].keys() >= {"numpy", "numba"}


def test_a_flipped_bit_is_noticed_and_the_part_deleted(parts):
    file = parts / "000010-000019" / "yearly.arrow"
    content = bytearray(file.read_bytes())
    content[len(content) // 2] ^= 1
    file.write_bytes(content)
    assert firsts(parts) == [0, 20]
    assert not (parts / "000010-000019").exists()


@pytest.mark.parametrize("name", ["members.arrow", "part.json"])
def test_half_a_file_is_noticed(parts, name):
    file = parts / "000000-000009" / name
    file.write_bytes(file.read_bytes()[:-7])
    assert firsts(parts) == [10, 20]


@pytest.mark.parametrize("note", ["[]", "{}", '{"first": 0}', '{"first": "x", "failed": []}'])
def test_a_note_that_says_something_else_is_noticed(parts, note):
    (parts / "000000-000009" / "part.json").write_text(note)
    assert firsts(parts) == [10, 20]


def test_parts_of_other_histories_are_not_used(parts):
    write_part(parts, "other" * 12, a_part(0, 10))
    assert firsts(parts) == [10, 20]


def test_a_renamed_part_is_not_used(parts):
    (parts / "000020-000029").rename(parts / "000030-000039")
    assert firsts(parts, 40) == [0, 10]


def test_parts_beyond_the_members_or_overlapping_are_not_used(parts):
    write_part(parts, KEY, a_part(5, 8))
    assert firsts(parts, 25) == [0, 10]


def test_a_part_without_a_needed_table_is_done_again(parts):
    assert sound_parts(parts, KEY, ("members", "terms"), 30) == []


def test_unfinished_folders_and_strangers_are_cleared(parts):
    (parts / ".tmp-000030-000039-1").mkdir()
    (parts / "notes.txt").write_text("hello")
    assert firsts(parts) == [0, 10, 20]
    assert sorted(path.name for path in parts.iterdir()) == [part_name(k, k + 10) for k in (0, 10, 20)]


def test_gaps_are_what_is_missing(parts):
    found = [part for part in sound_parts(parts, KEY, ("members",), 47) if part.first != 10]
    assert gaps(found, 47) == [(10, 20), (30, 47)]
    assert gaps([], 3) == [(0, 3)]
