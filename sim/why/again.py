"""The scenario of a finished run, built again from its manifest, so that what was not kept can be recomputed.

Nothing is recomputed unless the scenario, the facts and the model at hand give the run's own key.
"""

from datetime import date
from typing import Any

from sim.errors import printable
from sim.facts import load_facts
from sim.model import MODEL_VERSION, World, build_world
from sim.runs import OutputError, Run, content_key
from sim.runs.manifest import CALIBRATION
from sim.scenario import Scenario
from sim.scenario.calibration_file import CalibrationError, CalibrationUse, name_calibration, shipped_calibrations
from sim.scenario.file_schema import ScenarioFile

_DATES = ("date", "until", "opens", "start", "branch", "end")


def scenario_of(run: Run) -> Scenario:
    """The scenario of a run.

    Raises OutputError, naming what has changed since, if what is at hand would give other numbers.
    """
    resolved, manifest = run.manifest["resolved"], run.manifest
    for what, then, now in (
        ("another version of the model", manifest["model_version"], MODEL_VERSION),
        ("other tables of facts", manifest["facts_digest"], load_facts(run.record).digest),
    ):
        if str(then) != str(now):
            raise OutputError(
                f"{run.path}: made with {what} than this casim has, so its decisions cannot be recomputed.  "
                "Run the scenario again, or keep the terms with --keep-terms when it is run."
            )
    try:
        scenario = _built(run, resolved, manifest)
        same = content_key(scenario.resolved(), load_facts(run.record).digest, MODEL_VERSION) == run.key
    except (ValueError, TypeError, AttributeError) as error:  # damaged, though its digest was computed anew
        raise OutputError(
            f"{run.path}: its manifest does not hold a scenario ({printable(error)}); run it once more."
        ) from None
    if not same:
        raise OutputError(f"{run.path}: its scenario cannot be built again from its manifest; run it once more.")
    return scenario


def _built(run: Run, resolved: dict[str, Any], manifest: dict[str, Any]) -> Scenario:
    plain = ScenarioFile.model_validate(
        {name: _dated(resolved[name]) for name in ("run", "states", "events", "instruments") if name in resolved}
    )
    return Scenario(
        name=manifest["scenario"],
        title=manifest["title"],
        description=manifest.get("description", ""),
        path="",
        ancestry=tuple(manifest["ancestry"]),
        run=plain.run,
        parameters=dict(resolved["parameters"]),
        states=dict(plain.states),
        events=tuple(plain.events),
        instruments=tuple(plain.instruments),
        sources={},
        steps=(),
        settings=(),
        record=run.record,
        later=resolved.get("later", "unknown"),
        calibration=_calibration(run, resolved.get("calibration")),
    )


def world_of(run: Run) -> World:
    """The world of a run, ready to be simulated again; errors as in :func:`scenario_of`."""
    return build_world(scenario_of(run), load_facts(run.record))


def _calibration(run: Run, digest: str | None) -> CalibrationUse | None:
    """The calibration with a digest: one that ships, or the copy that the run kept."""
    if digest is None:
        return None
    kept = sorted((run.path / CALIBRATION).glob("*.json"))
    for path in (*shipped_calibrations().values(), *kept):
        try:
            use = name_calibration(path.name if path in kept else path.stem, path.parent)
        except CalibrationError:
            continue
        if use.digest == digest:
            return use
    raise OutputError(
        f"{run.path}: its calibration neither ships with casim nor lies under {CALIBRATION} as it was; run it again."
    )


def _dated(value: Any, key: str = "") -> Any:
    if isinstance(value, dict):
        return {name: _dated(inner, name) for name, inner in value.items()}
    if isinstance(value, list):
        return [_dated(inner) for inner in value]
    return date.fromisoformat(value) if key in _DATES and isinstance(value, str) else value
