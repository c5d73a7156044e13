"""The ladder: a dyad climbs from friendship to strategic partnership to alliance.

A discrete-time hazard with a complementary log-log link (Prentice & Gloeckler 1978), contagion between the treaties of
the same states (Baldwin & Jaimovich 2012), and a wave shared by all dyads of a year.

What the months of the branch year before the branch have shown tells something of that year's wave: it is drawn from
its posterior given the steps taken and those that were expected. An alliance that a law bars does not come.

eta = theta_rung + beta (V_i + V_j) / 2 + phi contagion + zC (mean capacity - 1/2) + delta declared + wave - sd^2 / 2
P(step this month) = 1 - exp(-exp(eta))
"""

import math

from sim.engine.compiled import compiled
from sim.engine.decisions import Decision, write_terms
from sim.engine.event_log import add_event_impact, add_mutual_impact, write_event
from sim.engine.event_types import CODE
from sim.engine.hazard import chance_within_month, happens
from sim.engine.layout import CONTEXT, GRID_POINTS, TOP_RUNG
from sim.engine.process import Channel, Field, Predictor, Process
from sim.engine.random import four_uniforms, normal, uniform
from sim.processes.attitude import GRID_REACH, draw_attitude

STEP_RATE = Predictor(
    "step",
    (
        "ladder.contagion",
        "ladder.capacity",
        "ladder.declared",
        "ladder.process",
        "ladder.turbulence",
        "ladder.summit",
    ),
)
# where each of these stands among the terms of a decision
AT = tuple(CONTEXT.index(name) for name in ("others", "capacity", "declared", "process", "turbulence", "summit"))
WAVE, ATTITUDE = CONTEXT.index("wave"), CONTEXT.index("attitude")
PROCESS = Process(
    "bilateral_treaties",
    state={
        "treaties": (
            Field("rung", ("dyad",), 0, "Bilateral ladder.", whole=True),
            Field("declared", ("dyad",), 0, "Declared allied.", whole=True),
            Field("council", ("dyad",), 0, "0/1, has a standing council", whole=True),
            Field("frozen_until", ("dyad",), 0, "month up to which the pair takes no step", whole=True),
            Field("rung_in_force", ("dyad", "rung"), -1, "month of entry into force", whole=True),
            Field("rung_implemented", ("dyad", "rung"), 0.0, "share put into practice"),
            Field("rung_before", ("dyad",), 0, "rungs at the beginning of the month", whole=True),
            Field("standing", ("state", "rung"), 0, "pairs of a state on a rung or above", whole=True),
        ),
        "appraisal": (
            Field("parts", ("part",), 0.0, "parts of V of the decision at hand"),
            Field("context", ("context",), 0.0, "other terms of the decision at hand"),
            Field("wave_likelihood", ("grid",), 0.0, "log-likelihood of the branch year so far, by wave"),
        ),
        "environment": (
            Field("wave", (), 0.0, "common shock of the year to all log hazards of steps"),
            Field("steps", (), 0.0, "steps of the branch year before the branch"),
            Field("exposure", (), 0.0, "steps expected in it before the branch, without the wave"),
        ),
    },
    channels=(
        Channel("wave", "wave"),
        Channel("ladder", "ladder:{dyad}", ("dyad",)),
        Channel("bilateral", "bilateral:{dyad}", ("dyad",)),  # ratification and withdrawal
    ),
    parameters=("ladder",),
    predictors=(STEP_RATE,),
)

COUNCIL = CODE["council"]
DECLARATION = CODE["declaration"]
RUNG = CODE["rung"]
RUNG_LOST = CODE["rung-lost"]
RUNG_IN_FORCE = CODE["rung-in-force"]
PROGRAMME = CODE["programme"]
FREEZE = CODE["freeze"]


@compiled
def monthly_probability(log_hazard):
    """Probability that a hazard exp(log_hazard) per month strikes within the month."""
    return chance_within_month(math.exp(log_hazard))


@compiled
def count_standing(rungs, dyad_a, dyad_b, standing):
    """How many dyads of each state stand on each rung or above, into `standing`.

    Parameters
    ----------
    rungs : (dyad,), highest rung held, 0-3
    dyad_a, dyad_b : (dyad,), state indices
    standing : (state, rung), overwritten; column r - 1 counts dyads on rung r or above
    """
    standing[:] = 0
    for dyad in range(rungs.shape[0]):
        for rung in range(rungs[dyad]):
            standing[dyad_a[dyad], rung] += 1
            standing[dyad_b[dyad], rung] += 1


