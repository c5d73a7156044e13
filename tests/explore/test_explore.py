"""What the explorer simulates, saves and refuses, without a browser."""

import json
import re

import numpy as np
import pytest
from starlette.testclient import TestClient

from sim.explore.draft import Changes, Origin, load_draft, save, text_of
from sim.explore.engine import Ensemble, one_history, overview
from sim.explore.offer import offer
from sim.explore.serve import listen
from sim.explore.server import Explorer, application
from sim.page.fans import bands
from sim.runs import OutputError, run_scenario
from sim.scenario import ScenarioError, load_scenario
from sim.scenario.load import shipped

TUNED = Changes(parameters={"trust.loss_aversion": 3.25, "treaties.rule": "opt-in"}, add=["regional-secretariat"])
TITLE = 'A "tuned" one\n<b>'


@pytest.fixture
def client(tmp_path):
    explorer = Explorer(folder=tmp_path, token="secret")
    with TestClient(application(explorer, ["127.0.0.1"]), base_url="http://127.0.0.1:8765") as found:
        yield found


def ask(client, what, body, token="secret", **headers):
    return client.post(f"/api/{what}", content=json.dumps(body), headers={"X-Casim-Token": token, **headers})


def test_a_saved_scenario_is_what_was_simulated(tmp_path):
    origin = Origin("baseline")
    drawn = load_draft(origin, TUNED, ["run.members=6"])
    path, text = save(origin, TUNED, tmp_path, "tuned", TITLE, "")
    again = load_scenario(path, ["run.members=6"])
    assert again.resolved() == drawn.resolved() and again.title == TITLE and 'extends = "baseline"' in text
    run = run_scenario(again, tmp_path / "results")
    found = overview(Ensemble(drawn, 0, 6), ["index", "trust_mean"])
    for name, rows in found["fans"].items():
        kept = run.yearly[name].to_numpy().reshape(6, -1)
        np.testing.assert_allclose(np.array(rows), np.array(bands(kept)), atol=2e-4)


def test_events_and_instruments_are_switched_off(tmp_path):
    own = tmp_path / "own.toml"
    own.write_text(
        'extends = "drought-decade"\n[[events]]\nid = "new"\ndate = 2030-01-01\nkind = "leader-change"\n'
        'state = "UZB"\nopenness = 0.5\n',
        encoding="utf-8",
    )
    origin = Origin("own", own)
    shown = offer(origin)
    assert {row["id"] for row in shown["events"]} == {"new", "dry-decade"}
    off = load_draft(origin, Changes(drop_events=["dry-decade"]), [])
    assert [event.id for event in off.events] == ["new"]
    assert sorted(path.name for path in tmp_path.iterdir()) == ["own.toml"]
    path, text = save(origin, Changes(drop_events=["dry-decade"]), tmp_path / "elsewhere", "less", "", "")
    assert path == tmp_path / "less.toml" and 'extends = "own.toml"' in text
    assert load_scenario(path).resolved() == off.resolved()


def test_every_scenario_that_is_offered_can_be_added():
    names = [row["name"] for row in offer(Origin("baseline"))["add"]]
    assert len(names) > 15 and set(names) <= set(shipped())
    for name in names:
        load_draft(Origin("baseline"), Changes(add=[name]), [])


def test_every_parameter_offered_lies_in_its_range():
    rows = offer(Origin("baseline"))["parameters"]
    assert len(rows) > 100
    for row in rows:
        assert row["meaning"] and row["source"] and row["prior"]
        if row["choices"]:
            assert row["value"] in row["choices"]
        else:
            assert row["lower"] <= row["value"] <= row["upper"], row["name"]


@pytest.mark.parametrize("name", ["../x", "a/b", "baseline", "A", "", "x" * 61, "x.toml", ".x"])
def test_names_that_could_lead_elsewhere_are_refused(tmp_path, name):
    with pytest.raises(OutputError):
        save(Origin("baseline"), TUNED, tmp_path, name, "", "")
    assert list(tmp_path.iterdir()) == []


def test_nothing_is_overwritten_and_nothing_invalid_is_saved(tmp_path):
    save(Origin("baseline"), TUNED, tmp_path, "mine", "", "")
    with pytest.raises(OutputError, match="already"):
        save(Origin("baseline"), TUNED, tmp_path, "mine", "", "")
    with pytest.raises(ScenarioError):
        save(Origin("baseline"), Changes(parameters={"trust.loss_aversion": 99}), tmp_path, "no", "", "")
    assert [path.name for path in tmp_path.iterdir()] == ["mine.toml"]


def test_text_of_strange_titles_is_toml():
    import tomllib

    for title in ('"', "\\", "a\nb", "\x7f\x01", "</script>", "Ä 中"):
        assert tomllib.loads(text_of(Origin("baseline"), TUNED, title))["title"] == title


def test_only_the_page_of_this_start_is_answered(client):
    body = {"origin": "baseline", "members": 2, "series": ["index"]}
    assert client.get("/").status_code == 403 and client.get("/?token=secret").status_code == 200
    assert ask(client, "bands", body, token="guess").status_code == 403
    assert ask(client, "bands", body, Origin="http://evil.example").status_code == 403
    assert ask(client, "bands", body, Host="evil.example").status_code == 400
    assert client.get("/api/bands").status_code == 405 and client.get("/../../etc/passwd").status_code == 404
    assert ask(client, "offer", {"origin": "../../etc/passwd"}).status_code == 404
    assert ask(client, "offer", {"origin": "baseline", "other": 1}).status_code == 422
    assert ask(client, "bands", {"origin": "baseline", "members": 10**6}).status_code == 422
    assert ask(client, "bands", {"origin": "x" * 200_000}).status_code == 413
    found = ask(client, "bands", body, Origin="http://127.0.0.1:8765")
    assert found.status_code == 200 and len(found.json()["fans"]["index"]) == 7
    wrong = ask(client, "bands", {**body, "changes": {"parameters": {"trust.loss_aversion": 99}}})
    assert wrong.status_code == 422 and "trust.loss_aversion" in wrong.json()["problem"]


def test_one_history_is_that_member_of_the_run():
    scenario = load_scenario("baseline", ["run.members=4"])
    found, whole = one_history(scenario, 3), Ensemble(scenario, 0, 4)
    for dyad, steps in found["rungs"].items():
        held = 0
        for month, rung in steps:
            held = rung if month <= found["end"] else held
        assert held == round(float(whole.series[f"rung.{dyad}"][3, -1]))
    assert found["events"] == sorted(found["events"], key=lambda each: each[0])


def test_a_port_in_use_gives_the_next_free_one():
    first, port = listen("127.0.0.1", 18_765)
    second, other = listen("127.0.0.1", port)
    with first, second:
        assert other > port
    with pytest.raises(OutputError, match="cannot listen"):
        listen("203.0.113.1", 8765)


def test_powers_places_and_states_go_by_their_names():
    labels = " ".join(
        each["label"]
        for name in ("c5plus-collapses", "khujand-never", "qosh-tepa-15", "border-reopened-dispute")
        for kind in ("events", "instruments")
        for each in offer(Origin(name))[kind]
    )
    assert "power Italy, share 0.0" in labels and "parties Kyrgyzstan and Tajikistan" in labels
    assert "node Qosh Tepa canal" in labels and "deadly yes" in labels
    assert not re.search(r"\b(ITA|RUS|USA|KAZ|UZB|TJK)\b|[\[\]']|d_afg", labels)
