"""The schedule: the documented record and a scenario's dated events as sorted arrays that the engine follows.

Documented treaties, regional summits, leaders, frictions, borders and disputes count up to the branch; what no
mechanism draws (visits, practical projects, programmes, outside powers and the formats they lead) stays documented for
as long as the facts that are given reach: up to the branch, unless a scenario knows what is later.
"""

from dataclasses import dataclass, field

import numpy as np

from sim.engine.event_types import AS_BEFORE, CODE, DRAWN, OWNER
from sim.engine.layout import CLOSABLE
from sim.facts import Event, Facts
from sim.facts.rows import month_of
from sim.model.state import IMPACT_FIELDS, SCHEDULE_FIELDS
from sim.processes.rivers.inputs import RIVER_EVENTS, RiverWorld, documented_disputes, river_rows
from sim.scenario import Scenario
from sim.scenario.events import SUPPOSED_KINDS, is_on_trade

ALLIANCE = 47.0  # COPDAB value of an alliance (Azar 1982): the unit of event weights
FOREVER = 10**6
_AMOUNTS = ("cost_cut", "penalty", "cut", "content", "rate")  # of an event on trade
# kinds that no mechanism draws
NOT_DRAWN = {"practical", "visit", "programme"}
# treaties move trust in the month after signature, as simulated ones do, which are signed after trust has moved
TREATY_KINDS = {"rung", "declaration", "upgrade", "council", "programme", "signature", "accession", "withdrawal"}
# the engine moves trust itself when a state accedes, since only then is it known who had signed before
FELT_WHEN_SIGNED = {"accession"}
# pieces of a documented event that concern one state at a time
PER_STATE = {"signature", "refusal", "accession", "withdrawal"}


@dataclass
class Row:
    """One line of the schedule."""

    month: int
    kind: str
    a: int = -1
    b: int = -1
    subject: int = -1
    value: float = 0.0
    spread: float = 0.0
    documented: bool = True

    def coded(self) -> tuple:
        """The line as the run's event table holds it; a leader's openness that is not a number is nan."""
        drawn = self.kind == "leader-change" and self.value in (DRAWN, AS_BEFORE)
        a, b = {"openness-restored": (self.a, -1), "diversion": (-1, -1)}.get(self.kind, (self.a, self.b))
        return (self.month, CODE[self.kind], a, b, self.subject, np.nan if drawn else self.value)


@dataclass
class Draft:
    """The schedule while it is being written."""

    facts: Facts
    scenario: Scenario
    accord_ids: list[str]
    accord_minimum: list[int]  # ratifications needed for entry into force
    accord_ratified: list[bool]  # whether it needs ratification at all
    slots: list[int]  # format -> the format under which the engine lives it
    rivers: RiverWorld
    rows: list[Row] = field(default_factory=list)
    impacts: list[tuple] = field(default_factory=list)  # month, target, actor, class, weight

    def __post_init__(self):
        self.state = {row.id: k for k, row in enumerate(self.facts.states)}
        self.format = {row.id: k for k, row in enumerate(self.facts.formats)}
        self.power = {row.id: k for k, row in enumerate(self.facts.powers)}
        self.rung = {row.id: row.rung for row in self.facts.rungs}
        self.weights = {row.kind: row for row in self.facts.event_weights}
        self.classes = sorted({row.event_class for row in self.facts.event_weights})
        self.start, self.branch = month_of(self.scenario.run.start), month_of(self.scenario.run.branch)

    def weight(self, kind: str, subject: str = "") -> tuple[float, int]:
        """Weight (alliance = 1) and class of an event kind, narrowed to a subject where the table has one."""
        row = self.weights.get(f"{kind}:{subject}") or self.weights.get(kind)
        return (row.weight / ALLIANCE, self.classes.index(row.event_class)) if row else (0.0, 0)

    def subject_of(self, event: Event) -> int:
        """The index that an event's subject stands for: a format, a rung, an accord, or what is closed or opened."""
        if event.kind in ("summit", "format-ends"):
            return self.slots[self.format[event.subject]]
        if event.kind in ("closure", "opening"):
            return CLOSABLE.index(event.subject)
        if event.subject in self.rung:
            return self.rung[event.subject]
        return self.accord_ids.index(event.subject) if event.subject in self.accord_ids else -1

    def add_event_impact(
        self, month: int, kind: str, parties: list[int], subject: str = "", directed: bool = False
    ) -> None:
        """All ordered pairs of parties are moved; a directed event moves the second party's trust in the first."""
        weight, event_class = self.weight(kind, subject)
        if weight == 0.0:
            return
        month = max(month + (1 if kind in TREATY_KINDS else 0), self.start)
        pairs = [(parties[1], parties[0])] if directed else [(i, j) for i in parties for j in parties if i != j]
        self.impacts += [(month, target, actor, event_class, weight) for target, actor in pairs]


