"""A scenario, resolved: what a run needs to know, where each value was set, and what it was before."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sim.errors import DEFAULT, Origin
from sim.facts.record import OURS, Record
from sim.scenario.calibration_file import CalibrationUse, name_calibration
from sim.scenario.events import ScenarioEvent
from sim.scenario.file_schema import Instrument, RunSettings, ScenarioFile, StateOverrides
from sim.scenario.merge import FOR_READERS, Entry, Layers, Setting, apply_setting, canonical, dropped, layer_of, overlay
from sim.scenario.toml import Document

if TYPE_CHECKING:
    from sim.scenario.design import Design, Point


@dataclass(frozen=True)
class Step:
    """One file of a chain of files that extend each other, with its parameters by name and their paths in it."""

    document: Document
    parameters: dict[str, tuple[Any, tuple]]


@dataclass(frozen=True)
class Scenario:
    """What a scenario file and all that it extends amount to.  Nothing in it is ever changed.

    `ancestry` are the files that it extends, nearest first; `parameters` holds overrides only; `events` are ordered
    by date; `sources` tells for each dotted key ("run.seed", "parameters.trust.loss_aversion", "states.ALA.openness",
    "events.1.date", "instruments.basin-commission.depth") who set it.  An event without an id goes by its number.
    `record` are the analyst's own tables as they were read: they travel with the scenario.
    `later` says whether what is dated after the branch is known to the run.
    `design` is what the file itself asks to be varied, if anything; a scenario at one of its points has a `point`.
    """

    name: str
    title: str
    description: str
    path: str
    ancestry: tuple[str, ...]
    run: RunSettings
    parameters: dict[str, float | str]
    states: dict[str, StateOverrides]
    events: tuple[ScenarioEvent, ...]
    instruments: tuple[Instrument, ...]
    sources: Mapping[str, Origin] = field(compare=False)
    steps: tuple[Step, ...] = field(repr=False, compare=False)
    settings: tuple[Setting, ...] = field(repr=False, compare=False)
    record: Record = field(default=OURS, repr=False)
    later: str = "unknown"
    calibration: CalibrationUse | None = None
    design: "Design | None" = field(default=None, repr=False, compare=False)
    point: "Point | None" = field(default=None, compare=False)

    def resolved(self) -> dict[str, Any]:
        """The scenario as plain values, in one canonical form.

        Equal for two scenarios that ask for the same histories: titles, descriptions, notes, ids of events and the
        order of keys do not count.
        """
        calibrated = {"calibration": self.calibration.digest} if self.calibration else {}
        return {
            "run": canonical(self.run),
            **calibrated,
            "parameters": dict(sorted(self.parameters.items())),
            "states": {state: canonical(self.states[state]) for state in sorted(self.states)},
            "events": [canonical(event) for event in self.events],
            **({"record": self.record.digest} if self.record else {}),
            **({"later": self.later} if self.later != "unknown" else {}),
            "instruments": [
                {"id": instrument.id, **canonical(instrument)}
                for instrument in sorted(self.instruments, key=lambda each: each.id)
            ],
        }

    def parent(self) -> "Scenario | None":
        """What this scenario differs from: itself without the settings of the command line, else what it extends."""
        if self.settings:
            return build_scenario(self.steps, (), self.record)
        return build_scenario(self.steps[1:], (), self.record) if len(self.steps) > 1 else None

    def _repr_html_(self) -> str:
        """What a notebook shows: the values that differ from what the scenario extends, and where they are set."""
        from sim.html import page, table
        from sim.scenario.explaining import explain

        rows = [
            (row.key, str(row.value), row.unit or "", f"{Path(row.file).name}:{row.line}")
            for row in explain(self)
            if row.changed_from_parent
        ]
        said = [" ".join(self.description.split())] if self.description else []
        run = self.run
        said.append(f"{run.members} members, seed {run.seed}, {run.start} to {run.end}, simulated from {run.branch}")
        return page(self.title, said, *([table(("set here", "value", "unit", "where"), rows)] if rows else []))

    def event_label(self, index: int) -> str:
        """The name of the event at `index` (from 0) in dotted keys: its id, or else its number from 1."""
        return self.events[index].id or str(index + 1)


def merge(steps: tuple[Step, ...]) -> Layers:
    """All files of a chain (nearest first) laid over each other."""
    layers = Layers()
    for step in reversed(steps):
        layers, _ = dropped(layers, step.document)
        layers = overlay(layers, layer_of(step.document, step.parameters))
    return layers


def build_scenario(steps: tuple[Step, ...], settings: tuple[Setting, ...], record: Record = OURS) -> Scenario:
    """The scenario that checked files (nearest first) and checked settings amount to.

    CalibrationError if it names a calibration that is not there.
    """
    layers = merge(steps).in_order()
    for setting in settings:
        if setting.by_number:
            layers = layers.in_order()
        layers = apply_setting(layers, setting)
    layers = layers.in_order()
    plain = ScenarioFile.model_validate(layers.plain())
    nearest, name = steps[0].document, steps[0].document.name
    texts = {**nearest.values, **{key: value for each in settings for key, value in each.texts().items()}}
    return Scenario(
        name=name,
        title=texts.get("title") or name,
        description=(texts.get("description") or "").strip(),
        path=nearest.path,
        ancestry=tuple(step.document.label for step in steps[1:]),
        run=plain.run,
        parameters={key: value for key, (value, _) in sorted(layers.parameters.items())},
        calibration=calibration_of(layers, steps),
        states={state: plain.states[state] for state in sorted(plain.states)},
        events=tuple(plain.events),
        instruments=tuple(plain.instruments),
        sources=_sources(layers, plain),
        steps=steps,
        settings=settings,
        record=record,
        later=plain.record.later,
    )


def calibration_of(layers: Layers, steps: tuple[Step, ...]) -> CalibrationUse | None:
    """The calibration named by whichever file or setting has the last word; a path is one from that file's folder."""
    use, origin = layers.calibration.get("use", ("none", DEFAULT))
    if use == "none":
        return None
    named_in = next((step.document.path for step in steps if step.document.label == origin.file), "")
    return name_calibration(use, Path(named_in).parent)


def _sources(layers: Layers, plain: ScenarioFile) -> dict[str, Origin]:
    sources = {f"run.{key}": layers.run[key][1] if key in layers.run else DEFAULT for key in RunSettings.model_fields}
    if "use" in layers.calibration:
        sources["calibration.use"] = layers.calibration["use"][1]
    if "later" in layers.record:
        sources["record.later"] = layers.record["later"][1]
    sources |= {f"parameters.{name}": origin for name, (_, origin) in sorted(layers.parameters.items())}
    for state, values in sorted(layers.states.items()):
        sources |= {f"states.{state}.{key}": origin for key, (_, origin) in values.items()}
    for name, entries in (("events", layers.events), ("instruments", layers.instruments)):
        for number, (entry, table) in enumerate(zip(entries, getattr(plain, name), strict=True), start=1):
            sources |= _entry_sources(f"{name}.{entry.id or number}", entry, table)
    return sources


def _entry_sources(prefix: str, entry: Entry, table: Any) -> dict[str, Origin]:
    keys = [key for key in type(table).model_fields if getattr(table, key) is not None and key not in FOR_READERS]
    return {f"{prefix}.{key}": entry.values[key][1] if key in entry.values else DEFAULT for key in keys}
