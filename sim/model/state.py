"""The shapes of everything the compiled engine touches: what is given, what changes, what is written down.

`Inputs` is shared by all members of an ensemble and never written to. `RegionState` holds one member's history as it
unfolds. `EventLog` is where that member's events and decisions are written. Each part is a record of small fixed-size
arrays, so that compiled functions pass pointers and know all shapes. Indices of states, dyads, accords, formats, powers
and issues are those of `World`; months are absolute (year * 12 + month - 1), -1 meaning never.
"""

from dataclasses import dataclass
from typing import Any, NamedTuple

import numpy as np

from sim.engine.layout import GRID_POINTS, MAX_ACCORDS, MAX_YEARS, PARTS, RUNGS
from sim.engine.layout import KEY as _KEY
from sim.engine.layout import REAL as _REAL
from sim.engine.layout import WHOLE as _WHOLE
from sim.processes.rivers.state import RiverInputs, Rivers, RiverSizes


@dataclass(frozen=True)
class Sizes:
    """How many of each there are."""

    states: int
    formats: int
    powers: int
    issues: int
    classes: int
    kinds: int
    rivers: RiverSizes
    economies: int
    pairs: int  # of economies that trade, one of them a state

    @property
    def dyads(self) -> int:
        """Unordered pairs of states."""
        return self.states * (self.states - 1) // 2


class Inputs(NamedTuple):
    """All that is given. Each attribute but the two tables is a record; `input_records` says what it holds."""

    clock: Any
    ladder: Any
    accords: Any
    formats: Any
    borders: Any
    outside: Any
    overrides: Any
    event_weights: Any
    channels: Any
    conflict: Any  # see `sim.model.conflict_world`
    rivers: RiverInputs
    trade: Any  # `sim.processes.trade.state`
    schedule: np.ndarray  # SCHEDULE_FIELDS, sorted by month and owner
    impacts: np.ndarray  # IMPACT_FIELDS, sorted by month


SCHEDULE_FIELDS = [
    ("month", _WHOLE),
    ("owner", _WHOLE),  # of sim.engine.event_types.OWNERS
    ("kind", _WHOLE),
    ("a", _WHOLE),
    ("b", _WHOLE),
    ("subject", _WHOLE),
    ("value", _REAL),
    ("spread", _REAL),  # standard deviation of a documented leader's openness
]
IMPACT_FIELDS = [
    ("month", _WHOLE),
    ("target", _WHOLE),  # state whose trust moves
    ("actor", _WHOLE),  # state that it trusts more or less
    ("event_class", _WHOLE),
    ("weight", _REAL),  # signed, alliance = 1
]


def input_records(n: Sizes) -> dict[str, list[tuple]]:
    """Fields of the records of a `Inputs`."""
    accords, states, dyads = MAX_ACCORDS, n.states, n.dyads
    return {
        "clock": [
            ("start", _WHOLE),
            ("branch", _WHOLE),  # first simulated month
            ("end", _WHOLE),  # last month
            ("first_year", _WHOLE),
        ],
        "ladder": [
            ("dyad_a", _WHOLE, dyads),  # state
            ("dyad_b", _WHOLE, dyads),  # state
            ("dyad_of", _WHOLE, (states, states)),  # dyad, -1 on the diagonal
            ("depth", _REAL, RUNGS),  # in [0.2, 1]
            ("content", _REAL, (RUNGS, n.issues)),  # shares
            ("institution", _REAL, RUNGS),  # weight in Z
        ],
        "accords": [
            ("count", _WHOLE),  # how many of the MAX_ACCORDS exist
            ("party", _WHOLE, (accords, states)),  # 0/1
            ("n_parties", _WHOLE, accords),
            ("format", _WHOLE, accords),  # where it is tabled
            ("opens", _WHOLE, accords),  # month
            ("proposal", _WHOLE, accords),  # 0/1, an idea that nobody has yet made a text to sign
            ("unanimous", _WHOLE, accords),  # 0/1
            ("minimum", _WHOLE, accords),  # ratifications needed for entry into force
            ("depth", _REAL, accords),
            ("content", _REAL, (accords, n.issues)),  # shares
            ("institution", _REAL, accords),  # weight in Z
            ("weight", _REAL, accords),  # of a signature, alliance = 1
            ("event_class", _WHOLE, accords),
            ("organisation", _WHOLE, accords),  # 0/1, ends with its format
            ("full_depth", _REAL),  # of all that is documented and could be signed, rungs included
        ],
        "formats": [
            ("party", _WHOLE, (n.formats, states)),  # 0/1
            ("regional", _WHOLE, n.formats),  # 0/1, feeds the regional process
            ("simulated_from", _WHOLE, n.formats),  # month
            ("frequency", _REAL, n.formats),  # chance of a summit in a year, for formats that are not regional
            ("yearly", _WHOLE, n.formats),  # 0/1, meets every year whatever happens (two neighbours always do)
        ],
        "borders": [
            ("exists", _WHOLE, dyads),  # 0/1, a common land border
            ("length", _REAL, dyads),  # km
            ("unsettled", _REAL, dyads),  # share at the start
        ],
        "outside": [
            ("gdp_per_head", _REAL, (MAX_YEARS, states)),  # constant 2021 international dollars, nan without a figure
            ("turbulence", _REAL, MAX_YEARS),  # in [0, 1]
            ("dependence", _REAL, (MAX_YEARS, states, n.powers)),  # in [0, 1]
            ("turnover", _REAL, states),  # changes of leader per year
            ("issue_weight", _REAL, (states, n.issues)),
            ("identity", _REAL, (states, 2)),  # of elite and society at the start
        ],
        "overrides": [  # what a scenario says about single states; nan where it says nothing
            ("openness", _REAL, states),
            ("scepticism", _REAL, states),
            ("blocker", _REAL, states),
        ],
        "event_weights": [  # event weights, alliance = 1, and classes of what the engine itself makes happen
            ("rung_weight", _REAL, RUNGS),
            ("rung_class", _WHOLE, RUNGS),
            ("kind_weight", _REAL, n.kinds),
            ("kind_class", _WHOLE, n.kinds),
        ],
        "channels": [  # Philox keys
            ("wave", _KEY, (1, 2)),
            ("ladder", _KEY, (dyads, 2)),
            ("bilateral", _KEY, (dyads, 2)),  # ratification and withdrawal
            ("accord", _KEY, (accords, states, 2)),
            ("attitude", _KEY, (accords, states, 2)),
            ("tabling", _KEY, (accords, 2)),
            ("format", _KEY, (n.formats, 2)),
            ("leader", _KEY, (states, 2)),
            ("disposition", _KEY, (states, 2)),
            ("blocker", _KEY, (states, 2)),
        ],
    }


