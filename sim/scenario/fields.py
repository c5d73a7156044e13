"""Building blocks of the schema: numbers with a range and a unit, dates, names that the facts must know, events.

Each block carries its own requirement in words, so that an error can say what is allowed, and its unit, so that
`explain` and the JSON Schema can.  Names are checked against the `Names` passed as validation context; without a
context any name passes, which is what a rebuilt scenario that has been checked already needs.
"""

import datetime
from dataclasses import dataclass
from functools import cache
from typing import Annotated, Any, Literal

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    ValidationError,
    ValidationInfo,
    WithJsonSchema,
    WrapValidator,
    field_validator,
)
from pydantic_core import PydanticCustomError

from sim.errors import suggestion
from sim.facts.load import RECORD_ENDS, load_rivers
from sim.facts.rows import month_of

FIRST_YEAR, LAST_YEAR = 1992, 2100
PROBLEM = "scenario_problem"
DESIGN_KINDS = ("list", "grid", "latin-hypercube", "sobol", "csv")
#: Designs whose points are drawn, so that their number has to be said.
SAMPLED = ("latin-hypercube", "sobol")
#: More points than anybody compares; a larger grid is better sampled.
MOST_POINTS = 10_000


@dataclass(frozen=True)
class Names:
    """The names that a scenario may use, each a tuple in the order of the facts; and the last documented month."""

    states: tuple[str, ...]
    powers: tuple[str, ...]
    formats: tuple[str, ...]
    accords: tuple[str, ...]
    borders: tuple[tuple[str, str], ...]
    format_parties: tuple[tuple[str, tuple[str, ...]], ...]
    aliases: tuple[tuple[str, str], ...] = ()
    canals: tuple[str, ...] = ()
    dams: tuple[str, ...] = ()
    deciders: tuple[str, ...] = ()
    basins: tuple[str, ...] = ()
    economies: tuple[str, ...] = ()
    corridors: tuple[str, ...] = ()
    union_members: tuple[tuple[str, tuple[str, ...]], ...] = ()
    rungs: tuple[str, ...] = ()
    #: accord and its parties; accord, state, month of its documented signature and the last before it left
    accord_parties: tuple[tuple[str, tuple[str, ...]], ...] = ()
    signatures: tuple[tuple[str, str, int, int], ...] = ()
    groups: tuple[str, ...] = ()
    record_ends: datetime.date = RECORD_ENDS

    @property
    def states_or_all(self) -> tuple[str, ...]:
        return (*self.states, "all")

    @property
    def unions(self) -> tuple[str, ...]:
        return tuple(union for union, _ in self.union_members)

    @classmethod
    def of(cls, facts: Any, rivers: Any = None) -> "Names":
        """The names of the facts, and of the rivers: those that ship unless others are given."""
        rivers = rivers or load_rivers()
        nodes = rivers.nodes.values()
        return cls(
            states=tuple(state.id for state in facts.states),
            powers=tuple(power.id for power in facts.powers),
            formats=tuple(format_.id for format_ in facts.formats),
            accords=tuple(accord.id for accord in facts.accords),
            borders=tuple(sorted((min(b.state_a, b.state_b), max(b.state_a, b.state_b)) for b in facts.borders)),
            format_parties=tuple((format_.id, tuple(format_.parties)) for format_ in facts.formats),
            aliases=tuple((named.name, named.id) for named in (*facts.states, *facts.powers)),
            canals=tuple(node.id for node in nodes if node.kind == "demand" and node.rule == "first"),
            dams=tuple(node.id for node in nodes if node.kind == "reservoir" and node.switch),
            deciders=tuple(node.id for node in nodes if node.rule == "decision"),
            basins=(*dict.fromkeys(section.basin for section in rivers.sections.values()), "all"),
            economies=tuple(economy.id for economy in facts.trade_economies),
            corridors=tuple(corridor.id for corridor in facts.trade_corridors),
            union_members=tuple((row.id, facts.union_members(row.id)) for row in facts.unions),
            rungs=tuple(rung.id for rung in facts.rungs),
            accord_parties=tuple((accord.id, tuple(accord.parties)) for accord in facts.accords),
            signatures=tuple(_signatures(facts)),
            groups=tuple(dict.fromkeys(row.name.split(".")[0] for row in facts.parameters)),
            record_ends=getattr(facts, "record_ends", RECORD_ENDS),
        )


