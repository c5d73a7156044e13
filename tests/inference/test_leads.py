"""Questions years ahead: the rule on a small record, scores by hand, climatology, and the command of a user."""

import json
import math
from dataclasses import replace
from types import SimpleNamespace

import numpy as np
import pyarrow.parquet as pq
import pytest
from typer.testing import CliRunner

from sim.cli.app import app
from sim.hindcast.leads import study
from sim.hindcast.leads.climatology import chance_from, climatology, expected_counts
from sim.hindcast.leads.happened import (
    CLASHES,
    CLOSURES,
    DEADLY,
    FRICTIONS,
    NEW_TEXTS,
    RATIFICATIONS,
    RATIFIED_TEXTS,
    RUNGS,
    SIGNATURES,
    SUMMITS,
    TRADE,
    Row,
    counts_as,
    of_members,
    of_record,
)
from sim.hindcast.leads.questions import Ledger, Question, answers, counts, ledger_of, questions_at, trade_questions
from sim.hindcast.leads.scores import block_length, block_mean, count_scores, lead_scores, reliability
from sim.hindcast.leads.study import Asked, Counted, Leads, engine_chances, engine_counts, forecast_leads
from sim.hindcast.leads.tables import lead_lines
from sim.model.build import EVENT_FIELDS

KZ_UZ = "KAZ-UZB"


@pytest.fixture(scope="module")
def real(facts):
    return ledger_of(facts)


def ledger(facts, *rows, trade=None):
    """A record of some rows alone."""
    return Ledger(facts, tuple(sorted(rows, key=lambda row: row.month)), trade or {})


def row(year, month, kind, subject, value=0.0, member=0):
    return Row(member, 12 * year + month - 1, kind, subject, value)


def asked(record, year, month, kind):
    return {question.subject for question in questions_at(record, 12 * year + month - 1) if question.kind == kind}


def test_the_rule_asks_for_the_step_that_a_pair_has_not_made(facts):
    record = ledger(facts, row(2012, 3, "rung", KZ_UZ, 3), row(2015, 3, "assumed rung", "AZE-UZB", 1))
    assert len(asked(record, 2012, 1, RUNGS)) == 14  # one pair's next step is only assumed
    assert KZ_UZ in asked(record, 2012, 1, RUNGS) and KZ_UZ not in asked(record, 2012, 7, RUNGS)
    assert "AZE-UZB" in asked(record, 2015, 7, RUNGS)


def test_a_text_is_open_from_its_tabling_until_it_is_signed_or_expires(facts):
    signed = row(2022, 7, "signature", "friendship-2022:KAZ")
    record = ledger(facts, signed, row(2024, 2, "withdrawal", "friendship-2022:KAZ"))
    named = {f"friendship-2022:{state}" for state in ("KAZ", "KGZ", "TJK", "TKM", "UZB")}
    assert not named & asked(record, 2022, 7, SIGNATURES)  # tabled on the 21st
    assert named & asked(record, 2023, 1, SIGNATURES) == named - {"friendship-2022:KAZ"}
    assert named <= asked(record, 2024, 7, SIGNATURES)  # who has left can join again
    assert "roadmap-2022:UZB" in asked(record, 2024, 7, SIGNATURES)
    assert "roadmap-2022:UZB" not in asked(record, 2025, 1, SIGNATURES)  # it ran until the end of 2024
    assert not any(name.startswith("union-2005") for name in asked(record, 2010, 1, SIGNATURES))  # never a text


def test_what_ends_with_its_format_is_signed_no_more(facts):
    record = ledger(facts, row(2005, 10, "format-ends", "consultative"))
    assert "caco-2002:TKM" in asked(record, 2005, 7, SIGNATURES)
    assert "caco-2002:TKM" not in asked(record, 2006, 1, SIGNATURES)


