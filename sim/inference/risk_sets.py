"""Risk sets: one row for every decision that could have come, on the ladder and between neighbours.

Ladder: a dyad at rung r is at risk of rung r + 1; at partnership and undeclared it is at risk of a declaration too, in
months without a step, as the engine draws them (`sim.processes.bilateral_treaties`). A friction: every ordered pair of
neighbours and month; two acts of one state against the same other within a month count once, as the engine draws at
most one. A clash: every section and month from 2010 on, while part of it is unsettled or it has enclaves; earlier
silence is missing record. A settlement: every section and month until nothing is left to settle.

What is known to the year only gives rows for both conditions, before and after, in every month of its window: the
likelihood sums over the months it may have been in. Answers to accords are in `sim.inference.accord_answers`.
"""

from collections.abc import Sequence
from dataclasses import dataclass, fields

import numpy as np

from sim.engine.months import growing_season
from sim.inference.covariates import Panel
from sim.inference.observations import DECLARATION, Act, History, Step
from sim.processes.border_conflict import CLOSED_SETTLED, at_risk

KINDS = ("friendship", "partnership", "alliance", "declaration")
ALLIANCE = KINDS.index("alliance")  # and the declaration after it
CERTAIN, BEFORE, AFTER = 0, 1, 2  # how a row belongs to a window of months
NO_GROUP = -1  # of a row whose month is known
CLASHES_FROM = 2010 * 12
RECENT = 12  # months over which a clash counts as recent
_LADDER = ("kind", "dyad", "month", "declared", "event", "group", "phase")
_FRICTION = ("actor", "target", "month", "event", "group", "phase")


class Rows:
    """Columns of equal length; subclasses are frozen dataclasses of arrays."""

    def __len__(self) -> int:
        return len(getattr(self, fields(self)[0].name))

    def keep(self, mask: np.ndarray):
        """Only the rows of a mask; a window is kept or dropped as a whole by whoever makes the mask."""
        return type(self)(*(getattr(self, field.name)[mask] for field in fields(self)))

    @property
    def year(self) -> np.ndarray:
        """Calendar year of each row."""
        return self.month // 12


def block_begins(*keys: np.ndarray) -> np.ndarray:
    """Where each run of equal keys begins, and the end of the last."""
    change = np.any([np.diff(key) != 0 for key in keys], axis=0)
    ends = [len(keys[0])] if len(keys[0]) else []
    return np.array([0, *(np.flatnonzero(change) + 1), *ends], np.int64)


