"""Borders: clashes along unsettled sections, how grave they get, and packages that settle them.

Clashes of a section cluster within years, for reasons nobody records: a yearly gamma frailty (Vaupel, Manton & Stallard
1979) multiplies their rate. Trust, regional process and ripeness (Zartman 2000) are terms of a settlement that stand at
zero unless a claim switches them on, because five settlements identify none of them.
"""

import math

import numpy as np

from sim.engine.compiled import compiled
from sim.engine.event_log import add_event_impact, add_mutual_impact, write_event
from sim.engine.event_types import CODE
from sim.engine.hazard import happens, linear
from sim.engine.layout import ISSUES
from sim.engine.months import growing_season
from sim.engine.process import Channel, Field, Predictor, Process
from sim.engine.random import four_uniforms, normal_quantile
from sim.processes.salience import relative_stake
from sim.processes.utility import weight_of_clash

CLASH_RATE = Predictor(
    "clash",
    (
        "borders.clash_base",
        "borders.clash_length",
        "borders.clash_settled",
        "borders.clash_season",
        "borders.clash_repeat",
        "borders.clash_trust",
    ),
    most={"borders.clash_repeat": 0.5},  # at 1.5 clashes breed clashes without end
)
SETTLEMENT_RATE = Predictor(
    "settlement",
    (
        "borders.settle_base",
        "borders.settle_capacity",
        "borders.settle_openness",
        "borders.settle_enclave",
        "borders.settle_process",
        "borders.settle_ripe",
    ),
)
PROCESS = Process(
    "border_conflict",
    state={
        "frontier": (
            Field("unsettled", ("dyad",), None, "share of the border that is not settled"),
            Field("clash_month", ("dyad",), -1, "month of the last clash", whole=True),
            Field("fought_month", ("dyad",), -1, "month of the last militarised clash", whole=True),
            Field("frozen_until", ("dyad",), 0, "month up to which nothing is settled", whole=True),
            Field("log_frailty", ("dyad",), 0.0, "log of the year's multiplier of the clash rate"),
            Field("frailty_year", ("dyad",), -1, "year of that multiplier", whole=True),
            Field("clashes", ("dyad",), 0.0, "clashes of the branch year before the branch"),
            Field("exposure", ("dyad",), 0.0, "clashes expected in it before the branch, without frailty"),
        )
    },
    channels=(Channel("section", "clash:{dyad}", ("dyad",)), Channel("frailty", "frailty:{dyad}", ("dyad",))),
    parameters=("borders",),
    predictors=(CLASH_RATE, SETTLEMENT_RATE),
)

CLASH = CODE["clash"]
SETTLEMENT = CODE["settlement"]
BORDER_REOPENED = CODE["border-reopened"]
BORDER_FROZEN = CODE["border-frozen"]

BORDERS = ISSUES.index("borders")


CLOSED_SETTLED = 1e-9


@compiled
def at_risk(unsettled, enclaves):
    """Whether a section can have clashes: a share of it is unsettled, or it has enclaves."""
    return unsettled > CLOSED_SETTLED or enclaves


@compiled
def clash_covariates(unsettled_km, in_season, clash_last_year, mean_trust):
    """Covariates of the log rate of clashes per month on a section at risk, in the order of `CLASH_RATE`.

    What a section adds and the multiplier of the year come on top.

    Parameters
    ----------
    unsettled_km : km not agreed; enters as ln(1 + thousands of km), and by there being none left to agree on
    in_season : whether it is April to September
    clash_last_year : whether there was a clash within twelve months
    mean_trust : log-odds, mean of both directions; more trust, fewer clashes
    """
    settled = 1.0 * (unsettled_km <= CLOSED_SETTLED)
    return 1.0, np.log1p(unsettled_km / 1000.0), settled, 1.0 * in_season, 1.0 * clash_last_year, -mean_trust


@compiled
def gamma_frailty(shape, normal, uniform, power):
    """A gamma variate with mean 1 and variance 1 / shape, or nan if this attempt at one is refused.

    Rejection after Marsaglia & Tsang (2000), which refuses fewer than one attempt in twenty; for a shape below 1 the
    variate of shape + 1 is shrunk.

    Parameters
    ----------
    shape : > 0
    normal, uniform : a standard normal, and a uniform in (0, 1), of this attempt
    power : another uniform in (0, 1), the same for all attempts, used for a shape below 1
    """
    used = shape if shape >= 1.0 else shape + 1.0
    d = used - 1.0 / 3.0
    c = 1.0 / math.sqrt(9.0 * d)
    v = 1.0 + c * normal
    if v <= 0.0:
        return math.nan
    v = v * v * v
    if math.log(uniform) >= 0.5 * normal * normal + d - d * v + d * math.log(v):
        return math.nan
    shrink = power ** (1.0 / shape) if shape < 1.0 else 1.0
    return d * v * shrink / shape