@compiled
def contagion(standing, state_a, state_b, rung_sought):
    """Share of the other dyads of either state that already stand on the rung sought or above.

    Parameters
    ----------
    standing : (state, rung), see `count_standing`; the dyad itself does not yet stand on the rung it seeks
    state_a, state_b : indices of its states
    rung_sought : 1-3
    """
    others = 2 * (standing.shape[0] - 2)
    return (standing[state_a, rung_sought - 1] + standing[state_b, rung_sought - 1]) / others


@compiled
def wave_effect(standard_normal, wave_sd):
    """A year's common shock to all log-hazards, centred so that the mean hazard does not depend on its spread."""
    return wave_sd * standard_normal - 0.5 * wave_sd * wave_sd


PARTNERSHIP = 2


@compiled
def step_covariates(contagion, capacity, declared, seeks_alliance, process, turbulence, at_summit):
    """Covariates of the log hazard of a step, in the order of `STEP_RATE`.

    The intercept of the rung, the value of the step times `ladder.interest` and the wave of the year come on top.

    Parameters
    ----------
    contagion : share of the other dyads of either state that stand on the rung sought or above, see `contagion`
    capacity : mean capacity of both states; 0-1, enters above one half
    declared : whether the pair has declared itself allied; counts towards an alliance only
    seeks_alliance : whether the next rung is the highest
    process : regional process; 0-1
    turbulence : 0-1; enters times capacity
    at_summit : whether both sit at a summit this month
    """
    above = capacity - 0.5
    return contagion, above, 1.0 * declared * seeks_alliance, process, turbulence * above, 1.0 * at_summit


@compiled
def step_terms(region, inputs, params, dyad, rung, standing, parts, context):
    """Everything in a dyad's log-hazard but its intercept, into `parts` and `context`; returns their sum.

    Parameters
    ----------
    rung : rung held at the beginning of the month
    standing : (state, rung), see `sim.processes.bilateral_treaties.count_standing`, at the beginning of the month
    parts : (part,), beta times the mean of both states' parts of V
    context : (context,), see `sim.engine.decisions`
    """
    ladder, environment = inputs.ladder, region.environment
    i, j = ladder.dyad_a[dyad], ladder.dyad_b[dyad]
    total = 0.0
    for k in range(parts.shape[0]):
        mean = 0.5 * (region.appraisal.dyad[i, j, k] + region.appraisal.dyad[j, i, k])
        parts[k] = params.ladder_interest * mean
        total += parts[k]
    sought = min(rung + 1, TOP_RUNG)
    covariates = step_covariates(
        contagion(standing, i, j, sought),
        0.5 * (region.polity.capacity[i] + region.polity.capacity[j]),
        region.treaties.declared[dyad],
        sought == TOP_RUNG,
        environment.process,
        environment.turbulence,
        params.ladder_summit != 0.0 and meet(region, inputs, i, j),
    )
    for k in range(len(covariates)):
        context[AT[k]] = params.step_coefficients[k] * covariates[k]
    context[WAVE] = environment.wave
    context[ATTITUDE] = 0.0
    for k in range(context.shape[0]):
        total += context[k]
    return total


@compiled
def meet(region, inputs, i, j):
    """Whether two states sit at a summit together this month."""
    formats = inputs.formats
    for f in range(formats.regional.shape[0]):
        if region.environment.summit[f] == 1 and formats.yearly[f] == 0:
            if formats.party[f, i] == 1 and formats.party[f, j] == 1:
                return True
    return False


@compiled
def rung_intercept(rung, params):
    """theta of the rung sought (1-3)."""
    if rung == 1:
        return params.ladder_friendship
    if rung == PARTNERSHIP:
        return params.ladder_partnership
    return params.ladder_alliance


@compiled
def keep_rungs(treaties):
    """The rungs at the beginning of the month, in place."""
    for d in range(treaties.rung.shape[0]):
        treaties.rung_before[d] = treaties.rung[d]


@compiled
def may_ally(inputs, a, b, month):
    """Whether neither state's law bars an alliance this month."""
    barred = inputs.ladder.barred
    return not (barred[a, 0] <= month < barred[a, 1] or barred[b, 0] <= month < barred[b, 1])


