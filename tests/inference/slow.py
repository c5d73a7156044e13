"""The likelihood once more, in plain Python, straight from the history and the panel: slow, and written to be read."""

import itertools
import math

import numpy as np

from sim.inference.accord_answers import summits_of
from sim.inference.observations import DECLARATION


def nodes_of(points):
    nodes, weights = np.polynomial.hermite_e.hermegauss(points)
    return list(zip(nodes, weights / weights.sum()))


def dyad_value(panel, month, dyad, rung, openness, strength):
    a, b = panel.dyads[dyad]
    total = 0.0
    for me, other in ((a, b), (b, a)):
        i, j, t = panel.states.index(me), panel.states.index(other), month - panel.first
        total += panel.value[t, i, j, rung - 1] + openness[panel.leader[t, i]]
        total -= max(strength[i], 0.0) * panel.shape[t, i, j]
    return total / 2


def contagion(panel, history, month, dyad, rung):
    """Share of the other dyads of either state on the rung or above when the month begins."""
    held = [0] * len(panel.dyads)
    for step in history.steps:
        if step.rung != DECLARATION and step.month < month:
            held[step.dyad] = max(held[step.dyad], step.rung)
    mine = panel.dyads[dyad]
    others = [d for d in range(len(panel.dyads)) if d != dyad and set(panel.dyads[d]) & set(mine)]
    return sum(held[d] >= rung for d in others) / len(others)


def hazard(panel, history, month, dyad, kind, declared, p, openness, strength):
    rung = min(kind, 3)
    a, b = (panel.states.index(state) for state in panel.dyads[dyad])
    t = month - panel.first
    eta = p["theta"][kind - 1] + p["interest"] * dyad_value(panel, month, dyad, rung, openness, strength)
    eta += p["contagion"] * contagion(panel, history, month, dyad, rung)
    eta += p["capacity"] * ((panel.capacity[t, a] + panel.capacity[t, b]) / 2 - 0.5)
    return math.exp(eta + (p["declared"] if declared and kind == 3 else 0.0))


def may_ally(panel, month, dyad):
    """Whether the law of neither state bars it from alliances."""
    spans = [panel.barred[panel.states.index(state)] for state in panel.dyads[dyad]]
    return not any(since <= month < until for since, until in spans)


def months_of_dyad(panel, history, dyad, placed, hazards):
    """Month -> list of (hazard without shock, came) when the dyad's steps lie in the months `placed`."""
    rung, declared, found = 0, 0, {}
    steps = [step for step in history.steps if step.dyad == dyad]
    for month in range(panel.first, panel.end):
        here = [step for step in steps if placed.get(step, step.month) == month]
        coming = [step for step in steps if placed.get(step, step.month) >= month]
        known = not (coming and coming[0].assumed)
        counted = [step for step in here if not step.assumed and not step.second_half]
        lines = []
        if known and not (here and not counted):
            if rung < 2 or (rung == 2 and may_ally(panel, month, dyad)):
                came = any(step.rung == rung + 1 for step in counted)
                lines.append((hazards(month, dyad, rung + 1, declared), came))
                if rung == 2 and not declared and not came:
                    lines.append((hazards(month, dyad, 4, 0), any(step.rung == 4 for step in counted)))
        found[month] = lines
        for step in here:
            rung, declared = (rung, 1) if step.rung == DECLARATION else (step.rung, declared)
    return found


def probability(lines, factor):
    product = 1.0
    for rate, came in lines:
        product *= 1 - math.exp(-rate * factor) if came else math.exp(-rate * factor)
    return product


