"""Lines of keys in awkward TOML."""

import tomllib

import pytest

from sim.scenario.toml import find_positions

AWKWARD = '''# a comment
a.b."c.d" = 1
'single quoted' = 2
"tab\\tand \\u00e4" = 3
x = { y = 1, z.w = { q = [ { k = 1 }, { k = 2 } ] } }
long = [
  1, # one
  # nothing
  [
    2,
  ],
]
text = """
[not a table]
key = "not a key"
"""

[ parameters . trust ]
loss_aversion = 2.5

[states.'UZB']
openness = 0.4

[[events]]
date = 2028-01-01

[[events]] # the second
date = 2029-01-01
  [events.inner]
  k = 1
  [[events.list]]
  m = 1
  [[events.list]]
  m = 2

[after."quoted.dots".x]
y = 1
'''

LINES = {
    ("a",): 2,
    ("a", "b", "c.d"): 2,
    ("single quoted",): 3,
    ("tab\tand ä",): 4,
    ("x", "z", "w", "q", 1, "k"): 5,
    ("long",): 6,
    ("long", 0): 7,
    ("long", 1): 9,
    ("long", 1, 0): 10,
    ("text",): 13,
    ("parameters",): 18,
    ("parameters", "trust", "loss_aversion"): 19,
    ("states", "UZB"): 21,
    ("states", "UZB", "openness"): 22,
    ("events", 0): 24,
    ("events", 0, "date"): 25,
    ("events", 1): 27,
    ("events", 1, "date"): 28,
    ("events", 1, "inner", "k"): 30,
    ("events", 1, "list", 0, "m"): 32,
    ("events", 1, "list", 1, "m"): 34,
    ("after", "quoted.dots", "x", "y"): 37,
}


@pytest.mark.parametrize(("path", "line"), LINES.items())
def test_line_of_every_key(path, line):
    assert find_positions(AWKWARD).line(path) == line


@pytest.mark.parametrize("path", LINES)
def test_paths_are_those_of_the_values(path):
    value = tomllib.loads(AWKWARD)
    for part in path:
        value = value[part]


def test_unknown_path_has_the_line_of_its_nearest_ancestor():
    positions = find_positions(AWKWARD)
    assert positions.line(("states", "UZB", "nothing")) == 21
    assert positions.line(("nothing",)) == 1
    assert ("states", "UZB") in positions
    assert ("states", "KAZ") not in positions


def test_windows_line_ends():
    assert find_positions("a = 1\r\nb = 2\r\n[c]\r\nd = 3\r\n").line(("c", "d")) == 4


def test_empty_text():
    assert find_positions("").line(("a",)) == 1
