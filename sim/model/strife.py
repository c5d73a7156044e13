"""Phase 3 after the branch: disputes over water, unilateral frictions, clashes and settlements happen, or not.

Before the branch all of these are documented (`sim.model.minds.live_frictions`). Every hazard has its own channel of
chance, by pair and month, so that two scenarios meet the same luck.
"""

import math

import numpy as np

from sim.chance import four_uniforms, uniform
from sim.compiled import compiled
from sim.facts import ISSUES
from sim.mechanisms.frictions import CUT_OFF, friction_kind, friction_log_rate, reopens
from sim.mechanisms.frictions import VERBAL as ONLY_VERBAL
from sim.mechanisms.hazard import happens
from sim.mechanisms.stakes import relative_stake
from sim.mechanisms.trust import feel
from sim.mechanisms.water_disputes import dispute_intensity, dispute_log_rate
from sim.model.book import feel_both, write_event
from sim.model.climbing import impress
from sim.model.kinds import BORDER_FROZEN, BORDER_REOPENED, CLOSURE, DISPUTE, OPENING, STANDOFF, VERBAL
from sim.model.sections import live_section, reopen_section
from sim.model.waters import basin_institution

BORDERS = ISSUES.index("borders")
CROSSINGS, TRANSPORT, POWER = 0, 1, 2  # what a closure shuts, in the order of `sim.model.schedule.CLOSABLE`
WATER_CUT = 3


@compiled
def live_strife(region, setting, p, member, month, book):
    """All that states do to each other this month, in place; nothing before the branch, when it is documented."""
    if month < setting.clock.branch:
        return
    follow_border_events(region, setting, month)
    fall_out_over_water(region, setting, p, member, month, book)
    for d in range(setting.borders.exists.shape[0]):
        if setting.borders.exists[d] == 1:
            act_alone(region, setting, p, member, month, d, book)
            live_section(region, setting, p, member, month, d, book)
    value_borders(region, setting, p, month)


@compiled
def follow_border_events(region, setting, month):
    """This month's dated events of a scenario that change a border itself, in place."""
    schedule = setting.schedule
    row = region.environment.next_event
    while row < schedule.shape[0] and schedule[row].month <= month:
        kind, value = schedule[row].kind, schedule[row].value
        if kind == BORDER_REOPENED or kind == BORDER_FROZEN:
            dyad = setting.ladder.dyad_of[schedule[row].a, schedule[row].b]
            if kind == BORDER_REOPENED:
                reopen_section(region.frontier, dyad, value)
            else:
                region.frontier.frozen_until[dyad] = int(value)
        row += 1