def test_pending_ratifications_are_asked_for_five_years(facts):
    record = ledger(
        facts,
        row(2024, 7, "signature", "friendship-2022:KAZ"),
        row(2024, 7, "signature", "friendship-2022:UZB"),
        row(2024, 7, "signature", "roadmap-2022:UZB"),  # needs none
        row(2022, 12, "rung", KZ_UZ, 3),
        row(2025, 3, "ratification", "friendship-2022:UZB"),
        row(2024, 5, "rung-in-force", f"3:{KZ_UZ}"),
    )
    assert asked(record, 2022, 7, RATIFICATIONS) == set()  # not followed yet
    assert asked(record, 2023, 1, RATIFICATIONS) == {f"3:{KZ_UZ}"}
    assert asked(record, 2024, 7, RATIFICATIONS) == set()
    assert asked(record, 2024, 10, RATIFIED_TEXTS) == set()  # signed, and not followed yet
    assert asked(record, 2025, 1, RATIFIED_TEXTS) == {"friendship-2022:KAZ", "friendship-2022:UZB"}
    assert asked(record, 2025, 7, RATIFIED_TEXTS) == {"friendship-2022:KAZ"}
    assert asked(record, 2030, 1, RATIFIED_TEXTS) == set()
    assert answers(record, 12 * 2024, 6)[Question(RATIFICATIONS, f"3:{KZ_UZ}")]
    assert answers(record, 12 * 2025, 6)[Question(RATIFIED_TEXTS, "friendship-2022:UZB")]
    assert not answers(record, 12 * 2025, 6)[Question(RATIFIED_TEXTS, "friendship-2022:KAZ")]


def test_summits_clashes_closures(facts):
    record = ledger(
        facts,
        row(2012, 6, "summit", "c5-eu"),
        row(2013, 5, "clash", "KGZ-TJK", 1.0),
        row(2013, 6, "clash", "KGZ-TJK", 0.0),
        row(2013, 7, "closure", "TJK-UZB"),
    )
    assert asked(record, 2012, 1, SUMMITS) == set() and asked(record, 2012, 7, SUMMITS) == {"c5-eu"}
    assert asked(record, 2023, 1, SUMMITS) == set()  # forgotten
    assert asked(record, 2009, 7, CLASHES) == set() and len(asked(record, 2010, 1, CLASHES)) == len(facts.borders)
    found = answers(record, 12 * 2013, 6)
    assert [question for question, came in found.items() if came] == [Question(CLASHES, "KGZ-TJK")]
    assert [question for question, came in answers(record, 12 * 2013 + 6, 6).items() if came] == [
        Question(CLOSURES, "TJK-UZB")
    ]
    number = counts(record, 12 * 2013, 12)
    assert (number[CLASHES], number[DEADLY], number[CLOSURES], number[FRICTIONS]) == (2, 1, 1, 1)


def test_trade_is_compared_with_the_last_year_known(facts):
    record = ledger(facts, trade={KZ_UZ: {2011: 2.0, 2012: 3.0, 2013: 1.0}, "KGZ-UZB": {2011: 1.0}})
    assert trade_questions(record, 12 * 2012, 6) == {}  # no year is over
    assert trade_questions(record, 12 * 2012, 12) == {KZ_UZ: True}
    assert trade_questions(record, 12 * 2012 + 6, 6) == {KZ_UZ: True}  # 2012 is over in December
    assert trade_questions(record, 12 * 2012, 24) == {KZ_UZ: False}
    assert counts(record, 12 * 2012, 12)[TRADE] == 1 and TRADE not in counts(record, 12 * 2012, 6)


def test_later_texts_count_apart(facts):
    signed = row(2023, 9, "signature", "land-transport-2023:KAZ")
    record = ledger(facts, signed, row(2023, 10, "accession", "friendship-2022:TKM"))
    assert counts_as(signed, record.texts(12 * 2023)) == (NEW_TEXTS,)
    assert counts_as(signed, record.texts(12 * 2024)) == (SIGNATURES,)
    renewed = row(2025, 2, "signature", "roadmap-2022:KAZ")  # the successor of a plan that ended in 2024
    assert counts_as(renewed, record.texts(12 * 2024)) == (NEW_TEXTS,)
    number = counts(record, 12 * 2023, 12)
    assert (number[SIGNATURES], number[NEW_TEXTS]) == (1, 1)
    assert RATIFICATIONS not in counts(record, 12 * 2022, 12)  # not followed yet