@compiled
def step_rungs(region, inputs, params, member, month, log):
    """All dyads in one simulated month, in place."""
    treaties, ladder = region.treaties, inputs.ladder
    before, standing = treaties.rung_before, treaties.standing
    keep_rungs(treaties)
    count_standing(before, ladder.dyad_a, ladder.dyad_b, standing)
    parts, context = region.appraisal.parts, region.appraisal.context
    keeps_terms = log.terms.shape[0] > 0
    for d in range(before.shape[0]):
        rung = before[d]
        a, b = ladder.dyad_a[d], ladder.dyad_b[d]
        if month < treaties.frozen_until[d]:
            continue
        open_to_both = rung + 1 < TOP_RUNG or (rung < TOP_RUNG and may_ally(inputs, a, b, month))
        lacks_council = rung >= PARTNERSHIP and treaties.council[d] == 0
        if not (open_to_both or lacks_council):
            continue
        step, double, declare, council = four_uniforms(inputs.channels.ladder[d], 0, month, member)
        if open_to_both:
            common = step_terms(region, inputs, params, d, rung, standing, parts, context)
            intercept = rung_intercept(rung + 1, params)
            stepped = happens(intercept + common, step)
            if keeps_terms and (stepped or month % 12 == 0):
                chance = monthly_probability(intercept + common)
                decision = Decision(month, 1, a, b, rung + 1, 1 if stepped else 0, chance)
                write_terms(log, decision, intercept, parts, context)
            if stepped:
                take_rung(region, inputs, d, rung + 1, month, log)
                if rung + 1 == PARTNERSHIP and double < params.ladder_double_step and may_ally(inputs, a, b, month):
                    take_rung(region, inputs, d, TOP_RUNG, month, log)
            elif rung == PARTNERSHIP and treaties.declared[d] == 0:
                if happens(params.ladder_declaration + common, declare):
                    treaties.declared[d] = 1
                    write_event(log, month, DECLARATION, a, b, -1, 0.0)
                    add_event_impact(region, inputs, a, b, DECLARATION, month)
        if lacks_council and happens(params.ladder_council, council):
            found_council(region, inputs, params, d, month)
            write_event(log, month, COUNCIL, a, b, -1, 0.0)


@compiled
def take_rung(region, inputs, dyad, rung, month, log):
    """A dyad signs the treaty of a rung."""
    region.treaties.rung[dyad] = rung
    write_event(log, month, RUNG, inputs.ladder.dyad_a[dyad], inputs.ladder.dyad_b[dyad], rung, 0.0)
    add_rung_impact(region, inputs, dyad, rung, month)


@compiled
def add_rung_impact(region, inputs, dyad, rung, month):
    """The treaty of a rung moves the trust of both sides."""
    a, b = inputs.ladder.dyad_a[dyad], inputs.ladder.dyad_b[dyad]
    weight, event_class = inputs.event_weights.rung_weight[rung - 1], inputs.event_weights.rung_class[rung - 1]
    add_mutual_impact(region.beliefs, a, b, event_class, weight, month)


@compiled
def found_council(region, inputs, params, dyad, month):
    """A standing council speeds up what the dyad's highest treaty promises."""
    region.treaties.council[dyad] = 1
    rung = region.treaties.rung[dyad]
    if rung > 0:
        done = region.treaties.rung_implemented[dyad, rung - 1]
        region.treaties.rung_implemented[dyad, rung - 1] = done + params.implementation_council * (1.0 - done)
    add_event_impact(region, inputs, inputs.ladder.dyad_a[dyad], inputs.ladder.dyad_b[dyad], COUNCIL, month)


@compiled
def apply(event, region, inputs, params, month):
    """A dated step, declaration, council or entry into force of one pair, or a freeze of its steps, in place."""
    treaties, rung = region.treaties, event.subject
    dyad = inputs.ladder.dyad_of[event.a, event.b]
    if event.kind == RUNG:
        if month >= inputs.clock.branch and rung > treaties.rung[dyad]:
            add_rung_impact(region, inputs, dyad, rung, month)
        treaties.rung[dyad] = max(treaties.rung[dyad], rung)
    elif event.kind == RUNG_LOST:
        treaties.rung[dyad] = rung - 1
        treaties.rung_in_force[dyad, rung - 1] = -1
        treaties.rung_implemented[dyad, rung - 1] = 0.0
    elif event.kind == DECLARATION:
        treaties.declared[dyad] = 1
    elif event.kind == RUNG_IN_FORCE:
        treaties.rung_in_force[dyad, rung - 1] = month
    elif event.kind == COUNCIL or event.kind == PROGRAMME:
        found_council(region, inputs, params, dyad, month)
    elif event.kind == FREEZE:
        treaties.frozen_until[dyad] = int(event.value)


