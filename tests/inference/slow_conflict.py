"""The likelihood of frictions, clashes and settlements once more, in plain Python, frailty integrated numerically."""

import math

import numpy as np
from scipy.integrate import quad
from scipy.stats import gamma

FRAILTY = 0.6


def chance(log_rate):
    return 1 - math.exp(-math.exp(log_rate))


def frictions(panel, history, x, openness):
    total = 0.0
    for d, (one, other) in enumerate(panel.dyads):
        if not panel.neighbours[d]:
            continue
        for actor, target in ((one, other), (other, one)):
            i, j = panel.states.index(actor), panel.states.index(target)
            acts = [act for act in history.acts if act.kind == "friction" and (act.a, act.b) == (i, j)]
            log_chance, log_silence = {}, {}
            for month in range(panel.first, panel.end):
                t = month - panel.first
                trust = max(panel.log_odds[t, j, i], -2.0)
                log_rate = x[0] - min(x[1], 0.6) * trust - x[2] * max(openness[panel.leader[t, i]], -1.5)
                log_chance[month], log_silence[month] = math.log(chance(log_rate)), -math.exp(log_rate)
            sure = {act.month for act in acts if act.first == act.last}
            windows = [act for act in acts if act.first < act.last]
            alone = [w for w in windows if not any(w.first <= month <= w.last for month in sure)]
            sure |= {w.month for w in windows if w not in alone}
            for window in alone:
                months = range(window.first, window.last + 1)
                ways = [math.exp(log_chance[m] + sum(log_silence[k] for k in months if k != m)) for m in months]
                total += math.log(sum(ways))
            inside = {m for w in alone for m in range(w.first, w.last + 1)}
            total += sum(log_chance[m] if m in sure else log_silence[m] for m in log_chance if m not in inside)
    return total


def share_open(panel, history, d, month):
    share = panel.unsettled[d]
    for act in history.acts:
        if act.kind == "settlement" and {panel.states[act.a], panel.states[act.b]} == set(panel.dyads[d]):
            if act.month < month:
                share = 1 - act.value
    return share


def clashes(panel, history, x, offsets):
    base, length, settled, season, trust_effect, repeat = x[3:9]
    total = 0.0
    for d, pair in enumerate(panel.dyads):
        if not panel.neighbours[d]:
            continue
        i, j = panel.dyad_a[d], panel.dyad_b[d]
        months = [
            act.month
            for act in history.acts
            if act.kind == "clash" and {panel.states[act.a], panel.states[act.b]} == set(pair)
        ]
        for year in range(2010, panel.end // 12 + 1):
            rates = []
            for month in range(year * 12, min(year * 12 + 12, panel.end)):
                share, t = share_open(panel, history, d, month), month - panel.first
                if share <= 1e-9 and not panel.enclaves[d]:
                    continue
                log_rate = base + offsets.get("-".join(pair), 0.0)
                log_rate += length * math.log(1 + panel.border_km[d] * share / 1000) + settled * (share <= 1e-9)
                log_rate += season * (3 <= month % 12 <= 8)
                log_rate += min(repeat, 0.5) * any(0 < month - m <= 12 for m in months)
                log_rate -= trust_effect * (panel.log_odds[t, i, j] + panel.log_odds[t, j, i]) / 2
                rates.append((math.exp(log_rate), month in months))
            if rates:
                total += math.log(over_frailty(rates))
    return total


def over_frailty(rates):
    """Mean over the gamma frailty F of the year's likelihood, by adaptive quadrature over F = y**4."""

    def integrand(y):
        f = y**4
        value = gamma.pdf(f, FRAILTY, scale=1 / FRAILTY) * 4 * y**3
        for rate, came in rates:
            value *= -math.expm1(-rate * f) if came else math.exp(-rate * f)
        return value

    return quad(integrand, 0, 3.2, epsabs=0, epsrel=1e-13, limit=500)[0]


def settlements(panel, history, x, openness):
    base, capacity_effect, openness_effect, enclave = x[9:]
    total = 0.0
    for d, pair in enumerate(panel.dyads):
        if not panel.neighbours[d]:
            continue
        i, j = panel.dyad_a[d], panel.dyad_b[d]
        months = [
            act.month
            for act in history.acts
            if act.kind == "settlement" and {panel.states[act.a], panel.states[act.b]} == set(pair)
        ]
        for month in range(panel.first, panel.end):
            t = month - panel.first
            if share_open(panel, history, d, month) <= 1e-9:
                continue
            log_rate = base + capacity_effect * ((panel.capacity[t, i] + panel.capacity[t, j]) / 2 - 0.4)
            log_rate += openness_effect * (openness[panel.leader[t, i]] + openness[panel.leader[t, j]])
            log_rate += enclave * panel.enclaves[d]
            total += math.log(chance(log_rate)) if month in months else -math.exp(log_rate)
    return total


def conflict(panel, history, posterior, vector):
    """All of it, at the parameters of a vector as in the posterior."""
    openness = posterior.layout.values(vector, posterior.layout.leaders)
    value = dict(zip(posterior.names, vector))
    x = np.array(vector[13:26])
    offsets = {name.removeprefix("clash."): number for name, number in value.items() if name.startswith("clash.")}
    return (
        frictions(panel, history, x, openness),
        clashes(panel, history, x, offsets),
        settlements(panel, history, x, openness),
    )
