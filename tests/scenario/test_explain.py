"""What `explain` tells of each value, and overrides that change nothing."""

import pytest

from sim.scenario import ScenarioError, explain, same_as_parent

CHILD = """
extends = "parent"
[run]
members = 10
seed = 7
[parameters]
trust.decay = 0.012
trust.loss_aversion = 2
ladder.alliance = -6.34
[[events]]
id = "storm"
date = 2030-01-01
kind = "turbulence"
level = 0.5
note = "because"
"""


@pytest.fixture
def family(folder):
    folder.write("parent.toml", "extends = 'baseline'\n[run]\nmembers = 10\n[states.UZB]\nopenness = 1")
    folder.write("child.toml", CHILD)
    return folder


def test_every_value_with_its_origin(family, world):
    rows = {row.key: row for row in explain(family.load("child.toml"), facts=world)}
    assert set(rows) >= {f"parameters.{row.name}" for row in world.parameters}
    loss = rows["parameters.trust.loss_aversion"]
    assert (loss.value, loss.file, loss.line) == (2.0, "child.toml", 8)
    assert (loss.unit, loss.range, loss.source, loss.changed_from_parent) == ("ratio", "from 1 to 4", "a source", True)
    rule = rows["parameters.treaties.rule"]
    assert (rule.value, rule.file, rule.range) == (
        "documented",
        "table of parameters",
        "documented | unanimity | opt-in",
    )
    openness = rows["states.UZB.openness"]
    assert (openness.value, openness.file, openness.line, openness.unit) == (1.0, "parent.toml", 5, "log-odds")
    assert not openness.changed_from_parent
    storm = rows["events.storm.level"]
    assert (storm.value, storm.source, storm.line, storm.range) == (0.5, "because", 14, "from 0 to 1")
    assert rows["run.start"].value == "1992-01-01"
    assert rows["run.keep_terms"].file == "default"
    assert {key for key, row in rows.items() if row.changed_from_parent} == {
        "run.seed",
        "parameters.trust.loss_aversion",
        "events.storm.date",
        "events.storm.kind",
        "events.storm.level",
    }


@pytest.mark.parametrize(
    ("key", "count"), [("run", 7), ("run.seed", 1), ("trust.decay", 1), ("parameters.trust", 2), ("events.storm", 3)]
)
def test_a_part(family, world, key, count):
    assert len(explain(family.load("child.toml"), key, world)) == count


def test_nothing_there(family, world):
    with pytest.raises(ScenarioError, match=r"Did you mean run\.members\?"):
        explain(family.load("child.toml"), "run.membres", world)


def test_overrides_that_change_nothing(family, world):
    # A parameter with a spread is different once it is set: it no longer differs from member to member.
    assert same_as_parent(family.load("child.toml"), world) == ["run.members", "parameters.trust.decay"]


def test_settings_that_change_nothing(family, world):
    scenario = family.load("child.toml", "run.seed=7", "states.UZB.openness=2", "treaties.rule=documented")
    assert same_as_parent(scenario, world) == [
        "run.members",
        "run.seed",
        "parameters.treaties.rule",
        "parameters.trust.decay",
    ]


def test_an_event_repeated_as_a_whole(family, world):
    family.write("again.toml", CHILD.replace("parent", "child"))
    assert "events.storm" in same_as_parent(family.load("again.toml"), world)
    family.write("again.toml", CHILD.replace("parent", "child").replace("0.5", "0.6"))
    assert not [key for key in same_as_parent(family.load("again.toml"), world) if key.startswith("events")]


def test_the_baseline_has_no_parent_to_repeat(family, world):
    assert same_as_parent(family.load("baseline"), world) == []
    assert not any(row.changed_from_parent for row in explain(family.load("baseline"), facts=world))


def test_words_find_values_by_what_they_mean(family, world):
    found = explain(family.load("child.toml"), "loss counts", world)
    assert [row.key for row in found] == ["parameters.trust.loss_aversion"]
    assert found[0].meaning == "How many times a loss counts as a gain."
    (start,) = explain(family.load("child.toml"), "run.start", world)
    assert start.meaning == "First month of the run."


def test_a_factor_is_said_back_in_words(folder, world):
    from sim.scenario.explaining import said_back

    events = (
        ("drought", 'id = "dry"\nbasin = "all"\nfactor = 0.2'),
        ("growth", 'state = "UZB"\nrate = 0.05'),
        ("inflow-trend", 'basin = "syr"\nchange = -0.1'),
    )
    texts = [
        f'[[events]]\nkind = "{kind}"\ndate = 203{year}-01-01\n{rest}\n' for year, (kind, rest) in enumerate(events)
    ]
    folder.write("a.toml", 'extends = "baseline"\n' + "".join(texts))
    assert said_back(folder.load("a.toml")) == [
        "events.dry.factor = 0.2: All inflow is multiplied by 0.2: 80 % less water.",
        "events.2.rate = 0.05: Output is expected to grow by 5 % a year.",
        "events.3.change = -0.1: Mean inflow is multiplied by 0.905 a decade: 9.52 % less water.",
    ]
    (row,) = explain(folder.load("a.toml"), "events.dry.factor", world)
    assert row.meaning == "All inflow is multiplied by 0.2: 80 % less water."
