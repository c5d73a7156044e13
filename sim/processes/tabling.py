"""Tabling: texts that nobody has thought of yet, put on the table at summits of the regional process.

How many a summit tables is Poisson, with a mean counted in the record. Each is modelled on one text of the record,
signed or proposed in vain, drawn at random, whose parties, content, depth and rule it has. One of its parties proposes
it, drawn by how often states have proposed among those whose law lets them sign it, and is inclined to do so. A text
that nobody takes up is dropped.
"""

import math

from sim.engine.compiled import compiled
from sim.engine.event_log import write_event
from sim.engine.event_types import CODE
from sim.engine.process import Channel, Process
from sim.engine.random import four_uniforms, uniform
from sim.processes.accords import may_join

PROCESS = Process("tabling", channels=(Channel("texts", "texts"),), parameters=("tabling",))

PROPOSAL = CODE["proposal"]
MOST_TEXTS = 12  # at one summit; the record has five


@compiled
def poisson_count(mean, uniform):
    """A Poisson number by inversion, at most `MOST_TEXTS`.

    Parameters
    ----------
    mean : >= 0
    uniform : in [0, 1)
    """
    count, chance = 0, math.exp(-mean)
    below = chance
    while uniform >= below and count < MOST_TEXTS:
        count += 1
        chance *= mean / count
        below += chance
    return count


@compiled
def table_texts(region, inputs, params, member, month, log):
    """A summit of the regional process tables new texts, in place; nothing before the record has ended."""
    accords, treaties = inputs.accords, region.treaties
    first, last = accords.named, accords.count
    if first == last or month < max(inputs.clock.branch, accords.texts_from):
        return
    if region.environment.summit[accords.format[first]] == 0:
        return
    count = poisson_count(params.tabling_texts, uniform(inputs.channels.texts[0], 0, month, member))
    for number in range(count):
        which, who, _, _ = four_uniforms(inputs.channels.texts[0], 1 + number, month, member)
        text = untabled_text(treaties.tabled, first, last, month, which)
        if text < 0:
            return  # all that this run has room for have been tabled
        state = proposer_of(inputs, text, month, who)
        if state < 0:
            continue  # barred to all of its parties
        treaties.tabled[text] = month
        treaties.attitude[text, state] = abs(treaties.attitude[text, state])
        write_event(log, month, PROPOSAL, state, -1, text, accords.depth[text])


@compiled
def untabled_text(tabled, first, last, month, uniform):
    """One of the texts first..last-1 that lie on no table yet, each as likely as another; -1 if there is none."""
    left = 0
    for text in range(first, last):
        if tabled[text] > month:
            left += 1
    place = int(uniform * left)
    for text in range(first, last):
        if tabled[text] > month:
            if place == 0:
                return text
            place -= 1
    return -1


@compiled
def proposer_of(inputs, text, month, uniform):
    """The state that proposes a text, drawn by the weights `proposes` among those that may sign it; -1 if none may."""
    proposes = inputs.accords.proposes
    total = 0.0
    for i in range(proposes.shape[0]):
        if may_join(inputs, text, i, month):
            total += proposes[i]
    left, found = uniform * total, -1
    for i in range(proposes.shape[0]):
        if may_join(inputs, text, i, month):
            found = i
            left -= proposes[i]
            if left < 0.0:
                break
    return found


@compiled
def drop_texts(region, inputs, params, member, month):
    """After a summit that left a new text without a signature it may be dropped for good, in place."""
    accords, treaties = inputs.accords, region.treaties
    for text in range(accords.named, accords.count):
        met = region.environment.summit[accords.format[text]] == 1
        if met and treaties.tabled[text] <= month and treaties.lapsed[text] == 0 and treaties.signatures[text] == 0:
            if uniform(inputs.channels.tabling[text], 0, month, member) < params.tabling_drop:
                treaties.lapsed[text] = 1
