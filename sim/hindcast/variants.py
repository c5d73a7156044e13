"""What is scored: the shipped hazard of steps, simple rivals, and variants of its mechanisms.

All share one form, eta = theta_kind + slope V + coefficients x columns, with or without the shock of a year, so that a
rival is a choice of columns and priors and all are fitted by the same code on the same rows.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace

import numpy as np

from sim.inference.covariates import Panel
from sim.inference.priors import Prior
from sim.inference.risk_sets import LadderRows

_WIDE = 3.0  # prior spread of a rival's coefficients: next to nothing is assumed
_RECENT_MONTHS = 12.0
_TOP = 3
_CORE = ("KAZ", "UZB")  # the pair whose treaties are said to move those of others


@dataclass(frozen=True)
class Column:
    """A covariate with the prior of its coefficient."""

    name: str
    of: Callable[[LadderRows, Panel], np.ndarray]
    mean: float = 0.0
    sd: float = _WIDE


@dataclass(frozen=True)
class Variant:
    """One model of steps.

    columns : covariates; value : whether V enters, with the table's prior of its slope
    by_kind : a constant for each kind, else one for all; wave : whether a year's shock is shared
    sharpness : of a soft minimum of both states' V; 0 is the mean
    openness : whether leaders' openness is fitted, else it stays at its prior mean
    unknown_leaders : whether leaders have the prior of any leader, not that of their frictions in the whole record
    persons : prior spread of a shock that each leader adds to all dyads of its state; 0 is none
    neutral : whether the slope of V has a prior around zero; that of a column is its own
    chosen_after : whether its form was chosen with the scored steps known
    """

    name: str
    title: str
    columns: tuple[Column, ...] = ()
    value: bool = False
    by_kind: bool = True
    wave: bool = True
    sharpness: float = 0.0
    openness: bool = True
    unknown_leaders: bool = False
    flat_trust: bool = False
    persons: float = 0.0
    literature: bool = False
    neutral: bool = False
    chosen_after: bool = False


def _dyad_mean(values: np.ndarray, rows: LadderRows, panel: Panel) -> np.ndarray:
    t = rows.month - panel.first
    return 0.5 * (values[t, rows.state_a] + values[t, rows.state_b])


def contagion(rows, panel):
    """Share of neighbouring dyads on the rung sought or above."""
    return rows.contagion


def capacity(rows, panel):
    """Mean capacity above one half."""
    return _dyad_mean(panel.capacity, rows, panel) - 0.5


def declared(rows, panel):
    """After an allied declaration."""
    return rows.declared.astype(float)


def statehood(rows, panel):
    """Decades since independence, from the middle of the record."""
    return (rows.month / 12.0 - 1992.0) / 10.0 - 1.5


def gdp_per_head(rows, panel):
    """Log of GDP per head, without floor and ceiling, from its middle."""
    return _dyad_mean(panel.log_gdp, rows, panel) - np.log(10_000.0)


def mutual_trust(rows, panel):
    """Trust of both in each other, above one half."""
    t = rows.month - panel.first
    return 0.5 * (panel.trust[t, rows.state_a, rows.state_b] + panel.trust[t, rows.state_b, rows.state_a]) - 0.5


def process(rows, panel):
    """The regional process."""
    return panel.process[rows.month - panel.first]


def post_2016(rows, panel):
    """From September 2016 on: a date that was chosen with hindsight."""
    return (rows.month >= 2016 * 12 + 8).astype(float)


def recent_steps(rows, panel):
    """Self-excitation: steps of all dyads before this month, each fading with a year (Hawkes 1971), log of one plus."""
    happened = np.bincount(
        rows.month[(rows.event == 1) & (rows.phase == 0)] - panel.first, minlength=panel.n_months
    ).astype(float)
    level, found = 0.0, np.empty(panel.n_months)
    for t in range(panel.n_months):
        found[t] = level
        level = (level + happened[t]) * np.exp(-1.0 / _RECENT_MONTHS)
    return np.log1p(found)[rows.month - panel.first]


def standing(rows, panel) -> np.ndarray:
    """(month, dyad) the rung on which each dyad stands when the month's steps are decided, as its rows tell.

    Of a double step the rows have the first half alone, and nothing after it: such a dyad stands on the top, unless a
    law keeps it from there.
    """
    found = np.zeros((panel.n_months, len(panel.dyads)), int)
    barred = panel.barred[:, 1] > panel.barred[:, 0]
    for dyad in range(len(panel.dyads)):
        mine = np.flatnonzero((rows.kind < _TOP) & (rows.dyad == dyad))
        for row in mine[np.argsort(rows.month[mine], kind="stable")]:
            level = rows.kind[row] + (rows.event[row] == 1)
            found[rows.month[row] + 1 - panel.first :, dyad] = level
        last = rows.month[mine].max(initial=panel.first)
        if not (barred[panel.dyad_a[dyad]] or barred[panel.dyad_b[dyad]]):
            found[last + 1 - panel.first :, dyad] = _TOP
    return found


def _has_sought(rows, panel, dyad: np.ndarray) -> np.ndarray:
    """Whether another dyad of each row, -1 for none, stands on the rung that the row's dyad seeks."""
    sought = np.minimum(rows.kind + 1, _TOP)
    return (dyad >= 0) & (standing(rows, panel)[rows.month - panel.first, dyad] >= sought)