def test_the_record_and_members_speak_alike(facts, real):
    """A documented event and the same one in a member's log give the same row."""
    states = tuple(state.id for state in facts.states)
    from sim.engine.event_types import CODE

    world = SimpleNamespace(
        states=states,
        accords=[accord for accord in facts.accords if accord.kind != "proposal"],
        formats=[each.id for each in facts.formats],
    )
    number = [accord.id for accord in world.accords].index("friendship-2022")
    k, u, t = (states.index(each) for each in ("KAZ", "UZB", "TKM"))
    lines = [
        (7, 12 * 2022 + 6, CODE["signature"], k, -1, number, 0.0),
        (7, 12 * 2022 + 11, CODE["rung"], k, u, 3, 0.0),
        (7, 12 * 2024 + 4, CODE["rung-in-force"], k, u, 3, 0.0),
        (7, 12 * 2024 + 7, CODE["summit"], -1, -1, world.formats.index("consultative"), 0.0),
        (7, 12 * 2009, CODE["clash"], k, t, -1, 1.0),
        (7, 12 * 2024, CODE["leader-change"], k, -1, -1, 0.0),
    ]
    block = SimpleNamespace(members=np.array([7]), events=np.array(lines, EVENT_FIELDS))
    found = of_members(block, world, 12 * 2010)
    assert [each.member for each in found] == [0, 0, 0, 0]
    documented = {(each.month, each.kind, each.subject) for each in real.rows}
    assert {(each.month, each.kind, each.subject) for each in found} <= documented
    assert all(each.month < real.end for each in of_record(facts))


def test_chances_and_counts_of_members_by_hand(facts):
    """Three of four members see a clash of the pair in half a year: (3 + 1/2) / (4 + 1); one sees two."""
    rows = [row(2012, 2, "clash", "KGZ-TJK", 1.0, member) for member in (0, 1, 3)]
    rows += [row(2012, 5, "clash", "KGZ-TJK", 0.0, 0), row(2012, 8, "clash", "KGZ-TJK", 0.0, 2)]
    origin = SimpleNamespace(
        block=SimpleNamespace(members=np.arange(4), yearly={"deflator": np.ones((4, 1))}),
        world=SimpleNamespace(years=[2012]),
        month=12 * 2012,
    )
    record, question = ledger(facts), Question(CLASHES, "KGZ-TJK")
    assert engine_chances(origin, record, rows, [question], 6)[question] == pytest.approx(0.7)
    assert engine_chances(origin, record, rows, [question], 12)[question] == pytest.approx(0.9)
    nothing = Question(CLASHES, KZ_UZ)
    assert engine_chances(origin, record, rows, [nothing], 6)[nothing] == pytest.approx(0.1)
    mean, sd = engine_counts(origin, record, rows, 6)[CLASHES]
    assert mean == 1.0 and sd == pytest.approx(math.sqrt(2 / 3))  # 2, 1, 0, 1


def test_scores_of_three_questions_at_two_leads_by_hand():
    rows = [
        Asked(12 * 2012, 6, CLASHES, "a", 0.5, 0.25, True),
        Asked(12 * 2012, 6, SUMMITS, "b", 0.2, 0.5, False),
        Asked(12 * 2012, 12, CLASHES, "a", 0.9, 0.5, True),
    ]
    found = {(score.lead, score.kind): score for score in lead_scores(rows)}
    short = found[6, "all"]
    assert short.engine == pytest.approx((math.log(0.5) + math.log(0.8)) / 2)
    assert short.climatology == pytest.approx((math.log(0.25) + math.log(0.5)) / 2)
    assert short.over_climatology[0] == pytest.approx((math.log(2.0) + math.log(1.6)) / 2)
    assert short.over_coin[0] == pytest.approx((0.0 + math.log(1.6)) / 2)
    assert short.brier == pytest.approx(((0.25 + 0.04) / 2, (0.5625 + 0.25) / 2))
    assert short.by_kind == pytest.approx((math.log(2.0) + math.log(1.6)) / 2)
    assert np.isnan(short.over_coin[1]) and short.came == 1  # one origin has no interval
    assert found[12, "all"].engine == pytest.approx(math.log(0.9)) and found[12, CLASHES].questions == 1
    bins = {(each.lead, each.rule, each.low): each for each in reliability(rows)}
    assert bins[6, "engine", 0.2].came == 0.0 and bins[6, "climatology", 0.4].chance == 0.5
    assert bins[12, "engine", 0.9].questions == 1