@compiled
def fall_out_over_water(region, setting, p, member, month, book):
    """Disputes of downstream states with those above them, in place."""
    table, account = setting.rivers.table, region.rivers.account
    first, second, third, fourth = 0.0, 0.0, 0.0, 0.0
    for pair in range(table.pair_up.shape[0]):
        down, up = table.pair_down[pair], table.pair_up[pair]
        deficit = account.account_deficit[table.pair_account[pair]]
        trust = region.beliefs.logit[down, up] if up >= 0 else 0.0
        rate = dispute_log_rate(
            p.disputes_base, p.disputes_deficit, deficit, p.disputes_trust, trust, p.disputes_institution,
            basin_institution(region, setting, down, up), p.disputes_flood, account.flood[table.pair_basin[pair]],
        )  # fmt: skip
        if pair % 4 == 0:
            first, second, third, fourth = four_uniforms(table.dispute_key[0], pair // 4, month, member)
        luck = first
        first, second, third = second, third, fourth
        if happens(rate, luck):
            graver = uniform(table.pair_key[pair], 0, month, member)
            cuts = np.array((p.disputes_cut_1, p.disputes_cut_2, p.disputes_cut_3, p.disputes_cut_4))
            intensity = dispute_intensity(p.disputes_intensity_deficit * deficit, cuts, graver)
            write_event(book, month, DISPUTE, down, up, -1, intensity)
            if up >= 0:
                weight = setting.strife.dispute_weight[-intensity - 1]
                feel_both(region.beliefs, down, up, setting.strife.dispute_class, weight, month)


@compiled
def act_alone(region, setting, p, member, month, dyad, book):
    """Unilateral acts of either neighbour against the other, and the reopening of a closed border; in place."""
    a, b = setting.ladder.dyad_a[dyad], setting.ladder.dyad_b[dyad]
    key = setting.strife.friction_key[dyad]
    first, second, opens, _ = four_uniforms(key, 0, month, member)
    if reopens(region.frontier.crossing[dyad] < 1.0, opens, p.frictions_reopening):
        region.frontier.crossing[dyad] = 1.0
        write_event(book, month, OPENING, a, b, CROSSINGS, 0.0)
        impress(region, setting, a, b, OPENING, month)
    for side in range(2):
        actor, target, luck = (a, b, first) if side == 0 else (b, a, second)
        rate = friction_log_rate(
            p.frictions_base, p.frictions_distrust, region.beliefs.logit[target, actor], p.frictions_openness,
            region.polity.openness[actor], p.frictions_deficit, region.rivers.account.year_deficit[actor],
        )  # fmt: skip
        if happens(rate, luck):
            which, what, water, _ = four_uniforms(key, 1 + side, month, member)
            kind = friction_kind(which, p.frictions_verbal, p.frictions_cut_off)
            if kind == ONLY_VERBAL:
                harm(region, setting, actor, target, VERBAL, -1, month, book)
            elif kind == CUT_OFF:
                cut_off(region, setting, p, actor, target, dyad, what, water, month, book)
            else:
                harm(region, setting, actor, target, STANDOFF, -1, month, book)


@compiled
def cut_off(region, setting, p, actor, target, dyad, what, water, month, book):
    """A cut-off: of water where the actor can and does, else of crossings, transport or power; in place."""
    if water < p.frictions_cut_water and withhold(region, setting, p, actor, target):
        harm(region, setting, actor, target, CLOSURE, WATER_CUT, month, book)
    elif what < p.frictions_cut_crossings:
        region.frontier.crossing[dyad] = 0.0
        harm(region, setting, actor, target, CLOSURE, CROSSINGS, month, book)
    elif what < p.frictions_cut_crossings + p.frictions_cut_transport:
        harm(region, setting, actor, target, CLOSURE, TRANSPORT, month, book)
    else:
        harm(region, setting, actor, target, CLOSURE, POWER, month, book)


@compiled
def withhold(region, setting, p, actor, target):
    """Cut what is left of the year's plan at the actor's first dam above the target; whether there is one."""
    table = setting.rivers.table
    for pair in range(table.pair_up.shape[0]):
        if table.pair_up[pair] == actor and table.pair_down[pair] == target:
            for k in range(table.dam_state.shape[0]):
                if table.dam_state[k] == actor and table.dam_basin[k] == table.pair_basin[pair]:
                    volume = region.rivers.account.volume[k] - p.water_deliberate_cut
                    region.rivers.account.volume[k] = max(0.0, volume)
                    return True
    return False


@compiled
def harm(region, setting, actor, target, kind, subject, month, book):
    """What one state does to another moves the target's trust in it."""
    beliefs, impressions = region.beliefs, setting.impressions
    write_event(book, month, kind, actor, target, subject, 0.0)
    feel(beliefs.felt_weight, beliefs.felt_month, beliefs.gains, beliefs.losses, target, actor,
         impressions.kind_class[kind], impressions.kind_weight[kind], month)  # fmt: skip


@compiled
def value_borders(region, setting, p, month):
    """The gain of border cooperation: documented weight times open and restless borders over those on record."""
    frontier, strife, gains = region.frontier, setting.strife, region.polity.gains
    for i in range(gains.shape[0]):
        gains[i, BORDERS] = 0.0
    for d in range(strife.share_of_border.shape[0]):
        if setting.borders.exists[d] == 1:
            unrest = frontier.unsettled[d]
            if frontier.clash_month[d] >= 0:
                unrest += math.exp(-(month - frontier.clash_month[d]) / p.border_clash_memory)
            gains[setting.ladder.dyad_a[d], BORDERS] += strife.share_of_border[d, 0] * unrest
            gains[setting.ladder.dyad_b[d], BORDERS] += strife.share_of_border[d, 1] * unrest
    documented = strife.documented_unrest[month - setting.clock.start]
    for i in range(gains.shape[0]):
        stake = relative_stake(gains[i, BORDERS], documented[i], p.borders_stake)
        gains[i, BORDERS] = setting.outside.issue_weight[i, BORDERS] * stake
