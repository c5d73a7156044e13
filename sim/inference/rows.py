"""Rows at risk on the ladder: one for each dyad, month and step that could have come.

A dyad at rung r is at risk of rung r + 1; at partnership and undeclared it is at risk of a declaration too, in months
without a step, as the engine draws them (`sim.processes.bilateral_treaties`). A step known to the year only gives rows
for both conditions, before and after, in every month of its window; the likelihood sums over them.
"""

from dataclasses import dataclass, fields

import numpy as np

from sim.inference.covariates import Panel
from sim.inference.observations import DECLARATION, History, Step

KINDS = ("friendship", "partnership", "alliance", "declaration")
CERTAIN, BEFORE, AFTER = 0, 1, 2  # how a row belongs to a window of months
_COLUMNS = ("kind", "dyad", "month", "declared", "event", "group", "phase")
NO_STEP = ""


@dataclass(frozen=True, eq=False)
class LadderRows:
    """Rows ordered by year; those of windows come last within their year, together and by month.

    kind : 0-2 the rung sought less one, 3 a declaration
    dyad, month : whose and when
    declared : 1 after an allied declaration, of steps to alliance alone
    event : 1 if it came; in a window, 1 for the kind of step that came in one of its months
    group : number of the window, -1 for certain rows; phase : CERTAIN, BEFORE or AFTER
    value_a, value_b : worth to each state without openness and blocker; shape : blocker per unit of sensitivity
    leader_a, leader_b, state_a, state_b : indices
    contagion : share of the other dyads of either state on the rung sought or above
    """

    kind: np.ndarray
    dyad: np.ndarray
    month: np.ndarray
    declared: np.ndarray
    event: np.ndarray
    group: np.ndarray
    phase: np.ndarray
    value_a: np.ndarray
    value_b: np.ndarray
    shape: np.ndarray
    leader_a: np.ndarray
    leader_b: np.ndarray
    state_a: np.ndarray
    state_b: np.ndarray
    contagion: np.ndarray
    ids: np.ndarray  # of the record's row, where event

    def __len__(self) -> int:
        return len(self.kind)

    def keep(self, mask: np.ndarray) -> "LadderRows":
        """Only the rows of a mask; a window is kept or dropped as a whole by whoever makes the mask."""
        return LadderRows(*(getattr(self, field.name)[mask] for field in fields(self)))

    @property
    def year(self) -> np.ndarray:
        """Calendar year of each row."""
        return self.month // 12


def ladder_rows(panel: Panel, history: History) -> LadderRows:
    """All rows at risk of a history."""
    lines, ids, group = [], [], 0
    for dyad in range(len(panel.dyads)):
        steps = [step for step in history.steps if step.dyad == dyad]
        for line, id_, opens_window in _dyad_lines(panel, dyad, steps, group):
            lines.append(line)
            ids.append(id_)
            group += opens_window
    table = np.array(lines, np.int64)
    order = np.lexsort((table[:, 6], table[:, 2], table[:, 5], table[:, 2] // 12))
    # certain rows first within a year: their group is -1
    columns = dict(zip(_COLUMNS, table[order].T.copy()))
    return LadderRows(**columns, **_covariates(panel, history, columns), ids=np.array(ids)[order])


def _dyad_lines(panel: Panel, dyad: int, steps: list[Step], group: int):
    """Lines of one dyad: (line, id of the record's row, whether it is the last of a window)."""
    rung, declared, month = 0, 0, panel.first
    closed = any(step.assumed for step in steps)  # nothing is known of the months before an assumed step
    for step in steps:
        begins, ends = step.first, step.last
        if step.assumed or step.second_half:
            begins = ends = step.month
        if not closed:
            for now in range(month, begins):
                yield from ((line, NO_STEP, False) for line in _open(dyad, now, rung, declared))
        after_rung, after_declared = (rung, 1) if step.rung == DECLARATION else (step.rung, declared)
        if step.assumed or step.second_half:
            pass
        elif begins == ends:
            yield from _certain(dyad, step, rung, declared)
        else:
            lines = list(_windowed(dyad, step, (rung, declared), (after_rung, after_declared), group))
            yield from ((line, id_, k == len(lines) - 1) for k, (line, id_) in enumerate(lines))
            group += 1
        rung, declared, closed = after_rung, after_declared, False
        month = ends + 1
    for now in range(month, panel.end):
        yield from ((line, NO_STEP, False) for line in _open(dyad, now, rung, declared))


def _open(dyad: int, month: int, rung: int, declared: int, group: int = -1, phase: int = CERTAIN):
    """Lines of a month in which nothing came."""
    if rung < 3:
        yield (rung, dyad, month, declared * (rung == 2), 0, group, phase)
    if rung == 2 and not declared:
        yield (3, dyad, month, 0, 0, group, phase)


def _certain(dyad: int, step: Step, rung: int, declared: int):
    """Lines of the month in which a step came."""
    for line in _open(dyad, step.month, rung, declared):
        came = line[0] == step.rung - 1
        if came or step.rung == DECLARATION:  # no declaration is drawn in the month of a step
            yield (*line[:4], int(came), *line[5:]), step.id if came else NO_STEP, False


def _windowed(dyad: int, step: Step, before: tuple[int, int], after: tuple[int, int], group: int):
    """Lines of all months that a step may have come in, as they are before it and as they are after it."""
    for month in range(step.first, step.last + 1):
        for line in _open(dyad, month, *before, group, BEFORE):
            came = line[0] == step.rung - 1
            yield (*line[:4], int(came), *line[5:]), step.id if came else NO_STEP
        if month > step.first:
            yield from ((line, NO_STEP) for line in _open(dyad, month, *after, group, AFTER))


def rungs_held(panel: Panel, history: History) -> np.ndarray:
    """(month + 1, dyad) rung held at the beginning of each month, steps placed in their own month."""
    held = np.zeros((panel.n_months + 1, len(panel.dyads)), np.int64)
    for step in history.steps:
        if step.rung != DECLARATION:
            since = held[step.month - panel.first + 1 :, step.dyad]
            np.maximum(since, step.rung, out=since)
    return held


def contagion_panel(panel: Panel, held: np.ndarray) -> np.ndarray:
    """(month, dyad, rung) share of the other dyads of either state on the rung or above, at the month's beginning."""
    n = len(panel.states)
    above = held[:-1, :, None] >= np.arange(1, 4)  # month, dyad, rung
    per_state = np.zeros((len(above), n, 3))
    for d, (a, b) in enumerate(zip(panel.dyad_a, panel.dyad_b)):
        per_state[:, a] += above[:, d]
        per_state[:, b] += above[:, d]
    others = per_state[:, panel.dyad_a] + per_state[:, panel.dyad_b] - 2.0 * above
    return others / (2 * (n - 2))


def _covariates(panel: Panel, history: History, columns: dict[str, np.ndarray]) -> dict[str, np.ndarray]:
    t, dyad = columns["month"] - panel.first, columns["dyad"]
    sought = np.minimum(columns["kind"], 2)  # a declaration is valued as the alliance that it announces
    a, b = panel.dyad_a[dyad], panel.dyad_b[dyad]
    contagion = contagion_panel(panel, rungs_held(panel, history))
    return {
        "value_a": panel.value[t, a, b, sought],
        "value_b": panel.value[t, b, a, sought],
        "shape": panel.shape[t, a, b],
        "leader_a": panel.leader[t, a],
        "leader_b": panel.leader[t, b],
        "state_a": a,
        "state_b": b,
        "contagion": contagion[t, dyad, sought],
    }