class RegionState(NamedTuple):
    """One member's history as it unfolds. Each attribute is a record; `region_records` says what it holds."""

    beliefs: Any
    treaties: Any
    polity: Any
    frontier: Any
    environment: Any
    appraisal: Any
    rivers: Rivers
    commerce: Any  # `sim.processes.trade.state`


def region_records(n: Sizes) -> dict[str, list[tuple]]:
    """Fields of the records of a `RegionState`."""
    accords, states, dyads = MAX_ACCORDS, n.states, n.dyads
    return {
        "beliefs": [
            ("logit", _REAL, (states, states)),  # log-odds that the other keeps its word
            ("updated", _REAL, (states, states)),  # next month's
            ("trust", _REAL, (states, states)),  # probability
            ("gains", _REAL, (states, states)),  # event weight of this month
            ("losses", _REAL, (states, states)),
            ("impact_weight", _REAL, (n.classes, states, states)),
            ("impact_month", _WHOLE, (n.classes, states, states)),
        ],
        "treaties": [
            ("rung", _WHOLE, dyads),  # 0-3
            ("declared", _WHOLE, dyads),  # 0/1
            ("council", _WHOLE, dyads),  # 0/1
            ("frozen_until", _WHOLE, dyads),  # month
            ("rung_in_force", _WHOLE, (dyads, RUNGS)),  # month
            ("rung_implemented", _REAL, (dyads, RUNGS)),  # share
            ("tabled", _WHOLE, accords),  # month from which it can be signed
            ("signed", _WHOLE, (accords, states)),  # month
            ("ratified", _WHOLE, (accords, states)),  # month
            ("refused", _WHOLE, (accords, states)),  # 0/1
            ("refusal_likelihood", _REAL, (accords, states, GRID_POINTS)),
            ("attitude", _REAL, (accords, states)),
            ("in_force", _WHOLE, accords),  # month
            ("implemented", _REAL, accords),  # share
            ("lapsed", _WHOLE, accords),  # 0/1
        ],
        "polity": [
            ("openness", _REAL, states),  # of whoever governs
            ("openness_sum", _REAL, states),  # over the leaders so far
            ("n_leaders", _WHOLE, states),
            ("leader_since", _WHOLE, states),  # month
            ("openness_fall", _REAL, states),  # from the last leader to the present one
            ("capacity", _REAL, states),  # in [0, 1]
            ("capacity_frozen_until", _WHOLE, states),  # month
            ("blocker", _REAL, states),
            ("elite", _REAL, states),  # identity in [0, 1]
            ("society", _REAL, states),
            ("gains", _REAL, (states, n.issues)),  # the seam through which water, energy and trade reach interest
        ],
        "frontier": [
            ("unsettled", _REAL, dyads),  # share
            ("clash_month", _WHOLE, dyads),  # of the last clash
            ("crossing", _REAL, dyads),  # share open
            ("fought_month", _WHOLE, dyads),  # of the last militarised clash
            ("frozen_until", _WHOLE, dyads),  # month up to which nothing is settled
            ("log_frailty", _REAL, dyads),  # of the year
            ("frailty_year", _WHOLE, dyads),
        ],
        "environment": [
            ("pull_factor", _REAL, n.powers),
            ("group_share", _REAL, n.powers),
            ("pull", _REAL, states),  # E
            ("turbulence", _REAL),  # T of this year, in [0, 1]
            ("turbulence_set", _REAL),  # level a scenario holds, nan if none
            ("alive", _WHOLE, n.formats),  # 0/1
            ("meets_in", _WHOLE, n.formats),  # month of this year's summit
            ("summit", _WHOLE, n.formats),  # 0/1 this month
            ("process", _REAL),  # R
            ("institutions", _REAL),  # Z
            ("wave", _REAL),  # of this year
            ("next_event", _WHOLE),  # next line of the schedule
            ("next_impact", _WHOLE),  # next impression
        ],
        "appraisal": [  # what each state makes of each open instrument this month: the named parts of V
            ("dyad", _REAL, (states, states, len(PARTS))),
            ("accord", _REAL, (accords, states, len(PARTS))),
        ],
    }


class EventLog(NamedTuple):
    """Where a member writes down what happened."""

    events: np.ndarray  # (line, 6): month, kind, a, b, subject, value
    n_events: np.ndarray  # (1,)
    terms: np.ndarray  # (line, column) of `sim.engine.decisions`; no lines unless kept
    n_terms: np.ndarray  # (1,)