@compiled
def keep_documented_steps(region, inputs, params, month, log):
    """The terms of every documented step of this month, and each January of every step that was open."""
    schedule = inputs.schedule
    rungs, standing = region.treaties.rung_before, region.treaties.standing
    keep_rungs(region.treaties)
    count_standing(rungs, inputs.ladder.dyad_a, inputs.ladder.dyad_b, standing)
    parts, context = region.appraisal.parts, region.appraisal.context
    for d in range(rungs.shape[0]):
        if rungs[d] == TOP_RUNG:
            continue
        a, b = inputs.ladder.dyad_a[d], inputs.ladder.dyad_b[d]
        if rungs[d] + 1 == TOP_RUNG and not may_ally(inputs, a, b, month):
            continue
        decided = 0
        row = region.environment.next_event
        while row < schedule.shape[0] and schedule[row].month <= month:
            if schedule[row].kind == RUNG and schedule[row].a == a and schedule[row].b == b:
                decided = 1
            row += 1
        if decided == 1 or month % 12 == 0:
            common = step_terms(region, inputs, params, d, rungs[d], standing, parts, context)
            intercept = rung_intercept(rungs[d] + 1, params)
            chance = monthly_probability(intercept + common)
            write_terms(log, Decision(month, 1, a, b, rungs[d] + 1, decided, chance), intercept, parts, context)


@compiled
def draw_wave(region, inputs, params, member, month):
    """The common shock of the year, in place; in the branch year given the steps of the months before the branch."""
    environment, spread = region.environment, params.ladder_wave_sd
    if month == inputs.clock.branch and environment.exposure > 0.0:
        draw = uniform(inputs.channels.wave[0], 0, month // 12, member)
        environment.wave = wave_given_steps(
            environment.steps,
            environment.exposure,
            spread,
            draw,
            region.appraisal.wave_likelihood,
            region.treaties.weights,
        )
    else:
        environment.wave = wave_effect(normal(inputs.channels.wave[0], 0, month // 12, member), spread)


@compiled
def wave_given_steps(steps, exposure, wave_sd, uniform, log_likelihood, weights):
    """The wave of a year that has begun, at a quantile of its posterior.

    The likelihood of the months so far is w^steps exp(-exposure w) with w = exp(wave): exact to first order in the
    monthly hazards.

    Parameters
    ----------
    steps : steps and declarations taken so far
    exposure : sum of the hazards of all that could have come, without the wave
    log_likelihood, weights : (GRID_POINTS,), working space
    """
    for point in range(GRID_POINTS):
        wave = wave_effect(GRID_REACH * (2.0 * point / (GRID_POINTS - 1) - 1.0), wave_sd)
        log_likelihood[point] = steps * wave - exposure * math.exp(wave)
    return draw_attitude(log_likelihood, True, uniform, wave_sd, weights) - 0.5 * wave_sd * wave_sd


@compiled
def learn_of_wave(region, inputs, params, month):
    """Before the branch, in its year: count the steps of the month and what was expected of it, in place."""
    treaties, ladder, environment = region.treaties, inputs.ladder, region.environment
    schedule, row = inputs.schedule, region.environment.next_event
    while row < schedule.shape[0] and schedule[row].month <= month:
        if schedule[row].kind == RUNG or schedule[row].kind == DECLARATION:
            environment.steps += 1.0
        row += 1
    standing, parts, context = treaties.standing, region.appraisal.parts, region.appraisal.context
    count_standing(treaties.rung, ladder.dyad_a, ladder.dyad_b, standing)
    for d in range(treaties.rung.shape[0]):
        rung = treaties.rung[d]
        if rung == TOP_RUNG:
            continue
        if rung + 1 == TOP_RUNG and not may_ally(inputs, ladder.dyad_a[d], ladder.dyad_b[d], month):
            continue
        common = step_terms(region, inputs, params, d, rung, standing, parts, context) - environment.wave
        environment.exposure += math.exp(rung_intercept(rung + 1, params) + common)
        if rung == PARTNERSHIP and treaties.declared[d] == 0:
            environment.exposure += math.exp(params.ladder_declaration + common)
