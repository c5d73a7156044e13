"""The headline sentences of histories written by hand, to the letter."""

from dataclasses import replace
from types import SimpleNamespace as Some

import numpy as np
import pytest
from histories_by_hand import CATALOGUE, histories

from sim.outcomes import member_outcomes
from sim.outcomes.headline import answers, brief, chance, how_sure, side_by_side, spread
from sim.outcomes.summary import probability, summarise

AXIS = CATALOGUE.region.axis


def source(*simulated, documented=(), catalogue=CATALOGUE, manifest=None, **extra):
    """Four histories with the outcomes of these events, and more columns."""
    with_kinds = histories(documented, simulated, members=4)
    found = member_outcomes(replace(with_kinds, catalogue=catalogue))
    found |= {name.replace("__", "."): np.asarray(values, float) for name, values in extra.items()}
    return Some(
        catalogue=catalogue, members=found, n_members=4, years=catalogue.years, manifest=manifest or {"failed": []}
    )


def plain(text):
    """Without the marks that keep numbers and signs on one line."""
    return (
        text.replace("\N{NO-BREAK SPACE}", " ").replace("\N{WORD JOINER}", "").replace("\N{NARROW NO-BREAK SPACE}", " ")
    )


def texts(found, figure):
    return [plain(text) for each in found if each["figure"] == figure for text in each["texts"]]


SIGNED = [(k, 2026 + 6 * k, "signature", state, "", "some", 0) for k in (0, 1) for state in ("KGZ", "TJK")]


def test_treaties_by_two_years_and_when():
    """Adopted in January 2026 and 2032; KGZ and TJK sign then, UZB never."""
    (first,) = texts(answers(source(*SIGNED)), "treaties")[:1]
    assert first == (
        "“The willing” is adopted by the end of 2030 in 25 % (5–70 %) of histories and by the end of 2040 in 50 % "
        "(15–85 %); where it comes, half have it by January 2029."
    )
    found = next(each for each in answers(source(*SIGNED)) if each["question"].startswith("Which regional"))
    assert found["columns"] == ["adopted_month.some"]


def test_who_stays_outside_an_accord_that_is_in_place():
    before = [(-1, 2021, "signature", state, "", "some", 0) for state in ("KGZ", "TJK")]
    found = answers(source((2, 2026, "accession", "UZB", "", "some", 0), documented=before))
    assert texts(found, "treaties")[0].startswith("Uzbekistan joins “The willing” by the end of 2030 in 25 %")
    assert found[0]["columns"] == ["signed_month.some.UZB"]


def test_the_likeliest_pairs_and_all_new_treaties():
    steps = [(k, 2025, "rung", "KGZ", "UZB", "friendship", 0) for k in range(3)]
    steps += [(0, 2036, "rung", "TJK", "UZB", "friendship", 0), (0, 2037, "rung", "TJK", "UZB", "partnership", 0)]
    found = texts(answers(source(*steps)), "treaties")
    assert found[0].startswith("Likeliest between two states by the end of 2030: ")
    assert "75 % (30–95 %)" in found[0] and found[0].count("0 % (0–49 %)") == 2
    assert found[1] == "In all, 1 (0 to 3) new treaties of either kind by 2040."
    (pairs,) = (each for each in answers(source(*steps)) if each["question"].startswith("Which pairs"))
    assert pairs["columns"][0] == "rung_month.KGZ-UZB.friendship" and pairs["columns"][-1] == "new_treaties_2040"


def test_pairs_stand_in_the_order_of_the_figures_that_are_told():
    """One treaty comes in three of four histories after 2030, the other in two of four before."""
    late = [(k, 2036, "rung", "KGZ", "UZB", "friendship", 0) for k in range(3)]
    early = [(k, 2027, "rung", "TJK", "UZB", "friendship", 0) for k in range(2)]
    (pairs,) = (each for each in answers(source(*late, *early)) if each["question"].startswith("Which pairs"))
    assert pairs["columns"][:2] == ["rung_month.TJK-UZB.friendship", "rung_month.KGZ-UZB.friendship"]


def test_nothing_open_is_no_answer():
    closed = [(-1, 2015, "rung", *dyad.split("-"), rung, 0) for dyad in CATALOGUE.dyads for rung in CATALOGUE.rungs]
    assert texts(answers(source(documented=closed)), "treaties") == []