def _signatures(facts: Any) -> list[tuple[str, str, int, int]]:
    """Accord, state, month of every documented signature or accession, and last month before a withdrawal."""
    since: dict[tuple[str, str], int] = {}
    found = []
    for event in facts.events:
        if not event.used or event.kind not in ("signature", "accession", "withdrawal"):
            continue
        month = month_of(event.date)
        for state in (event.actor,) if event.actor else event.parties:
            key = (event.subject, state)
            if event.kind != "withdrawal":
                since.setdefault(key, month)
            elif key in since:
                found.append((*key, since.pop(key), month))
    return [*found, *((*key, month, month_of(datetime.date(LAST_YEAR, 12, 1))) for key, month in since.items())]


class Table(BaseModel):
    """A table of a scenario file: nothing unknown, nothing converted silently, nothing changed afterwards."""

    model_config = ConfigDict(strict=True, extra="forbid", frozen=True, allow_inf_nan=False, defer_build=True)


def problem(text: str) -> PydanticCustomError:
    """An error whose text goes on from "[run] members is -5; it"."""
    return PydanticCustomError(PROBLEM, "{text}", {"text": text})


def explained(requirement: str, replace_all: bool = False) -> WrapValidator:
    """Replaces what pydantic says about a wrong value by what the value must be.

    A text that another block has already put in our own words is kept, unless `replace_all`.
    """

    def check(value, handler):
        """The value, or the message in place of what pydantic says."""
        try:
            return handler(value)
        except ValidationError as error:
            found = error.errors(include_url=False, include_context=False)
            if not replace_all and any(each["type"] == PROBLEM for each in found):
                raise
        except OverflowError:
            pass
        raise problem(f"must be {requirement}")

    return WrapValidator(check)


def _range_text(lower: float, upper: float) -> str:
    return f"from {lower:,} to {upper:,}"


@cache
def number(lower: float, upper: float, unit: str) -> Any:
    """A number between `lower` and `upper` inclusive, in `unit`."""
    extra = {"unit": unit, "range": _range_text(lower, upper)}
    return Annotated[
        float,
        Field(ge=lower, le=upper, allow_inf_nan=False, json_schema_extra=extra),
        explained(f"a number {_range_text(lower, upper)} ({unit})"),
    ]


@cache
def whole(lower: int, upper: int, unit: str) -> Any:
    """A whole number between `lower` and `upper` inclusive, in `unit`."""
    extra = {"unit": unit, "range": _range_text(lower, upper)}
    return Annotated[
        int,
        Field(ge=lower, le=upper, json_schema_extra=extra),
        explained(f"a whole number {_range_text(lower, upper)}"),
    ]


def _known(group: str, noun: str):
    def check(name: str, info: ValidationInfo) -> str:
        if isinstance(info.context, Names):
            known = getattr(info.context, group)
            if name not in known:
                raise problem(f"is not {noun}." + suggestion(name, known, aliases=info.context.aliases))
        return name

    return AfterValidator(check)


def known(group: str, noun: str) -> Any:
    """The name of something in the facts; `group` is a field of Names."""
    extra = {"unit": "name", "names": group}
    return Annotated[
        str, Field(min_length=1, json_schema_extra=extra), _known(group, noun), explained(f"the name of {noun}")
    ]


def _plausible_year(date: datetime.date) -> datetime.date:
    if not FIRST_YEAR <= date.year <= LAST_YEAR:
        raise problem(f"must lie in the years {FIRST_YEAR} to {LAST_YEAR}")
    return date


Date = Annotated[
    datetime.date,
    AfterValidator(_plausible_year),
    Field(json_schema_extra={"unit": "date, counted by months", "range": f"{FIRST_YEAR} to {LAST_YEAR}"}),
    explained("a date without quotes, such as 2028-01-01"),
]
Switch = Annotated[bool, Field(json_schema_extra={"unit": "true or false"}), explained("true or false")]
Share = number(0, 1, "share")
State = known("states", "a state")
Power = known("powers", "an outside power")
Format = known("formats", "a summit format")
Route = known("corridors", "a route")
#: Known ones are checked when the scenario is whole, since it may table accords of its own.
Accord = Annotated[
    str, Field(min_length=1, max_length=60, json_schema_extra={"unit": "name"}), explained("the id of an accord")
]

_SLUG = r"^[a-z][a-z0-9]*(-[a-z0-9]+)*$"
Identifier = Annotated[
    str,
    Field(pattern=_SLUG, max_length=60, json_schema_extra={"unit": "name"}),
    explained("a name of small letters, digits and single hyphens, at most 60, such as basin-commission"),
]