@compiled
def militarised(uniform, chance):
    """Whether a clash draws in regular forces; such a clash closes the crossings."""
    return uniform < chance


@compiled
def settlement_covariates(capacity, openness_sum, enclaves, process, ripe):
    """Covariates of the log rate per month of a package for an unsettled section, in the order of `SETTLEMENT_RATE`.

    Parameters
    ----------
    capacity : mean state capacity of the two; 0-1, enters above 0.4
    openness_sum : of both states and leaders
    enclaves : whether the section has enclaves
    process : regional process; 0-1
    ripe : how far both see that force leads nowhere; 0-1
    """
    return 1.0, capacity - 0.4, openness_sum, 1.0 * enclaves, process, ripe


@compiled
def ripeness(months_since_militarised, fades_over):
    """Ripeness, 1 right after a militarised clash, fading with time; 0 if there was none (negative months).

    Parameters
    ----------
    months_since_militarised : months, negative = never
    fades_over : months in which it falls by a factor of e
    """
    return math.exp(-months_since_militarised / fades_over) if months_since_militarised >= 0.0 else 0.0


@compiled
def settled_by_package(unsettled, uniform, chance_of_whole, share):
    """Share of the section still unsettled after a package.

    Parameters
    ----------
    unsettled : share before; 0-1
    uniform : in [0, 1)
    chance_of_whole : chance that the package finishes the section
    share : part of what is open that it settles otherwise; 0-1
    """
    return 0.0 if uniform < chance_of_whole else unsettled * (1.0 - share)


@compiled
def beta_nine_one(uniform):
    """A Beta(9, 1) variate from a uniform in [0, 1): most of a section, mean 0.9."""
    return uniform ** (1.0 / 9.0)


MONTHS_OF_A_CLASH = 12


ATTEMPTS = 8  # of the frailty's rejection


@compiled
def step_section(region, inputs, params, member, month, dyad, log):
    """A clash and a settlement of one section, each happens or not; in place."""
    frontier, conflict = region.frontier, inputs.conflict
    enclaves = conflict.enclaves[dyad] == 1
    if not at_risk(frontier.unsettled[dyad], enclaves):
        return
    year = month // 12
    if frontier.frailty_year[dyad] != year:
        frontier.log_frailty[dyad] = math.log(frailty_of_year(region, inputs, params, dyad, year, member))
        frontier.frailty_year[dyad] = year
    clash, fought, settle, whole = four_uniforms(inputs.channels.section[dyad], 0, month, member)
    if happens(section_clash_rate(region, inputs, params, month, dyad), clash):
        clash_on_section(region, inputs, dyad, militarised(fought, params.borders_militarised), month, log)
    if frontier.unsettled[dyad] > CLOSED_SETTLED and month >= frontier.frozen_until[dyad]:
        if happens(section_settlement_rate(region, inputs, params, month, dyad), settle):
            share = beta_nine_one(four_uniforms(inputs.channels.section[dyad], 1, month, member)[0])
            settle_section(region, inputs, dyad, whole, params.borders_settle_whole, share, month, log)


@compiled(apart=True)
def frailty_of_year(region, inputs, params, dyad, year, member):
    """A section's multiplier of the year; in the branch year given its clashes and what was expected before the branch.

    Gamma(k, k) before, gamma(k + clashes, k + exposure) after: conjugate, exact to first order in the monthly rate.
    """
    shape, rate = params.borders_frailty, params.borders_frailty
    if year == inputs.clock.branch // 12:
        shape += region.frontier.clashes[dyad]
        rate += region.frontier.exposure[dyad]
    return draw_frailty(inputs.channels.frailty[dyad], shape, year, member) * shape / rate


@compiled
def learn_of_frailty(region, inputs, params, month):
    """Before the branch, in its year: how many clashes were to be expected of each section this month, in place."""
    frontier = region.frontier
    for d in range(inputs.borders.exists.shape[0]):
        enclaves = inputs.conflict.enclaves[d] == 1
        if inputs.borders.exists[d] == 1 and at_risk(frontier.unsettled[d], enclaves):
            frontier.log_frailty[d] = 0.0
            frontier.exposure[d] += math.exp(section_clash_rate(region, inputs, params, month, d))


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
def section_clash_rate(region, inputs, params, month, dyad):
    """Log rate of clashes per month on one section."""
    a, b = inputs.ladder.dyad_a[dyad], inputs.ladder.dyad_b[dyad]
    frontier = region.frontier
    mean_trust = 0.5 * (region.beliefs.logit[a, b] + region.beliefs.logit[b, a])
    last = frontier.clash_month[dyad]
    recent = last >= 0 and month - last <= MONTHS_OF_A_CLASH
    open_km = inputs.borders.length[dyad] * frontier.unsettled[dyad]
    offset = params.clash_offset[dyad]
    if math.isnan(offset):
        offset = inputs.conflict.clash_offset[dyad]
    covariates = clash_covariates(open_km, growing_season(month), recent, mean_trust)
    return linear(offset, params.clash_coefficients, covariates) + frontier.log_frailty[dyad]


