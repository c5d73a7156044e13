"""The world of a scenario: facts and scenario brought together as the arrays that the engine runs on."""

from dataclasses import dataclass
from functools import cached_property

import numpy as np

from sim.engine.event_types import EVENT_KINDS
from sim.engine.layout import RUNGS, record
from sim.engine.process import fill_channels
from sim.facts import ISSUES, Facts, TradeFacts, load_rivers, load_trade_facts
from sim.facts.rows import month_of
from sim.facts.vintage import as_of
from sim.model.accord_world import Instrument, fill_accords, gather_accords, room_for_texts, slots_of
from sim.model.conflict_world import conflict_record
from sim.model.format_world import fill_formats
from sim.model.legal_bars import fill_bars, refuse
from sim.model.outside_world import fill_outside, fill_rivals
from sim.model.parameters import central_parameters, choice
from sim.model.processes import CHANNELS
from sim.model.recording import REGION_SERIES, computed_series
from sim.model.schedule import Draft, as_tables, draft_schedule
from sim.model.state import Inputs, Memory, Sizes, input_records, new_memory, recorded_words
from sim.processes.rivers.expected import LINE, POWER
from sim.processes.rivers.inputs import RiverWorld, gather_rivers, river_inputs
from sim.processes.trade.inputs import trade_inputs
from sim.processes.trade.scenario_changes import change_dependence
from sim.scenario import Scenario
from sim.scenario.events import is_on_trade

# in the place of a member: events of the record, and those that a scenario supposes; both belong to every member
DOCUMENTED, SUPPOSED = -1, -2
EVENT_FIELDS = [
    ("member", np.int64),
    ("month", np.int32),
    ("kind", np.int16),
    ("a", np.int16),
    ("b", np.int16),
    ("subject", np.int16),
    ("value", np.float64),
]


