"""Every dated event of a scenario, of every kind, stands in the run's event table with its origin."""

import pyarrow.parquet as pq
import pytest

import sim
from sim.scenario.events import EVENT_KINDS

#: kind of a scenario's event -> what the event table calls it, where the two differ
CALLED = {
    "format-revives": "format-born",
    "withdrawal": "diversion",
    "dam-filling": "dam",
    "release-cut": "release-change",
    "accession": "union-accession",
    "exit": "union-exit",
}
FIELDS = {
    "leader-change": 'state = "UZB"\nopenness = -1.0',
    "openness": 'state = "UZB"\nchange = 0.5\nuntil = 2029-01-01',
    "pull": 'power = "RUS"\nfactor = 2.0\nuntil = 2029-01-01',
    "group-share": 'power = "CHN"\nshare = 0.5',
    "turbulence": "level = 0.5",
    "freeze": 'parties = ["KAZ", "UZB"]\nuntil = 2029-01-01',
    "format-ends": 'format = "consultative"',
    "format-revives": 'format = "central-asian-union"',
    "capacity-frozen": 'state = "all"',
    "closure": 'actor = "KGZ"\ntarget = "TJK"',
    "opening": 'actor = "KGZ"\ntarget = "TJK"',
    "verbal": 'actor = "KGZ"\ntarget = "TJK"',
    "standoff": 'actor = "KGZ"\ntarget = "TJK"',
    "clash": 'parties = ["KGZ", "TJK"]\ndeadly = true',
    "settlement": 'parties = ["KGZ", "UZB"]\nshare = 1.0',
    "border-reopened": 'parties = ["KGZ", "TJK"]\nshare = 0.5',
    "border-frozen": 'parties = ["KGZ", "TJK"]',
    "withdrawal": 'node = "d_afg_qosh_tepa"\nkm3_per_year = 5.0\nramp_months = 3',
    "dam-filling": 'node = "kambarata_1"\nyears = 6',
    "release-cut": 'node = "toktogul"\nkm3 = 1.0',
    "barter": 'node = "toktogul"\nmillion_usd = 10',
    "transfer": 'node = "toktogul"\nmillion_usd = 10',
    "inflow-trend": 'basin = "all"\nchange = -0.1',
    "drought": 'basin = "all"\nfactor = 0.8',
    "corridor": 'between = ["KAZ", "UZB"]\ncost_cut = 0.1',
    "sanction": 'between = ["KAZ", "UZB"]\npenalty = 0.1',
    "border-time": 'parties = ["KAZ", "UZB"]\ncut = 0.5',
    "accession": 'state = "UZB"',
    "signature": 'accord = "friendship-2022"\nparties = ["TJK", "TKM"]',
    "refusal": 'accord = "silk-visa"\nstate = "KAZ"',
    "ratification": 'accord = "friendship-2022"\nparties = ["TJK"]',
    "rung": 'parties = ["KGZ", "TJK"]\nrung = "alliance"',
    "summit": 'format = "consultative"',
    "exit": 'state = "KGZ"',
    "free-trade": 'between = ["KAZ", "UZB"]\ncontent = 0.5',
    "growth": 'state = "UZB"\nrate = 0.06',
}


@pytest.fixture(scope="module")
def events(tmp_path_factory):
    folder = tmp_path_factory.mktemp("events")
    blocks = [f'[[events]]\ndate = 2027-03-01\nkind = "{kind}"\n{fields}\n' for kind, fields in FIELDS.items()]
    file = folder / "all-kinds.toml"
    file.write_text('extends = "baseline"\n[run]\nmembers = 2\nend = 2030-12-31\n' + "\n".join(blocks))
    run = sim.run(sim.load_scenario(file), folder / "results")
    return pq.read_table(run.path / "events.parquet").to_pandas()


def test_all_kinds_are_tried():
    assert FIELDS.keys() == EVENT_KINDS.keys()


@pytest.mark.parametrize("kind", FIELDS)
def test_a_scenarios_event_is_in_the_table(events, kind):
    found = events[(events["kind"] == CALLED.get(kind, kind)) & (events["origin"] == "scenario")]
    assert (found["date"].astype(str) == "2027-03-01").any()
    assert (found["member"] == -1).all() and not found["documented"].any()


def test_origins_are_told_apart(events):
    assert (events["documented"] == (events["origin"] == "documented")).all()
    assert ((events["member"] >= 0) == (events["origin"] == "simulated")).all()
    assert (events.loc[events["origin"] == "documented", "date"].astype(str) < "2025-07-01").mean() > 0.9
    assert set(events["origin"]) == {"documented", "scenario", "simulated"}


def test_what_an_event_concerns_is_named(events):
    ours = events[events["origin"] == "scenario"].set_index("kind")
    assert ours.loc["leader-change", "a"] == "UZB" and ours.loc["leader-change", "value"] == -1.0
    assert ours.loc["format-ends", "instrument"] == "consultative"
    assert ours.loc["pull", "instrument"] == "RUS"
    assert (ours.loc["closure", "a"], ours.loc["closure", "b"]) == ("KGZ", "TJK")
    assert sorted(ours.loc["diversion"]["value"]) == pytest.approx([5 / 3, 10 / 3, 5.0])
