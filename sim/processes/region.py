"""The regional process, institutions and identity; how a summit format lives and dies.

Regionalism as repeated interaction that fades when summits stop; institutions as what is implemented, not what is
signed; identity that elites form first and society follows (after Deutsch 1957; Adler & Barnett 1998).
"""

import numpy as np

from sim.engine.compiled import compiled
from sim.engine.event_log import add_mutual_impact, write_event
from sim.engine.event_types import CODE
from sim.engine.lanes import WIDTH, all_within, load, store
from sim.engine.process import Channel, Field, Process
from sim.engine.random import four_uniforms
from sim.processes.external_influence import process_after_outside_summit
from sim.processes.rivals import is_absorbed
from sim.processes.signatures import make_void

PROCESS = Process(
    "region",
    state={
        "environment": (
            Field("alive", ("format",), None, "0/1, the format meets", whole=True),
            Field("meets_in", ("format",), -1, "month of this year's summit", whole=True),
            Field("last_met", ("format",), -1, "month of the last summit", whole=True),
            Field("summit", ("format",), 0, "0/1, there is a summit this month", whole=True),
            Field("process", (), 0.0, "regional process R, 0 to 1"),
            Field("institutions", (), 0.0, "institutions Z, 0 to 1"),
        ),
        "polity": (
            Field("elite", ("state",), None, "regional identity of elites, 0 to 1"),
            Field("society", ("state",), None, "regional identity of society, 0 to 1"),
            Field("contact", ("state",), 0.0, "mean open share of the land crossings"),
            Field("borders_counted", ("state",), 0.0, "working space"),
        ),
        "frontier": (Field("crossing_counted", ("dyad",), np.nan, "share of the crossings open, as last counted"),),
    },
    channels=(Channel("format", "format:{format}", ("format",)),),
    parameters=("region", "identity"),
)

FORMAT_BORN = CODE["format-born"]
FORMAT_ENDS = CODE["format-ends"]
SUMMIT = CODE["summit"]


@compiled
def process_after_summit(process, gain):
    """R after a summit: a share `gain` of the distance to one is covered."""
    return process + gain * (1.0 - process)


@compiled
def process_fades(process, decay):
    """R after a month without news: a share `decay` is lost."""
    return process * (1.0 - decay)


@compiled
def institutions_with(missing, weight, implemented):
    """What is still missing to full institutions once one more instrument is counted.

    Z = 1 - product over instruments of (1 - weight * implemented share): equal to the plain sum while institutions are
    few, and never above one however many an analyst adds.
    """
    return missing * (1.0 - weight * implemented)


@compiled
def elite_identity(identity, process, gain, decay):
    """Elite identity after a month: raised by the regional process, forgotten slowly. All in [0, 1] or per month."""
    return identity + gain * process * (1.0 - identity) - decay * identity


@compiled
def society_identity(identity, elite, contact, gain):
    """Society's identity after a month: follows elites and open crossings equally. All in [0, 1] or per month."""
    return identity + gain * (0.5 * elite + 0.5 * contact - identity)


@compiled
def format_year(alive, uniform, meets, birth, death):
    """Whether a summit format is alive this year and whether it meets.

    One uniform decides, so that scenarios share it: the lowest values kill, the highest bear, the rest of a living
    format's year decides whether it meets.

    Returns
    -------
    (alive, meets) : booleans
    """
    if alive:
        if uniform < death:
            return False, False
        return True, (uniform - death) / (1.0 - death) < meets
    born = uniform > 1.0 - birth
    return born, born


@compiled
def meets_in_rest(meets, rest):
    """Chance that a format meets in what is left of a year in which it has not met yet.

    P(meets in the rest | not before) = m S / (1 - m (1 - S)).

    Parameters
    ----------
    meets : m, chance that it meets in a year
    rest : S, share of its meetings that fall into the months that are left
    """
    return meets * rest / (1.0 - meets * (1.0 - rest)) if rest > 0.0 else 0.0


@compiled
def season_left(season, first):
    """Share of a year's meetings from a calendar month (0-11) on."""
    total = 0.0
    for month in range(first, 12):
        total += season[month]
    return total


