"""Scenarios that extend each other."""

import pickle


def test_tables_merge_and_the_child_wins(folder):
    folder.write(
        "a.toml", "extends = 'baseline'\n[run]\nmembers = 10\nseed = 1\n[states.UZB]\nopenness = 1\nblocker = 0.5"
    )
    folder.write("b.toml", "extends = 'a'\n[run]\nseed = 2\n[states.UZB]\nopenness = 2\n[states.KAZ]\nscepticism = 1")
    scenario = folder.load("b.toml")
    assert (scenario.run.members, scenario.run.seed) == (10, 2)
    assert (scenario.states["UZB"].openness, scenario.states["UZB"].blocker) == (2.0, 0.5)
    assert scenario.states["KAZ"].scepticism == 1.0
    assert str(scenario.sources["run.members"]) == "a.toml:3"
    assert str(scenario.sources["run.seed"]) == "b.toml:3"
    assert str(scenario.sources["states.UZB.blocker"]) == "a.toml:7"
    assert str(scenario.sources["run.keep_terms"]) == "default"
    assert scenario.name == "b"
    assert scenario.ancestry[0] == "a.toml" and len(scenario.ancestry) == 2


def test_dotted_keys_and_nested_tables_are_the_same(folder):
    folder.write("a.toml", "[parameters]\ntrust.decay = 0.01\n'trust.loss_aversion' = 2")
    folder.write("b.toml", "[parameters.trust]\ndecay = 0.01\nloss_aversion = 2.0")
    assert folder.load("a.toml").resolved() == folder.load("b.toml").resolved()
    assert folder.load("a.toml").parameters == {"trust.decay": 0.01, "trust.loss_aversion": 2.0}


def event(date, kind="turbulence", extra="level = 0.5"):
    return f"[[events]]\ndate = {date}\nkind = '{kind}'\n{extra}\n"


def test_events_append_replace_and_drop(folder):
    folder.write("a.toml", event("2031-01-01", extra="level = 0.1\nid = 'storm'") + event("2032-01-01"))
    folder.write(
        "b.toml", "extends = 'a'\n" + event("2030-01-01", extra="level = 0.9\nid = 'storm'") + event("2033-01-01")
    )
    folder.write("c.toml", "extends = 'b'\ndrop_events = ['storm']\n")
    assert [(e.date.year, e.level) for e in folder.load("b.toml").events] == [(2030, 0.9), (2032, 0.5), (2033, 0.5)]
    assert str(folder.load("b.toml").sources["events.storm.level"]) == "b.toml:5"
    assert str(folder.load("b.toml").sources["events.2.level"]) == "a.toml:9"
    assert [e.date.year for e in folder.load("c.toml").events] == [2032, 2033]


def test_what_is_dropped_may_be_told_anew(folder):
    folder.write("a.toml", event("2031-01-01", extra="level = 0.1\nid = 'storm'"))
    folder.write(
        "b.toml", "extends = 'a'\ndrop_events = ['storm']\n" + event("2032-01-01", extra="level = 0.2\nid = 'storm'")
    )
    assert [e.level for e in folder.load("b.toml").events] == [0.2]


def test_parents_in_a_subfolder_and_by_shipped_name(folder):
    folder.write("family/parent.toml", "extends = 'free-run'\n[run]\nmembers = 3")
    folder.write("child.toml", "extends = 'family/parent.toml'")
    scenario = folder.load("child.toml")
    assert scenario.run.members == 3 and scenario.run.branch.year == 1992
    assert [label.rsplit("/", 1)[-1] for label in scenario.ancestry] == [
        "parent.toml",
        "free-run.toml",
        "baseline.toml",
    ]


def test_a_file_beside_comes_before_one_that_ships_but_not_itself(folder):
    folder.write("baseline.toml", "extends = 'baseline'\n[run]\nmembers = 3")
    folder.write("child.toml", "extends = 'baseline'")
    assert folder.load("child.toml").run.members == 3
    assert len(folder.load("child.toml").ancestry) == 2