def draft_schedule(draft: Draft) -> None:
    """Write everything that is dated into the draft."""
    for leader in draft.facts.leaders:
        month = month_of(leader.since)
        if month < draft.branch:
            draft.rows.append(
                Row(
                    max(month, draft.start),
                    "leader-change",
                    draft.state[leader.state],
                    value=leader.openness_mean,
                    spread=leader.openness_sd,
                )
            )
    for share in draft.facts.group_share:
        month = max(month_of(share.since), draft.start)
        draft.rows.append(Row(month, "group-share", subject=draft.power[share.power], value=share.share))
    for event in draft.facts.events:
        if event.used and event.kind != "proposal" and holds(event, draft):  # a text tabled moves nothing by itself
            follow_event(event, draft)
    assume_entry_into_force(draft)
    for month, parties, intensity, known in documented_disputes(
        draft.rivers.facts, draft.state, draft.start, draft.branch
    ):
        if not known:
            draft.add_event_impact(month, "dispute", parties, str(-intensity))
        draft.rows.append(Row(month, "dispute", *parties, value=intensity))
    for event in draft.scenario.events:
        follow_scenario(event, draft)
    draft.rows.sort(key=lambda row: row.month)  # stable: documented order within a month
    draft.impacts.sort(key=lambda impact: impact[0])


def holds(event: Event, draft: Draft) -> bool:
    """Whether a documented event happens in this run."""
    if month_of(event.date) < draft.branch or event.kind in NOT_DRAWN:
        return True
    regional = {row.id for row in draft.facts.formats if row.regional}
    return event.kind in ("summit", "format-ends") and event.subject not in regional


def follow_event(event: Event, draft: Draft) -> None:
    """The lines and impacts of one documented event."""
    month = max(month_of(event.date), draft.start)
    parties = [draft.state[p] for p in event.parties if p in draft.state]
    directed = bool(event.actor and event.target) and event.kind != "ratification"
    if directed:
        parties = [draft.state[event.actor], draft.state[event.target]]
    narrowed = event.subject
    if event.kind == "clash":
        narrowed = "deadly" if event.value else "minor"
    if event.kind == "withdrawal" and event.actor:
        leaver = draft.state[event.actor]
        for party in parties:
            if party != leaver:
                draft.add_event_impact(month, event.kind, [leaver, party], narrowed, directed=True)
    elif event.kind not in FELT_WHEN_SIGNED:
        draft.add_event_impact(month, event.kind, parties, narrowed, directed)
    subject = draft.subject_of(event)
    value = event.value if event.value is not None else 0.0
    if event.kind in PER_STATE:
        acting = [draft.state[event.actor]] if event.actor else parties
        draft.rows += [Row(month, event.kind, p, subject=subject, value=value) for p in acting]
    elif event.kind == "ratification":
        # a bilateral treaty is in force once documented as such or when the second parliament has ratified
        if event.subject not in draft.rung:
            draft.rows += [Row(month, "ratification", p, subject=subject) for p in parties]
    elif event.kind == "in-force" and event.subject in draft.rung:
        draft.rows.append(Row(month, "rung-in-force", *sorted(parties), subject=subject))
    elif event.kind in ("summit", "format-ends", "in-force"):
        draft.rows.append(Row(month, event.kind, subject=subject, value=value))
    elif len(parties) == 2:
        a, b = parties if directed else sorted(parties)
        draft.rows.append(Row(month, event.kind, a, b, subject, value))
    # other kinds among three or more states (practical projects) only leave impacts


