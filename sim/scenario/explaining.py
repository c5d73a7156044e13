"""Explaining a scenario: every value, who set it, its unit, range and source, and whether it changes anything."""

import datetime
from collections.abc import Callable
from dataclasses import dataclass
from math import exp
from typing import Any

from sim.errors import COMMAND_LINE, DEFAULT, Origin, Problem, ScenarioError, printable, suggestion
from sim.scenario.model import Scenario

FROM_TABLE = Origin("table of parameters", 0)


@dataclass(frozen=True)
class ExplainRow:
    """One resolved value, and in a sentence what it means.

    `changed_from_parent`: set by this file or on the command line, to another value than it had.
    """

    key: str
    value: Any
    file: str
    line: int
    unit: str
    range: str
    source: str
    changed_from_parent: bool
    meaning: str = ""

    @property
    def origin(self) -> Origin:
        return Origin(self.file, self.line)


def explain(scenario: Scenario, key: str | None = None, facts: Any = None) -> list[ExplainRow]:
    """Every value of a scenario, those at or below a dotted key, or those that some words speak of.

    The word parameters may be left out of a key. A text that is no key is taken as words, all of which must occur in
    the key, the meaning or the value.

    Raises ScenarioError if there is nothing at the key, and no value with these words.
    """
    facts = facts or _facts()
    rows = _rows(scenario, facts)
    if key is None:
        return rows
    for wanted in (key, f"parameters.{key}"):
        found = [row for row in rows if row.key == wanted or row.key.startswith(f"{wanted}.")]
        if found:
            return found
    words = key.casefold().split()
    found = [row for row in rows if words and all(word in _text_of(row) for word in words)]
    if found:
        return found
    keys = [row.key for row in rows]
    bare = [name.removeprefix("parameters.") for name in keys]
    text = f"{printable(key)} is no value of this scenario." + suggestion(key, [*keys, *bare], most_listed=0)
    raise ScenarioError([Problem(scenario.steps[0].document.label, 0, text)])


def _text_of(row: ExplainRow) -> str:
    return f"{row.key} {row.meaning} {row.value}".casefold()


def same_as_parent(scenario: Scenario, facts: Any = None) -> list[str]:
    """Keys that this file or the command line sets to the value that they had before.

    A parameter that differs from member to member is not the same when it is set to its central value: setting it
    takes the spread away.
    """
    table = {f"parameters.{row.name}": row for row in (facts or _facts()).parameters}
    now, before = values_of(scenario), _values_before(scenario)
    same = []
    for key in _own_keys(scenario):
        row = table.get(key)
        from_table = row is not None and not row.spread and now[key] == row.value
        if (key in before and now[key] == before[key]) or (key not in before and from_table):
            same.append(key)
    return _entries_as_a_whole(scenario, same)


def _entries_as_a_whole(scenario: Scenario, same: list[str]) -> list[str]:
    """An entry that replaces an inherited one has to repeat some of it: it is the same only if all of it is."""
    kept = []
    for key in same:
        entry = ".".join(key.split(".")[:2])
        in_file = key.startswith(("events.", "instruments.")) and scenario.sources[key].file != COMMAND_LINE
        parts = [other for other in scenario.sources if other.startswith(f"{entry}.")]
        if not in_file:
            kept.append(key)
        elif all(part in same or scenario.sources[part] == DEFAULT for part in parts):
            kept.append(entry)
    return list(dict.fromkeys(kept))


def _facts() -> Any:
    from sim.facts import load_facts

    return load_facts()


def values_of(scenario: Scenario) -> dict[str, Any]:
    """Every value that a scenario sets or defaults to, by dotted key, in the order of `Scenario.sources`."""
    values: dict[str, Any] = {f"parameters.{name}": value for name, value in scenario.parameters.items()}
    if "calibration.use" in scenario.sources:
        values["calibration.use"] = scenario.calibration.name if scenario.calibration else "none"
    if "record.folder" in scenario.sources:
        values["record.folder"] = scenario.record.name
    if "record.later" in scenario.sources:
        values["record.later"] = scenario.later
    for name, table in {"run": scenario.run, **_tables(scenario)}.items():
        values |= {f"{name}.{key}": getattr(table, key) for key in type(table).model_fields}
    return {key: values[key] for key in scenario.sources}


