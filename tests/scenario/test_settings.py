"""Settings on the command line."""

import datetime

import pytest

SCENARIO = """
extends = "baseline"
[[events]]
id = "turn"
date = 2030-01-01
kind = "leader-change"
state = "UZB"
[[events]]
date = 2031-01-01
kind = "turbulence"
level = 0.5
[[instruments]]
id = "basin"
parties = ["KGZ", "TJK", "UZB"]
opens = 2027-01-01
rule = "opt-in"
depth = 0.6
issues = { water = 0.7, energy = 0.3 }
"""


@pytest.mark.parametrize(
    ("setting", "key", "value"),
    [
        ("run.members=20", "run.members", 20),
        ("run.members = 20", "run.members", 20),
        ("run.branch=2024-01-01", "run.branch", datetime.date(2024, 1, 1)),
        ("run.keep_terms=true", "run.keep_terms", True),
        ("run={members=20}", "run.members", 20),
        ("parameters.trust.loss_aversion=2", "parameters.trust.loss_aversion", 2.0),
        ("trust.loss_aversion=2", "parameters.trust.loss_aversion", 2.0),
        ("parameters={trust={loss_aversion=2}}", "parameters.trust.loss_aversion", 2.0),
        ("treaties.rule=opt-in", "parameters.treaties.rule", "opt-in"),
        ('treaties.rule="opt-in"', "parameters.treaties.rule", "opt-in"),
        ("states.UZB.openness=-0.5", "states.UZB.openness", -0.5),
        ("events.turn.openness=as-before", "events.turn.openness", "as-before"),
        ("events.2.level=1", "events.2.level", 1.0),
        ("instruments.basin.depth=0.5", "instruments.basin.depth", 0.5),
        ("instruments.basin.issues={trade=1}", "instruments.basin.issues", {"trade": 1.0}),
    ],
)
def test_a_setting_has_the_last_word(folder, setting, key, value):
    from sim.scenario.explaining import values_of

    folder.write("a.toml", SCENARIO)
    scenario = folder.load("a.toml", "run.seed=1", setting)
    assert values_of(scenario)[key] == value
    assert str(scenario.sources[key]) == "--set 2"


def test_later_settings_win(folder):
    assert folder.load("baseline", "run.members=5", "run.members=6").run.members == 6


def test_settings_are_like_a_child(folder):
    folder.write("a.toml", SCENARIO)
    folder.write("b.toml", "extends='a'\n[parameters]\ntrust.decay=0.02\n[states.TJK]\nscepticism=1")
    set_ = folder.load("a.toml", "trust.decay=0.02", "states.TJK.scepticism=1")
    assert set_.resolved() == folder.load("b.toml").resolved()


def test_a_title_may_be_set(folder):
    assert folder.load("baseline", "title=A longer run").title == "A longer run"


@pytest.mark.parametrize(
    ("setting", "words"),
    [
        ("run.members", "run.members is not of the form KEY=VALUE."),
        ("", "an empty text is not of the form KEY=VALUE."),
        ("=3", "=3 is not of the form KEY=VALUE."),
        ("run..members=3", "run..members is not a dotted key such as run.members."),
        ("[run]\nmembers=3", "[run]\\nmembers is not a dotted key such as run.members."),
        (".".join("a" * 20) + "=1", "has more than 12 parts."),
        ("x" * 20_000 + "=1", "is longer than 10,000 characters."),
        ("run.membrs=3", "Did you mean members?"),
        ("run.members=0", "[run] members is 0; it must be a whole number from 1 to 10,000,000."),
        ("run.members=", '[run] members is ""; it must be a whole number from 1 to 10,000,000.'),
        ("run.members=1\nseed=3", "run.members is given 1\\nseed=3, which is not a TOML value."),
        ("run.members=[1", "run.members is given [1, which is not a TOML value."),
        ("run.members=" + "[" * 40 + "]" * 40, "run.members is given a value that is nested too deeply."),
        ("run=3", "[run] must be a table."),
        ("members=3", "members is not a known key."),
        ("trust.loss_aversin=3", "Did you mean trust.loss_aversion?"),
        ("extends=baseline", "extends is not a known key."),
        ("trust.loss_aversion=nan", "it must be a number from 1 to 4 (ratio)"),
        ("states.UZK.openness=1", "Did you mean UZB?"),
        ("events=[]", "events must name one value, such as events.NAME.FIELD."),
        ("events.3.date=2030-01-01", "events.3 is not an entry of [[events]].  Known: turn, 2."),
        ("events.turn.date=2020-01-01", "lies before the branch"),
        ("events.turn.kind=freeze", "[[events]] 1 (turn) lacks parties.  The two states."),
        ("instruments.basin.issues.trade=0.5", "it must add up to 1, not 1.5."),
    ],
)
def test_wrong_settings(folder, setting, words):
    folder.write("a.toml", SCENARIO)
    told = folder.problems("a.toml", "run.seed=1", setting)
    assert all(line.startswith("--set 2: ") for line in told)
    assert any(words in line for line in told)
    assert all(line.isprintable() for line in told)


def test_all_wrong_settings_are_told(folder):
    told = folder.problems("baseline", "x", "run.seed=1", "run.members=0", "run.end=2000-01-01")
    assert [line[:8] for line in told] == ["--set 1:", "--set 3:", "--set 4:"]