@compiled
def month_of_meeting(season, first, rest, uniform):
    """Calendar month (0-11) of a meeting that falls into month `first` or later, by its season.

    Parameters
    ----------
    rest : share of the season that is left, `season_left`
    """
    left = uniform * rest
    for month in range(first, 11):
        left -= season[month]
        if left < 0.0:
            return month
    return 11


@compiled
def end_format(region, inputs, month, summit_format):
    """A format is absorbed or abandoned; the organisations that lived by it go with it."""
    region.environment.alive[summit_format] = 0
    region.environment.meets_in[summit_format] = -1
    region.rivals.inside = -1
    for accord in range(inputs.accords.count):
        lives_by_it = inputs.accords.format[accord] == summit_format and inputs.accords.organisation[accord] == 1
        # one not yet tabled can still be tried when the format comes back
        if lives_by_it and region.treaties.tabled[accord] <= month:
            region.treaties.lapsed[accord] = 1
            make_void(region.treaties, accord)


@compiled
def hold_summits(region, inputs, params, member, month, log):
    """Which simulated formats live, when they meet this year, and whether that is now, in place."""
    environment, formats = region.environment, inputs.formats
    if month < formats.first_simulated:
        return
    for f in range(formats.regional.shape[0]):
        begins = max(formats.simulated_from[f], inputs.clock.start)
        if month < begins:
            continue
        if month == begins or month % 12 == 0:
            plan_year(region, inputs, params, member, month, f, log)
        if month == environment.meets_in[f] and environment.alive[f] == 1:
            environment.summit[f] = 1
            environment.last_met[f] = month
            if formats.yearly[f] == 0:
                write_event(log, month, SUMMIT, -1, -1, f, 0.0)


