"""Eight members side by side: to the last bit what each of them is alone."""

import math

import numpy as np
import pytest

from sim.engine.compiled import compiled
from sim.engine.lanes import WIDTH, store
from sim.engine.layout import record
from sim.engine.random import channel_key, normal
from sim.engine.side_by_side import (
    SIDE_BY_SIDE,
    anywhere,
    beside,
    lane_numbers,
    new_block,
    put_into_lane,
    ratio_or,
    take_from_lane,
    where,
    whole_words,
    words_of,
)

needs_lanes = pytest.mark.skipif(not SIDE_BY_SIDE, reason="uncompiled code takes one member after the other")
STORE = np.dtype((np.record, np.dtype([("held", np.float64), ("open", np.int64)])))
FIELDS = [("flow", np.float64), ("parts", np.float64, (2, 3)), ("stores", STORE, 4), ("months", np.int64)]


@compiled
def step(river, month):
    """Sums, choices, functions and whole numbers, as a process has them."""
    total = 0.0
    for i in range(2):
        for j in range(3):
            total += river.parts[i, j]
    river.parts[1, :] = 0.5
    for k in range(4):
        one = river.stores[k]
        one.held += ratio_or(total, one.held - 1.0, 0.25)
        one.held = min(max(-one.held, 0.1), 3.0)
        if anywhere(one.held > 2.9):
            one.held = where(one.held > 2.9, math.log(one.held), one.held**1.5)
        one.open = month
    river.flow = where(river.flow <= 0.5, math.sqrt(river.flow), math.exp(-river.flow)) * total
    river.months += 1


@compiled
def several_steps(block, river):
    for month in range(5):
        step(beside(block, river), month)


@compiled
def one_after_the_other(river):
    for month in range(5):
        step(river, month)


@compiled
def put(block, lane, river):
    put_into_lane(block, lane, words_of(river))


@compiled
def take(block, lane, whole, river):
    take_from_lane(block, lane, whole, words_of(river))


@needs_lanes
def test_every_lane_has_the_bits_of_one_member():
    rng, rivers = np.random.default_rng(3), []
    block = new_block(record(FIELDS).dtype.itemsize // 8)
    assert block.ctypes.data % 64 == 0
    for lane in range(WIDTH):
        river = record(FIELDS)
        river.flow, river.parts = rng.uniform(), rng.uniform(size=(2, 3))
        river.stores["held"] = rng.uniform(0.0, 3.0, 4)
        put(block, lane, river)
        rivers.append(river)
    several_steps(block, rivers[0])
    whole = np.array(whole_words(rivers[0].dtype))
    for lane, river in enumerate(rivers):
        one_after_the_other(river)
        found = record(FIELDS)
        take(block, lane, whole, found)
        assert found.tobytes() == river.tobytes()


@compiled
def normals(key, month, first, found):
    store(found, 0, normal(key, 0, month, 1.0 * first + lane_numbers()))


@needs_lanes
def test_normals_of_eight_members_are_those_of_each():
    key, found = channel_key(5, "inflow"), np.empty(WIDTH)
    for month in range(20):
        normals(key, month, 2**40 - 3, found)
        assert found.tolist() == [normal(key, 0, month, 2**40 - 3 + k) for k in range(WIDTH)]