@compiled
def section_settlement_rate(region, inputs, params, month, dyad):
    """Log rate of settlements per month on one section."""
    a, b = inputs.ladder.dyad_a[dyad], inputs.ladder.dyad_b[dyad]
    polity, fought = region.polity, region.frontier.fought_month[dyad]
    since = float(month - fought) if fought >= 0 else -1.0
    covariates = settlement_covariates(
        0.5 * (polity.capacity[a] + polity.capacity[b]),
        polity.openness[a] + polity.openness[b],
        inputs.conflict.enclaves[dyad] == 1,
        region.environment.process,
        ripeness(since, params.borders_ripe_memory),
    )
    return linear(0.0, params.settlement_coefficients, covariates)


@compiled(apart=True)
def clash_on_section(region, inputs, dyad, fought, month, log):
    """A clash; one with regular forces closes the crossings. In place."""
    a, b = inputs.ladder.dyad_a[dyad], inputs.ladder.dyad_b[dyad]
    frontier, conflict = region.frontier, inputs.conflict
    frontier.clash_month[dyad] = month
    grave = 1 if fought else 0
    if fought:
        frontier.fought_month[dyad] = month
        frontier.crossing[dyad] = 0.0
    write_event(log, month, CLASH, a, b, -1, float(grave))
    add_mutual_impact(region.beliefs, a, b, conflict.clash_class[grave], conflict.clash_weight[grave], month)


@compiled(apart=True)
def settle_section(region, inputs, dyad, whole, chance_of_whole, share, month, log):
    """A package settles the section or most of it and opens the crossings, as the recorded ones did; in place."""
    a, b = inputs.ladder.dyad_a[dyad], inputs.ladder.dyad_b[dyad]
    frontier = region.frontier
    frontier.unsettled[dyad] = settled_by_package(frontier.unsettled[dyad], whole, chance_of_whole, share)
    frontier.crossing[dyad] = 1.0
    write_event(log, month, SETTLEMENT, a, b, -1, 1.0 - frontier.unsettled[dyad])
    add_event_impact(region, inputs, a, b, SETTLEMENT, month)


@compiled
def reopen_section(frontier, dyad, share):
    """A settled section is disputed again over this share of its length, in place."""
    frontier.unsettled[dyad] = max(frontier.unsettled[dyad], share)


@compiled
def value_borders(region, inputs, params, month):
    """The gain of border cooperation: documented weight times open and conflict-prone borders over those on record."""
    frontier, conflict, gains = region.frontier, inputs.conflict, region.polity.gains
    for i in range(gains.shape[0]):
        gains[i, BORDERS] = 0.0
    for d in range(conflict.share_of_border.shape[0]):
        if inputs.borders.exists[d] == 1:
            unrest = frontier.unsettled[d]
            if frontier.clash_month[d] >= 0:
                unrest += weight_of_clash(frontier, d, month, params.border_clash_memory)
            gains[inputs.ladder.dyad_a[d], BORDERS] += conflict.share_of_border[d, 0] * unrest
            gains[inputs.ladder.dyad_b[d], BORDERS] += conflict.share_of_border[d, 1] * unrest
    documented = conflict.documented_unrest[month - inputs.clock.start]
    for i in range(gains.shape[0]):
        stake = relative_stake(gains[i, BORDERS], documented[i], params.borders_stake)
        gains[i, BORDERS] = inputs.outside.issue_weight[i, BORDERS] * stake


@compiled
def apply(event, region, inputs, month):
    """A dated clash or settlement, or what a scenario does to a border itself (from the branch on), in place."""
    frontier = region.frontier
    dyad = inputs.ladder.dyad_of[event.a, event.b]
    if event.kind == CLASH:
        frontier.clash_month[dyad] = month
        if month < inputs.clock.branch and month // 12 == inputs.clock.branch // 12:
            frontier.clashes[dyad] += 1.0
        if event.value > 0.0:
            frontier.fought_month[dyad] = month
    elif event.kind == SETTLEMENT:
        frontier.unsettled[dyad] = 1.0 - event.value
    elif month >= inputs.clock.branch:
        if event.kind == BORDER_REOPENED:
            reopen_section(frontier, dyad, event.value)
        elif event.kind == BORDER_FROZEN:
            frontier.frozen_until[dyad] = int(event.value)
