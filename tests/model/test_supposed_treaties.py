"""What a scenario supposes about treaties happens on its date in every history, and is followed by what it would be."""

import numpy as np
import pandas as pd
import pytest

import sim

SUPPOSED = """extends = "baseline"
[run]
members = 40
end = 2032-12-31
[[events]]
kind = "signature"
date = 2027-03-01
accord = "friendship-2022"
parties = ["TJK"]
[[events]]
kind = "refusal"
date = 2025-07-01
until = 2029-12-01
accord = "friendship-2022"
state = "TKM"
[[events]]
kind = "signature"
date = 2027-05-01
accord = "silk-visa"
parties = ["KAZ", "UZB"]
[[events]]
kind = "ratification"
date = 2027-06-01
accord = "silk-visa"
parties = ["KAZ", "UZB"]
[[events]]
kind = "ratification"
date = 2027-06-01
accord = "friendship-2022"
parties = ["TKM"]
[[events]]
kind = "rung"
date = 2026-02-01
parties = ["KGZ", "TJK"]
rung = "alliance"
[[events]]
kind = "summit"
date = 2028-02-01
format = "consultative"
[[events]]
kind = "accession"
date = 2031-01-01
accord = "friendship-2022"
state = "TKM"
"""


def all_in(column, year: int, number: int) -> bool:
    return bool(np.isclose(column, year + (number - 1) / 12, atol=1e-3).all())


@pytest.fixture(scope="module")
def runs(tmp_path_factory):
    folder = tmp_path_factory.mktemp("supposed")
    file = folder / "supposed.toml"
    file.write_text(SUPPOSED)
    plain = sim.load_scenario("baseline", ["run.members=40", "run.end=2032-12-31"])
    return [sim.run(each, folder / "results") for each in (sim.load_scenario(file), plain)]


@pytest.fixture(scope="module")
def members(runs):
    return [pd.read_parquet(run.path / "members.parquet").set_index("member") for run in runs]


def test_a_signature_comes_on_its_date_where_it_has_not_come_before(members):
    ours, plain = (each["signed_month.friendship-2022.TJK"] for each in members)
    early = plain < 2027.1
    assert early.any() and (~early).any()
    assert all_in(ours[~early], 2027, 3)
    assert (ours[early] == plain[early]).mean() > 0.9  # what else is supposed moves an answer now and then


def test_who_declines_signs_nothing_until_the_refusal_ends(members):
    ours, plain = (each["signed_month.friendship-2022.TKM"] for each in members)
    assert (plain < 2029.9).mean() > 0.3
    assert not (ours < 2030.0).any()
    assert ours.notna().all() and all_in(ours.max(), 2031, 1)  # the accession at the latest


def test_what_all_sign_and_ratify_is_adopted_and_in_force(members):
    ours = members[0]
    late = members[1]["signed_month.silk-visa.KAZ"].fillna(9999) > 2027.5
    assert all_in(ours.loc[late, "adopted_month.silk-visa"], 2027, 5)
    assert all_in(ours.loc[late, "in_force_month.silk-visa"], 2027, 6)


def test_a_rung_is_taken_and_trust_follows(members, runs):
    ours, plain = (each["rung_month.KGZ-TJK.alliance"] for each in members)
    assert (ours <= 2026 + 1 / 12 + 1e-3).all()
    assert (plain.fillna(9999) > 2026.2).mean() > 0.5
    trust = [pd.read_parquet(run.path / "yearly.parquet").query("year == 2026") for run in runs]
    more = trust[0]["trust.KGZ.TJK"].to_numpy() - trust[1]["trust.KGZ.TJK"].to_numpy()
    assert more.mean() > 0.02


def test_a_supposed_summit_is_that_of_its_year(runs):
    events = pd.read_parquet(runs[0].path / "events.parquet")
    summits = events[(events["kind"] == "summit") & (events["instrument"] == "consultative")]
    year = summits[pd.to_datetime(summits["date"]).dt.year == 2028]
    assert str(year.loc[year["origin"] == "scenario", "date"].item())[:7] == "2028-02"
    simulated = pd.to_datetime(year.loc[year["origin"] == "simulated", "date"])
    assert (simulated.dt.month == 1).all()  # those that had met before; none meets again


def test_nothing_before_the_first_supposition_differs(runs):
    early = [pd.read_parquet(run.path / "yearly.parquet").query("year < 2025") for run in runs]
    pd.testing.assert_frame_equal(*early)
