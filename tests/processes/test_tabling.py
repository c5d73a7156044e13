"""New texts at summits: how many, which, proposed by whom, and what becomes of them, against hand-worked numbers."""

import math

import numpy as np
import pytest

from sim.engine.event_types import CODE
from sim.facts import load_facts
from sim.facts.rows import month_of
from sim.inference.conjugate import Rate
from sim.inference.covariates import panel_of
from sim.inference.fit import evidence_of
from sim.model import build_world, simulate_members
from sim.processes.tabling import MOST_TEXTS, poisson_count, proposer_of, untabled_text
from sim.scenario import load_scenario

MEMBERS = 60


@pytest.fixture(scope="module")
def tabled():
    """A world to 2030 in which every summit tables many texts that are never dropped, its events, and its scenario."""
    return simulated("parameters.tabling.texts=4", "parameters.tabling.drop=0")


def simulated(*settings):
    world = build_world(load_scenario("baseline", ("run.end=2030-12-31", *settings)), load_facts())
    return world, simulate_members(world, 0, MEMBERS).events


def of_texts(world, events, *kinds):
    """Simulated events of these kinds under new texts."""
    first = len(world.accords)
    wanted = np.isin(events["kind"], [CODE[kind] for kind in kinds])
    return events[wanted & (events["subject"] >= first) & (events["member"] >= 0)]


def test_poisson_numbers_by_inversion():
    # mean 2: exp(-2) = .1353, then .4060, .6767, .8571
    assert [poisson_count(2.0, u) for u in (0.0, 0.135, 0.136, 0.4, 0.41, 0.68, 0.86)] == [0, 0, 1, 1, 2, 3, 4]
    assert poisson_count(0.0, 0.999) == 0
    assert poisson_count(50.0, 0.999) == MOST_TEXTS


def test_poisson_mean():
    counts = [poisson_count(1.3, (k + 0.5) / 4000) for k in range(4000)]
    assert np.mean(counts) == pytest.approx(1.3, abs=0.01)
    assert np.var(counts) == pytest.approx(1.3, abs=0.02)


def test_each_text_that_is_left_is_as_likely():
    tabled = np.array([0, 10, 99, 99, 5, 99])  # at month 20 the texts 2, 3 and 5 are on no table
    found = [untabled_text(tabled, 1, 6, 20, (k + 0.5) / 9) for k in range(9)]
    assert found == [2, 2, 2, 3, 3, 3, 5, 5, 5]
    assert untabled_text(tabled, 0, 2, 20, 0.5) == -1


def test_proposer_is_a_party_by_its_weight_whose_law_lets_it_sign():
    inputs = build_world(load_scenario("baseline"), load_facts()).inputs
    accords = inputs.accords
    text, month = accords.named, accords.texts_from
    proposes, party, hard = accords.proposes.copy(), accords.party[text].copy(), accords.hard[text].copy()
    try:
        accords.proposes[:] = 4.0, 1.0, 3.0, 0.0, 0.0, 0.0
        accords.party[text], accords.hard[text] = (1, 0, 1, 0, 0, 0), 0
        found = [proposer_of(inputs, text, month, (k + 0.5) / 7) for k in range(7)]
        assert found == [0, 0, 0, 0, 2, 2, 2]  # 4 : 3, and never the state that is no party
        accords.hard[text, 0] = month, month + 1  # for this month the law of the first bars it
        assert {proposer_of(inputs, text, month, (k + 0.5) / 7) for k in range(7)} == {2}
        assert proposer_of(inputs, text, month + 1, 0.0) == 0
        accords.hard[text, 2] = month, month + 1
        assert proposer_of(inputs, text, month, 0.5) == -1
    finally:
        accords.proposes[:], accords.party[text], accords.hard[text] = proposes, party, hard


def test_nobody_proposes_what_its_own_law_bars(tabled):
    world, events = tabled
    hard = world.inputs.accords.hard
    proposals = of_texts(world, events, "proposal")
    barred = hard[proposals["subject"], proposals["a"]]
    assert not ((barred[:, 0] <= proposals["month"]) & (proposals["month"] < barred[:, 1])).any()
    tkm = proposals["a"] == world.states.index("TKM")
    assert tkm.any()  # it proposes what it may sign


def test_the_record_counts_texts_and_summits_since_the_process_was_born():
    _, shares = evidence_of(load_facts(), "literature")
    (texts,) = [share for share in shares if isinstance(share, Rate)]
    # by hand: friendship, coordinators, land transport, youth, forum, security, transport, visa; six meetings
    assert texts.counted == [8, 6]
    assert texts.prior_mean == 1.0 and texts.prior_sd == 1.0
    # gamma(9, rate 7): its median is close to (9 - 1/3) / 7
    assert texts.rank((9 - 1 / 3) / 7) == pytest.approx(0.5, abs=0.005)