def _tables(scenario: Scenario) -> dict[str, Any]:
    """The tables of states, events and instruments by their dotted key."""
    tables: dict[str, Any] = {f"states.{state}": table for state, table in scenario.states.items()}
    tables |= {f"events.{scenario.event_label(index)}": event for index, event in enumerate(scenario.events)}
    return tables | {f"instruments.{instrument.id}": instrument for instrument in scenario.instruments}


def _own_keys(scenario: Scenario) -> list[str]:
    """Keys set by this file itself or on the command line."""
    parents = {*scenario.ancestry, "default"}
    return [key for key, origin in scenario.sources.items() if origin.file not in parents]


def _values_before(scenario: Scenario) -> dict[str, Any]:
    """What the values that the command line or this file set were before, where they had been set or defaulted to."""
    file_alone = scenario.parent() if scenario.settings else scenario
    inherited = file_alone.parent()
    below_file = values_of(inherited) if inherited else {}
    below_settings = values_of(file_alone) if scenario.settings else {}
    before = {}
    for key, origin in scenario.sources.items():
        below = below_settings if origin.file == COMMAND_LINE else below_file
        if key in below:
            before[key] = below[key]
    return before


def _rows(scenario: Scenario, facts: Any) -> list[ExplainRow]:
    values, before, own = values_of(scenario), _values_before(scenario), set(_own_keys(scenario))
    about = _about(scenario)
    rows = {f"parameters.{row.name}": row for row in facts.parameters}
    defaults = {f"run.{key}": field.default for key, field in type(scenario.run).model_fields.items()}
    before = defaults | {key: row.value for key, row in rows.items()} | before
    every = {key: row.value for key, row in rows.items()} | values
    calibrated = _calibrated(scenario, rows)
    about |= {key: (_unit(key), "", text, _subject(key)) for key, (_, text) in calibrated.items() if key not in rows}
    about["record.folder"] = "folder", "", "", "The user's own tables, which carry the record on or correct it."
    about["record.later"] = (
        "choice",
        "unknown, known",
        "",
        "Whether what is dated after the branch is known to the run.",
    )
    about["calibration.use"] = "calibration", "", _lineage(scenario), "Joint draws of the fitted parameters."
    every |= {key: value for key, (value, _) in calibrated.items()}
    explained = []
    for key in sorted(every, key=_section):
        origin = scenario.sources.get(key, FROM_TABLE)
        unit, limits, source, meaning = _of_parameter(rows[key]) if key in rows else about[key]
        if key in calibrated:
            origin, source = Origin(scenario.calibration.name, 0), calibrated[key][1]
        has_parent = bool(scenario.ancestry) or origin.file == COMMAND_LINE
        changed = has_parent and key in own and (key not in before or every[key] != before[key])
        value = _shown(every[key])
        meaning = in_words(scenario, key) or meaning
        explained.append(ExplainRow(key, value, origin.file, origin.line, unit, limits, source, changed, meaning))
    return explained


def _lineage(scenario: Scenario) -> str:
    """From which calibration the one in use was updated, and how far the weights can be trusted."""
    about = scenario.calibration.read().about if scenario.calibration else {}
    if "updated_from" not in about:
        return ""
    found = about["diagnostics"]
    return (
        f"{about['updated_from']['name']}, weighted by the record up to {about['record_ends']}: Pareto k-hat "
        f"{found['khat']:.2f}, {about['draws']} draws worth {found['effective_draws']}"
    )


def _unit(key: str) -> str:
    """Unit of a calibrated value that the table of parameters does not list."""
    return "added to the log rate of clashes" if key.startswith("calibration.clash.") else "added to V"


def _subject(key: str) -> str:
    """What a calibrated value that the table of parameters does not list is."""
    kind, *who = key.removeprefix("calibration.").split(".")
    name = " ".join(part.replace("-", " ").title() if part.islower() else part for part in who)
    known = {
        "openness": f"Openness of {name} to agreements.",
        "blocker": f"How much unsettled borders keep {name} from signing.",
        "clash": f"How much more or less often {name} clashes than other borders like it.",
    }
    return known.get(kind, "")


