"""What is at risk, and what is kept out."""

import csv

import numpy as np
import pytest

from sim.inference.accord_answers import ACCESSION, JOINT, SUMMIT, answer_rows
from sim.inference.observations import Step, tidy_history
from sim.inference.risk_sets import AFTER, BEFORE, CERTAIN, ladder_rows
from sim.inference.table import COLUMNS, left_out, write_table


@pytest.fixture(scope="module")
def rows(panel, history):
    return ladder_rows(panel, history)


def test_steps_and_declarations_of_the_record(rows):
    certain = [int(rows.event[(rows.kind == k) & (rows.phase == CERTAIN)].sum()) for k in range(4)]
    assert certain == [11, 13, 5, 3]
    assert len(set(rows.group[rows.group >= 0])) == 1  # one friendship is known to the year only


def test_a_step_known_to_the_year_has_all_its_months(rows, panel):
    window = rows.keep(rows.group >= 0)
    assert panel.dyads[window.dyad[0]] == ("TJK", "TKM")
    before, after = window.keep(window.phase == BEFORE), window.keep(window.phase == AFTER)
    assert (before.month - 2007 * 12).tolist() == list(range(12)) and set(before.kind) == {0} and before.event.all()
    assert (after.month - 2007 * 12).tolist() == list(range(1, 12)) and set(after.kind) == {1}


def test_nothing_is_at_risk_before_an_assumed_treaty(rows, panel):
    mine = rows.month[rows.dyad == panel.dyads.index(("AZE", "TKM"))]
    assert mine.min() == 1997 * 12


def test_no_declaration_is_at_risk_in_the_month_of_a_step(rows, panel):
    """AZE-UZB took the alliance undeclared in August 2024."""
    there = (rows.dyad == panel.dyads.index(("AZE", "UZB"))) & (rows.month == 2024 * 12 + 7)
    assert rows.kind[there].tolist() == [2]


def test_a_double_step_is_one_event(panel):
    month = panel.first + 30
    steps = [
        Step(0, 1, panel.first + 5, panel.first + 5, panel.first + 5),
        Step(0, 2, month, month, month),
        Step(0, 3, month, month, month),
    ]
    made = ladder_rows(panel, tidy_history(steps))
    assert int(made.event.sum()) == 2
    assert made.month[made.dyad == 0].max() == month


def test_a_window_keeps_clear_of_the_other_steps_of_its_dyad():
    first, second = tidy_history([Step(0, 1, 100, 96, 107), Step(0, 2, 103, 103, 103)]).steps
    assert (first.first, first.last) == (96, 102) and second.first == 103


def test_silent_summits_count(panel, history):
    answers = answer_rows(panel, history)
    silent = answers.silent.astype(bool) & (answers.kind != ACCESSION)
    told = {
        (panel.accords[m].id, panel.states[i], int(t))
        for m, i, t in zip(answers.accord[silent], answers.state[silent], answers.month[silent])
    }
    assert ("syr-darya-1998", "TJK", 1998 * 12 + 2) in told  # sat there, signed a year later
    assert ("nuclear-free-zone", "KAZ", 1999 * 12 + 3) in told  # seven years before all five signed
    assert not any(accord == "central-asian-union" and state == "TKM" for accord, state, _ in told)  # not there
    assert set(answers.kind) == {SUMMIT, ACCESSION, JOINT}


def test_one_decision_ends_with_the_signature(panel, history):
    answers = answer_rows(panel, history)
    for begin, end in zip(answers.pairs()[:-1], answers.pairs()[1:]):
        signed = np.flatnonzero(answers.outcome[begin:end])
        assert len(signed) <= 1 and (len(signed) == 0 or signed[0] == end - begin - 1)


def test_the_table_for_readers(facts, tmp_path):
    count = write_table(facts, tmp_path / "table.csv")
    with open(tmp_path / "table.csv", encoding="utf-8") as file:
        lines = list(csv.DictReader(file))
    assert len(lines) == count and tuple(lines[0]) == COLUMNS
    alliance = [line for line in lines if line["record"] == "kaz_uzb_alliance_treaty"]
    assert len(alliance) == 1 and alliance[0]["disagreement"].startswith("D01") and alliance[0]["declared"] == "1"
    assert {line["window"] for line in lines if line["record"] == "a-tjk-tkm-2007"} == {"2007-01/2007-12"}
    decided = {
        name: [line for line in lines if line["decision"] == name]
        for name in ("friction", "clash", "settlement", "dispute", "regional format")
    }
    assert sum(line["event"] == "1" for line in decided["clash"]) == 17
    assert sum(line["event"] == "1" for line in decided["settlement"]) == 10
    assert len({line["record"] for line in decided["dispute"] if line["event"] == "1"}) == 29
    assert [line["month"] for line in decided["regional format"] if line["event"] == "1"] == [
        "1994-01",
        "2006-01",
        "2018-01",
    ]
    (gas,) = (line for line in decided["friction"] if line["record"] == "a-gas-cut-2012")
    assert gas["parties"] == "UZB>TJK" and gas["outcome"] == "closure" and gas["leaders"].endswith("Karimov")
    assert any("4 steps of the ladder are assumed" in sentence for sentence in left_out(facts))
