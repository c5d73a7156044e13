"""A chronicle tells every event of its member, and conditions choose the members that meet them."""

import numpy as np
import pytest

from sim.runs import OutputError
from sim.why.choose import like, typical
from sim.why.history import as_markdown, chronicle, state_of


def test_every_event_of_the_member_is_told(bare):
    told = chronicle(bare, 3, since=1992, everything=True, why=False)
    frame = bare.events
    mine = frame[frame["member"].isin((-1, 3))]
    together = mine[mine["kind"].isin(("signature", "accession", "refusal", "ratification", "withdrawal"))]
    alone = len(mine) - len(together)
    assert len(told) == alone + len(together[["month", "kind", "instrument"]].drop_duplicates())
    assert [each.month for each in told] == sorted(each.month for each in told)
    assert all(each.text and "nan" not in each.text for each in told)


def test_a_signature_is_told_with_its_chance(kept, bare):
    for run in (kept, bare):
        numbers = run.members.index[run.members["signed_month.friendship-2022.TJK"] >= run.catalogue.branch / 12]
        member = int(numbers[0])
        told = [each for each in chronicle(run, member) if "friendship for the 21st" in each.text and each.why]
        assert told and "chance of signing" in told[0].why
    text = as_markdown(kept, member, chronicle(kept, member))
    assert text.count("## 20") >= 16 and "mean trust" in state_of(kept, member, 2030)


def test_events_of_the_scenario_are_told_as_such(tmp_path):
    from sim.runs import run_scenario
    from sim.scenario import load_scenario

    run = run_scenario(load_scenario("border-reopened-dispute", ["run.members=2"]), tmp_path)
    told = chronicle(run, 1, why=False)
    assert [each.origin for each in told if "border again" in each.text] == ["scenario"]
    assert {each.origin for each in told} == {"scenario", "simulated"}


def test_conditions_choose_the_members_that_meet_them(bare):
    frame = bare.members
    signed = frame["signed_month.friendship-2022.TKM"].notna().to_numpy()
    assert (like(bare, "tkm signs") == signed).all()
    by = (frame["signed_month.friendship-2022.TKM"] < 2031).to_numpy()
    assert (like(bare, "TKM signs friendship-2022 by 2030") == by).all()
    trade = (frame["trade.KAZ-UZB_2040"] >= 10).to_numpy()
    assert (like(bare, "tkm signs, kaz_uzb_trade >= 10") == signed & trade).all()
    allied = (frame["rung_month.KGZ-UZB.alliance"] < 2036).to_numpy()
    assert (like(bare, "UZB-KGZ alliance by 2035") == allied).all()
    assert (like(bare, "index < 2") == np.ones(len(frame), bool)).all()


@pytest.mark.parametrize(
    "text, said", [("index >= 9", "no history"), ("blah", "not a condition"), ("indx > 1", "Near")]
)
def test_conditions_that_cannot_be_met_or_read(bare, text, said):
    with pytest.raises(OutputError, match=said):
        like(bare, text)


def test_the_typical_history_is_no_extreme(bare):
    frame, member = bare.members, typical(bare)
    for name in ("index_2040", "trust_mean_2040", "new_treaties_2040"):
        assert frame[name].min() <= frame.loc[member, name] <= frame[name].max()
    only = np.arange(len(frame)) == 4
    assert typical(bare, only) == frame.index[4]


def test_parts_that_round_to_nothing_speak_neither_for_nor_against(monkeypatch):
    from sim.why import history
    from sim.why.term_names import TREATY

    row = {
        **dict.fromkeys(TREATY, 0.0),
        "ladder": 0,
        "probability": 0.9,
        "month": 1,
        "a": "TJK",
        "b": "",
        "instrument": "x",
    }
    names = [name for name in TREATY if name != "intercept"]
    monkeypatch.setattr(history, "_terms", lambda run, member: [{**row, names[0]: 0.3, names[1]: -0.04}])
    (said,) = history._reasons(None, 0).values()
    assert "for it above all" in said and "(+0.3)" in said and "against it" not in said
