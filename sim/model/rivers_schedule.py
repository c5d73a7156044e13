"""Dated events of a scenario on the rivers, and documented disputes, as lines of the schedule."""

from collections.abc import Iterator

from sim.facts import Rivers as RiverFacts
from sim.model.rivers_world import RiverWorld
from sim.model.waters import ALL, BY_SHARE, BY_VOLUME

RIVER_EVENTS = (
    "withdrawal",
    "dam-filling",
    "release-cut",
    "barter",
    "transfer",
    "inflow-trend",
    "drought",
)
USUAL = -1.0  # a barter that goes back to what it is without the scenario

Line = tuple[int, str, int, int, float]  # month, kind, subject, a, value


def documented_disputes(facts: RiverFacts, state: dict[str, int], start: int, branch: int) -> list[tuple]:
    """Month, [downstream, upstream] and intensity of the recorded disputes between states before the branch."""
    found = []
    for row in facts.disputes:
        month = row.date.year * 12 + row.date.month - 1
        if month < branch and row.downstream in state and row.upstream in state:
            found.append((max(month, start), [state[row.downstream], state[row.upstream]], int(row.intensity)))
    return found


def river_rows(event, month: int, until: int | None, rivers: RiverWorld, end: int) -> Iterator[Line]:
    """The lines of one dated event.

    Parameters
    ----------
    month : absolute month of the event
    until : first month after its effect, if it ends
    end : last month of the run, where a ramp is cut off
    """
    if event.kind == "withdrawal":
        yield from withdrawal_rows(event, month, until, rivers, end)
    elif event.kind == "dam-filling":
        node = rivers.names.nodes.index(event.node)
        years = event.years if event.years is not None else rivers.facts.number(event.node, "filling_years")
        yield month, "dam", node, -1, years
    elif event.kind in ("drought", "inflow-trend"):
        basin = ALL if event.basin == "all" else rivers.names.basins.index(event.basin)
        change, back = event.factor if event.kind == "drought" else event.change / 10.0, None
        if until:
            back = 1.0 / change if event.kind == "drought" else -change
            yield until, event.kind, basin, -1, back
        yield month, event.kind, basin, -1, change
    else:
        dam = rivers.dams.index(event.node)
        amount, after = {
            "release-cut": (-getattr(event, "km3", 0.0), getattr(event, "km3", 0.0)),
            "barter": (getattr(event, "million_usd", 0.0), USUAL),
            "transfer": (getattr(event, "million_usd", 0.0), 0.0),
        }[event.kind]
        kind = "release-change" if event.kind == "release-cut" else event.kind
        yield month, kind, dam, -1, amount
        if until:
            yield until, kind, dam, -1, after


def withdrawal_rows(event, month: int, until: int | None, rivers: RiverWorld, end: int) -> Iterator[Line]:
    """A canal that takes more every month until the whole amount is reached, and nothing from its end on."""
    user = rivers.names.users.index(event.node)
    how, amount = (BY_VOLUME, event.km3_per_year) if event.km3_per_year is not None else (BY_SHARE, event.share_of_flow)
    last = min(end, until - 1) if until else end
    steps = event.ramp_months
    for step in range(max(steps, 1)):
        if month + step <= last:
            yield month + step, "diversion", user, how, amount * (step + 1) / max(steps, 1)
    if until:
        yield until, "diversion", user, how, 0.0
