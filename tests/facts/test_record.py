"""A user's record: it carries ours on, its rows are known after the branch, and it travels with the run."""

import json
import shutil
from datetime import date

import numpy as np
import pytest
from typer.testing import CliRunner

from sim.facts import FactsError, load_facts, load_rivers, load_trade_facts
from sim.facts.load import CALIBRATIONS, changes, load_all
from sim.facts.record import OURS, read_record
from sim.facts.tables import TABLES
from sim.facts.vintage import as_of
from sim.hindcast.vintage import known_until
from sim.scenario import ScenarioError, load_scenario
from tests.ended_tables import tables_before

HEADER = (
    "id,date,precision,kind,parties,actor,target,subject,value,title,used,source,locator,confidence,disagreement,note"
)
SUMMIT = "s26,2026-03-20,day,summit,KAZ;KGZ;TJK;TKM;UZB,,,consultative,,Summit,1,invented,s26,assumed,,"
ACCESSION = "a26,2026-05-14,day,accession,TKM,TKM,,friendship-2022,,Accession,1,invented,a26,assumed,,"
CLASH = "c26,2026-06-02,day,clash,KGZ;TJK,,,,1,Clash,1,invented,c26,assumed,,"


def folder_with(path, **tables):
    path.mkdir(exist_ok=True)
    for name, lines in tables.items():
        (path / f"{name}.csv").write_text("\n".join(lines) + "\n", encoding="utf-8")
    return path


@pytest.fixture
def mine(tmp_path):
    return folder_with(tmp_path / "mine", events=[HEADER, SUMMIT, ACCESSION, CLASH])


def test_rows_follow_ours_and_the_record_reaches_the_month_of_the_last(mine):
    facts = load_facts(read_record(mine))
    assert [row.id for row in facts.events[-3:]] == ["s26", "a26", "c26"]
    assert facts.record_ends == date(2026, 6, 30) and facts.digest != load_facts().digest


def test_the_branch_may_follow_but_no_further(mine):
    settings = ["run.branch=2026-07-01"]
    assert load_scenario("baseline", settings, record=mine).run.branch == date(2026, 7, 1)
    with pytest.raises(ScenarioError, match="which ends in June 2026"):
        load_scenario("baseline", ["run.branch=2026-08-01"], record=mine)
    with pytest.raises(ScenarioError, match="which ends in June 2025"):
        load_scenario("baseline", settings)


def test_the_shipped_calibration_stays_where_rows_are_only_added_after_it(mine):
    scenario = load_scenario("baseline", ["run.branch=2026-07-01", "calibration.use=2025-06-f55aade1"], record=mine)
    assert scenario.calibration.name == "2025-06-f55aade1"
    folder_with(mine, leaders=["state,since,used", "UZB,2016-09-08,0"])
    with pytest.raises(ScenarioError, match="fitted to another record"):
        load_scenario("baseline", ["calibration.use=2025-06-f55aade1"], record=mine)


def test_a_row_is_replaced_or_withdrawn_by_its_key(tmp_path):
    first = load_facts().events[0].id
    events = folder_with(tmp_path / "a", events=["id,used", f"{first},0"])
    assert changes(read_record(events)) == [("events", first, "-", ())]
    power = folder_with(tmp_path / "b", powers=["id,name,pull,source", "RUS,Russia,0.5,mine"])
    assert load_facts(read_record(power)).index("powers")["RUS"].pull == 0.5
    assert changes(read_record(power)) == [("powers", "RUS", "~", ("pull", "source"))]