def _without_control_characters(written: str) -> str:
    if not written.replace("\n", "").replace("\t", "").isprintable():
        raise problem("must not contain control characters")
    return written


def text(longest: int) -> Any:
    """Free text for people."""
    return Annotated[
        str,
        Field(max_length=longest, json_schema_extra={"unit": "text"}),
        AfterValidator(_without_control_characters),
        explained(f"text of at most {longest:,} characters"),
    ]


def choice(*options: str) -> Any:
    """One of a few words."""
    return Annotated[
        Literal[options],  # type: ignore[valid-type]
        Field(json_schema_extra={"unit": "choice"}),
        explained("one of " + ", ".join(f'"{option}"' for option in options)),
    ]


def _as_tuple(value: Any) -> Any:
    """TOML has arrays; frozen models hold tuples."""
    return tuple(value) if isinstance(value, list) else value


def _distinct_and_sorted(parties: tuple[str, ...]) -> tuple[str, ...]:
    twice = sorted({party for party in parties if parties.count(party) > 1})
    if twice:
        raise problem(f"names {', '.join(twice)} twice")
    return tuple(sorted(parties))


def _parties(fewest: int, most: int | None, requirement: str, who: Any = State, group: str = "states") -> Any:
    schema = {
        "type": "array",
        "items": {"type": "string", "names": group},
        "minItems": fewest,
        "uniqueItems": True,
        "unit": f"names of {group}",
    }
    if most:
        schema["maxItems"] = most
    return Annotated[
        tuple[who, ...],
        Field(min_length=fewest, max_length=most),
        AfterValidator(_distinct_and_sorted),
        explained_shape(requirement, group, max(fewest, 2)),
        BeforeValidator(_as_tuple),
        WithJsonSchema(schema),
    ]


def explained_shape(requirement: str, group: str = "", many: int = 0) -> WrapValidator:
    """Like `explained`, but lets errors about single items through, so that they are reported where they are.

    Where a `group` of names is given, the first so many of them are the example.
    """

    def check(value, handler, info: ValidationInfo):
        """The value, or the message with the names that are allowed."""
        try:
            return handler(value)
        except ValidationError as error:
            if any(found["loc"] or found["type"] == PROBLEM for found in error.errors(include_url=False)):
                raise
        names = getattr(info.context, group)[:many] if group and isinstance(info.context, Names) else ()
        listed = ", ".join(f'"{name}"' for name in names)
        example = f", such as [{listed}]" if names else ""
        raise problem(f"must be {requirement}{example}")

    return WrapValidator(check)


Dyad = _parties(2, 2, "two states")
Economies = _parties(
    2,
    None,
    "a list of two or more economies",
    known("economies", "an economy with figures of trade"),
    "economies",
)
Parties = _parties(2, None, "a list of two or more states")
SomeStates = _parties(1, None, "a list of states")


class Event(Table):
    """What every event has: a date, and optionally a name by which a later scenario can replace or drop it."""

    date: Date = Field(description="Month in which it takes effect.")
    id: Identifier | None = Field(None, description="Name by which an extending scenario replaces or drops it.")
    note: text(2000) = Field("", description="Why, and on what source; for readers only.")


class LastingEvent(Event):
    """An event that may end."""

    until: Date | None = Field(None, description="Last month of its effect; left out, it lasts to the end of the run.")

    @field_validator("until")
    @classmethod
    def _after_the_date(cls, until: datetime.date | None, info: ValidationInfo) -> datetime.date | None:
        date = info.data.get("date")
        if until is not None and date is not None and until <= date:
            raise problem(f"must be after the event's date, {date}")
        return until


class DirectedEvent(Event):
    """Something that one state does to another."""

    actor: State = Field(description="State that acts.")
    target: State = Field(description="State that it is done to.")

    @field_validator("target")
    @classmethod
    def _two_states(cls, target: str, info: ValidationInfo) -> str:
        if target == info.data.get("actor"):
            raise problem("must be another state than the actor")
        return target


class BorderEvent(Event):
    """Something that happens on a common land border."""

    parties: Dyad = Field(description="The two neighbours.")

    @field_validator("parties")
    @classmethod
    def _neighbours(cls, parties: tuple[str, str], info: ValidationInfo) -> tuple[str, str]:
        if isinstance(info.context, Names) and parties not in info.context.borders:
            pairs = ", ".join("-".join(pair) for pair in info.context.borders)
            raise problem(f"must be two states with a common land border.  Known: {pairs}")
        return parties
