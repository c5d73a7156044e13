"""What an instrument is worth to a state, part by part."""

import math

import numpy as np
import pytest

from by_hand.three_states import A, B, C, Some
from sim.engine.layout import ISSUES, PARTS
from sim.processes import utility

PART = {name: k for k, name in enumerate(PARTS)}


@pytest.fixture(autouse=True)
def parameters(region, inputs, params):
    params.__dict__.update(
        interest_vulnerability=0.5, interest_pull_cost=0.2, sponsors_courting=0.1, interest_gain_scale=7.0,
        border_clash_memory=24.0, signing_depth=2.0,
    )  # fmt: skip
    region.polity.capacity[:] = [0.2, 0.5, 0.5]
    region.polity.openness[:] = [0.3, 0.0, 0.0]
    region.environment.pull[:], region.environment.effort = [0.4, 0.0, 0.0], 0.5
    inputs.overrides.scepticism[A] = 0.25
    region.beliefs.trust[A] = [1.0, 0.8, 0.4]
    region.polity.gains[A] = np.eye(len(ISSUES))[0]  # trade and nothing else
    content = np.zeros(len(ISSUES))
    content[0], content[1] = 0.25, 0.75
    inputs.ladder.depth, inputs.ladder.content = np.array([0.4, 0.6, 0.8]), np.array([content, content, content])
    inputs.accords = Some(
        count=1, party=np.ones((1, 3), int), n_parties=np.array([3]), content=np.array([content]), depth=np.array([0.6])
    )
    region.treaties.__dict__.update(tabled=np.array([300]), lapsed=np.zeros(1, int), signed=np.full((1, 3), -1))
    region.appraisal.accord = np.full((1, 3, len(PARTS)), 9.0)
    region.polity.blocker[:] = [0.9, 0.0, 0.0]
    region.frontier.unsettled[:] = [0.5, 0.5, 0.0]
    region.frontier.clash_month[:] = [276, 300, 300]


def parts(trust, gain, depth, block):
    """Of state A, by hand."""
    return [
        trust * gain, -(1 - trust) * 0.5 * depth, -depth * 0.8, -0.2 * 0.4 * depth + 0.05, -block, 0.3, -0.25,
    ]  # fmt: skip


def test_parts_of_an_offer(region, inputs, params):
    found = np.zeros(len(PARTS))
    utility.fill_parts(found, utility.Offer(0.8, 0.7, 0.5, 0.1), A, region, inputs, params)
    assert found == pytest.approx(parts(0.8, 0.7, 0.5, 0.1))


def test_doubt_is_a_scenarios_and_never_below_nought(inputs):
    inputs.overrides.scepticism[:] = [0.5, -0.5, np.nan]
    assert [utility.scepticism_of(inputs, state) for state in (A, B, C)] == [0.5, 0.0, 0.0]


def test_a_border_blocks_where_there_is_one(region, inputs, params):
    assert utility.border_block(region, inputs, A, B, 300, params) == pytest.approx(0.9 * 0.5 / math.e)
    assert utility.border_block(region, inputs, B, A, 300, params) == 0.0  # whoever minds less
    assert utility.border_block(region, inputs, A, C, 300, params) == 0.0  # no common border
    region.frontier.clash_month[0] = -1
    assert utility.border_block(region, inputs, A, B, 300, params) == 0.0  # no clash
    region.frontier.clash_month[0], region.frontier.unsettled[0] = 276, 0.0
    assert utility.border_block(region, inputs, A, B, 300, params) == 0.0  # nothing left to settle


def test_a_clash_weighs_less_from_month_to_month(region):
    region.frontier.clash_month[:] = [0, 300, 276]  # month nought is a month
    weights = [
        utility.weight_of_clash(region.frontier, dyad, month, 24.0) for dyad, month in ((0, 24), (1, 300), (2, 300))
    ]
    assert weights == pytest.approx([1 / math.e, 1.0, 1 / math.e])
    assert utility.weight_of_clash(region.frontier, 2, 300, 12.0) == weights[2]  # kept until the month ends
    region.frontier.clash_month[2] = 300
    assert utility.weight_of_clash(region.frontier, 2, 300, 24.0) == 1.0


def test_the_next_rung_with_each_other(region, inputs, params):
    region.treaties.rung[:] = [1, 3, 0]
    region.appraisal.dyad[:] = 9.0
    utility.appraise_rungs(A, B, region, inputs, params, 300)
    assert region.appraisal.dyad[A, B] == pytest.approx(parts(0.8, 0.6 * 7 * 0.25, 0.6, 0.45 / math.e))
    assert (region.appraisal.dyad[A, C] == 9.0).all()  # an alliance already
    assert (region.appraisal.dyad[A, A] == 9.0).all() and (region.appraisal.dyad[B] == 9.0).all()
    region.treaties.rung[:] = [1, 2, 0]
    utility.appraise_rungs(A, B, region, inputs, params, 300)
    assert region.appraisal.dyad[A, C] == pytest.approx(parts(0.4, 0.8 * 7 * 0.25, 0.8, 0.0))


def test_an_accord_is_worth_its_partners_mean_and_its_worst_border(region, inputs, params):
    inputs.borders.exists[:] = 1
    region.frontier.clash_month[:] = [276, 252, -1]
    utility.appraise(A, B, region, inputs, params, 300)
    by_hand = parts(0.6, 0.6 * 7 * 0.25, 0.6, 0.45 / math.e)
    by_hand[PART["sovereignty"]] -= 2.0 * (0.6 - 0.45)
    assert region.appraisal.accord[0, A] == pytest.approx(by_hand)
    assert (region.appraisal.accord[0, B] == 9.0).all()
    inputs.accords.party[0, B], inputs.accords.n_parties[0] = 0, 2
    utility.appraise_accords(A, B, region, inputs, params, 300)
    by_hand = parts(0.4, 0.6 * 7 * 0.25, 0.6, 0.45 / math.e**2)
    by_hand[PART["sovereignty"]] -= 0.3
    assert region.appraisal.accord[0, A] == pytest.approx(by_hand)


@pytest.mark.parametrize("what", ["later", "lapsed", "no party", "signed in month 0"])
def test_what_cannot_be_signed_is_not_valued(region, inputs, params, what):
    if what == "later":
        region.treaties.tabled[0] = 301
    elif what == "lapsed":
        region.treaties.lapsed[0] = 1
    elif what == "no party":
        inputs.accords.party[0, A] = 0
    else:
        region.treaties.signed[0, A] = 0
    utility.appraise_accord(0, A, region, inputs, params, 300)
    assert (region.appraisal.accord == 9.0).all()


def test_rungs_are_valued_from_the_branch_year_on_or_where_terms_are_kept(inputs, log):
    inputs.clock.branch = 205  # in the year from month 204
    assert [utility.steps_matter(inputs, month, log) for month in (203, 204, 205)] == [False, True, True]
    log.terms = np.zeros((1, 1))
    assert utility.steps_matter(inputs, 100, log)