def test_disputes_and_clashes_over_the_simulated_span():
    """19 years; columns are rates a year."""
    disputes = np.array([0, 19, 38, 57]) / 19
    clashes = {"clashes__KGZ-TJK": np.array([0, 0, 2, 2]) / 19, "clashes__KGZ-UZB": np.array([0, 0, 0, 4]) / 19}
    found = texts(answers(source(disputes_all=disputes, **clashes)), "rivers")
    assert found == [
        "From January 2022 to the end of 2040 a history has on average 28.5 disputes between states over water (middle "
        "80 % of histories: 0 to 57); 25 % of histories have none.",
        "It has on average 2.0 armed clashes on borders (middle 80 % of histories: 0 to 6), most of them on "
        "Kyrgyzstan–Tajikistan and Kyrgyzstan–Uzbekistan; 50 % of histories have none.",
    ]
    quiet = texts(
        answers(source(disputes_all=disputes, **{name: 0 * each for name, each in clashes.items()})), "rivers"
    )
    assert "most of them" not in quiet[1] and quiet[1].endswith("100 % of histories have none.")
    dry = replace(CATALOGUE, region=replace(CATALOGUE.region, disputes=()))
    assert "no disputes over water, since" in texts(answers(source(disputes_all=disputes, catalogue=dry)), "rivers")[0]


def gains(**of_states):
    return {f"integration_gain__{state}_2040": np.full(4, of_states.get(state, 0.0)) for state in CATALOGUE.states}


def test_trade_its_goal_and_who_gains():
    extra = {
        "trade_regional_2030": [10, 20, 30, 40], "trade_regional_2040": [100.5, 200, 300, 400],
        f"goal_month__{AXIS}": [2028, 2033, np.nan, np.nan],
    }  # fmt: skip
    found = texts(answers(source(**extra, **gains(KGZ=0.0123, TJK=-0.004))), "trade")
    assert found[0].endswith("in billion dollars of the year: 25 (10 to 40) in 2030 and 250 (100 to 400) in 2040.")
    assert found[1].endswith(
        "billion a year in 25 % (5–70 %) by the end of 2030 and 50 % (15–85 %) by the end of 2034."
    )
    assert found[2] == (
        "Against a world without integration Kyrgyzstan gains most (+1.23 % of income in 2040) and Tajikistan least "
        "(\N{MINUS SIGN}0.40 %)."
    )
    none = texts(answers(source(**gains(KGZ=0.00049, TJK=-0.00049))), "trade")
    assert none == ["Against a world without integration no state gains or loses 0.05 % of income."]
    some = texts(answers(source(**gains(TJK=-0.0005))), "trade")
    assert some[0].startswith("Against a world without integration Kyrgyzstan gains most (0 % of income")


def test_the_worst_year_of_water_by_who_lacks_most():
    shares = {"KGZ": 0.05, "TJK": 0.1, "UZB": 0.3}
    worst = {f"deficit_worst__{state}": np.full(4, share) for state, share in shares.items()}
    *_, text = texts(answers(source(**worst)), "rivers")
    assert text == (
        "In the worst year from the branch on, irrigation lacks 30 % of its demand in Uzbekistan, 10 % of its demand "
        "in Tajikistan and 5 % of its demand in Kyrgyzstan (medians of the histories)."
    )


def test_numbers_with_what_histories_leave_open():
    assert plain(chance(probability(10, 100))) == "10 % (6–17 %)"
    assert spread(summarise([1, 2, 3, 4])) == "2.5 (1.0 to 4.0)"
    assert spread(summarise([1, 2, 3])) == "2 (1 to 3)"


def test_five_sentences_end_with_how_sure_that_is():
    extra = {
        f"goal_month__{AXIS}": [2028, 2033, np.nan, np.nan],
        "disputes_all": np.ones(4),
        "trade_regional_2040": [1, 2, 3, 4],
    }
    step = (0, 2025, "rung", "KGZ", "UZB", "friendship", 0)
    found = brief(source(*SIGNED, step, **extra, **gains(KGZ=0.01)))
    assert [each["figure"] for each in found] == ["treaties", "treaties", "rivers", "trade", ""]
    assert all(
        len(each["texts"]) == 1 and each["texts"][0].endswith(".") and ".." not in each["texts"][0] for each in found
    )
    assert found[0]["columns"] == ["adopted_month.some"] and found[3]["columns"] == [f"goal_month.{AXIS}"]
    assert found[1]["columns"] == ["rung_month.KGZ-UZB.friendship"]
    assert "parameters are drawn anew" in found[4]["texts"][0] and found[4]["columns"] == ["drawn.*"]
    sure = {"resolved": {"run": {"parameter_uncertainty": False}}, "failed": [{}, {}]}
    fixed = source(manifest=sure)
    assert "all share one set of parameters" in brief(fixed)[-1]["texts"][0] and brief(fixed)[-1]["columns"] == []
    assert [text.split(" ")[0] for text in how_sure(fixed)] == ["4", "All", "2"]
    assert "at most ±35 points" in how_sure(fixed)[0]  # two of four: 15 to 85 %
    assert len(how_sure(source())) == 2 and how_sure(source())[1].startswith("Every history draws")


