"""Properties that hold for any scenario file: merging, mutations, order."""

import random
import tomllib

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from sim.scenario import Origin, ScenarioError, load_scenario
from sim.scenario.merge import Entry, Layers, overlay
from sim.scenario.toml import find_positions

from . import stand_in

ORIGIN = Origin("x.toml", 1)
keys = st.sampled_from(["a", "b", "c"])
values = st.integers(0, 3).map(lambda value: (value, ORIGIN))
tables = st.dictionaries(keys, values)


@st.composite
def entries(draw):
    made, seen = [], set()
    for _ in range(draw(st.integers(0, 4))):
        content = draw(tables)
        id_ = draw(st.sampled_from([None, "p", "q"]))
        if id_ and id_ not in seen:
            seen.add(id_)
            content["id"] = (id_, ORIGIN)
        made.append(Entry(content, ORIGIN))
    return tuple(made)


layers = st.builds(Layers, tables, tables, st.dictionaries(keys, tables), entries(), entries())


@given(layers, layers, layers)
def test_merging_is_associative(a, b, c):
    assert overlay(overlay(a, b), c) == overlay(a, overlay(b, c))


@given(layers)
def test_nothing_laid_over_changes_nothing(a):
    assert overlay(a, Layers()) == a == overlay(Layers(), a)


VALID = """
extends = "baseline"
title = "All there is"

[run]
members = 10
seed = 3
end = 2035-12-31

[parameters]
trust.loss_aversion = 2.5
treaties.rule = "opt-in"

[states.UZB]
openness = 0.4
scepticism = 0.1

[[events]]
id = "turn"
date = 2028-01-01
kind = "leader-change"
state = "UZB"
openness = "drawn"

[[events]]
date = 2029-01-01
kind = "freeze"
parties = ["KAZ", "UZB"]
until = 2030-01-01

[[instruments]]
id = "basin"
parties = ["KGZ", "TJK", "UZB"]
opens = 2027-01-01
rule = "opt-in"
minimum = 2
depth = 0.6
issues = { water = 0.7, energy = 0.3 }
"""
SCRAPS = [
    "[",
    "]",
    "{",
    "}",
    "=",
    '"',
    "'",
    "\n",
    ".",
    "nan",
    "-1",
    "1e999",
    "KAZ",
    "[[events]]",
    "x = 1",
    "\0",
    "é",
    "#",
    ",",
]
quick = settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])


@st.composite
def mutations(draw):
    text = VALID
    for _ in range(draw(st.integers(1, 4))):
        start = draw(st.integers(0, len(text)))
        stop = min(len(text), start + draw(st.integers(0, 12)))
        text = text[:start] + draw(st.one_of(st.sampled_from(SCRAPS), st.text(max_size=6))) + text[stop:]
    return text


def check(path):
    try:
        scenario = load_scenario(path, facts=stand_in.facts())
    except ScenarioError as error:
        assert error.problems and str(error).replace("\n", "").isprintable()
    else:
        assert scenario.resolved()


@quick
@given(mutations())
def test_a_changed_file_loads_or_says_why_not(tmp_path, text):
    path = tmp_path / "x.toml"
    path.write_text(text, encoding="utf-8", errors="replace", newline="")
    check(path)


@quick
@given(st.binary(max_size=60), st.integers(0, len(VALID)))
def test_any_bytes(tmp_path, data, at):
    path = tmp_path / "x.toml"
    path.write_bytes(VALID.encode()[:at] + data + VALID.encode()[at:])
    check(path)


LINES = [line for line in VALID.split("\n") if " = " in line]
ODD = [
    "3",
    "-3",
    "1.5",
    "nan",
    "true",
    '""',
    '"x"',
    "[]",
    "[1]",
    "{}",
    "{ a = 1 }",
    "2028-01-01",
    "2028-01-01T00:00:00",
    "12:00:00",
]


@quick
@given(st.sampled_from(LINES), st.sampled_from(ODD))
def test_a_value_of_another_type(tmp_path, line, value):
    path = tmp_path / "x.toml"
    path.write_text(VALID.replace(line, f"{line.split(' = ')[0]} = {value}"), encoding="utf-8")
    check(path)


@quick
@given(st.text(max_size=30), st.text(max_size=30))
def test_any_setting(key, value):
    try:
        load_scenario("baseline", [f"{key}={value}", f"run.{key}={value}", f"events.{key}={value}"], stand_in.facts())
    except ScenarioError as error:
        assert str(error).replace("\n", "").isprintable()


@quick
@given(st.text(max_size=40))
def test_any_name(name):
    try:
        load_scenario(name, facts=stand_in.facts())
    except ScenarioError as error:
        assert str(error).isprintable()


@quick
@given(st.randoms(use_true_random=False))
def test_order_of_keys_does_not_count(tmp_path, chance: random.Random):
    head, *blocks = VALID.strip().split("\n\n")
    shuffled = []
    for block in blocks:
        first, *rest = block.split("\n")
        chance.shuffle(rest)
        shuffled.append("\n".join([first, *rest]))
    chance.shuffle(shuffled)
    (tmp_path / "x.toml").write_text(VALID, encoding="utf-8")
    (tmp_path / "y.toml").write_text("\n\n".join([head, *shuffled]), encoding="utf-8")
    one, other = (load_scenario(tmp_path / name, facts=stand_in.facts()) for name in ("x.toml", "y.toml"))
    assert one.resolved() == other.resolved()
    assert one.events == other.events


@given(
    st.recursive(st.integers(0, 9), lambda inner: st.dictionaries(st.text(min_size=1, max_size=3), inner, max_size=3))
)
def test_positions_know_every_key(tree):
    def written(node):
        if not isinstance(node, dict):
            return str(node)
        quoted = ("".join(f"\\U{ord(c):08x}" for c in key) for key in node)
        return "{" + ", ".join(f'"{key}" = {written(inner)}' for key, inner in zip(quoted, node.values())) + "}"

    text = f"x = {written(tree)}"
    positions = find_positions(text)
    waiting = [(("x",), tomllib.loads(text)["x"])]
    while waiting:
        path, node = waiting.pop()
        assert path in positions
        if isinstance(node, dict):
            waiting += [((*path, key), inner) for key, inner in node.items()]
