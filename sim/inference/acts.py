"""Rows at risk of what neighbours do to each other: frictions, clashes, settlements.

A friction: every ordered pair of neighbours and month; two acts of one state against the same other within a month
count once, as the engine draws at most one. A clash: every section and month from 2010 on, while part of it is
unsettled or it has enclaves; earlier silence is missing record. A settlement: every section and month until nothing is
left to settle. Covariates are those that the engine's hazards see then (`sim.processes.border_conflict`,
`sim.processes.frictions`).
"""

from collections.abc import Sequence
from dataclasses import dataclass, fields

import numpy as np

from sim.inference.covariates import Panel
from sim.inference.observations import Act, History
from sim.processes.border_conflict import CLOSED_SETTLED, at_risk

CLASHES_FROM = 2010 * 12
RECENT = 12  # months over which a clash counts as recent
SURE = -1  # group of a row whose month is known


class Rows:
    """Columns of equal length; subclasses are frozen dataclasses of arrays."""

    def __len__(self) -> int:
        return len(getattr(self, fields(self)[0].name))

    def keep(self, mask: np.ndarray):
        """Only the rows of a mask."""
        return type(self)(*(getattr(self, field.name)[mask] for field in fields(self)))


@dataclass(frozen=True, eq=False)
class FrictionRows(Rows):
    """Rows ordered so that windows come last, each together.

    actor, target, month : who against whom, when
    event : 1 if it came; in a window, 1 in every month in which it may have come
    group : number of the window, SURE for months that are known
    log_odds : trust of the target in the actor; leader : the actor's, row of the table of leaders
    """

    actor: np.ndarray
    target: np.ndarray
    month: np.ndarray
    event: np.ndarray
    group: np.ndarray
    log_odds: np.ndarray
    leader: np.ndarray
    ids: np.ndarray


@dataclass(frozen=True, eq=False)
class ClashRows(Rows):
    """Rows ordered by section and month.

    open_km : thousands of km not settled, entering as ln(1 + x); season, recent, settled : 0/1; trust : mean log-odds
    """

    dyad: np.ndarray
    month: np.ndarray
    event: np.ndarray
    open_km: np.ndarray
    settled: np.ndarray
    season: np.ndarray
    recent: np.ndarray
    trust: np.ndarray
    ids: np.ndarray

    def begins(self) -> np.ndarray:
        """Where each section-year begins, and the end of the last."""
        if not len(self):
            return np.zeros(1, np.int64)
        section_year = self.dyad * 10_000 + self.month // 12
        return np.concatenate(([0], np.flatnonzero(np.diff(section_year)) + 1, [len(self)])).astype(np.int64)


@dataclass(frozen=True, eq=False)
class SettlementRows(Rows):
    """Rows ordered by section and month; capacity : mean of both less 0.4; leader_a, leader_b : rows of leaders."""

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
    lines, ids, group = [], [], 0
    for d in np.flatnonzero(panel.neighbours):
        a, b = int(panel.dyad_a[d]), int(panel.dyad_b[d])
        for actor, target in ((a, b), (b, a)):
            acts = [act for act in history.acts if act.kind == "friction" and (act.a, act.b) == (actor, target)]
            windows, sure = _windows(acts)
            at = {}
            for act in windows:
                at |= {month: (group, act.id) for month in range(act.first, act.last + 1)}
                group += 1
            for month in range(panel.first, panel.end):
                number, id_ = at.get(month, (SURE, sure.get(month, "")))
                lines.append((actor, target, month, int(number != SURE or month in sure), number))
                ids.append(id_)
    table = np.array(lines, np.int64)
    order = np.argsort(table[:, 4], kind="stable")
    actor, target, month, event, number = table[order].T.copy()
    t = month - panel.first
    return FrictionRows(
        actor,
        target,
        month,
        event,
        number,
        panel.log_odds[t, target, actor],
        panel.leader[t, actor],
        np.array(ids)[order],
    )


def _windows(acts: Sequence[Act]) -> tuple[list[Act], dict[int, str]]:
    """Acts known to the year that stand alone in it, and the months of all others; id by month."""
    months = {act.month for act in acts if act.first == act.last}
    windows = [
        act for act in acts if act.first < act.last and not any(act.first <= month <= act.last for month in months)
    ]
    sure = {act.month: act.id for act in acts if act not in windows}
    return windows, sure


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
    share, columns = unsettled_shares(panel, history), {name: [] for name in _names(ClashRows)}
    for d in np.flatnonzero(panel.neighbours):
        clashes = {act.month: act.id for act in history.acts if act.kind == "clash" and dyad_of(panel, act) == d}
        a, b, last = panel.dyad_a[d], panel.dyad_b[d], None
        for month in range(panel.first, panel.end):
            t = month - panel.first
            if month >= CLASHES_FROM and at_risk(share[t, d], panel.enclaves[d] == 1):
                open_km = panel.border_km[d] * share[t, d]
                recent = last is not None and month - last <= RECENT
                trust = 0.5 * (panel.log_odds[t, a, b] + panel.log_odds[t, b, a])
                row = (
                    d,
                    month,
                    int(month in clashes),
                    open_km / 1000.0,
                    int(open_km <= CLOSED_SETTLED),
                    int(3 <= month % 12 <= 8),
                    int(recent),
                    trust,
                    clashes.get(month, ""),
                )
                for name, value in zip(columns, row):
                    columns[name].append(value)
            last = month if month in clashes else last
    return ClashRows(*(np.array(column) for column in columns.values()))


def settlement_rows(panel: Panel, history: History) -> SettlementRows:
    """Rows of all sections until they are settled."""
    share, columns = unsettled_shares(panel, history), {name: [] for name in _names(SettlementRows)}
    for d in np.flatnonzero(panel.neighbours):
        settled = {act.month: act.id for act in history.acts if act.kind == "settlement" and dyad_of(panel, act) == d}
        a, b = panel.dyad_a[d], panel.dyad_b[d]
        for t in np.flatnonzero(share[:, d] > CLOSED_SETTLED):
            month = panel.first + int(t)
            capacity = 0.5 * (panel.capacity[t, a] + panel.capacity[t, b]) - 0.4
            row = (
                d,
                month,
                int(month in settled),
                capacity,
                int(panel.enclaves[d]),
                panel.leader[t, a],
                panel.leader[t, b],
                settled.get(month, ""),
            )
            for name, value in zip(columns, row):
                columns[name].append(value)
    return SettlementRows(*(np.array(column) for column in columns.values()))


def _names(rows: type) -> list[str]:
    return [field.name for field in fields(rows)]