FAULTS = {
    "nothing to withdraw": (("powers", ["id,used", "RUZ,0"]), "powers.csv:2: id: used is 0, but there is no row 'RUZ'"),
    "a flag": (("powers", ["id,name,pull,source,used", "XX,X,1,s,no"]), "powers.csv:2: used: 'no' is not a flag"),
    "a date of elsewhere": (
        ("shocks", ["id,since,until,severity,title,source,locator", "x,14.03.2026,2026-04-01,0.1,t,s,l"]),
        "shocks.csv:2: since: '14.03.2026' is not a date. Allowed: YYYY-MM-DD. Write 2026-03-14",
    ),
    "two readings": (
        ("shocks", ["id,since,until,severity,title,source,locator", "x,03/04/2026,2026-05-01,0.1,t,s,l"]),
        "Write 2026-03-04 or 2026-04-03",
    ),
    "half a date": (
        ("shocks", ["id,since,until,severity,title,source,locator", "x,2026-03,2026-05-01,0.1,t,s,l"]),
        "Where only the month is known, write 2026-03-01",
    ),
    "another name": (
        ("water_events", ["id"]),
        "water_events.csv: is not a table of this folder.  Here that is river_disputes.csv.",
    ),
    "parameters": (("parameters", ["name"]), "Parameters are set in a scenario, under [parameters]."),
    "no border": (("events", [HEADER, CLASH.replace("KGZ;TJK", "KAZ;TJK")]), "KAZ and TJK have no common border"),
    "no closable": (
        ("events", [HEADER, CLASH.replace("clash,KGZ;TJK,,,,1", "closure,KGZ;TJK,KGZ,TJK,doors,")]),
        "subject: doors: not a known subject of a closure. Allowed: crossings",
    ),
    "said to end earlier": (
        ("record", ["name,until,source", "mine,2024-12-31,me"]),
        "record.csv:2: until: 2024-12-31 lies before",
    ),
    "within a month": (("record", ["name,until,source", "mine,2026-06-15,me"]), "is not the last day of a month"),
    "twice": (("powers", ["id,name,pull,source", "XX,X,1,s", "XX,X,1,s"]), "powers.csv:3: id: 'XX' is given twice"),
}


@pytest.mark.parametrize("case", FAULTS)
def test_a_fault_is_said_with_file_and_line(tmp_path, case):
    (name, lines), expected = FAULTS[case]
    with pytest.raises(FactsError) as caught:
        load_all(read_record(folder_with(tmp_path / "mine", **{name: lines})))
    assert expected in str(caught.value)


def test_rows_after_the_end_that_the_folder_states_are_refused(mine):
    folder_with(mine, record=["name,until,source", "mine,2026-05-31,me"])
    with pytest.raises(FactsError, match=r"events.csv:4: date: 2026-06-02 lies after 2026-05-31"):
        load_facts(read_record(mine))


def test_a_cut_equals_tables_that_end_there(tmp_path):
    day, folder = date(2016, 1, 1), tables_before(2016, tmp_path / "tables")
    facts, rivers, trade = as_of(load_facts(), load_rivers(), load_trade_facts(), day)
    ended = load_facts(folder=folder)
    assert all(getattr(facts, name) == getattr(ended, name) for name in TABLES if hasattr(facts, name))
    assert rivers == load_rivers(folder=folder) and trade == load_trade_facts(folder=folder)
    assert known_until(load_facts(), 2015, 12).record_ends == date(2015, 12, 31)
    assert len(ended.events) < len(load_facts().events) and len(rivers.observations) < len(load_rivers().observations)


def calibration_like_the_shipped(folder):
    """A copy of the shipped calibration that is another file: it says that it is one."""
    folder.mkdir()
    shutil.copy(CALIBRATIONS / "2025-06-f55aade1.npz", folder / "mine.npz")
    about = json.loads((CALIBRATIONS / "2025-06-f55aade1.json").read_text())
    (folder / "mine.json").write_text(json.dumps({**about, "made_by": "a test"}))
    return folder / "mine.json"


def test_the_first_month_goes_on_from_the_added_rows_and_the_run_repeats_without_their_folder(mine, tmp_path):
    from sim.cli.app import app
    from sim.runs import open_run, run_scenario

    fit = calibration_like_the_shipped(tmp_path / "fits")
    settings = ["run.branch=2026-07-01", "run.end=2027-12-31", "run.members=2", f"calibration.use={fit}"]
    scenario = load_scenario("baseline", settings, record=mine)
    first = run_scenario(scenario, tmp_path / "one", threads=1)
    documented = first.events[first.events["member"] < 0]
    assert {(row.kind, row.month) for row in documented.itertuples()} >= {
        ("summit", 2026 * 12 + 2),
        ("accession", 2026 * 12 + 4),
        ("clash", 2026 * 12 + 5),
    }
    assert np.allclose(first.members["signed_month.friendship-2022.TKM"], 2026 + 4 / 12)
    assert first.manifest["record"]["name"] == "mine" and first.manifest["calibration"]["name"] == "mine.json"
    shutil.rmtree(mine)
    shutil.rmtree(fit.parent)
    settings[-1] = f"calibration.use={first.path / 'calibration' / 'mine.json'}"
    again = load_scenario("baseline", settings, record=first.path / "record")
    assert again.resolved() == scenario.resolved()
    result = CliRunner().invoke(app, ["run", str(first.path), "--out", str(tmp_path / "two"), "--no-plots"])
    assert result.exit_code == 0, result.output
    second = open_run(tmp_path / "two" / first.path.name)
    assert (second.key, second.manifest["numbers_digest"]) == (first.key, first.manifest["numbers_digest"])
    assert np.array_equal(first.yearly.to_numpy(), second.yearly.to_numpy(), equal_nan=True)
    refused = CliRunner().invoke(app, ["run", str(first.path), "--members", "3"])
    assert refused.exit_code == 2 and "is repeated as it was" in refused.output


