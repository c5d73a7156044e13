"""Borders: clashes along unsettled sections, how grave they get, and packages that settle them.

Clashes of a section cluster within years, for reasons nobody records: a yearly gamma frailty (Vaupel, Manton & Stallard
1979) multiplies their rate. Trust, regional process and ripeness (Zartman 2000) are terms of a settlement that stand at
zero unless a claim switches them on, because five settlements identify none of them.
"""

import math

from sim.compiled import compiled

HIGHEST_REPEAT_EFFECT = 0.5  # at 1.5 clashes breed clashes without end
CLOSED_SETTLED = 1e-9


@compiled
def at_risk(unsettled, enclaves):
    """Whether a section can have clashes: a share of it is unsettled, or it has enclaves."""
    return unsettled > CLOSED_SETTLED or enclaves


@compiled
def clash_log_rate(
    base,
    offset,
    length_effect,
    unsettled_km,
    settled_effect,
    season_effect,
    in_season,
    trust_effect,
    mean_trust,
    repeat_effect,
    clash_last_year,
    log_frailty,
):
    """Log rate of clashes per month on a section at risk.

    Parameters
    ----------
    base, offset : log rate of any section, and what this section adds
    unsettled_km : km not agreed; enters as ln(1 + thousands of km)
    settled_effect : where nothing is left to agree on
    in_season : whether it is April to September
    mean_trust : log-odds, mean of both directions; more trust, fewer clashes
    repeat_effect : above 0.5 it counts as 0.5
    clash_last_year : whether there was a clash within twelve months
    log_frailty : log of the multiplier of the year
    """
    log_rate = base + offset + length_effect * math.log1p(unsettled_km / 1000.0)
    if unsettled_km <= CLOSED_SETTLED:
        log_rate += settled_effect
    if in_season:
        log_rate += season_effect
    if clash_last_year:
        log_rate += min(repeat_effect, HIGHEST_REPEAT_EFFECT)
    return log_rate - trust_effect * mean_trust + log_frailty


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
def settlement_log_rate(
    base,
    capacity_effect,
    capacity,
    openness_effect,
    openness_sum,
    enclave_effect,
    enclaves,
    process_effect,
    process,
    ripe_effect,
    ripe,
):
    """Log rate per month at which the two states agree on a package for a section not yet settled.

    Parameters
    ----------
    capacity : mean state capacity of the two; 0-1, enters above 0.4
    openness_sum : of both states and leaders
    enclaves : whether the section has enclaves
    process : regional process; 0-1
    ripe : how far both see that force leads nowhere; 0-1
    """
    log_rate = base + capacity_effect * (capacity - 0.4) + openness_effect * openness_sum
    if enclaves:
        log_rate += enclave_effect
    return log_rate + process_effect * process + ripe_effect * ripe


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