def _dyad_of(panel: Panel, a: np.ndarray, b: np.ndarray) -> np.ndarray:
    """Number of the dyad of two states, -1 where they are one."""
    table = np.full((len(panel.states), len(panel.states)), -1)
    for d, (one, other) in enumerate(zip(panel.dyad_a, panel.dyad_b)):
        table[one, other] = table[other, one] = d
    return table[a, b]


def core_pair(rows, panel):
    """For other dyads, whether Kazakhstan and Uzbekistan stand on the rung sought with each other; 0 without them."""
    core = next((d for d, pair in enumerate(panel.dyads) if pair == _CORE), -1)
    other = np.where(rows.dyad == core, -1, core)
    return _has_sought(rows, panel, other).astype(float)


def core_partner(rows, panel):
    """For a dyad with one of Kazakhstan and Uzbekistan, whether the other one has the rung sought with the third."""
    if not set(_CORE) <= set(panel.states):
        return np.zeros(len(rows))
    first, second = (panel.states.index(state) for state in _CORE)
    swap = np.arange(len(panel.states))
    swap[[first, second]] = second, first
    a, b = swap[rows.state_a], swap[rows.state_b]
    changed = (a != rows.state_a) ^ (b != rows.state_b)  # exactly one of the two is of the core
    return _has_sought(rows, panel, np.where(changed, _dyad_of(panel, a, b), -1)).astype(float)


def common_partners(rows, panel):
    """Share of third states with whom both of the dyad stand on the rung sought: brokerage by anybody."""
    found = np.zeros(len(rows))
    for third in range(len(panel.states)):
        sides = [_dyad_of(panel, state, np.full(len(rows), third)) for state in (rows.state_a, rows.state_b)]
        found += _has_sought(rows, panel, sides[0]) & _has_sought(rows, panel, sides[1])
    return found / (len(panel.states) - 2)


def since_last(rows, panel):
    """Log of the years since the dyad's last step or declaration, or since the record begins."""
    found = np.empty(len(rows))
    for dyad in range(len(panel.dyads)):
        mine = rows.dyad == dyad
        events = np.sort(np.unique(rows.month[mine & (rows.event == 1) & (rows.phase != 2)]))
        place = np.searchsorted(events, rows.month[mine], side="left")
        last = np.where(place > 0, events[np.maximum(place - 1, 0)] if len(events) else panel.first, panel.first)
        found[mine] = np.log1p((rows.month[mine] - last) / 12.0)
    return found - 1.5


def literature_columns(table: dict[str, Prior]) -> tuple[Column, ...]:
    """The three covariates of the shipped hazard with the priors of the table."""
    return tuple(
        Column(of.__name__, of, table[f"ladder.{of.__name__}"].mean, table[f"ladder.{of.__name__}"].sd)
        for of in (contagion, capacity, declared)
    )


def shipped(table: dict[str, Prior], *, wave: bool = True, **changes) -> Variant:
    """The hazard of the model as it ships, or with something changed."""
    settings = {
        "name": "shipped" + ("" if wave else ", no wave"),
        "title": "the model's hazard",
        "value": True,
        "columns": literature_columns(table),
        "literature": True,
        "chosen_after": True,
        **changes,
    }
    return Variant(wave=wave, **settings)