def test_any_depth(folder):
    folder.write("s0.toml", "[run]\nmembers = 3")
    for depth in range(1, 60):
        folder.write(f"s{depth}.toml", f"extends = 's{depth - 1}'\n[run]\nseed = {depth}")
    scenario = folder.load("s59.toml")
    assert (scenario.run.members, scenario.run.seed, len(scenario.ancestry)) == (3, 59, 59)


def test_parent_is_what_it_differs_from(folder):
    folder.write("a.toml", "[run]\nmembers = 10")
    folder.write("b.toml", "extends = 'a'\n[run]\nmembers = 20")
    scenario = folder.load("b.toml", "run.members=30")
    assert scenario.run.members == 30
    assert scenario.parent().run.members == 20
    assert scenario.parent().parent().run.members == 10
    assert scenario.parent().parent().parent() is None


def test_errors_of_child_parent_and_command_line_come_together(folder):
    folder.write("a.toml", "[run]\nmembers = 0\nlength = 3")
    folder.write("b.toml", "extends = 'a'\n[run]\nseed = -1\n[states.UZK]\nopenness = 1")
    told = folder.problems("b.toml", "run.members=x")
    assert [line.split(" ", 1)[0] for line in told[:4]] == ["b.toml:3:", "b.toml:4:", "a.toml:2:", "a.toml:3:"]
    assert told[4].startswith('--set 1: [run] members is "x"')


def test_a_parent_that_cannot_be_read_is_told_under_its_name(folder):
    folder.write("a.toml", "x = ")
    folder.write("b.toml", "extends = 'a'\n[run]\nseed = -1")
    told = folder.problems("b.toml")
    assert told[0].startswith("b.toml:3: [run] seed") and told[1].startswith("a.toml:1: is not TOML")


def test_titles_notes_ids_and_order_do_not_count(folder):
    folder.write(
        "a.toml", "title = 'A'\n" + event("2031-01-01", extra="level = 0.1\nid = 'x'\nnote = 'n'") + event("2030-01-01")
    )
    folder.write("b.toml", "description = 'B'\n" + event("2030-01-01") + event("2031-01-01", extra="level = 0.1"))
    folder.write("c.toml", event("2030-01-01") + event("2031-01-01", extra="level = 0.2"))
    assert folder.load("a.toml").resolved() == folder.load("b.toml").resolved()
    assert folder.load("a.toml").resolved() != folder.load("c.toml").resolved()


def test_the_way_a_value_is_written_does_not_count(folder):
    freeze = "parties = ['UZB', 'KAZ']"
    leader = "state = 'UZB'"
    folder.write(
        "a.toml",
        event("2030-01-01", extra="level = 1")
        + event("2030-01-01", "freeze", freeze)
        + event("2030-01-01", "leader-change", leader + "\nopenness = 'drawn'"),
    )
    folder.write(
        "b.toml",
        event("2030-01-01", "leader-change", leader)
        + event("2030-01-01", "freeze", "parties = ['KAZ', 'UZB']\nid = 'a'")
        + event("2030-01-01", extra="level = 1.0"),
    )
    one, other = folder.load("a.toml"), folder.load("b.toml")
    assert one.resolved() == other.resolved()
    assert [e.kind for e in one.events] == [e.kind for e in other.events]


def test_a_title_is_not_inherited(folder):
    folder.write("a.toml", "title = 'A'\ndescription = 'about A'")
    folder.write("b.toml", "extends = 'a'")
    assert (folder.load("b.toml").title, folder.load("b.toml").description) == ("b", "")


def test_a_scenario_travels_to_other_processes(folder):
    folder.write("a.toml", event("2031-01-01"))
    scenario = folder.load("a.toml", "run.members=3")
    again = pickle.loads(pickle.dumps(scenario))
    assert again == scenario and again.parent().run.members == 500