def ladder(panel, history, p, openness, strength, points):
    cache = {}

    def hazards(*key):
        if key not in cache:
            cache[key] = hazard(panel, history, *key, p, openness, strength)
        return cache[key]

    ways = []  # for each dyad, its lines under each month in which its uncertain step may have come
    for dyad in range(len(panel.dyads)):
        open_steps = [s for s in history.steps if s.dyad == dyad and s.first < s.last and not s.assumed]
        assert len(open_steps) <= 1
        places = (
            [{}] if not open_steps else [{open_steps[0]: m} for m in range(open_steps[0].first, open_steps[0].last + 1)]
        )
        ways.append([months_of_dyad(panel, history, dyad, placed, hazards) for placed in places])
    total = 0.0
    for year in range(panel.first // 12, (panel.end - 1) // 12 + 1):
        months = [m for m in range(year * 12, year * 12 + 12) if panel.first <= m < panel.end]
        value = 0.0
        for z, weight in nodes_of(points):
            factor = math.exp(p["wave"] * z - p["wave"] ** 2 / 2)
            product = weight
            for dyad_ways in ways:
                uncertain = any(dyad_ways[0][m] != way[m] for way in dyad_ways for m in months)
                used = dyad_ways if uncertain else dyad_ways[:1]
                product *= sum(math.prod(probability(way[m], factor) for m in months) for way in used)
            value += product
        total += math.log(value)
    return total


def accords(panel, history, p, openness, strength, later, points):
    total = 0.0
    for m, accord in enumerate(panel.accords):
        if not accord.documented or accord.proposal:
            continue
        answers = [answer for answer in history.answers if answer.accord == m]

        def chance(i, month, signed, u, m=m, accord=accord):
            t = month - panel.first
            value = panel.accord_value[t, m, i] + openness[panel.leader[t, i]]
            value -= max(strength[i], 0.0) * panel.accord_shape[t, m, i]
            logit = (
                p["intercept"]
                + p["opened"] * (accord.rule == "opt-in")
                + value
                + p["bandwagon"] * signed / (len(accord.parties) - 1)
                + p["readiness"][i]
                + u
            )
            return 1 / (1 + math.exp(-logit))

        seats = summits_of(panel, m, answers)
        joined = {}
        for answer in answers:
            if answer.kind in ("signature", "accession"):
                joined.setdefault(answer.state, answer)
        parties = [panel.states.index(party) for party in accord.parties]
        if accord.rule == "unanimity":
            total += math.log(joint(parties, joined, seats, chance, p["persistence"], points))
        else:
            ends = min(panel.lapses[m], panel.end)
            for i in parties:
                total += math.log(
                    alone(i, parties, joined, seats, answers, chance, p["persistence"], later, ends, points)
                )
    return total


def joint(parties, joined, seats, chance, sd, points):
    """All attitudes at once, by a grid over all parties: no algebra."""
    if not joined:
        return 1.0
    adopted = min(answer.month for answer in joined.values())
    if all(month >= adopted for month in seats):
        return math.prod(
            sum(w * chance(i, adopted, 0, sd * z) for z, w in nodes_of(points)) for i in parties if i in seats[adopted]
        )
    total = 0.0
    for combination in itertools.product(nodes_of(points), repeat=len(parties)):
        product = math.prod(w for _, w in combination)
        for month in seats:
            if month <= adopted:
                willing = math.prod(
                    chance(i, month, 0, sd * z) for i, (z, _) in zip(parties, combination) if i in seats[month]
                )
                product *= willing if month == adopted else 1 - willing
        total += product
    return total


def alone(i, parties, joined, seats, answers, chance, sd, later, ends, points):
    mine = joined.get(i)
    total = 0.0
    for z, weight in nodes_of(points):
        waits, found, sat = 1.0, 0.0, False
        for month in range(min(seats, default=ends), ends):
            inside = (
                mine is not None
                and mine.kind == "accession"
                and mine.first < mine.last
                and mine.first <= month <= mine.last
            )
            before = sum(joined[j].month < month for j in parties if j in joined and j != i)
            here = [joined[j] for j in parties if j in joined and j != i and joined[j].month == month]
            by_now = before + sum(answer.kind == "signature" for answer in here)
            chances = []
            if i in seats.get(month, ()):
                again = later.reconsider if sat else 1.0
                chances.append((again * chance(i, month, before, sd * z), "signature"))
                sat = True
            if by_now:
                chances.append((later.accession * chance(i, month, by_now, sd * z), "accession"))
            done = False
            for value, kind in chances:
                if inside:
                    found += waits * value
                    waits *= 1 - value
                elif mine is not None and mine.month == month and mine.kind == kind:
                    found, done = waits * value, True
                    break
                else:
                    waits *= 1 - value
            if done or (mine is not None and mine.last == month):
                break
        total += weight * (found if mine is not None else waits)
    return total
