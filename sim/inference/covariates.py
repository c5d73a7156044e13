"""The panel: everything that the record's months say about every possible decision, taken from one replay.

Value is linear in what is fitted, so it is kept in pieces: what a state's leader and its sensitivity to border disputes
add is put on top by the likelihood. Trust, regional process and capacity do not depend on fitted parameters; one replay
therefore serves any number of evaluations, and also histories that did not happen (`sim.inference.synthetic`), for
which every rung of every dyad and every accord is valued in every month.
"""

import functools
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta

import numpy as np

from sim.engine.event_types import CODE
from sim.engine.layout import PARTS, RUNGS
from sim.facts import Facts
from sim.facts.rows import month_of
from sim.model import build_world
from sim.model.accord_world import Instrument, slots_of
from sim.model.build import World
from sim.model.region_model import RegionModel
from sim.processes.rivers.state import empty_rivers
from sim.processes.utility import appraise
from sim.processes.water_disputes import pair_water, recall_pair_water
from sim.scenario import load_scenario

_PASTS = 64  # members whose water is averaged
_OPENNESS, _BLOCKER = PARTS.index("openness"), PARTS.index("blocker")


@dataclass(frozen=True)
class Meeting:
    """A summit of the record: its month, the process that it belongs to, and which states sat there."""

    month: int
    slot: int
    attending: tuple[int, ...]
    id: str


@dataclass(frozen=True, eq=False)
class Panel:
    """Covariates of the months first, first + 1, ... up to the end of the record.

    value : (month, state, other, rung) what the rung is worth to the state, without openness and blocker
    shape : (month, state, other) what one unit of sensitivity to border disputes takes off
    accord_value, accord_shape : (month, accord, state) the same of accords
    leader : (month, state) row of the table of leaders
    capacity : (month, state), in [0, 1]
    trust : (month, state, other), probability
    process, turbulence : (month,), in [0, 1]
    together : (month, state, other), 1 where both sit at a summit
    log_gdp : (month, state), log of GDP per head
    log_odds : (month, state, other), trust in log-odds when the month's acts are decided
    barred : (state, 2), first month in which a law bars alliances, and the first after it
    neighbours, enclaves : (dyad,), 0/1; border_km : (dyad,), km; unsettled : (dyad,), share at the start
    riparians : downstream and upstream state and basin of every pair that shares a river
    pair_down, pair_up : (riparians,) their states, -1 where it is a neighbour without treaty agency
    pair_deficit, pair_flood : (month, riparians) what they may quarrel over, see `sim.processes.water_disputes`
    """

    first: int
    states: tuple[str, ...]
    dyads: tuple[tuple[str, str], ...]
    dyad_a: np.ndarray
    dyad_b: np.ndarray
    leaders: tuple[str, ...]
    accords: tuple[Instrument, ...]
    slot: np.ndarray
    lapses: np.ndarray
    meetings: tuple[Meeting, ...]
    value: np.ndarray
    shape: np.ndarray
    accord_value: np.ndarray
    accord_shape: np.ndarray
    leader: np.ndarray
    capacity: np.ndarray
    trust: np.ndarray
    process: np.ndarray
    turbulence: np.ndarray
    together: np.ndarray
    log_gdp: np.ndarray
    log_odds: np.ndarray
    barred: np.ndarray
    neighbours: np.ndarray
    enclaves: np.ndarray
    border_km: np.ndarray
    unsettled: np.ndarray
    riparians: tuple[tuple[str, str, str], ...]
    pair_down: np.ndarray
    pair_up: np.ndarray
    pair_deficit: np.ndarray
    pair_flood: np.ndarray

    @property
    def n_months(self) -> int:
        """Months of the record."""
        return len(self.process)

    @property
    def end(self) -> int:
        """First month after the record."""
        return self.first + self.n_months


