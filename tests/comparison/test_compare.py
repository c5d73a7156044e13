"""Comparisons of hand-made runs: what is paired, what is refused, what the tables hold."""

import json
import math
import re

import numpy as np
import pandas as pd
import pytest

import sim
from sim.comparison import PairingError, compare, find_run, find_runs
from sim.comparison.changes import changes, first_change, told
from sim.comparison.effect import about
from sim.comparison.format import cells
from sim.comparison.pairing_gain import pairing_gain
from sim.comparison.tables import write_effects
from sim.runs import OutputError
from tests.comparison.runs_by_hand import BASE, MOVED, write_run


@pytest.fixture
def comparison(results):
    return sim.compare("moved", "base", results=results)


def effect_of(comparison, outcome):
    return next(effect for effect in comparison.effects if effect.outcome == outcome)


def test_effects_worked_by_hand(comparison):
    assert comparison.members == 10 and "drawn.ladder.friendship" not in comparison.names
    treaties = effect_of(comparison, "new_treaties_2026").paired
    assert treaties.value == pytest.approx(0.7) and (treaties.higher, treaties.same) == (0.7, pytest.approx(0.3))
    index = effect_of(comparison, "index_2026").paired
    assert index.value == pytest.approx(0.2) and index.gain == math.inf and index.direction == 1
    pact = effect_of(comparison, "signed_month.pact.TJK")
    assert pact.is_event and (pact.paired.both, pact.paired.only_ours, pact.paired.only_theirs) == (2, 3, 1)
    assert pact.paired.value == pytest.approx(0.2) and pact.dates.value == 0 and pact.dates.median == 0
    assert not effect_of(comparison, "trust_mean_2026").moves


def test_alike_outcomes_are_told_once(comparison):
    assert comparison.alike("signed_month.pact.TJK") == ["adopted_month.pact"]
    assert [effect.outcome for effect in comparison.moved] == [
        "new_treaties_2026",
        "index_2026",
        "signed_month.pact.TJK",
    ]
    assert list(comparison.grouped()) == ["treaties", "index"]


def test_effect_over_time(comparison):
    frame = comparison.over_time(["index", "signed_month.pact.TJK"]).set_index(["outcome", "year"])
    assert frame.loc["index", "value"].round(6).tolist() == [0, 0.1, 0.2]
    pact = frame.loc["signed_month.pact.TJK"]
    # by the end of 2025 two here and two there; by the end of 2026 five against three
    assert pact["ours"].tolist() == [0, 0.2, 0.5] and pact["theirs"].tolist() == [0, 0.2, 0.3]
    assert pact["value"].tolist() == [0, 0, 0.2] and pact["higher"].tolist() == [0, 0, 0.3]
    with pytest.raises(PairingError, match="neither a yearly series"):
        comparison.over_time(["indices"])


def test_patterns(results):
    assert compare("moved", "base", "index*", results=results).names == ["index_2025", "index_2026"]
    assert compare("moved", "base", ["index", "*pact"], results=results).names == [
        "index_2025",
        "index_2026",
        "adopted_month.pact",
    ]
    with pytest.raises(PairingError, match=r"no outcome matches 'indx_2026'.*Near: index_2026"):
        compare("moved", "base", "indx_2026", results=results)


def test_only_common_members_are_compared(results, comparison):
    some = {name: np.asarray(values)[[1, 3, 7]] for name, values in BASE.items()}
    write_run(results / "some-1", "some", some, members=[1, 3, 7])
    found = compare("moved", "some", "new_treaties*", results=results)
    assert found.members == 3 and found.effects[0].paired.value == pytest.approx(2 / 3)
    assert any("the 3 that both have are compared" in note for note in found.notes)
    write_run(results / "other-1", "other", some, members=[20, 21, 22])
    with pytest.raises(PairingError, match="no member in common"):
        compare("other", "base", results=results)