def test_origins_are_drawn_in_blocks():
    origins = np.arange(12 * 2010, 12 * 2015, 6)
    assert [block_length(origins, lead) for lead in (6, 12, 24, 60)] == [2, 2, 4, 10]
    assert block_length(origins[::2], 12) == 1  # a year apart: windows do not overlap
    values = np.where(np.arange(10) % 2, 1.0, -1.0)
    mean, low, high = block_mean(values, origins, 12)
    assert mean == low == high == 0.0  # any two neighbours cancel out
    assert np.isnan(block_mean(values, origins, 60)[1])  # one block


def test_counts_whose_windows_overlap_are_correlated():
    """Two windows of a year half a year apart, each with sd 1: variance 1 + 1 + 2 * 1/2."""
    apart = [Counted(12 * year, 12, CLASHES, 3, 1.0, 1.0, 2.0) for year in (2012, 2013)]
    over = [apart[0], replace(apart[0], origin=12 * 2012 + 6)]
    assert count_scores(apart)[0].z == pytest.approx(4 / math.sqrt(2))
    assert count_scores(over)[0].z == pytest.approx(4 / math.sqrt(3))
    still = [replace(apart[0], sd=0.0, expected=0.0)]
    assert count_scores(still)[0].z == math.inf and np.isnan(count_scores([replace(still[0], observed=0)])[0].z)


def test_climatology_by_hand(facts):
    """A closure of one of seven pairs in one half-year of ten years: 1 of 140 questions, 1 of 20 of the pair."""
    record = ledger(facts, row(2005, 3, "closure", "KGZ-TJK"))
    mine, other = Question(CLOSURES, "KGZ-TJK"), Question(CLOSURES, "KAZ-UZB")
    pairs = len(facts.borders)
    kind = (1 + 0.5) / (20 * pairs + 1)
    found = climatology(record, 12 * 2010, 6, [mine, other])
    assert found[mine] == pytest.approx((1 + kind) / 21) and found[other] == pytest.approx(kind / 21)
    # of a year, windows begin each half-year and count half: two of nineteen hold the closure
    kind = (1 + 0.5) / (9.5 * pairs + 1)
    assert climatology(record, 12 * 2010, 12, [mine])[mine] == pytest.approx((1 + kind) / 10.5)
    assert climatology(record, 12 * 2010, 6, [Question(SUMMITS, "c5-eu")])[Question(SUMMITS, "c5-eu")] == 0.5
    assert expected_counts(record, 12 * 2010, 12)[CLOSURES] == pytest.approx(2 / 19)
    assert chance_from(3, 4) == 0.7


@pytest.mark.parametrize("lead", [6, 12, 24, 60])
def test_climatology_of_a_constant_record_is_calibrated(facts, lead):
    """Closures at one rate for ever: what climatology gave 10 % came in about 10 %."""
    rng, given, came = np.random.default_rng(5), [], []
    pairs = ["-".join(sorted((each.state_a, each.state_b))) for each in facts.borders]
    for _ in range(12):
        months = [(month, pair) for month in range(12 * 1995, 12 * 2025) for pair in pairs if rng.random() < 0.02]
        record = ledger(facts, *(Row(0, month, "closure", pair) for month, pair in months))
        for origin in range(12 * 2006, 12 * 2020, 60):
            every = answers(record, origin, lead)
            asked_then = [question for question in every if question.kind == CLOSURES]
            past = climatology(record, origin, lead, asked_then)
            given += [past[question] for question in asked_then]
            came += [every[question] for question in asked_then]
    given, came = np.array(given), np.array(came)
    spread = math.sqrt(np.sum(given * (1 - given))) / len(given)
    assert abs(given.mean() - came.mean()) < 3 * spread + 0.02
    assert given.mean() == pytest.approx(1 - 0.98**lead, abs=0.05)


