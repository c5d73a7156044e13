"""Border sections after the branch: clashes with the year's frailty, closures they bring, packages that settle them."""

import math

from sim.chance import four_uniforms, normal_quantile
from sim.compiled import compiled
from sim.mechanisms.borders import (
    CLOSED_SETTLED,
    at_risk,
    beta_nine_one,
    clash_log_rate,
    gamma_frailty,
    militarised,
    ripeness,
    settled_by_package,
    settlement_log_rate,
)
from sim.mechanisms.hazard import happens
from sim.model.book import feel_both, write_event
from sim.model.climbing import impress
from sim.model.kinds import CLASH, SETTLEMENT

MONTHS_OF_A_CLASH = 12
ATTEMPTS = 8  # of the frailty's rejection


@compiled
def live_section(region, setting, p, member, month, dyad, book):
    """A clash and a settlement of one section, each happens or not; in place."""
    frontier, strife = region.frontier, setting.strife
    enclaves = strife.enclaves[dyad] == 1
    if not at_risk(frontier.unsettled[dyad], enclaves):
        return
    year = month // 12
    if frontier.frailty_year[dyad] != year:
        frontier.log_frailty[dyad] = math.log(draw_frailty(strife.frailty_key[dyad], p.borders_frailty, year, member))
        frontier.frailty_year[dyad] = year
    clash, fought, settle, whole = four_uniforms(strife.section_key[dyad], 0, month, member)
    if happens(section_clash_rate(region, setting, p, month, dyad, enclaves), clash):
        break_out(region, setting, dyad, militarised(fought, p.borders_militarised), month, book)
    if frontier.unsettled[dyad] > CLOSED_SETTLED and month >= frontier.frozen_until[dyad]:
        if happens(section_settlement_rate(region, setting, p, month, dyad, enclaves), settle):
            share = beta_nine_one(four_uniforms(strife.section_key[dyad], 1, month, member)[0])
            agree(region, setting, dyad, whole, p.borders_settle_whole, share, month, book)


@compiled
def draw_frailty(key, shape, year, member):
    """The year's multiplier of a section's clash rate, mean 1; 1 if all attempts fail, less than once in 10^10."""
    power = four_uniforms(key, 0, year, member)[0]
    for attempt in range(ATTEMPTS):
        first, second, _, _ = four_uniforms(key, 1 + attempt, year, member)
        frailty = gamma_frailty(shape, normal_quantile(first), second, power)
        if not math.isnan(frailty):
            return frailty
    return 1.0


@compiled
def section_clash_rate(region, setting, p, month, dyad, enclaves):
    """Log rate of clashes per month on one section."""
    a, b = setting.ladder.dyad_a[dyad], setting.ladder.dyad_b[dyad]
    frontier = region.frontier
    mean_trust = 0.5 * (region.beliefs.logit[a, b] + region.beliefs.logit[b, a])
    last = frontier.clash_month[dyad]
    recent = last >= 0 and month - last <= MONTHS_OF_A_CLASH
    open_km = setting.borders.length[dyad] * frontier.unsettled[dyad]
    in_season = 3 <= month % 12 <= 8
    offset = p.clash_offset[dyad]
    if math.isnan(offset):
        offset = setting.strife.clash_offset[dyad]
    return clash_log_rate(
        p.borders_clash_base, offset, p.borders_clash_length, open_km,
        p.borders_clash_settled, p.borders_clash_season, in_season, p.borders_clash_trust, mean_trust,
        p.borders_clash_repeat, recent, frontier.log_frailty[dyad],
    )  # fmt: skip


@compiled
def section_settlement_rate(region, setting, p, month, dyad, enclaves):
    """Log rate of settlements per month on one section."""
    a, b = setting.ladder.dyad_a[dyad], setting.ladder.dyad_b[dyad]
    polity, fought = region.polity, region.frontier.fought_month[dyad]
    since = float(month - fought) if fought >= 0 else -1.0
    return settlement_log_rate(
        p.borders_settle_base, p.borders_settle_capacity, 0.5 * (polity.capacity[a] + polity.capacity[b]),
        p.borders_settle_openness, polity.openness[a] + polity.openness[b], p.borders_settle_enclave, enclaves,
        p.borders_settle_process, region.environment.process, p.borders_settle_ripe,
        ripeness(since, p.borders_ripe_memory),
    )  # fmt: skip


@compiled
def break_out(region, setting, dyad, fought, month, book):
    """A clash; one with regular forces closes the crossings. In place."""
    a, b = setting.ladder.dyad_a[dyad], setting.ladder.dyad_b[dyad]
    frontier, strife = region.frontier, setting.strife
    frontier.clash_month[dyad] = month
    grave = 1 if fought else 0
    if fought:
        frontier.fought_month[dyad] = month
        frontier.crossing[dyad] = 0.0
    write_event(book, month, CLASH, a, b, -1, float(grave))
    feel_both(region.beliefs, a, b, strife.clash_class[grave], strife.clash_weight[grave], month)


@compiled
def agree(region, setting, dyad, whole, chance_of_whole, share, month, book):
    """A package settles the section or most of it and opens the crossings, as the recorded ones did; in place."""
    a, b = setting.ladder.dyad_a[dyad], setting.ladder.dyad_b[dyad]
    frontier = region.frontier
    frontier.unsettled[dyad] = settled_by_package(frontier.unsettled[dyad], whole, chance_of_whole, share)
    frontier.crossing[dyad] = 1.0
    write_event(book, month, SETTLEMENT, a, b, -1, 1.0 - frontier.unsettled[dyad])
    impress(region, setting, a, b, SETTLEMENT, month)


@compiled
def reopen_section(frontier, dyad, share):
    """A settled section is disputed again over this share of its length, in place."""
    frontier.unsettled[dyad] = max(frontier.unsettled[dyad], share)
