"""One month of one member: the phases in order. `sim.model.region_model` calls the same phases agent by agent."""

import numpy as np

from sim.compiled import compiled
from sim.mechanisms.region import (
    elite_identity,
    institutions_with,
    process_after_summit,
    process_fades,
    society_identity,
)
from sim.model.book import feel_both
from sim.model.calendar import open_calendar
from sim.model.climbing import climb, implement_rungs, ratify_rungs, step_down
from sim.model.kinds import SUMMIT
from sim.model.minds import appraise, live_frictions, observe, settle_beliefs
from sim.model.replay import follow_record, values_count
from sim.model.signing import accede, answer_summits, implement_accords, leave, ratify_accords
from sim.model.strife import live_strife
from sim.model.trade_month import live_trade
from sim.model.waters import decide_releases, live_rivers, open_rivers


@compiled
def advance_month(region, setting, p, member, month, book):
    """All phases for all states, in place.

    Parameters
    ----------
    region : Region of this member
    setting : Setting shared by all members
    p : one row of parameters
    member : number of the member
    month : absolute month
    book : Book of this member
    """
    n_states = region.beliefs.logit.shape[0]
    open_calendar(region, setting, p, member, month, book)
    open_rivers(region, setting, p, member, month)
    decide_releases(0, n_states, region, setting, p, member, month)
    live_rivers(region, setting, p, month)
    live_frictions(region, setting, month)
    live_strife(region, setting, p, member, month, book)
    observe(0, n_states, region, p)
    settle_beliefs(region)
    if values_count(region, setting, month, book):
        appraise(0, n_states, region, setting, p, month)
    negotiate(region, setting, p, member, month, book)
    move_region(region, setting, p, month)
    live_trade(region, setting, p, member, month)


@compiled
def negotiate(region, setting, p, member, month, book):
    """Phase 5b: treaties are concluded, ratified, implemented and left; before the branch as documented."""
    follow_record(region, setting, p, month, book)
    if month >= setting.clock.branch:
        climb(region, setting, p, member, month, book)
        answer_summits(region, setting, p, member, month, book)
        accede(region, setting, p, member, month, book)
        ratify_rungs(region, setting, p, member, month, book)
        ratify_accords(region, setting, p, member, month, book)
        if month % 12 == 11:
            step_down(region, setting, p, member, month, book)
            leave(region, setting, p, member, month, book)
    implement_rungs(region, p)
    implement_accords(region, setting, p)


@compiled
def move_region(region, setting, p, month):
    """Phase 6: regional process, institutions and identity, in place."""
    environment, polity = region.environment, region.polity
    process = process_fades(environment.process, p.region_decay)
    for f in range(environment.summit.shape[0]):
        if environment.summit[f] == 1:
            if setting.formats.regional[f] == 1:
                process = process_after_summit(process, p.region_summit_gain)
            if month >= setting.formats.simulated_from[f] and setting.formats.yearly[f] == 0:
                greet(region, setting, f, month)
    environment.process = process
    environment.institutions = institutions(region.treaties, setting)
    contact = open_crossings(region, setting)
    for i in range(polity.elite.shape[0]):
        polity.elite[i] = elite_identity(polity.elite[i], process, p.identity_elite_gain, p.identity_elite_decay)
        polity.society[i] = society_identity(polity.society[i], polity.elite[i], contact[i], p.identity_society_gain)


@compiled
def greet(region, setting, summit_format, month):
    """A simulated summit is a visit by everyone to everyone."""
    weight = setting.impressions.kind_weight[SUMMIT]
    event_class = setting.impressions.kind_class[SUMMIT]
    party = setting.formats.party[summit_format]
    for i in range(party.shape[0]):
        for j in range(i + 1, party.shape[0]):
            if party[i] == 1 and party[j] == 1:
                feel_both(region.beliefs, i, j, event_class, weight, month)


@compiled
def institutions(treaties, setting):
    """Z: what is implemented of everything with institutional weight."""
    missing = 1.0
    for m in range(setting.accords.count):
        if treaties.lapsed[m] == 0:
            missing = institutions_with(missing, setting.accords.institution[m], treaties.implemented[m])
    if setting.ladder.institution.sum() == 0.0:
        return 1.0 - missing
    for d in range(treaties.rung.shape[0]):
        for k in range(treaties.rung[d]):
            missing = institutions_with(missing, setting.ladder.institution[k], treaties.rung_implemented[d, k])
    return 1.0 - missing


@compiled
def open_crossings(region, setting):
    """(state,) mean open share of each state's land crossings within the region; 0 if it has none."""
    n_states = region.polity.elite.shape[0]
    total, count = np.zeros(n_states), np.zeros(n_states)
    for d in range(setting.borders.exists.shape[0]):
        if setting.borders.exists[d] == 1:
            for state in (setting.ladder.dyad_a[d], setting.ladder.dyad_b[d]):
                total[state] += region.frontier.crossing[d]
                count[state] += 1.0
    for state in range(n_states):
        total[state] /= max(count[state], 1.0)
    return total