@dataclass(frozen=True, eq=False)
class World:
    """A scenario's world. Indices in arrays and events follow the order of these tuples."""

    scenario: Scenario
    facts: Facts
    states: tuple[str, ...]
    dyads: tuple[tuple[str, str], ...]
    rungs: tuple[str, ...]
    accords: tuple[Instrument, ...]
    texts: tuple[Instrument, ...]  # that summits may table; in arrays and events they follow the accords
    formats: tuple[str, ...]
    powers: tuple[str, ...]
    economies: tuple[str, ...]  # who trades, the states first
    inputs: Inputs
    sizes: Sizes
    dated_events: np.ndarray  # EVENT_FIELDS; `member` is DOCUMENTED or SUPPOSED
    rivers: RiverWorld
    recorded_names: list[str]  # of the yearly series that are fields of the state
    start: np.ndarray  # memory of a region before its first month
    recorded: np.ndarray  # where those fields lie in it: `sim.model.state.recorded_words`

    event_kinds = EVENT_KINDS

    def new_memory(self) -> Memory:
        """Memory for one member of this world."""
        return new_memory(self.sizes, self.start, self.recorded)

    @property
    def months(self) -> list[int]:
        """Absolute months of the run, first to last."""
        return list(range(self.inputs.clock.start, self.inputs.clock.end + 1))

    @property
    def years(self) -> list[int]:
        """Calendar years that the run touches."""
        return list(range(self.inputs.clock.start // 12, self.inputs.clock.end // 12 + 1))

    @cached_property
    def monthly_names(self) -> list[str]:
        """Names of the monthly series, in their order."""
        return [*REGION_SERIES, *self.rivers.monthly_names]

    @cached_property
    def yearly_names(self) -> list[str]:
        """Names of the yearly series, in their order."""
        dyads = ["-".join(pair) for pair in self.dyads]
        computed = computed_series(dyads, self.states, [accord.id for accord in self.accords])
        return [*self.recorded_names, *computed, *self.rivers.yearly_names, *self.monthly_names]


def build_world(scenario: Scenario, facts: Facts, with_past: bool = True) -> World:
    """Bring a scenario and the facts together.

    Parameters
    ----------
    scenario : a loaded scenario; its names and dates have been checked against the facts
    facts : the documented world; what is dated after the branch is left out unless the scenario says otherwise
    with_past : whether to reconstruct the rivers before the branch; without it the world has its shape alone
    """
    rivers, trade = load_rivers(facts.record), load_trade_facts(facts.record)
    if scenario.later == "unknown":
        facts, rivers, trade = as_of(facts, rivers, trade, scenario.run.branch)
    states = tuple(row.id for row in facts.states)
    dyads = tuple((a, b) for k, a in enumerate(states) for b in states[k + 1 :])
    accords = gather_accords(scenario, facts)
    texts = room_for_texts(accords, facts)
    rivers = gather_rivers(rivers, states)
    draft = _drafted(scenario, facts, accords, rivers)
    trade = _trade_of(scenario, facts, trade, (*accords, *texts))
    sizes = Sizes(
        len(states),
        len(facts.formats),
        len(facts.powers),
        len(ISSUES),
        len(draft.classes),
        len(EVENT_KINDS),
        rivers.sizes,
        len(trade.growth),
        len(trade.dyad),
    )
    records = _filled_records(sizes, scenario, facts, states, dyads, accords, texts, draft)
    names = _names_of_axes(facts, states, dyads, (*accords, *texts))
    recorded_names, recorded = recorded_words(sizes, names)
    fill_channels(records["channels"], CHANNELS, scenario.run.seed, names)
    conflict = conflict_record(rivers.facts, facts, draft, accords, states, dyads, records["borders"], records["clock"])
    central = central_parameters(scenario, facts)
    expected = expected_builds(scenario, facts, rivers)
    given_rivers = river_inputs(rivers, states, records["clock"], central, scenario.run.seed, expected, with_past)
    schedule, impacts = as_tables(draft)
    dated = [(DOCUMENTED if row.documented else SUPPOSED, *row.coded()) for row in draft.rows]
    return World(
        scenario,
        facts,
        states,
        dyads,
        tuple(row.id for row in facts.rungs),
        accords,
        texts,
        tuple(row.id for row in facts.formats),
        tuple(row.id for row in facts.powers),
        tuple(row.id for row in facts.trade_economies) or states,
        Inputs(**records, conflict=conflict, rivers=given_rivers, trade=trade, schedule=schedule, impacts=impacts),
        sizes,
        np.array(dated, dtype=EVENT_FIELDS),
        rivers,
        recorded_names,
        start_of(sizes, records),
        recorded,
    )


def expected_builds(scenario: Scenario, facts: Facts, rivers: RiverWorld) -> tuple[str, ...]:
    """Switches of the canal and dams that are expected, `POWER`, `LINE`; not those of which the scenario speaks."""
    if choice(scenario, facts, "water.expected") == "none":
        return ()
    said = {getattr(event, "node", None) for event in scenario.events if event.kind in ("withdrawal", "dam-filling")}
    nodes = rivers.facts.nodes.values()
    return (*(node.switch for node in nodes if node.switch and node.id not in said), POWER, LINE)


def _drafted(scenario: Scenario, facts: Facts, accords: tuple[Instrument, ...], rivers: RiverWorld) -> Draft:
    """The schedule of dated events."""
    minima, ratification = [a.minimum for a in accords], [a.ratification for a in accords]
    draft = Draft(facts, scenario, [a.id for a in accords], minima, ratification, slots_of(facts), rivers)
    draft_schedule(draft)
    return draft


def events_on_trade(scenario: Scenario) -> list:
    """The dated events of a scenario that trade carries out."""
    return [event for event in scenario.events if is_on_trade(event)]


def _trade_of(scenario: Scenario, facts: Facts, trade: TradeFacts, accords: tuple[Instrument, ...]) -> np.record:
    """The record of trade."""
    return trade_inputs(
        facts,
        trade,
        scenario.run,
        events_on_trade(scenario),
        [accord.free_trade for accord in accords],
        choice(scenario, facts, "trade.reading"),
        scenario.parameters.get("trade.output_ratio", facts.index("parameters")["trade.output_ratio"].value),
    )


def _filled_records(sizes: Sizes, scenario: Scenario, facts: Facts, states, dyads, accords, texts, draft) -> dict:
    """The records of `Inputs` by name, all but the channels filled."""
    records = {name: record(fields) for name, fields in input_records(sizes).items()}
    fill_clock(records["clock"], scenario)
    fill_ladder(records["ladder"], facts, states, dyads)
    fill_accords(records["accords"], accords, texts, facts, states, draft)
    fill_bars(records["ladder"], records["accords"], (*accords, *texts), scenario, facts, states)
    refuse(records["accords"], accords, scenario, states)
    fill_formats(records["formats"], scenario, facts, states, draft)
    fill_borders(records["borders"], facts, dyads)
    fill_outside(records["outside"], scenario, facts, states)
    fill_rivals(records["rivals"], scenario, facts, states)
    change_dependence(records["outside"].dependence, events_on_trade(scenario), scenario.run.start.year, facts)
    fill_overrides(records["overrides"], scenario, states)
    fill_event_weights(records["event_weights"], facts, draft)
    return records


def _names_of_axes(facts: Facts, states, dyads, accords) -> dict[str, list[str]]:
    """What the entries of the axes of declared fields and channels are called."""
    return {
        "state": states,
        "other": states,
        "dyad": ["-".join(pair) for pair in dyads],
        "accord": [accord.id for accord in accords],
        "format": [row.id for row in facts.formats],
        "project": [row.id for row in facts.rival_projects],
    }


def fill_clock(clock, scenario: Scenario) -> None:
    """Bounds of the run, as absolute months."""
    run = scenario.run
    clock.start, clock.branch, clock.end = month_of(run.start), month_of(run.branch), month_of(run.end)
    clock.first_year = run.start.year


def fill_ladder(ladder, facts: Facts, states, dyads) -> None:
    """Dyads and rungs."""
    ladder.dyad_of[:] = -1
    for k, (a, b) in enumerate(dyads):
        i, j = states.index(a), states.index(b)
        ladder.dyad_a[k], ladder.dyad_b[k] = i, j
        ladder.dyad_of[i, j] = ladder.dyad_of[j, i] = k
    for k, row in enumerate(facts.rungs[:RUNGS]):
        ladder.depth[k], ladder.institution[k] = row.depth, row.institution_weight
        ladder.content[k] = row.content


def fill_borders(table, facts: Facts, dyads) -> None:
    """Common land borders; one of unknown length counts as the mean of the others."""
    lengths = [row.length_km for row in facts.borders if row.length_km]
    for row in facts.borders:
        k = dyads.index(tuple(sorted((row.state_a, row.state_b))))
        table.exists[k], table.unsettled[k] = 1, row.unsettled_share_1992
        table.length[k] = row.length_km or sum(lengths) / len(lengths)


def fill_overrides(table, scenario: Scenario, states) -> None:
    """What a scenario says about single states; nan where it says nothing."""
    for name in ("openness", "scepticism", "blocker"):
        column = getattr(table, name)
        column[:] = np.nan
        for state, override in scenario.states.items():
            if getattr(override, name) is not None:
                column[states.index(state)] = getattr(override, name)


def fill_event_weights(table, facts: Facts, draft: Draft) -> None:
    """Weights and classes of what the engine itself makes happen."""
    for k, row in enumerate(facts.rungs[:RUNGS]):
        table.rung_weight[k], table.rung_class[k] = draft.weight("rung", row.id)
    for k, kind in enumerate(EVENT_KINDS):
        # stepping down a rung is felt like leaving an accord
        table.kind_weight[k], table.kind_class[k] = draft.weight("withdrawal" if kind == "rung-lost" else kind)


def start_of(sizes: Sizes, records) -> np.ndarray:
    """The memory of a region before its first month: start values of the processes, and what the inputs give."""
    memory = new_memory(sizes)
    region = memory.region
    region.frontier.unsettled[:] = records["borders"].unsettled
    region.treaties.tabled[:] = records["accords"].opens
    region.treaties.expires[:] = records["accords"].expires
    region.polity.term_end[:] = records["outside"].term_end
    region.polity.born[:] = records["outside"].born
    region.environment.alive[:] = records["formats"].yearly
    region.polity.gains[:] = records["outside"].issue_weight
    region.polity.elite[:] = records["outside"].identity[:, 0]
    region.polity.society[:] = records["outside"].identity[:, 1]
    return memory.words