@pytest.fixture
def cli(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    return lambda *words: CliRunner().invoke(app, list(words))


def test_leads_as_a_user_calls_them(cli, tmp_path, monkeypatch):
    call = ("hindcast", "--leads", "--origins", "2014-07,2022-07", "--members", "10", "--plots", "p")
    done = cli(*call)
    assert done.exit_code == 0, done.output
    for words in ("2 origins (2014-07 to 2022-07), 10 members each", "mean log score", "5 years ahead", "over a coin"):
        assert words in done.output
    questions = pq.read_table(tmp_path / "p" / "leads-questions.parquet").to_pylist()
    assert {each["lead"] for each in questions} == {6, 12, 24, 60}
    assert {each["origin"] for each in questions if each["lead"] == 60} == {"2014-07"}  # windows end by June 2025
    assert all(0 < each["engine"] < 1 and 0 < each["climatology"] < 1 for each in questions)
    assert (tmp_path / "p" / "leads.png").stat().st_size > 20_000
    header = (tmp_path / "p" / "leads-counts.csv").read_text().splitlines()[0]
    assert header == '"origin","lead","kind","observed","expected","sd","climatology"'

    monkeypatch.setattr(study, "look_ahead", None)  # a second call reads what the first has kept
    again = cli(*call)
    assert again.exit_code == 0 and again.stdout == done.stdout
    plain = json.loads(cli(*call, "--json").stdout)
    assert plain["origins"] == ["2014-07", "2022-07"] and len(plain["questions"]) > 10


def test_an_origin_of_other_settings_is_made_anew(facts, tmp_path, monkeypatch):
    made = []
    empty = {"asked": [[6, CLASHES, "KGZ-TJK", 0.5, 0.5, True]], "counted": [], "seconds": 1.0}
    monkeypatch.setattr(study, "_from_origin", lambda ledger, month, *given: made.append(month) or dict(empty))
    month = 12 * 2014
    forecast_leads(facts, [month], 20, "literature", tmp_path)
    forecast_leads(facts, [month], 20, "literature", tmp_path)
    assert made == [month]
    forecast_leads(facts, [month], 30, "literature", tmp_path)
    (tmp_path / "origin-2014-01.json").write_text('{"identity": [')  # a call that was killed
    forecast_leads(facts, [month], 30, "literature", tmp_path)
    assert made == [month] * 3


def test_lines_fit_a_terminal():
    rows = tuple(Asked(12 * year, lead, CLASHES, "a", 0.5, 0.5, True) for year in (2012, 2013) for lead in (6, 60))
    counted = (Counted(12 * 2012, 6, CLASHES, 1, 0.5, 0.7, float("nan")),)
    lines = lead_lines(Leads(10, rows, counted, {12 * 2012: 65.0, 12 * 2013: 1.0}))
    assert "took 1 min 6 s" in lines[0]
    assert max(len(part) for line in lines for part in line.splitlines()) <= 130


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (("--leads", "--origins", "2003"), "--origins 2003 is not allowed with --leads.  Years from 2010 to 2024"),
        (("--leads", "--origins", "2003"), "The nearest is 2010-01."),
        (("--leads", "--origins", "2012-05"), "The nearest is 2012-07."),
        (("--leads", "--origins", "soon"), "--origins soon is not allowed with --leads."),
        (("--leads", "--origins", "2012-2010"), "is not allowed with --leads."),
        (("--leads", "--forecasts"), "--forecasts and --leads are two kinds of score.  Give one of them."),
        (("--leads", "--contest"), "--contest belongs to one-step scores, --leads simulates years ahead."),
        (("--leads", "--prior", "prior-only"), "--prior prior-only is not known."),
    ],
)
def test_wrong_options_of_leads(cli, words, says):
    done = cli("hindcast", *words)
    assert done.exit_code == 2 and says in done.output and "Traceback" not in done.output


def test_a_file_where_the_folder_should_be(cli, tmp_path):
    (tmp_path / "p").write_text("mine")
    done = cli("hindcast", "--leads", "--origins", "2022-07", "--members", "10", "--plots", "p")
    assert done.exit_code == 2 and "a file stands where a folder is needed" in done.output