def test_scenarios_side_by_side():
    extra = {
        f"goal_month__{AXIS}": [2028, 2033, np.nan, np.nan],
        "index_2040": [0.1, 0.2, 0.3, 0.4],
        "trust_mean_2040": [0.5] * 4,
    }
    first, second = source(*SIGNED, **extra), source(*SIGNED[:2])
    rows = {
        plain(label): (column, [plain(each) for each in shown])
        for label, column, shown in side_by_side([first, second])
    }
    assert rows["“The willing”, by 2030"] == ("adopted_month.some", ["25 % (5–70 %)", "25 % (5–70 %)"])
    assert rows["New treaties by 2040"] == ("new_treaties_2040", ["0.50 (0 to 1.0)", "0 (0 to 1)"])
    assert rows["Integration index, end of 2040"] == ("index_2040", ["0.25 (0.10 to 0.40)", "–"])
    (goal,) = (value for label, value in rows.items() if "billion by 2034" in label)
    assert goal == (f"goal_month.{AXIS}", ["50 % (15–85 %)", "–"])


@pytest.mark.parametrize(("end", "year"), [(2029, 2029), (2033, 2030), (2040, 2030)])
def test_the_first_year_that_is_spoken_of(end, year):
    found = answers(source(*SIGNED[:2], catalogue=replace(CATALOGUE, end=end * 12 + 11)))
    first = texts(found, "treaties")[0]
    assert f"by the end of {year} in" in first and first.count(f"by the end of {end} in") == (2 if year == end else 1)
    late = answers(source(*SIGNED, catalogue=replace(CATALOGUE, branch=2031 * 12)))
    assert "by the end of 2035 in" in texts(late, "treaties")[0]


def many(values, **extra):
    """As many histories as there are numbers of disputes, in a catalogue of ten simulated years."""
    catalogue = replace(CATALOGUE, branch=2031 * 12)
    members = {name.replace("__", "."): np.asarray(each, float) for name, each in extra.items()}
    rungs = {f"rung_month.{dyad}.{rung}": [np.nan] for dyad in CATALOGUE.dyads for rung in CATALOGUE.rungs}
    accords = {column: [np.nan] for column in catalogue.dated_by.values()}
    empty = {name: np.full(len(values), np.nan) for name in (*rungs, *accords)}
    return Some(
        catalogue=catalogue, members=empty | {"disputes_all": np.asarray(values, float) / 10} | members,
        n_members=len(values), years=catalogue.years, manifest={"failed": []},
    )  # fmt: skip


def test_the_middle_of_the_disputes():
    """1 to 20 disputes in ten years: the second and the eighteenth; none where it is less than half of one."""
    (first,) = texts(answers(many(range(1, 21))), "rivers")
    assert "10.5 disputes between states over water (middle 80 % of histories: 2 to 18); 0 % of" in first
    (halves,) = texts(answers(many([0.0, 0.4, 0.5, 1.0])), "rivers")
    assert "50 % of histories have none" in halves and halves.startswith("From January 2031 to the end of 2040")


def test_the_two_borders_with_most_clashes():
    clashes = {"clashes__KGZ-TJK": [0.1, 0.3], "clashes__KGZ-UZB": [0.0, 0.1], "clashes__TJK-UZB": [0.3, 0.3]}
    _, second = texts(answers(many([1, 1], **clashes)), "rivers")
    assert "most of them on Tajikistan–Uzbekistan and Kyrgyzstan–Tajikistan;" in second
    assert second.startswith("It has on average 5.5 armed clashes") and "0 % of histories have none" in second


def test_an_answer_says_where_its_numbers_come_from():
    found = {each["question"]: each for each in answers(many([1, 1], **{f"goal_month__{AXIS}": [2032, np.nan]}))}
    assert found["How often do the states fall out?"]["columns"] == ["disputes_all", "clashes.*"]
    assert found["What becomes of trade?"]["columns"] == [f"goal_month.{AXIS}"]
    worst = many([1, 1], deficit_worst__KGZ=[0.1, 0.1], deficit_worst__UZB=[0.2, 0.4])
    assert answers(worst)[-1]["columns"] == ["deficit_worst.UZB", "deficit_worst.KGZ"]
    small = many([1, 1], **{f"integration_gain__{state}_2040": [0.0, 0.0] for state in CATALOGUE.states})
    large = many([1, 1], **{f"integration_gain__{state}_2040": [0.1, 0.1] for state in CATALOGUE.states})
    for each in (small, large):
        assert answers(each)[-1]["columns"] == ["integration_gain.*_2040"]