def _calibrated(scenario: Scenario, table: dict[str, Any]) -> dict[str, tuple[float, str]]:
    """Mean of every calibrated value that the scenario itself does not set, and how far the record moved it."""
    if scenario.calibration is None:
        return {}
    about = scenario.calibration.read().about
    found = {}
    for row in about["parameters"]:
        of_table = f"parameters.{row['name']}" in table  # the others can be fitted, not set
        key = f"parameters.{row['name']}" if of_table else f"calibration.{row['name']}"
        if key not in scenario.sources:
            text = (
                f"calibrated on the record under {about['prior_set']} priors: {row['mean']:.2f} ± {row['sd']:.2f}; "
                f"the record moved it by {row['moved']:+.1f} prior standard deviations "
                f"from {row['prior_mean']:.2f} ± {row['prior_sd']:.2f}"
            )
            if before := row.get("before"):
                text += (
                    f"; the rows that are new to {about['updated_from']['name']} moved it by "
                    f"{(row['mean'] - before['mean']) / max(before['sd'], 1e-12):+.2f} posterior standard deviations "
                    f"from {before['mean']:.2f} ± {before['sd']:.2f}"
                )
            found[key] = row["mean"], text
    return found


def _section(key: str) -> int:
    """Where a key's table comes in a listing; within a table the order is kept."""
    return ("run", "calibration", "record", "parameters", "states", "events", "instruments").index(key.split(".")[0])


def _of_parameter(row: Any) -> tuple[str, str, str, str]:
    return row.unit, row.range_text, row.source, _sentence(row.meaning)


def _sentence(text: str) -> str:
    return f"{text[:1].upper()}{text[1:].rstrip('.')}." if text else ""


def _about(scenario: Scenario) -> dict[str, tuple[str, str, str, str]]:
    """Unit, range, source and meaning of every value but parameters; the source of an event is the note it carries."""
    about = {}
    for name, table in {"run": scenario.run, **_tables(scenario)}.items():
        properties = type(table).model_json_schema()["properties"]
        for key in type(table).model_fields:
            options = [properties[key], *properties[key].get("anyOf", [])]
            unit, limits = (next((each[word] for each in options if word in each), "") for word in ("unit", "range"))
            meaning = properties[key].get("description", "")
            about[f"{name}.{key}"] = unit, limits, getattr(table, "note", ""), meaning
    return about


def _shown(value: Any) -> Any:
    return value.isoformat() if isinstance(value, datetime.date) else value


#: What a value of an event amounts to, said back: (kind, field) -> sentence.
_IN_WORDS: dict[tuple[str, str], Callable[[float], str]] = {
    ("drought", "factor"): lambda x: f"All inflow is multiplied by {x:g}: {_change(x - 1)} water.",
    ("pull", "factor"): lambda x: f"Its pull is multiplied by {x:g}: {_change(x - 1)} pull.",
    ("inflow-trend", "change"): lambda x: (
        f"Mean inflow is multiplied by {exp(x):.3g} a decade: {_change(exp(x) - 1)} water."
    ),
    ("withdrawal", "share_of_flow"): lambda x: f"It takes {_per_cent(x)} of the flow that arrives.",
    ("corridor", "cost_cut"): lambda x: f"Delivered prices fall by {_per_cent(x)}.",
    ("sanction", "penalty"): lambda x: f"Delivered prices rise by {_per_cent(x)}.",
    ("border-time", "cut"): lambda x: f"Time at the border falls by {_per_cent(x)}.",
    ("growth", "rate"): lambda x: f"Output is expected to grow by {_per_cent(x)} a year.",
    ("free-trade", "content"): lambda x: f"{_per_cent(x)} of the content of a full free-trade area.",
    ("group-share", "share"): lambda x: f"{_per_cent(x)} of its top contacts are held in group form.",
    ("settlement", "share"): lambda x: f"{_per_cent(x)} of the border is settled from then on.",
    ("border-reopened", "share"): lambda x: f"{_per_cent(x)} of the border is unsettled from then on.",
}


def _per_cent(share: float) -> str:
    return f"{100 * share:.3g} %"


def _change(x: float) -> str:
    return f"{_per_cent(abs(x))} {'more' if x >= 0 else 'less'}"


def in_words(scenario: Scenario, key: str) -> str:
    """What a factor, rate or share of an event amounts to; empty for other values."""
    if not key.startswith("events."):
        return ""
    label, field = key.removeprefix("events.").rsplit(".", 1)
    event = next((each for index, each in enumerate(scenario.events) if scenario.event_label(index) == label), None)
    say = _IN_WORDS.get((event.kind, field)) if event else None
    value = getattr(event, field, None)
    return say(value) if say and isinstance(value, int | float) else ""


def said_back(scenario: Scenario) -> list[str]:
    """For `validate`: every factor, rate and share of the file's own events, with what it amounts to."""
    found = [(key, in_words(scenario, key)) for key in _own_keys(scenario)]
    values = values_of(scenario)
    return [f"{key} = {_shown(values[key])}: {words}" for key, words in found if words]