@compiled(apart=True)
def plan_year(region, inputs, params, member, month, f, log):
    """Life, death and the month of this year's summit of one format, in place.

    The regional process is born and absorbed by hazards; other formats, once there, meet as often as documented. In a
    year that has begun only its rest is planned: a format that has met does not meet again.
    """
    environment, formats = region.environment, inputs.formats
    if environment.alive[f] == 0 and formats.regional[f] == 0 and formats.yearly[f] == 0:
        environment.meets_in[f] = -1  # nobody revives it
        return
    life, when, joins, absorbs = four_uniforms(inputs.channels.format[f], 0, month // 12, member)
    was_alive = environment.alive[f] == 1
    first, season = month % 12, formats.season[f]
    rest, share = season_left(season, first), (12 - first) / 12.0
    has_met = environment.last_met[f] >= month - first
    if formats.yearly[f] == 1:
        alive, meets = True, True
    elif formats.regional[f] == 1:
        death = 1.0 - (1.0 - params.region_format_death) ** share
        birth = 1.0 - (1.0 - params.region_format_birth) ** share
        alive, meets = format_year(was_alive, life, meets_in_rest(params.region_format_meets, rest), birth, death)
        if was_alive and is_absorbed(region, inputs, params, month, f, joins, absorbs, log):
            alive, meets = False, False
    else:
        alive, meets = was_alive, was_alive and life < meets_in_rest(formats.frequency[f], rest)
    meets = meets and not (has_met and formats.yearly[f] == 0)
    if was_alive and not alive:
        end_format(region, inputs, month, f)
        write_event(log, month, FORMAT_ENDS, -1, -1, f, 0.0)
    elif alive and not was_alive:
        environment.alive[f] = 1
        write_event(log, month, FORMAT_BORN, -1, -1, f, 0.0)
    environment.meets_in[f] = month - first + month_of_meeting(season, first, rest, when) if meets else -1


@compiled
def somebody_meets(region):
    """Whether there is a summit of any format this month."""
    for f in range(region.environment.summit.shape[0]):
        if region.environment.summit[f] == 1:
            return True
    return False


@compiled
def step_region(region, inputs, params, month):
    """Phase 6: regional process, institutions and identity, in place."""
    environment, polity = region.environment, region.polity
    process = process_fades(environment.process, params.region_decay)
    for f in range(environment.summit.shape[0]):
        if environment.summit[f] == 1:
            if inputs.formats.regional[f] == 1:
                process = process_after_summit(process, params.region_summit_gain)
            elif inputs.formats.power[f] >= 0:
                effort = environment.pull_factor[inputs.formats.power[f]]
                process = process_after_outside_summit(process, params.sponsors_convening * effort)
            if month >= inputs.formats.simulated_from[f] and inputs.formats.yearly[f] == 0:
                add_summit_impacts(region, inputs, f, month)
    environment.process = process
    environment.institutions = institutions(region.treaties, inputs)
    contact = region.polity.contact
    open_crossings(region, inputs, contact)
    for i in range(polity.elite.shape[0]):
        polity.elite[i] = elite_identity(
            polity.elite[i],
            process,
            params.identity_elite_gain * (1.0 - params.rivals_identity * region.rivals.hold[i]),
            params.identity_elite_decay,
        )
        polity.society[i] = society_identity(
            polity.society[i], polity.elite[i], contact[i], params.identity_society_gain
        )


@compiled
def add_summit_impacts(region, inputs, summit_format, month):
    """A simulated summit is a visit by everyone to everyone."""
    weight = inputs.event_weights.kind_weight[SUMMIT]
    event_class = inputs.event_weights.kind_class[SUMMIT]
    party = inputs.formats.party[summit_format]
    for i in range(party.shape[0]):
        for j in range(i + 1, party.shape[0]):
            if party[i] == 1 and party[j] == 1:
                add_mutual_impact(region.beliefs, i, j, event_class, weight, month)


@compiled
def institutions(treaties, inputs):
    """Z: what is implemented of everything with institutional weight."""
    missing = 1.0
    for n in range(treaties.n_begun):
        m = treaties.begun[n]
        if treaties.implemented[m] > 0.0 and treaties.lapsed[m] == 0:
            missing = institutions_with(missing, inputs.accords.institution[m], treaties.implemented[m])
    if inputs.ladder.institution.sum() == 0.0:
        return 1.0 - missing
    for d in range(treaties.rung.shape[0]):
        for k in range(treaties.rung[d]):
            missing = institutions_with(missing, inputs.ladder.institution[k], treaties.rung_implemented[d, k])
    return 1.0 - missing


@compiled
def crossings_moved(frontier):
    """Whether a crossing has been opened or closed since this was last asked."""
    moved = False
    for start in range(0, frontier.crossing.shape[0], WIDTH):
        now = load(frontier.crossing, start, 0.0)
        if not all_within(now - load(frontier.crossing_counted, start, 0.0), 0.0, 0.0):
            store(frontier.crossing_counted, start, now)
            moved = True
    return moved


@compiled
def open_crossings(region, inputs, total):
    """Mean open share of each state's land crossings within the region, 0 if it has none, into `total` (state,)."""
    if not crossings_moved(region.frontier):
        return
    count = region.polity.borders_counted
    total[:] = 0.0
    count[:] = 0.0
    for d in range(inputs.borders.exists.shape[0]):
        if inputs.borders.exists[d] == 1:
            for state in (inputs.ladder.dyad_a[d], inputs.ladder.dyad_b[d]):
                total[state] += region.frontier.crossing[d]
                count[state] += 1.0
    for state in range(total.shape[0]):
        total[state] /= max(count[state], 1.0)


@compiled
def apply(event, region, inputs, month):
    """A dated summit, or the birth or end of a format, in place."""
    environment = region.environment
    if event.kind == FORMAT_ENDS:
        end_format(region, inputs, month, event.subject)
    elif event.kind == FORMAT_BORN:
        environment.alive[event.subject] = 1
    elif event.kind == SUMMIT:
        environment.alive[event.subject] = 1
        environment.summit[event.subject] = 1
        environment.last_met[event.subject] = month
        if environment.meets_in[event.subject] >= month:
            environment.meets_in[event.subject] = -1  # a scenario's summit is that of the year
