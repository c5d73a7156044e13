"""What a run says at its end: the sentences and tables hold the run's own figures, and nobody's markup."""

import json
import re

import pytest

from sim.cli.summary import as_plain, print_brief, print_summary
from sim.outcomes import prospects
from sim.outcomes.headline import brief
from sim.outcomes.trade import trade_summary
from sim.outcomes.view import View
from sim.outcomes.water import water_summary
from sim.runs import run_scenario
from sim.scenario import load_scenario


@pytest.fixture(scope="module")
def runs(tmp_path_factory):
    place = tmp_path_factory.mktemp("runs")
    return {
        name: run_scenario(load_scenario(name, ["run.members=8"]), place, threads=1)
        for name in ("baseline", "free-run")
    }


@pytest.fixture
def run(runs):
    return runs["free-run"]


def test_figures_of_water_are_those_of_the_tables(run):
    found, members = water_summary(View(run)), run.columns()
    assert found["disputes_a_year"]["mean"] == pytest.approx(members["disputes_all"].mean())
    assert found["deficit"]["UZB"]["dry"] == pytest.approx(run.yearly["deficit_year.UZB"].quantile(0.9), rel=1e-5)
    events = run.events
    for name, kind in (("clashes", "clash"), ("settlements", "settlement")):
        own = events[(events["kind"] == kind) & (events["member"] >= 0)]
        assert found[name]["mean"] == pytest.approx(len(own) / 8)


@pytest.mark.parametrize("name", ["baseline", "free-run"])
def test_five_sentences_with_numbers_intervals_and_where_they_come_from(runs, name, capsys):
    view = View(runs[name])
    found = brief(view)
    assert len(found) == 5
    for each in found:
        (text,) = each["texts"]
        assert re.search(r"\d", text) and text.endswith(".") and not re.search(r"\bnan\b|\binf\b|None", text)
        known = [*view.members, *view.yearly_names]
        for column in each["columns"]:
            pattern = re.compile(re.escape(column).replace(r"\*", ".*"))
            assert any(pattern.fullmatch(name) for name in known), column
    assert "no interval" in found[-1]["texts"][0]
    print_brief(runs[name])
    lines = capsys.readouterr().out.splitlines()
    assert max(len(line.rstrip()) for line in lines) <= 80
    assert sum(line.lstrip().startswith("plots: ") for line in lines) == 4


@pytest.mark.parametrize("name", ["baseline", "free-run"])
def test_the_summary_fits_and_says_what_it_leaves_out(runs, name, capsys):
    run = runs[name]
    print_summary(run)
    text = capsys.readouterr().out
    lines = [line.rstrip() for line in text.splitlines() if str(run.path) not in line]
    assert max(map(len, lines)) <= 80 and " nan" not in text
    left_out = len(prospects(run.catalogue, run.columns())) - 10
    assert (f"{left_out} more: casim show RUN --all" in text) == (left_out > 0)
    print_summary(run, everything=True)
    shown = capsys.readouterr().out
    assert "more: casim show" not in shown
    assert "friendship-2022:" not in shown  # accords go by their titles


def test_texts_of_others_are_neither_markup_nor_orders_to_the_terminal(run, capsys, monkeypatch):
    title = "Rogun filling [draft] and [/v2] \x1b]0;owned\x07 \u202eabc"
    monkeypatch.setitem(run.manifest, "title", title)
    print_summary(run)
    text = capsys.readouterr().out
    assert "Rogun filling [draft] and [/v2]" in text
    assert not set("\x1b\x07\u202e") & set(text)


def test_the_plain_summary_holds_the_same(run):
    found = json.loads(as_plain(run))
    assert set(found["water"]) >= {"disputes_a_year", "deficit", "clashes", "settlements"}
    assert len(found["answers"]) == 5 and found["trade"]["pair"] == "KAZ-UZB"
    assert found["trade"]["years"]["2034"]["by"]["text"].endswith("%)")


def test_a_run_without_water_or_trade_says_nothing_of_them(run, monkeypatch):
    kept = {name: values for name, values in run.columns().items() if not name.startswith(("disputes_all", "goal"))}
    view = View(run)
    view.members = kept
    assert water_summary(view) == {} and trade_summary(view) == {}