def test_an_accord_that_one_run_does_not_know_never_happens_there(results):
    extra = {**BASE, "adopted_month.secretariat": [2026.0] * 8 + [math.nan] * 2, "odd_number": [1.0] * 10}
    write_run(results / "extra-1", "extra", extra)
    found = compare("extra", "base", results=results)
    assert effect_of(found, "adopted_month.secretariat").paired.value == 0.8
    assert found.untabled == {"adopted_month.secretariat"} and found.left_out == ["odd_number"]
    assert "1 outcomes that one run lacks are left out: odd_number" in found.notes
    assert pairing_gain(found) is None


@pytest.mark.parametrize(
    ("manifest", "said"),
    [
        ({"seed": 7}, "seed 7 against 1"),
        ({"model_version": "0"}, "version 0 of the model against 1: run the older one again"),
    ],
)
def test_runs_of_other_luck_are_refused(results, manifest, said):
    write_run(results / "unlike-1", "unlike", BASE, **manifest)
    with pytest.raises(PairingError, match=said):
        compare("unlike", "base", results=results)


def test_another_span_is_refused(results):
    folder = write_run(results / "long-1", "long", BASE)
    manifest = json.loads((folder / "manifest.json").read_text())
    manifest["catalogue"] |= {"branch": 2024 * 12 + 6, "end": 2030 * 12 + 11}
    (folder / "manifest.json").write_text(json.dumps(manifest))
    with pytest.raises(PairingError, match="simulated from 2024-07 against 2025-01; they end 2030-12 against 2026-12"):
        compare("long", "base", results=results)


def test_other_facts_are_a_note(results):
    write_run(results / "facts-1", "facts", BASE, facts_digest="newer")
    assert any("different tables of facts" in note for note in compare("facts", "base", results=results).notes)


def test_nothing_moved_is_warned_of(results):
    found = compare("still", "base", results=results)
    assert len(found.warnings) == 1 and "trust.decay: not set -> 0.03" in found.warnings[0]
    assert compare("base", "base", results=results).warnings == ["base and base are the same run: nothing can differ"]
    assert compare("moved", "base", results=results).warnings == []


def test_names_mean_the_newest_finished_run(results):
    # noon in Samarkand is before eleven in London
    write_run(results / "base-2", "base", BASE, finished="2026-03-01T12:00:00+0500")
    newest = write_run(results / "base-3", "base", BASE, finished="2026-03-01T11:00:00+0000")
    write_run(results / "base-4", "base", BASE, finished="2027-01-01T00:00:00+0000", state="running")
    assert find_run("base", results).path == newest == find_run("somewhere/base.toml", results).path
    assert find_run(str(results / "base-1"), results).path == results / "base-1"


def test_runs_that_are_not_there(results, tmp_path):
    with pytest.raises(OutputError, match=r"There are runs of: base, moved, still.*Did you mean moved\?"):
        find_run("mved", results)
    with pytest.raises(OutputError, match="There are no runs"):
        find_run("base", tmp_path / "nowhere")
    (tmp_path / "file").write_text("")
    with pytest.raises(OutputError, match="a file, not a folder"):
        find_run("base", tmp_path / "file")
    write_run(results / "old-1", "old", BASE, schema=0)
    with pytest.raises(OutputError, match="layout 0, this version reads"):
        find_run("old", results)
    write_run(results / "half-1", "half", BASE, state="running")
    with pytest.raises(OutputError, match="not finished"):
        find_run("half", results)


def test_a_design_means_its_points(results):
    folder = results / "grid-design"
    points = []
    for number in range(2):
        name = f"grid-p{number:04d}"
        write_run(folder / "points" / name, name, MOVED, design={"parameters.trust.decay": number / 100})
        points.append({"point": number, "key": name, "folder": f"points/{name}", "values": {}})
    (folder / "design.json").write_text(json.dumps({"schema": 1, "points": points}))
    for name in ("grid", "grid-design", str(folder)):
        assert [run.name for run in find_runs(name, results)] == ["grid-p0000", "grid-p0001"]