def assume_entry_into_force(draft: Draft) -> None:
    """Where the record gives a signature but no entry into force, take the delay that ratifications take on average.

    Ratifications come at the hazard of the table of parameters, and the last of those needed decides; a treaty whose
    assumed date lies beyond the branch is left to the simulation. What needs no ratification is in force once adopted.
    """
    table = {row.name: row.value for row in draft.facts.parameters}

    def mean_wait(n_parties: int) -> float:
        return float(np.exp(-table["ratification.rate"] + table["ratification.parties"] * np.log(n_parties)))

    def delay(n_parties: int, needed: int) -> int:
        # mean of the needed-th smallest of n exponential waiting times
        return round(mean_wait(n_parties) * sum(1 / (n_parties - k) for k in range(min(needed, n_parties))))

    known = {(row.kind, row.a, row.b, row.subject) for row in draft.rows}
    signed: dict[int, list[int]] = {}
    for row in list(draft.rows):
        if row.kind == "rung" and ("rung-in-force", row.a, row.b, row.subject) not in known:
            month = row.month + round(mean_wait(2))  # both parliaments as one, as in the simulation
            if month < draft.branch:
                draft.rows.append(Row(month, "rung-in-force", row.a, row.b, row.subject))
        elif row.kind == "signature":
            signed.setdefault(row.subject, []).append(row.month)
    for accord, months in signed.items():
        waits = delay(len(months), draft.accord_minimum[accord]) if draft.accord_ratified[accord] else 0
        month = max(months) + waits
        if len(months) < draft.accord_minimum[accord] and not waits:
            continue  # not adopted yet
        if ("in-force", -1, -1, accord) not in known and month < draft.branch:
            draft.rows.append(Row(month, "in-force", subject=accord))


def follow_scenario(event, draft: Draft) -> None:
    """The lines and impacts of one dated event of a scenario, and of its end."""
    month, kind = month_of(event.date), event.kind
    until = month_of(event.until) + 1 if getattr(event, "until", None) else None

    def add(month: int, kind: str, *args, **more) -> None:
        draft.rows.append(Row(month, kind, *args, documented=False, **more))

    if kind == "leader-change":
        openness = {"drawn": DRAWN, "as-before": AS_BEFORE}.get(event.openness, event.openness)
        add(month, kind, draft.state[event.state], value=openness)
    elif kind == "openness":
        add(month, kind, draft.state[event.state], value=event.change)
        if until:
            # taken back only from the leader whom it concerned
            add(until, "openness-restored", draft.state[event.state], month, value=event.change)
    elif kind == "pull":
        add(month, kind, subject=draft.power[event.power], value=event.factor)
        if until:
            add(until, "pull-restored", subject=draft.power[event.power], value=event.factor)
    elif kind == "group-share":
        add(month, kind, subject=draft.power[event.power], value=event.share)
        if until:
            documented = [row for row in draft.facts.group_share if row.power == event.power]
            share = [row.share for row in documented if month_of(row.since) <= until]
            add(until, kind, subject=draft.power[event.power], value=share[-1] if share else 0.0)
    elif kind == "turbulence":
        add(month, kind, value=event.level)
        if until:
            add(until, kind, value=float("nan"))
    elif kind in ("freeze", "border-frozen"):
        add(month, kind, *sorted(draft.state[p] for p in event.parties), value=until or FOREVER)
    elif kind == "capacity-frozen":
        for state in draft.state if event.state == "all" else [event.state]:
            add(month, kind, draft.state[state], value=until or FOREVER)
    elif is_on_trade(event):
        # they change figures of trade, not the state of the region: `sim.processes.trade.scenario_changes`
        draft.rows += trade_rows(event, month, until, draft)
    elif kind in ("format-ends", "format-revives"):
        add(month, kind.replace("revives", "born"), subject=draft.slots[draft.format[event.format]])
    elif kind in RIVER_EVENTS:
        end = month_of(draft.scenario.run.end)
        for when, line, subject, a, value in river_rows(event, month, until, draft.rivers, end):
            add(when, line, a, subject=subject, value=value)
    elif kind == "border-reopened":
        add(month, kind, *sorted(draft.state[p] for p in event.parties), value=event.share)
    elif kind in (*SUPPOSED_KINDS, "accession"):
        suppose(event, month, draft)
    else:
        happen(event, month, draft)