def test_the_first_month_after_the_branch_goes_on_from_the_added_rows(mine, tmp_path):
    """Beside a record that says that nothing happened: signed, met, fought, and trust as these events leave it."""
    from sim.model.region_model import RegionModel

    quiet = folder_with(tmp_path / "quiet", record=["name,until,source", "quiet,2026-06-30,me"])
    settings = ["run.branch=2026-07-01", "run.parameter_uncertainty=false"]
    ours, without = (RegionModel(load_scenario("baseline", settings, record=each)) for each in (mine, quiet))
    branch = 2026 * 12 + 6
    for model in (ours, without):
        while model.month < branch:
            model.step()
        model.open_month()
        model.act()  # the first simulated month has begun; states are ready to negotiate
    states, world = ours.world.states, ours.world
    accord = [each.id for each in world.accords].index("friendship-2022")
    tkm, kgz, tjk = (states.index(state) for state in ("TKM", "KGZ", "TJK"))
    pair = world.dyads.index(("KGZ", "TJK"))
    consultative = [row.id for row in world.facts.formats].index("consultative")
    assert ours.region.treaties.signed[accord, tkm] == branch - 2 and without.region.treaties.signed[accord, tkm] == -1
    assert ours.region.environment.last_met[consultative] == branch - 4
    assert without.region.environment.last_met[consultative] < branch - 12
    assert ours.region.frontier.clash_month[pair] in (branch - 1, branch)
    assert without.region.frontier.clash_month[pair] < branch - 12
    assert ours.region.environment.process > without.region.environment.process
    assert ours.region.beliefs.trust[kgz, tjk] < without.region.beliefs.trust[kgz, tjk]


def test_a_run_that_branches_before_the_added_rows_does_not_know_them(mine):
    from sim.model import build_world

    scenario = load_scenario("baseline", [], record=mine)
    ours, theirs = (build_world(scenario, facts, False) for facts in (load_facts(), load_facts(scenario.record)))
    assert np.array_equal(ours.inputs.schedule, theirs.inputs.schedule)
    assert np.array_equal(ours.inputs.impacts, theirs.inputs.impacts)


def test_a_hindcast_scores_the_record_as_it_is_carried_on(mine):
    from sim.cli.app import app
    from sim.hindcast.study import basis_of

    step = "r26,2026-04-02,day,rung,KGZ;TJK,,,partnership,,Step,1,invented,r26,high,,"
    folder_with(mine, events=[HEADER, SUMMIT, step])
    ground, ours = (basis_of(load_facts(one), "literature") for one in (read_record(mine), OURS))
    assert (ground.panel.end, ours.panel.end) == (2026 * 12 + 4, 2025 * 12 + 6)
    assert "r26" in ground.rows.ids and "r26" not in ours.rows.ids
    result = CliRunner().invoke(app, ["hindcast", "--record", str(mine / "none")])
    assert result.exit_code == 2 and "does not exist" in result.output


@pytest.mark.parametrize(
    "words",
    [
        ("record", "check", "none"),
        ("record", "diff", "none"),
        ("validate", "baseline", "--record", "none"),
        ("run", "baseline", "--record", "none"),
        ("run", "baseline", "--set", "record.folder=none"),
        ("calibrate", "--record", "none"),
        ("calibrate", "--record", "none", "--update"),
        ("hindcast", "--record", "none"),
        ("hindcast", "--record", "none", "--forecasts"),
    ],
)
def test_every_command_refuses_a_wrong_folder_with_the_same_status(words, tmp_path, monkeypatch):
    from sim.cli.app import app

    monkeypatch.chdir(tmp_path)
    result = CliRunner().invoke(app, list(words))
    assert result.exit_code == 2 and "does not exist." in result.output and not any(tmp_path.iterdir())