@functools.lru_cache(maxsize=4)
def panel_of(facts: Facts, settings: tuple[str, ...] = ()) -> Panel:
    """Replay the record once and keep its covariates.

    Parameters
    ----------
    facts : the documented world
    settings : of the baseline, such as "trust.decay=0.02", to see what rests on a fixed parameter
    """
    branch = facts.record_ends + timedelta(days=1)
    given = [f"run.branch={branch}", "run.parameter_uncertainty=false", "calibration.use=none", *settings]
    scenario = load_scenario("baseline", given, facts)
    world = build_world(scenario, facts)
    world.inputs.schedule.spread[:] = 0.0
    model = RegionModel(scenario, world=world)
    n_months = world.inputs.clock.branch - world.inputs.clock.start
    columns = watch(model, n_months)
    columns |= _water_of_the_past(world, model.parameters, n_months)
    leader = _leaders(facts, world.states, world.inputs.clock.start, n_months)
    for row in world.dated_events[world.dated_events["kind"] == CODE["summit"]]:
        t = row["month"] - world.inputs.clock.start
        if 0 <= t < n_months:
            seats = world.inputs.formats.party[row["subject"]]
            columns["together"][t] = np.maximum(columns["together"][t], np.outer(seats, seats))
    return assemble(
        world,
        columns,
        leaders=tuple(f"{row.state} {row.name}" for row in facts.leaders),
        lapses=_lapses(facts, world),
        meetings=_meetings(facts, world.states),
        leader=leader,
    )


def watch(
    model: RegionModel,
    n_months: int,
    opened: Callable[[int], None] = lambda t: None,
    closed: Callable[[int], None] = lambda t: None,
) -> dict[str, np.ndarray]:
    """Simulate some months and keep what every decision in them could see.

    Parameters
    ----------
    opened, closed : called with the number of the month after its calendar, and at its end
    """
    pairs = len(model.world.inputs.rivers.table.pair_up)
    columns = _empty_columns(n_months, len(model.world.states), len(model.world.accords), pairs)
    for t in range(n_months):
        model.open_month()
        columns["log_odds"][t] = model.region.beliefs.logit
        opened(t)
        model.act()
        _keep_month(model, columns, t)
        model.close_month()
        closed(t)
    return columns


def assemble(world: World, columns: dict[str, np.ndarray], **of_history) -> Panel:
    """A panel from the columns of `watch`, what the world says, and what depends on the history: see `Panel`."""
    ladder, borders = world.inputs.ladder, world.inputs.borders
    return Panel(
        first=world.inputs.clock.start,
        states=world.states,
        dyads=world.dyads,
        dyad_a=ladder.dyad_a.copy(),
        dyad_b=ladder.dyad_b.copy(),
        accords=world.accords,
        slot=world.inputs.accords.format[: len(world.accords)].copy(),
        log_gdp=_log_gdp(world, len(columns["process"])),
        barred=ladder.barred.copy(),
        neighbours=borders.exists.copy(),
        enclaves=world.inputs.conflict.enclaves.copy(),
        border_km=borders.length.copy(),
        unsettled=borders.unsettled.copy(),
        riparians=tuple((row.downstream, row.upstream, row.basin) for row in world.rivers.facts.pairs),
        pair_down=world.inputs.rivers.table.pair_down.copy(),
        pair_up=world.inputs.rivers.table.pair_up.copy(),
        **columns,
        **of_history,
    )


def _empty_columns(n_months: int, n: int, n_accords: int, pairs: int) -> dict[str, np.ndarray]:
    shapes = {
        "value": (n, n, RUNGS),
        "shape": (n, n),
        "accord_value": (n_accords, n),
        "accord_shape": (n_accords, n),
        "capacity": (n,),
        "trust": (n, n),
        "process": (),
        "turbulence": (),
        "together": (n, n),
        "log_odds": (n, n),
        "pair_deficit": (pairs,),
        "pair_flood": (pairs,),
    }
    return {name: np.zeros((n_months, *shape)) for name, shape in shapes.items()}


