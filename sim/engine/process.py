"""What a process declares of itself, once: its state, random channels, parameters and series.

A process is one file of `sim.processes` (rivers and trade: one folder). Its equations are compiled functions; its
`PROCESS` is plain Python, read when a world is built. From all declarations together come the memory of a region, the
values with which every member starts, the Philox keys, the names of what is recorded and where it lies, and the
reference pages. Kinds of event are rows of `event_kinds.csv`, each with the process that carries it out.
"""

import itertools
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from sim.engine.layout import CONTEXT, GRID_POINTS, MAX_ACCORDS, MAX_PROJECTS, MAX_REFUSALS, PARTS, REAL, RUNGS, WHOLE
from sim.engine.random import channel_key

#: How many entries an axis has where no world is needed to know it.
FIXED = {
    "rung": RUNGS,
    "accord": MAX_ACCORDS,
    "refusal": MAX_REFUSALS,
    "project": MAX_PROJECTS,
    "grid": GRID_POINTS,
    "part": len(PARTS),
    "context": len(CONTEXT),
    "month": 12,
    "span": 2,
    "of_four": 4,
    "one": 1,
}


@dataclass(frozen=True)
class Field:
    """One quantity of a region's state.

    Parameters
    ----------
    name : attribute of the record that holds it
    per : its axes, of state, other, dyad, accord, project, format, power, issue, class, rung, grid, part
    start : value with which every member starts; None where the process draws or computes it
    meaning : what it is, with its unit or range
    whole : a whole number (month, count, 0/1) instead of a real one
    """

    name: str
    per: tuple[str, ...]
    start: float | None
    meaning: str
    whole: bool = False


@dataclass(frozen=True)
class Channel:
    """Random numbers of one kind: `key` holds the Philox keys, `name` is what they are addressed by.

    Names are part of the model: they decide the random numbers, so a name never changes and never counts rows.
    """

    key: str
    name: str
    per: tuple[str, ...] = ()


@dataclass(frozen=True)
class Predictor:
    """A log hazard or log-odds as a row of covariates times coefficients.

    The function `covariates` of its process gives the row, of numbers or, uncompiled, of whole columns: the engine, the
    likelihood, synthetic histories and the at-risk table share it.

    Parameters
    ----------
    name : the engine finds the coefficients in the parameters of a member as ``name_coefficients``
    coefficients : names of parameters, in the order of the covariates
    most : beyond which a coefficient has no further effect
    """

    name: str
    coefficients: tuple[str, ...]
    most: Mapping[str, float] = field(default_factory=dict)


@dataclass(frozen=True)
class Process:
    """A process: `state` by record, its `channels`, families of `parameters`, predictors.

    The keys of `own_channels` lie in the process's own record of inputs, not with those of all processes.
    """

    name: str
    state: Mapping[str, Sequence[Field]] = field(default_factory=dict)
    channels: Sequence[Channel] = ()
    own_channels: Sequence[Channel] = ()
    parameters: Sequence[str] = ()
    predictors: Sequence[Predictor] = ()


def records_of(processes: Iterable[Process]) -> dict[str, list[Field]]:
    """Fields of each record; several processes may share a record, each with fields of its own."""
    found: dict[str, list[Field]] = {}
    for process in processes:
        for name, fields in process.state.items():
            found.setdefault(name, []).extend(fields)
    for name, fields in found.items():
        twice = [each for each, times in Counter(one.name for one in fields).items() if times > 1]
        if twice:
            raise ValueError(f"{', '.join(sorted(twice))}: declared twice in the record {name}")
    return found


def dtype_of(fields: Iterable[Field], sizes: Mapping[str, int]) -> list[tuple]:
    """The numpy fields of a record; `sizes` maps each axis to its number of entries."""
    return [
        (one.name, WHOLE if one.whole else REAL, tuple(sizes[axis] for axis in one.per))
        if one.per
        else (one.name, WHOLE if one.whole else REAL)
        for one in fields
    ]


def put_starts(table: Any, fields: Iterable[Field]) -> None:
    """Declared start values into a record of these fields, in place."""
    for one in fields:
        if one.start is not None:
            table[one.name] = one.start


def channel_fields(channels: Iterable[Channel], sizes: Mapping[str, int]) -> list[tuple]:
    """The numpy fields that hold the Philox keys of some channels."""
    return [(one.key, np.uint64, (*(sizes[axis] for axis in one.per or ("one",)), 2)) for one in channels]


def fill_channels(table: Any, channels: Iterable[Channel], seed: int, names: Mapping[str, Sequence[str]]) -> None:
    """Philox keys of some channels, in place; `names` maps each axis to the names of its entries."""
    for channel in channels:
        keys = getattr(table, channel.key)
        for place in itertools.product(*(range(len(names[axis])) for axis in channel.per)):
            filled = {axis: names[axis][k] for axis, k in zip(channel.per, place)}
            keys[place or 0] = channel_key(seed, channel.name.format(**filled))
