"""The page of columns is the one that the metrics make, and every column of a run stands in it."""

import re
from pathlib import Path

import pytest

from sim.outcomes.dictionary import FIELDS, as_markdown, dictionary
from sim.outcomes.metric import MONTHLY, OUTCOMES, YEARLY
from sim.processes.rivers import recording as rivers
from sim.processes.trade import recording as trade

PAGE = Path(__file__).parents[2] / "docs/reference/outcomes.md"


def test_the_page_is_up_to_date():
    text = PAGE.read_text("utf-8")
    shown = text.split("<!-- dictionary: computed -->\n")[1].split("\n<!-- dictionary: end -->")[0]
    assert shown.splitlines() == as_markdown().splitlines(), "run docs/derivations/outcomes_page.py"


def test_every_metric_says_what_it_is():
    for metric in (*OUTCOMES, *YEARLY):
        assert metric.meaning.endswith(".") and metric.reading.endswith(".") and metric.unit and metric.process, (
            metric.name
        )
        assert set(re.findall(r"\{(\w+)\}", metric.title)) <= set(re.findall(r"\{(\w+)\}", metric.name)), metric.name


@pytest.mark.parametrize("declared", [rivers.MONTHLY, rivers.YEARLY, trade.YEARLY])
def test_what_processes_declare_has_a_metric(declared):
    known = {re.sub(r"\{\w+\}", "{}", metric.name).split(".")[0] for metric in (*MONTHLY, *YEARLY)}
    assert {series.split(".")[0] for series in declared} <= known


def test_rows_of_columns():
    rows = dictionary(
        {"members": ["member", "trust_mean_2040", "signed_month.friendship-2022.TJK"], "events": ["kind"]}
    )
    assert all(tuple(row) == FIELDS for row in rows)
    assert rows[1]["title"] == "mean trust, end of 2040" and rows[1]["highest"] == 1
    assert rows[2]["unit"] == "year fraction" and rows[3]["meaning"] == "Kind of event."
