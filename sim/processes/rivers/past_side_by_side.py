"""The rivers of eight members before the branch, side by side.

Nothing but its own random numbers and parameters moves a member's rivers before the branch, and what happens to a dam
there happens to it in every member. So the code of `sim.processes.rivers.past` goes through eight members at once
(`sim.engine.side_by_side`), ahead of their histories; each history then finds its rivers as they are at the branch.
"""

from typing import NamedTuple

import numpy as np

from sim.engine.compiled import compiled
from sim.engine.lanes import WIDTH
from sim.engine.months import DECEMBER
from sim.engine.side_by_side import (
    beside,
    lane_array,
    lane_numbers,
    new_block,
    put_into_lane,
    take_from_lane,
    whole_words,
    words_of,
)
from sim.processes.rivers.past import FIRST_MONTH, step_past
from sim.processes.rivers.recording import write_river_month, write_river_year
from sim.processes.rivers.state import Rivers
from sim.processes.rivers.step import begin_account


class Pasts(NamedTuple):
    """Working space: blocks of the members' parameters, flows, accounts, and series; which words are whole numbers."""

    params: np.ndarray
    flows: np.ndarray
    account: np.ndarray
    month: np.ndarray
    year: np.ndarray
    whole_of_flows: np.ndarray
    whole_of_account: np.ndarray


def new_pasts(rivers: Rivers, parameters: np.ndarray, n_monthly: int, n_yearly: int) -> Pasts:
    """Working space for rivers and parameters like these, and so many series of the rivers."""
    kinds = parameters.dtype, rivers.flows.dtype, rivers.account.dtype
    blocks = [new_block(kind.itemsize // 8) for kind in kinds]
    whole = [np.array(whole_words(kind), np.int64) for kind in kinds[1:]]
    return Pasts(*blocks, new_block(n_monthly), new_block(n_yearly), *whole)


@compiled(apart=True)
def simulate_pasts(pasts, inputs, parameters, first, monthly, yearly):
    """Up to the branch the rivers of WIDTH members from `first` on, or of as many as there are; all is left in `pasts`.

    Parameters
    ----------
    parameters : (member,) structured, of these members
    monthly, yearly : (member, time, series), where the series of the rivers are written
    """
    clock, given = inputs.clock, inputs.rivers
    for lane in range(WIDTH):
        put_into_lane(pasts.params, lane, words_of(parameters[min(lane, parameters.shape[0] - 1)]))
        put_into_lane(pasts.flows, lane, words_of(given.start.flows))
        put_into_lane(pasts.account, lane, words_of(given.start.account))
    rivers = Rivers(beside(pasts.flows, given.start.flows), beside(pasts.account, given.start.account))
    params, members = beside(pasts.params, parameters[0]), 1.0 * first + lane_numbers()
    begin_account(rivers, given, params)
    for month in range(min(FIRST_MONTH, clock.start), min(clock.branch, clock.end + 1)):
        recorded = month >= clock.start and (month % 12 == DECEMBER or month == clock.end)
        step_past(rivers, given, params, members, month, recorded)
        if month >= clock.start:
            write_river_month(rivers, given, lane_array(pasts.month))
            hand_out(pasts.month, monthly[:, month - clock.start])
        if recorded:
            write_river_year(rivers, given, lane_array(pasts.year), 0)
            hand_out(pasts.year, yearly[:, month // 12 - clock.first_year])


@compiled
def hand_out(block, lines):
    """A series from each lane of a block into the line of its member, in place."""
    for lane in range(min(WIDTH, lines.shape[0])):
        for k in range(block.shape[0]):
            lines[lane, k] = block[k, lane]


@compiled
def recall_past(pasts, lane, rivers, branch):
    """The rivers of the member of a lane as they are when the record ends, in place."""
    take_from_lane(pasts.flows, lane, pasts.whole_of_flows, words_of(rivers.flows))
    take_from_lane(pasts.account, lane, pasts.whole_of_account, words_of(rivers.account))
    rivers.account.known_until = branch
