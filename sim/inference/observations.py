"""A history of decisions: who took which step in which month, and how well the month is known.

The record is one such history; synthetic worlds and a user's file of milestones are others. Rows at risk are made from
any of them in the same way (`sim.inference.risk_sets`, `sim.inference.accord_answers`).
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from sim.facts import Event, Facts
from sim.facts.river_rows import RiverDispute
from sim.facts.rows import month_of
from sim.inference.covariates import Panel

FRICTIONS = ("verbal", "closure", "standoff")
DECLARATION = 4  # as `rung` of a step: the allied declaration, a flag and not a rung


@dataclass(frozen=True)
class Step:
    """A dyad reached a rung (1-3) or declared alliance (4).

    It is placed in `month`, and lies between `first` and `last`. One that is `assumed` initialises the ladder and is
    not an event; the `second_half` of a double step is not one either.
    """

    dyad: int
    rung: int
    month: int
    first: int
    last: int
    id: str = ""
    disagreement: str = ""
    confidence: str = ""
    assumed: bool = False
    second_half: bool = False


@dataclass(frozen=True)
class Answer:
    """What a state said to an accord: "signature", "accession", "refusal" or "withdrawal"."""

    accord: int
    state: int
    kind: str
    month: int
    first: int
    last: int
    id: str = ""
    disagreement: str = ""
    confidence: str = ""


@dataclass(frozen=True)
class Act:
    """What states did to each other or agreed on.

    kind : "friction" (of state `a` against state `b`), "clash" or "settlement" (of the dyad; a < b), "dispute" over
        water (of `a` downstream with `b`, -1 for a neighbour without treaty agency)
    value : of a friction 0 verbal, 1 cut-off, 2 stand-off; of a clash 1 if militarised; of a settlement the share of
        the border that is settled from then on; of a dispute its intensity on the BAR scale, -1 to -5
    place : of a dispute, its row of `Panel.riparians`
    """

    kind: str
    a: int
    b: int
    month: int
    first: int
    last: int
    value: float
    id: str = ""
    disagreement: str = ""
    confidence: str = ""
    place: int = -1


@dataclass(frozen=True)
class FormatYear:
    """A January of the regional process: whether a format was alive, what came of it, and whether it then met.

    met : None where the year is not over when the record ends, or nothing was alive
    summits, texts : how many there were, and how many texts without an end were tabled (plans run out and are renewed)
    """

    year: int
    was_alive: bool
    alive: bool
    met: bool | None
    summits: int = 0
    texts: int = 0


@dataclass(frozen=True)
class History:
    """All steps, answers and acts, each in the order of months, and the years of the regional process."""

    steps: tuple[Step, ...]
    answers: tuple[Answer, ...]
    acts: tuple[Act, ...] = ()
    years: tuple[FormatYear, ...] = ()


def record(facts: Facts, panel: Panel) -> History:
    """The documented history up to the end of the panel."""
    used = [event for event in facts.events if event.used and month_of(event.date) < panel.end]
    rungs = {row.id: row.rung for row in facts.rungs}
    steps = [step_of(event, panel, rungs) for event in used if event.kind in ("rung", "declaration")]
    accords = {accord.id: m for m, accord in enumerate(panel.accords)}
    answers = []
    for event in used:
        if event.kind in ("signature", "accession", "refusal", "withdrawal") and event.subject in accords:
            acting = (event.actor,) if event.actor else event.parties
            answers += [
                Answer(
                    accords[event.subject],
                    panel.states.index(party),
                    event.kind,
                    month_of(event.date),
                    *window(event),
                    event.id,
                    event.disagreement,
                    event.confidence,
                )
                for party in acting
                if party in panel.states
            ]
    over_water = {id_ for row in facts.river_disputes if row.is_dispute for id_ in row.events}
    acts = acts_of([event for event in used if event.id not in over_water], panel)
    return History(
        tuple(_tidy(steps)),
        tuple(sorted(answers, key=lambda each: each.month)),
        tuple(sorted((*acts, *disputes_of(facts.river_disputes, panel)), key=lambda each: each.month)),
        format_years(facts, panel),
    )


def disputes_of(rows: Sequence[RiverDispute], panel: Panel) -> Iterator[Act]:
    """Disputes over water up to the end of the panel; what is counted elsewhere is none."""
    for row in rows:
        if row.is_dispute and month_of(row.date) < panel.end:
            place = panel.riparians.index((row.downstream, row.upstream, row.basin))
            when = month_of(row.date), *window(row)
            parties = int(panel.pair_down[place]), int(panel.pair_up[place])
            yield Act("dispute", *parties, *when, row.intensity, row.id, "", row.confidence, place)


def acts_of(events: Sequence[Event], panel: Panel) -> tuple[Act, ...]:
    """Frictions between neighbours, clashes and settlements among some events."""
    neighbours = {dyad for dyad, common in zip(panel.dyads, panel.neighbours) if common}
    found = []
    for event in events:
        pair = tuple(sorted(event.parties))
        if pair not in neighbours:
            continue
        about = (month_of(event.date), *window(event)), (event.id, event.disagreement, event.confidence)
        if event.kind in FRICTIONS:
            actor, target = panel.states.index(event.actor), panel.states.index(event.target)
            found.append(Act("friction", actor, target, *about[0], FRICTIONS.index(event.kind), *about[1]))
        elif event.kind in ("clash", "settlement"):
            a, b = (panel.states.index(state) for state in pair)
            found.append(Act(event.kind, a, b, *about[0], float(event.value), *about[1]))
    return tuple(sorted(found, key=lambda each: each.month))


def format_years(facts: Facts, panel: Panel) -> tuple[FormatYear, ...]:
    """The regional process as the engine plans it, January by January (`sim.processes.region.plan_year`).

    A format is alive from its first summit; one that ends in a year was alive in it and is gone the next January.
    """
    regional = {row.id for row in facts.formats if row.regional}
    events = [
        event for event in facts.events if event.used and event.subject in regional and month_of(event.date) < panel.end
    ]
    meetings = [event.date.year for event in events if event.kind == "summit"]
    summits = set(meetings)
    tabled = [
        row.opens.year
        for row in facts.accords
        if row.format in regional and row.expires is None and month_of(row.opens) < panel.end
    ]
    ends = {event.date.year for event in events if event.kind == "format-ends"}
    found, was_alive = [], False
    for year in range(panel.first // 12, (panel.end - 1) // 12 + 1):
        over = year * 12 + 12 <= panel.end
        alive = (was_alive and year - 1 not in ends) or (not was_alive and year in summits)
        met = year in summits if over and alive else None
        found.append(FormatYear(year, was_alive, alive, met, meetings.count(year), tabled.count(year)))
        was_alive = alive
    return tuple(found)


def window(event: Event | RiverDispute) -> tuple[int, int]:
    """First and last month in which an event can have happened."""
    if event.precision == "year":
        return event.date.year * 12, event.date.year * 12 + 11
    return month_of(event.date), month_of(event.date)


def step_of(event: Event, panel: Panel, rungs: dict[str, int]) -> Step:
    """The step of one row of the record."""
    dyad = panel.dyads.index(tuple(sorted(event.parties)))
    rung = DECLARATION if event.kind == "declaration" else rungs[event.subject]
    return Step(
        dyad,
        rung,
        month_of(event.date),
        *window(event),
        event.id,
        event.disagreement,
        event.confidence,
        assumed=event.confidence == "assumed",
    )


def _tidy(steps: Sequence[Step]) -> list[Step]:
    """In order; marks second halves of double steps and keeps what is uncertain between a dyad's other steps."""
    tidy = []
    for step in sorted(steps, key=lambda each: (each.month, each.rung)):
        before = [each for each in tidy if each.dyad == step.dyad]
        after = [each for each in steps if each.dyad == step.dyad and each.month > step.month]
        double = any(each.month == step.month and each.rung == step.rung - 1 for each in before)
        first = max([step.first, *(each.month + 1 for each in before if each.month < step.month)])
        last = min([step.last, *(each.first - 1 for each in after)])
        tidy.append(replace(step, second_half=double, first=min(first, step.month), last=max(last, step.month)))
    return tidy


def tidy_history(
    steps: Sequence[Step], answers: Sequence[Answer] = (), acts: Sequence[Act] = (), years: Sequence[FormatYear] = ()
) -> History:
    """A history from its parts in any order."""
    return History(
        tuple(_tidy(steps)),
        tuple(sorted(answers, key=lambda each: each.month)),
        tuple(sorted(acts, key=lambda each: each.month)),
        tuple(sorted(years, key=lambda each: each.year)),
    )