def suppose(event, month: int, draft: Draft) -> None:
    """What a scenario supposes about treaties: lines that the processes carry out as those of the record."""
    kind = event.kind
    if kind == "rung":
        a, b = sorted(draft.state[party] for party in event.parties)
        draft.rows.append(Row(month, kind, a, b, draft.rung[event.rung], documented=False))
    elif kind == "summit":
        parties = next(row.parties for row in draft.facts.formats if row.id == event.format)
        draft.add_event_impact(month, kind, [draft.state[party] for party in parties if party in draft.state])
        slot = draft.slots[draft.format[event.format]]
        draft.rows.append(Row(month, kind, subject=slot, documented=False))
    else:
        subject = draft.accord_ids.index(event.accord)
        for party in event.parties if hasattr(event, "parties") else (event.state,):
            draft.rows.append(Row(month, kind, draft.state[party], subject=subject, documented=False))


def trade_rows(event, month: int, until: int | None, draft: Draft) -> list[Row]:
    """The lines of a scenario's event on trade, which nothing but the event table reads, and of its end."""
    kind = {"accession": "union-accession", "exit": "union-exit"}.get(event.kind, event.kind)
    named = [getattr(event, "state", None)] if hasattr(event, "state") else getattr(event, "parties", None)
    named = [draft.state[name] for name in (named or getattr(event, "between", None) or ()) if name in draft.state]
    a, b = (*named, -1, -1)[:2] if len(named) <= 2 else (-1, -1)
    amount = next((getattr(event, name) for name in _AMOUNTS if getattr(event, name, None) is not None), np.nan)
    lines = [Row(month, kind, a, b, value=amount, documented=False)]
    return [*lines, Row(until, kind, a, b, value=0.0, documented=False)] if until else lines


def happen(event, month: int, draft: Draft) -> None:
    """Frictions and border events of a scenario: the same lines as documented ones."""
    directed = hasattr(event, "actor")
    names = (event.actor, event.target) if directed else sorted(event.parties)
    parties = [draft.state[p] for p in names]
    narrowed, value = "", 0.0
    if event.kind == "clash":
        narrowed, value = ("deadly", 1.0) if event.deadly else ("minor", 0.0)
    elif event.kind == "settlement":
        value = event.share
    draft.add_event_impact(month, event.kind, parties, narrowed, directed)
    draft.rows.append(Row(month, event.kind, *parties, CLOSABLE.index("crossings"), value, documented=False))


def as_tables(draft: Draft) -> tuple[np.ndarray, np.ndarray]:
    """The finished schedule and the impacts it has, in the fields of `sim.model.state`."""
    acting = sorted((row for row in draft.rows if row.kind in OWNER), key=lambda row: (row.month, OWNER[row.kind]))
    lines = [
        (row.month, OWNER[row.kind], CODE[row.kind], row.a, row.b, row.subject, row.value, row.spread) for row in acting
    ]
    schedule = np.array(lines, dtype=SCHEDULE_FIELDS).view(np.recarray)
    return schedule, np.array(draft.impacts, dtype=IMPACT_FIELDS).view(np.recarray)