@dataclass(frozen=True, eq=False)
class LadderRows(Rows):
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
    barred = _barred(panel, table)
    table, ids = table[~barred], np.array(ids)[~barred]
    order = np.lexsort((table[:, 6], table[:, 2], table[:, 5], table[:, 2] // 12))
    # certain rows first within a year: their group is -1
    columns = dict(zip(_LADDER, table[order].T.copy()))
    return LadderRows(**columns, **_worth(panel, history, columns), ids=np.array(ids)[order])


def _barred(panel: Panel, table: np.ndarray) -> np.ndarray:
    """(line,) whether it is a chance of an alliance, or of its declaration, that the law of either state bars."""
    kind, dyad, month = table[:, 0], table[:, 1], table[:, 2]
    found = np.zeros(len(table), bool)
    for state in (panel.dyad_a[dyad], panel.dyad_b[dyad]):
        since, until = panel.barred[state].T
        found |= (since <= month) & (month < until)
    return found & (kind >= ALLIANCE)


def every_step(panel: Panel) -> LadderRows:
    """A row for every month, dyad and kind, in this order, as they are where nothing has come."""
    t, dyad, kind = (each.ravel() for each in np.indices((panel.n_months, len(panel.dyads), len(KINDS))))
    nothing = np.zeros(len(t), np.int64)
    columns = dict(zip(_LADDER, (kind, dyad, panel.first + t, nothing, nothing, nothing + NO_GROUP, nothing)))
    return LadderRows(**columns, **_worth(panel, History((), ()), columns), ids=nothing)


def _dyad_lines(panel: Panel, dyad: int, steps: list[Step], group: int):
    """Lines of one dyad: (line, id of the record's row, whether it is the last of a window)."""
    rung, declared, month = 0, 0, panel.first
    for step in steps:
        begins, ends = step.first, step.last
        if step.assumed or step.second_half:
            begins = ends = step.month
        if not step.assumed:  # nothing is known of the months before an assumed step
            for now in range(month, begins):
                yield from ((line, "", False) for line in _open(dyad, now, rung, declared))
        after_rung, after_declared = (rung, 1) if step.rung == DECLARATION else (step.rung, declared)
        if step.assumed or step.second_half:
            pass
        elif begins == ends:
            yield from _certain(dyad, step, rung, declared)
        else:
            lines = list(_windowed(dyad, step, (rung, declared), (after_rung, after_declared), group))
            yield from ((line, id_, k == len(lines) - 1) for k, (line, id_) in enumerate(lines))
            group += 1
        rung, declared = after_rung, after_declared
        month = ends + 1
    for now in range(month, panel.end):
        yield from ((line, "", False) for line in _open(dyad, now, rung, declared))


def _open(dyad: int, month: int, rung: int, declared: int, group: int = NO_GROUP, phase: int = CERTAIN):
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
            yield (*line[:4], int(came), *line[5:]), step.id if came else "", False


def _windowed(dyad: int, step: Step, before: tuple[int, int], after: tuple[int, int], group: int):
    """Lines of all months that a step may have come in, as they are before it and as they are after it."""
    for month in range(step.first, step.last + 1):
        for line in _open(dyad, month, *before, group, BEFORE):
            came = line[0] == step.rung - 1
            yield (*line[:4], int(came), *line[5:]), step.id if came else ""
        if month > step.first:
            yield from ((line, "") for line in _open(dyad, month, *after, group, AFTER))


def rungs_held(panel: Panel, history: History) -> np.ndarray:
    """(month + 1, dyad) rung held at the beginning of each month, steps placed in their own month."""
    held = np.zeros((panel.n_months + 1, len(panel.dyads)), np.int64)
    for step in history.steps:
        if step.rung != DECLARATION:
            since = held[step.month - panel.first + 1 :, step.dyad]
            np.maximum(since, step.rung, out=since)
    return held


def contagion_panel(panel: Panel, held: np.ndarray) -> np.ndarray:
    """(month, dyad, rung) share of the other dyads of either state on the rung or above.

    Parameters
    ----------
    held : (month, dyad) rung held at the month's beginning
    """
    n = len(panel.states)
    above = held[:, :, None] >= np.arange(1, 4)  # month, dyad, rung
    per_state = np.zeros((len(above), n, 3))
    for d, (a, b) in enumerate(zip(panel.dyad_a, panel.dyad_b)):
        per_state[:, a] += above[:, d]
        per_state[:, b] += above[:, d]
    others = per_state[:, panel.dyad_a] + per_state[:, panel.dyad_b] - 2.0 * above
    return others / (2 * (n - 2))


def _worth(panel: Panel, history: History, columns: dict[str, np.ndarray]) -> dict[str, np.ndarray]:
    t, dyad = columns["month"] - panel.first, columns["dyad"]
    sought = np.minimum(columns["kind"], 2)  # a declaration is valued as the alliance that it announces
    a, b = panel.dyad_a[dyad], panel.dyad_b[dyad]
    contagion = contagion_panel(panel, rungs_held(panel, history)[:-1])
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


@dataclass(frozen=True, eq=False)
class FrictionRows(Rows):
    """Rows ordered so that windows come last, each together.

    actor, target, month : who against whom, when
    event, group, phase : as of `LadderRows`
    log_odds : trust of the target in the actor; leader : the actor's, row of the table of leaders
    """

    actor: np.ndarray
    target: np.ndarray
    month: np.ndarray
    event: np.ndarray
    group: np.ndarray
    phase: np.ndarray
    log_odds: np.ndarray
    leader: np.ndarray
    ids: np.ndarray


@dataclass(frozen=True, eq=False)
class ClashRows(Rows):
    """Rows ordered by section and month.

    open_km : km not settled; season, recent : 0/1; trust : mean log-odds
    """

    dyad: np.ndarray
    month: np.ndarray
    event: np.ndarray
    open_km: np.ndarray
    season: np.ndarray
    recent: np.ndarray
    trust: np.ndarray
    ids: np.ndarray


@dataclass(frozen=True, eq=False)
class SettlementRows(Rows):
    """Rows ordered by section and month; capacity : mean of both; leader_a, leader_b : rows of the table of leaders."""

    dyad: np.ndarray
    month: np.ndarray
    event: np.ndarray
    capacity: np.ndarray
    enclave: np.ndarray
    leader_a: np.ndarray
    leader_b: np.ndarray
    ids: np.ndarray


def friction_rows(panel: Panel, history: History) -> FrictionRows:
    """Rows of all ordered pairs of neighbours."""
    acts = [act for act in history.acts if act.kind == "friction"]
    pairs = [(int(panel.dyad_a[d]), int(panel.dyad_b[d])) for d in np.flatnonzero(panel.neighbours)]
    columns, ids = act_columns(
        panel,
        _FRICTION,
        [(pair, [a for a in acts if (a.a, a.b) == pair]) for one in pairs for pair in (one, one[::-1])],
    )
    t, actor = columns["month"] - panel.first, columns["actor"]
    log_odds = panel.log_odds[t, columns["target"], actor]
    return FrictionRows(**columns, log_odds=log_odds, leader=panel.leader[t, actor], ids=ids)


def act_columns(
    panel: Panel, names: Sequence[str], risks: Sequence[tuple[tuple[int, ...], list[Act]]]
) -> tuple[dict[str, np.ndarray], np.ndarray]:
    """Columns of the months at risk of acts, windows last and each together, and the ids of the acts that came.

    Parameters
    ----------
    names : of the columns: those that say who is at risk, then month, event, group, phase
    risks : who is at risk, and the acts that came of it
    """
    lines, ids, group = [], [], 0
    for who, acts in risks:
        windows, sure = _windows(acts)
        at = {}
        for act in windows:
            at |= {month: (act, group) for month in range(act.first, act.last + 1)}
            group += 1
        for month in range(panel.first, panel.end):
            if month in at:
                act, number = at[month]
                lines.append((*who, month, 1, number, BEFORE))
                lines += [(*who, month, 0, number, AFTER)] * (month > act.first)
                ids += [act.id] + [""] * (month > act.first)
            else:
                lines.append((*who, month, int(month in sure), NO_GROUP, CERTAIN))
                ids.append(sure.get(month, ""))
    table = np.array(lines, np.int64).reshape(len(lines), len(names))
    order = np.argsort(table[:, -2], kind="stable")
    return dict(zip(names, table[order].T.copy())), np.array(ids)[order]


def _windows(acts: Sequence[Act]) -> tuple[list[Act], dict[int, str]]:
    """Acts known to the year that stand alone in it, and the months of all others; id by month."""
    months = {act.month for act in acts if act.first == act.last}
    windows = [
        act for act in acts if act.first < act.last and not any(act.first <= month <= act.last for month in months)
    ]
    return windows, {act.month: act.id for act in acts if act not in windows}


def unsettled_shares(panel: Panel, history: History) -> np.ndarray:
    """(month, dyad) share of the border not settled when the month begins."""
    share = np.tile(panel.unsettled, (panel.n_months, 1))
    for act in history.acts:
        if act.kind == "settlement":
            share[act.month - panel.first + 1 :, dyad_of(panel, act)] = 1.0 - act.value
    return share


def dyad_of(panel: Panel, act: Act) -> int:
    """Number of the dyad of an act."""
    a, b = sorted((act.a, act.b))
    return panel.dyads.index((panel.states[a], panel.states[b]))


def clash_rows(panel: Panel, history: History) -> ClashRows:
    """Rows of all sections at risk since 2010."""
    share, lines = unsettled_shares(panel, history), []
    for d in np.flatnonzero(panel.neighbours):
        clashes, last = _months_of(panel, history, "clash", d), None
        a, b = panel.dyad_a[d], panel.dyad_b[d]
        for month in range(panel.first, panel.end):
            t = month - panel.first
            if month >= CLASHES_FROM and at_risk(share[t, d], panel.enclaves[d] == 1):
                open_km = panel.border_km[d] * share[t, d]
                recent = last is not None and month - last <= RECENT
                trust = 0.5 * (panel.log_odds[t, a, b] + panel.log_odds[t, b, a])
                state = open_km, int(growing_season(month)), int(recent), trust
                lines.append((d, month, int(month in clashes), *state, clashes.get(month, "")))
            last = month if month in clashes else last
    return _from_lines(ClashRows, lines)


def settlement_rows(panel: Panel, history: History) -> SettlementRows:
    """Rows of all sections until they are settled."""
    share, lines = unsettled_shares(panel, history), []
    for d in np.flatnonzero(panel.neighbours):
        settled = _months_of(panel, history, "settlement", d)
        a, b = panel.dyad_a[d], panel.dyad_b[d]
        for t in np.flatnonzero(share[:, d] > CLOSED_SETTLED):
            month = panel.first + int(t)
            capacity = 0.5 * (panel.capacity[t, a] + panel.capacity[t, b])
            state = capacity, int(panel.enclaves[d]), panel.leader[t, a], panel.leader[t, b]
            lines.append((d, month, int(month in settled), *state, settled.get(month, "")))
    return _from_lines(SettlementRows, lines)


def _months_of(panel: Panel, history: History, kind: str, d: int) -> dict[int, str]:
    """Month -> id of the acts of a kind at a border."""
    return {act.month: act.id for act in history.acts if act.kind == kind and dyad_of(panel, act) == d}


def _from_lines(rows: type, lines: list[tuple]):
    columns = zip(*lines) if lines else [()] * len(fields(rows))
    return rows(*(np.array(column) for column in columns))