def baselines(table: dict[str, Prior]) -> tuple[Variant, ...]:
    """The rivals named in advance, each without and with the year's shock.

    What a rival shares with the model (constants by rung, the declaration) has the model's own priors, so that it is
    not beaten by a handicap; with next to nothing assumed they do worse.
    """
    said = Column("declared", declared, table["ladder.declared"].mean, table["ladder.declared"].sd)
    since, later = Column("since", since_last, 0.0, 1.0), Column("post-2016", post_2016, 0.0, 1.0)
    rivals = (
        Variant("constant", "one hazard for all steps", by_kind=False),
        Variant("per rung", "a hazard for each rung", literature=True),
        Variant("rung + time", "rung and time since the last step", (since,), literature=True),
        Variant(
            "rung + 2016 + declared",
            "rung, after August 2016, after a declaration",
            (later, said),
            literature=True,
            chosen_after=True,
        ),
    )
    with_wave = tuple(replace(rival, name=f"{rival.name} + wave") for rival in rivals)
    return (*(replace(rival, wave=False) for rival in rivals), *with_wave)


def without_signs(table: dict[str, Prior]) -> dict[str, Prior]:
    """The same priors of slopes around zero, as wide as keeps their mean square: no sign is put in."""
    slopes = ("ladder.interest", *(f"ladder.{of.__name__}" for of in (contagion, capacity, declared)))
    return table | {
        name: replace(table[name], mean=0.0, sd=float(np.hypot(table[name].mean, table[name].sd)), lower=-20.0)
        for name in slopes
    }


def further_rivals(table: dict[str, Prior], panel: Panel) -> tuple[Variant, ...]:
    """Rivals named after the first scores were known, with the year's shock, slopes around zero, constants by rung
    those of the table; first the model's own hazard without signs put in.
    """
    neutral = without_signs(table)
    time, slopes = Column("statehood", statehood, 0.0, 1.0), literature_columns(neutral)
    dyads = tuple(
        Column(f"dyad.{k}", lambda rows, panel, k=k: (rows.dyad == k).astype(float), 0.0, 1.0)
        for k in range(len(panel.dyads))
    )
    found = (
        shipped(neutral, name="neutral priors", title="the model's hazard, no sign put in", neutral=True),
        Variant("constant + slopes", "one constant, contagion, capacity, a declaration", slopes, by_kind=False),
        Variant("rung + years + declared", "rung, years, a declaration", (time, slopes[2]), literature=True),
        Variant("rung + dyads + years", "rung, a constant of each dyad, years", (*dyads, time), literature=True),
    )
    return tuple(replace(each, name=f"{each.name} + wave", chosen_after=True) for each in found)


def contest(table: dict[str, Prior]) -> tuple[Variant, ...]:
    """Variants of the mechanisms, one change each."""
    base = literature_columns(table)

    def without(name: str, *more: Column) -> dict:
        return {"columns": (*(column for column in base if column.name != name), *more)}

    def beside(name: str, of: Callable, sd: float) -> dict:
        return {"columns": (*base, Column(name, of, 0.0, sd))}

    recent, in_place = beside("recent", recent_steps, 1.0), {"wave": False}
    changes = (
        ("no V", "without the value of the step", {"value": False}),
        ("V, leaders fixed", "openness of leaders at its prior mean", {"openness": False}),
        ("V, leaders unknown", "nothing known of a leader before the forecast", {"unknown_leaders": True}),
        ("V, flat trust", "V with trust at its mean", {"flat_trust": True}),
        ("trust beside V", "trust as a term of its own", beside("trust", mutual_trust, _WIDE)),
        ("soft minimum", "the less willing state decides", {"sharpness": 4.0}),
        ("no contagion", "without contagion", without("contagion")),
        ("no capacity", "without capacity", without("capacity")),
        ("no declaration", "without declarations", without("declared")),
        (
            "statehood",
            "years of statehood in place of capacity",
            without("capacity", Column("statehood", statehood, 0.0, 1.0)),
        ),
        (
            "GDP per head",
            "log GDP per head in place of capacity",
            without("capacity", Column("gdp", gdp_per_head, 0.0, 1.0)),
        ),
        ("regional process", "with the regional process", beside("process", process, 0.7)),
        ("core pair", "treaties of KAZ-UZB draw those of others", beside("core", core_pair, 1.0)),
        ("core partner", "a step with KAZ or UZB draws the same with the other", beside("core", core_partner, 1.0)),
        ("common partners", "third states with whom both have the rung", beside("common", common_partners, 1.0)),
        ("self-excitation", "recent steps in place of the wave", recent | in_place),
        ("self-excitation + wave", "recent steps beside the wave", recent),
        ("leader shocks", "a shock of each leader to all dyads of its state", {"persons": 0.5}),
        ("leader shocks, no wave", "leaders' shocks in place of the wave", {"persons": 0.5} | in_place),
    )
    one_change = (shipped(table, name=name, title=title, **change) for name, title, change in changes)
    return (shipped(table), shipped(table, wave=False), *one_change)