def test_files(comparison, tmp_path):
    effects, yearly = write_effects([comparison], tmp_path / "deep/effects.csv")
    frame = pd.read_csv(effects).set_index("outcome")
    assert frame.loc["new_treaties_2026", "value"] == pytest.approx(0.7)
    assert frame.loc["signed_month.pact.TJK", ["both", "only_ours", "only_theirs"]].tolist() == [2, 3, 1]
    assert frame.loc["adopted_month.pact", "alike"] == "signed_month.pact.TJK"
    assert set(pd.read_csv(yearly)["outcome"]) == {
        "index",
        "signed_month.pact.TJK",
        "adopted_month.pact",
        "rung_month.KGZ-TJK.friendship",
    }
    effects, _ = write_effects([comparison], tmp_path / "effects.parquet")
    assert pd.read_parquet(effects)["value"].tolist() == comparison.frame()["value"].tolist()
    assert sorted(path.name for path in tmp_path.glob("effects*")) == ["effects-yearly.parquet", "effects.parquet"]


def test_a_comparison_shows_itself(comparison):
    html = comparison._repr_html_()
    assert "moved against base" in html and "trust.decay" in html and html.count("<tr>") == 1 + 2 + 3
    assert cells(effect_of(comparison, "new_treaties_2026"))[1:] == ("+0.70 ±0.30", "1 [0, 1]", "0 30 70", "")
    assert cells(effect_of(comparison, "signed_month.pact.TJK"))[2:] == (
        "0 y [\N{MINUS SIGN}0.5, 0.5]",
        "10 60 30",
        "69",
    )


def test_where_two_scenarios_part():
    dam, canal = {"id": "rogun", "date": "2027-10-01", "years": 5}, {"id": "canal", "date": "2026-01-01"}
    assert first_change({"events": [canal, dam]}, {"events": [canal]}) == 2027.75
    assert first_change({"events": [canal]}, {"events": [canal, dam | {"years": 16}]}) == 2027.75
    assert first_change({"events": [dam]}, {"events": [dam | {"years": 16}, canal]}) == 2026.0
    assert first_change({"events": [canal]}, {"events": [canal]}) is None and first_change({}, {}) is None


def test_changes_between_scenarios():
    theirs = {"run": {"seed": 1, "members": 5}, "parameters": {"a": 1}, "events": [], "instruments": []}
    ours = {
        "run": {"seed": 1, "members": 9},
        "parameters": {"a": 2, "b": "opt-in"},
        "events": [{"date": "2027-01-01", "kind": "pull", "power": "RUS", "factor": 2}],
        "instruments": [{"id": "pact", "depth": 0.5, "parties": ["KGZ", "TJK"]}],
    }
    assert told(changes(ours, theirs)) == [
        "parameters.a: 1 -> 2",
        "parameters.b: not set -> opt-in",
        "events.2027-01-01 pull RUS: power RUS, factor 2",
        'instruments.pact: depth 0.5, parties ["KGZ", "TJK"]',
    ]
    assert told(changes(ours, ours)) == [] and len(told(changes(ours, theirs), 2)) == 2


@pytest.mark.parametrize(("members", "said"), [(7, "7"), (899, "900"), (12345, "13,000"), (math.inf, "many")])
def test_about(members, said):
    assert about(members) == said


@pytest.mark.parametrize(
    ("given", "ending"),
    [
        ("basline", "Did you mean baseline?  casim run baseline makes one."),
        ("drought-decade", "casim run drought-decade makes one."),
        ("zzzz", "casim list shows the scenarios that can be run."),
    ],
)
def test_what_was_never_run_leads_to_a_scenario_that_can_be(given, ending, tmp_path):
    with pytest.raises(OutputError, match=re.escape(ending) + "$"):
        find_run(given, tmp_path)