def test_texts_come_at_regional_summits_alone(tabled):
    world, events = tabled
    regional = world.inputs.accords.format[len(world.accords)]
    summits = events[(events["kind"] == CODE["summit"]) & (events["subject"] == regional)]
    held = set(zip(summits["member"].tolist(), summits["month"].tolist()))
    proposals = of_texts(world, events, "proposal")
    assert len(proposals) > 2 * len(held)
    assert set(zip(proposals["member"].tolist(), proposals["month"].tolist())) <= held
    each = list(zip(proposals["member"].tolist(), proposals["subject"].tolist()))
    assert len(each) == len(set(each))  # no text is tabled twice


def test_nobody_signs_before_a_text_is_tabled_or_without_being_a_party(tabled):
    world, events = tabled
    when = {(row["member"], row["subject"]): row["month"] for row in of_texts(world, events, "proposal")}
    signed = of_texts(world, events, "signature", "accession")
    assert len(signed) > 100
    for row in signed:
        text = world.texts[row["subject"] - len(world.accords)]
        assert row["month"] >= when[row["member"], row["subject"]]
        assert world.states[row["a"]] in text.parties


def test_a_bar_in_law_holds_for_texts_like_the_one_that_it_barred(tabled):
    world, events = tabled
    tkm = world.states.index("TKM")
    for row in of_texts(world, events, "signature", "accession"):
        if world.texts[row["subject"] - len(world.accords)].model == "union-2005":
            assert row["a"] != tkm
    # under unanimity that text finds no signature at all
    barred = [k for k, text in enumerate(world.texts) if text.model == "union-2005"]
    signed = of_texts(world, events, "signature")["subject"] - len(world.accords)
    assert not np.isin(signed, barred).any()


def test_a_text_of_one_summit_is_dropped_or_not():
    world, kept = simulated("parameters.tabling.texts=1", "parameters.tabling.drop=0")
    _, dropped = simulated("parameters.tabling.texts=1", "parameters.tabling.drop=1")

    def later(events):
        """Signatures at a later summit than that which tabled the text."""
        when = {(row["member"], row["subject"]): row["month"] for row in of_texts(world, events, "proposal")}
        signed = of_texts(world, events, "signature")
        first = {}
        for row in signed:
            first.setdefault((row["member"], row["subject"]), row["month"])
        return sum(month > when[key] for key, month in first.items())

    assert later(dropped) == 0 < later(kept)


def test_nothing_is_tabled_at_a_rate_of_zero_or_before_the_record_ends():
    world, events = simulated("parameters.tabling.texts=0")
    assert len(of_texts(world, events, "proposal")) == 0
    settings = ("parameters.tabling.texts=5", "run.branch=2018-01-01", "record.later=known", "run.end=2030-12-31")
    world = build_world(load_scenario("baseline", settings), load_facts())
    months = of_texts(world, simulate_members(world, 0, 10).events, "proposal")["month"]
    assert len(months) > 20
    assert months.min() >= month_of(load_facts().record_ends) + 1


def test_texts_carry_what_their_model_asks():
    world = build_world(load_scenario("baseline"), load_facts())
    accords = {accord.id: accord for accord in world.accords}
    table, first = world.inputs.accords, len(world.accords)
    assert table.named == first and table.count == first + len(world.texts)
    for k, text in enumerate(world.texts):
        model = accords[text.model]
        assert (text.depth, text.content, text.parties, text.rule) == (
            model.depth,
            model.content,
            model.parties,
            model.rule,
        )
        assert table.depth[first + k] == model.depth and table.opens[first + k] > table.texts_from
        assert text.expires is None
    assert math.isclose(table.proposes.sum(), table.proposes.astype(int).sum() + 1.0)


def test_readiness_ties_the_answers_of_a_state_together():
    """Readiness of two log-odds less lowers the log-odds of every answer of that state by two, and no other."""
    facts = load_facts()
    posterior, _ = evidence_of(facts, "literature")
    term, layout = posterior.terms["accords"], posterior.layout
    x = np.array([prior.mean for prior in posterior.priors])
    place = int(layout.at(["readiness.TKM"])[0])
    lower = x.copy()
    lower[place] -= 2.0
    moved = term.predictor.eta(lower) - term.predictor.eta(x)
    assert set(np.round(np.unique(moved), 12)) == {-2.0, 0.0}
    states = panel_of(facts).states
    assert states[4] == "TKM" and (moved == -2.0).sum() > 20


def test_readiness_of_a_calibration_is_that_of_the_engine():
    settings = ("calibration.use=none", "run.parameter_uncertainty=false", "parameters.accords.state_sd=0")
    world = build_world(load_scenario("baseline", ("run.end=2026-12-31", *settings)), load_facts())
    memory = world.new_memory()
    from sim.model.initial import begin, empty_log
    from sim.model.parameters import draw_parameters

    params = draw_parameters(world.scenario, world.facts, 0, 1)
    begin(memory, world.inputs, params[0], 0, empty_log())
    assert (memory.region.treaties.readiness == 0.0).all()
    params["readiness"][0, 2] = -1.5
    begin(memory, world.inputs, params[0], 0, empty_log())
    assert memory.region.treaties.readiness[2] == -1.5
