"""Joint checks of a history by hand, those that ship, and when a run shows them."""

import csv
from types import SimpleNamespace

import numpy as np
import pytest

from sim.facts.load import CALIBRATIONS
from sim.hindcast.checks import checks_of, longest
from sim.hindcast.leads.happened import Row, of_record
from sim.outcomes.posterior_checks import COLUMNS, check_sentence, stored_checks
from sim.plots import posterior_checks
from sim.scenario import load_scenario


def row(member, year, kind, subject):
    return Row(member, 12 * year + 3, kind, subject)


def test_checks_by_hand():
    rows = [
        *(row(0, 1995, "rung", pair) for pair in ("KAZ-UZB", "KAZ-KGZ")),
        row(0, 2000, "rung", "KGZ-UZB"),
        row(0, 2024, "summit", "consultative"),
        row(0, 1995, "summit", "consultative"),
        row(0, 1994, "summit", "c5-eu"),
        row(0, 2001, "verbal", "KAZ-UZB"),
        row(0, 2002, "closure", "KAZ-UZB"),
        row(0, 2022, "signature", "friendship-2022:KAZ"),
        row(0, 2023, "accession", "friendship-2022:TJK"),
        row(0, 2026, "accession", "friendship-2022:TKM"),  # after the record
        row(1, 1999, "opening", "KAZ-UZB"),
    ]
    found = {name: values.tolist() for (name, _), values in checks_of(rows, 2, "consultative").items()}
    assert found["most bilateral treaties in one year"] == [2, 0]
    assert found["years without a bilateral treaty"] == [31, 33]  # 1992 to 2024
    assert found["longest time without a regional summit"] == [28, 33]  # 1996 to 2023
    assert found["states that hold out of the friendship accord"] == [3, 5]
    assert found["hostile acts between neighbours 1992-2001"] == [1, 0]
    assert found["hostile acts between neighbours 2002-2011"] == [1, 0]
    assert longest(np.array([True, True, False, True])) == 2 and longest(np.array([])) == 0


def view(**changes):
    used = load_scenario("baseline").calibration
    calibration = {"name": used.name, "digest": used.digest} | changes
    record = changes.pop("record", None)
    run = SimpleNamespace(record=record)
    return SimpleNamespace(run=run, manifest={"calibration": calibration}, source="a run")


def test_checks_ship_with_the_calibration_of_the_baseline(facts):
    """A refit without docs/derivations/posterior_checks.py leaves the baseline without its checks."""
    checks, recorded = stored_checks(view()), checks_of(of_record(facts), 1, "consultative")
    assert {(each.name, each.unit): each.record for each in checks} == {
        key: float(values[0]) for key, values in recorded.items()
    }
    assert all(list(each.quantiles.values()) == sorted(each.quantiles.values()) for each in checks)
    with open(next(CALIBRATIONS.glob("*.checks.csv")), encoding="utf-8") as file:
        assert next(csv.reader(file)) == list(COLUMNS)


def test_runs_of_another_calibration_or_record_show_none():
    assert stored_checks(view(digest="other")) == [] and stored_checks(view(name="mine")) == []
    assert stored_checks(view(record="mine")) == [] and posterior_checks.draw(view(digest="other")) is None
    assert check_sentence([]) == ""


def test_the_sentence_names_what_lies_outside():
    one = stored_checks(view())[0]
    passed = SimpleNamespace(name="a", unit="years", inside=True, record=1.0, quantiles=one.quantiles)
    failed = SimpleNamespace(
        name="b", unit="years", inside=False, record=90.0, quantiles={"q10": 1.0, "q50": 2.0, "q90": 3.0}
    )
    assert check_sentence([passed]).endswith("in 1 of 1 checks.")
    split = SimpleNamespace(**vars(passed) | {"unit": "states", "exact": 0.008})
    assert check_sentence([split]).endswith("Just 1 a: 0.8 %.")
    assert check_sentence([passed, failed]).endswith("in 1 of 2 checks; not in: b 2 (1 to 3), recorded 90.")


@pytest.mark.parametrize("share", ["at_most", "at_least"])
def test_shares_of_members(share):
    assert all(0.0 <= getattr(each, share) <= 1.0 for each in stored_checks(view()))