def _keep_month(model: RegionModel, columns: dict[str, np.ndarray], t: int) -> None:
    """Value every rung and every accord as if none had been signed, then put the region back as it was.

    The month has been simulated up to where states negotiate.
    """
    region, inputs, n = model.region, model.world.inputs, len(model.world.states)
    treaties, n_accords = region.treaties, len(model.world.accords)
    kept = treaties.rung.copy(), treaties.signed.copy(), treaties.tabled.copy(), treaties.lapsed.copy()
    strength = region.polity.blocker.copy()
    region.polity.blocker[:] = 1.0
    treaties.signed[:], treaties.tabled[:], treaties.lapsed[:] = -1, 0, 0
    for rung in range(RUNGS):
        treaties.rung[:] = rung
        appraise(0, n, region, inputs, model.parameters, model.month)
        parts = region.appraisal.dyad
        columns["value"][t, :, :, rung] = parts.sum(axis=2) - parts[:, :, _OPENNESS] - parts[:, :, _BLOCKER]
    columns["shape"][t] = -parts[:, :, _BLOCKER]  # of strength one
    parts = region.appraisal.accord[:n_accords]
    columns["accord_value"][t] = parts.sum(axis=2) - parts[:, :, _OPENNESS] - parts[:, :, _BLOCKER]
    columns["accord_shape"][t] = -parts[:, :, _BLOCKER]
    treaties.rung[:], treaties.signed[:], treaties.tabled[:], treaties.lapsed[:] = kept
    region.polity.blocker[:] = strength
    appraise(0, n, region, inputs, model.parameters, model.month)
    columns["process"][t] = region.environment.process
    columns["capacity"][t] = region.polity.capacity
    columns["trust"][t] = region.beliefs.trust
    columns["turbulence"][t] = region.environment.turbulence
    table = inputs.rivers.table
    for pair in range(len(table.pair_up)):
        columns["pair_deficit"][t, pair], columns["pair_flood"][t, pair] = pair_water(region.rivers, table, pair)


def _water_of_the_past(world: World, params, n_months: int) -> dict[str, np.ndarray]:
    """Columns of what pairs could quarrel over: means of many pasts, since most years have no record of their own."""
    given, first = world.inputs.rivers, world.inputs.clock.start
    rivers = empty_rivers(world.rivers.sizes, len(world.states))
    found = np.zeros((2, n_months, len(given.table.pair_up)))
    recall_pair_water(rivers, given, params, first, _PASTS, found)
    return {"pair_deficit": found[0] / _PASTS, "pair_flood": found[1] / _PASTS}


def _leaders(facts: Facts, states, first: int, n_months: int) -> np.ndarray:
    """(month, state) row of the leader in office."""
    in_office = np.full((n_months, len(states)), -1)
    for row, leader in sorted(enumerate(facts.leaders), key=lambda each: each[1].since):
        since = max(month_of(leader.since) - first, 0)
        in_office[since:, states.index(leader.state)] = row
    return in_office


def _lapses(facts: Facts, world) -> np.ndarray:
    """(accord,) month from which an organisation has ended with its format; the end of time for others."""
    slots, ids = slots_of(facts), [row.id for row in facts.formats]
    lapses = np.full(len(world.accords), 10**6)
    for event in facts.events:
        if event.used and event.kind == "format-ends":
            slot = slots[ids.index(event.subject)]
            for m, accord in enumerate(world.accords):
                opened = month_of(accord.opens) <= month_of(event.date)
                if accord.organisation and opened and world.inputs.accords.format[m] == slot:
                    lapses[m] = min(lapses[m], month_of(event.date))
    return lapses


def _meetings(facts: Facts, states) -> tuple[Meeting, ...]:
    slots, ids = slots_of(facts), [row.id for row in facts.formats]
    return tuple(
        Meeting(
            month_of(event.date),
            slots[ids.index(event.subject)],
            tuple(states.index(party) for party in event.parties if party in states),
            event.id,
        )
        for event in facts.events
        if event.used and event.kind == "summit"
    )


def _log_gdp(world, n_months: int) -> np.ndarray:
    figures = world.inputs.outside.gdp_per_head[: n_months // 12 + 1].copy()
    for year in range(1, len(figures)):
        figures[year] = np.where(np.isnan(figures[year]), figures[year - 1], figures[year])
    return np.log(np.repeat(figures, 12, axis=0)[:n_months])