def test_a_level_of_one_year_is_told_once():
    """A run that ends in 2030 has one year to speak of."""
    found = source(catalogue=replace(CATALOGUE, end=2030 * 12 + 11), trade_regional_2030=[1, 2, 3, 4])
    (text,) = texts(answers(found), "trade")
    assert text.endswith("in billion dollars of the year: 2.5 (1.0 to 4.0) in 2030.")


def test_at_most_four_pairs_are_likeliest():
    dyads, rungs = CATALOGUE.dyads, CATALOGUE.rungs[:2]
    steps = [(0, 2025, "rung", *dyad.split("-"), rung, 0) for dyad in dyads for rung in rungs]
    (pairs,) = (each for each in answers(source(*steps)) if each["question"].startswith("Which pairs"))
    assert len([name for name in pairs["columns"] if name.startswith("rung_month")]) == 4
    rows = side_by_side([source(*steps)])
    assert len([label for label, column, _ in rows if column.startswith("rung_month")]) == 4
    assert plain(rows[0][0]) == "Kyrgyzstan–Tajikistan: friendship treaty, by 2030"
    assert [plain(each) for each in rows[0][2]] == ["25 % (5–70 %)"]


def test_at_most_three_accords_are_told():
    extra = tuple(replace(CATALOGUE.accords[1], id=f"more-{k}", title=f"More {k}") for k in range(3))
    catalogue = replace(CATALOGUE, accords=(*CATALOGUE.accords, *extra))
    columns = {f"adopted_month__{accord.id}": [2026, 2027, np.nan, np.nan] for accord in catalogue.accords}
    columns |= {f"signed_month__{accord.id}.{state}": [np.nan] * 4 for accord in extra for state in accord.parties}
    found = answers(source(catalogue=catalogue, **columns))
    assert len(texts(found, "treaties")) == 3 and len(found[0]["columns"]) == 3


def test_who_joins_side_by_side():
    before = [(-1, 2021, "signature", state, "", "some", 0) for state in ("KGZ", "TJK")]
    found = source((2, 2026, "accession", "UZB", "", "some", 0), documented=before, disputes_all=[1, 2, 3, 4])
    rows = {plain(label): (column, [plain(each) for each in shown]) for label, column, shown in side_by_side([found])}
    assert rows["Uzbekistan joins “The willing”, by 2030"] == ("signed_month.some.UZB", ["25 % (5–70 %)"])
    assert rows["Disputes over water a year"] == ("disputes_all", ["2.5 (1.0 to 4.0)"])
    goal = {f"goal_month__{AXIS}": [2031, 2033.9, 2034, np.nan]}
    short = source(catalogue=replace(CATALOGUE, end=2033 * 12 + 11), **goal)
    (goal,) = (shown for label, column, shown in side_by_side([short]) if column.startswith("goal"))
    assert plain(goal[0]) == "50 % (15–85 %)"  # by the end of 2033


def test_gains_that_round_to_nothing_are_nothing():
    """0.00005 of income is 0.01 % and 0.00004 is 0 %."""
    columns = {"KGZ": 0.5, "TJK": 0.00004, "UZB": 0.1}
    (text,) = texts(answers(source(**gains(**columns))), "trade")
    assert text.endswith("Kyrgyzstan gains most (+50.00 % of income in 2040) and Tajikistan least (0 %).")
    (text,) = texts(answers(source(**gains(**columns | {"TJK": 0.00006}))), "trade")
    assert text.endswith("Tajikistan least (+0.01 %).")
    (lost,) = texts(answers(source(**gains(KGZ=-0.1, TJK=-0.2, UZB=-0.3))), "trade")
    assert "Kyrgyzstan gains most (\N{MINUS SIGN}10.00 %" in lost and "Uzbekistan least" in lost


def test_a_run_without_trade_or_water_is_silent_about_them():
    assert [each["figure"] for each in answers(many([1]))] == ["rivers"]
    assert [each["figure"] for each in brief(many([1]))] == ["rivers", ""]
    nothing = many([1])
    del nothing.members["disputes_all"]
    assert answers(nothing) == []


def test_two_texts_become_one_sentence_in_brief():
    extra = {"disputes_all": np.ones(4), "clashes__KGZ-TJK": np.zeros(4)}
    conflict = next(each for each in brief(source(**extra)) if each["figure"] == "rivers")
    (text,) = conflict["texts"]
    assert plain(text).count("; it has on average 0.0 armed clashes") == 1 and text.endswith("of histories have none.")
    regional = brief(source(trade_regional_2040=[1, 2, 3, 4]))
    assert regional[-2]["figure"] == "trade" and regional[-2]["columns"] == ["trade_regional_2040"]
