"""What a run was made from: settings, parameters and what the record says of them, versions, sources, citation."""

import numpy as np

from sim.facts import load_facts
from sim.page.source import Source
from sim.scenario.calibration_file import name_calibration, shipped_calibrations
from sim.words import figure, histories, named, plain

SOURCES = {
    "Treaties, summits, borders, clashes": "texts and press read one by one, each event with its source; docs/data.md",
    "Weights of events": "COPDAB scale (Azar 1982), BAR scale of water events (Wolf, Yoffe and Giordano 2003)",
    "Trade": "CEPII BACI (Etalab 2.0), national statistics offices, press figures where these end",
    "Economies": "Gapminder, World Bank World Development Indicators (CC BY 4.0)",
    "Rivers": "CAWater-Info and ICWC yearbooks, CA-discharge (Marti et al. 2023), press figures of storages",
    "Outlines of the map": "Natural Earth 1:50m, public domain; its boundaries are no opinion of the authors",
}
SOFTWARE = {"Charts of this page": "Observable Plot and d3 (ISC licence), bundled; nothing is loaded from the network"}


def settings(source: Source) -> list[tuple[str, str]]:
    """Every value that the scenario sets, as dotted keys."""
    rows: list[tuple[str, str]] = []

    def walk(value, key: str) -> None:
        if isinstance(value, dict):
            for name, inner in value.items():
                walk(inner, f"{key}.{name}" if key else str(name))
        elif isinstance(value, list) and any(isinstance(entry, dict) for entry in value):
            for place, entry in enumerate(value):
                walk(entry, f"{key}.{entry.get('id', place) if isinstance(entry, dict) else place}")
        elif value not in ([], {}, None):
            rows.append((key, ", ".join(map(str, value)) if isinstance(value, list) else str(value)))

    walk(source.manifest["resolved"], "")
    return rows


def parameters(source: Source) -> list[dict]:
    """Parameters that differ from history to history: median and middle 90 %, unit, prior, and what the record says."""
    table = {row.name: row for row in load_facts(source.record).parameters}
    fitted = _fitted(source)
    found = []
    for column, values in source.members.items():
        name = column.removeprefix("drawn.")
        if name == column or np.isnan(values).all():
            continue
        low, middle, high = np.nanquantile(values, (0.05, 0.5, 0.95))
        row = table.get(name)
        found.append(
            {
                "name": name,
                "meaning": named(row.meaning) if row else _disposition(name),
                "middle": figure(middle, 3),
                "range": f"{figure(low, 3)} to {figure(high, 3)}",
                "unit": row.unit if row else "",
                "prior": row.prior if row else "",
                "record": fitted.get(name) or STATUS.get(row.status if row else "drawn", ""),
            }
        )
    return found


def _disposition(name: str) -> str:
    what, state = name.split(".", 1)
    said = "Openness of {} and its leader at the branch" if what == "openness" else "How much open borders hold {} back"
    return said.format(named(state))


def _fitted(source: Source) -> dict[str, str]:
    """How far the record moved each fitted parameter, where the run's calibration ships with this casim."""
    digest = source.manifest["resolved"].get("calibration")
    for name, path in shipped_calibrations().items() if digest else ():
        use = name_calibration(name, path.parent)
        if use.digest == digest:
            rows = use.read().about["parameters"]
            return {
                row["name"]: f"fitted: {row['mean']:.2f} ± {row['sd']:.2f}, {abs(row['moved']):.1f} prior standard "
                f"deviations {'above' if row['moved'] > 0 else 'below'} the prior {row['prior_mean']:.2f} ± "
                f"{row['prior_sd']:.2f}"
                for row in rows
            }
    return {}


STATUS = {
    "fitted": "fitted to the record",
    "fixed": "taken from the literature and held",
    "assumed": "assumed: the record does not say",
    "claims-only": "used by one claim only",
    "drawn": "drawn for each history",
}


def made_from(source: Source) -> dict[str, str]:
    """Key, seeds, versions and when it was run."""
    manifest = source.manifest
    return plain(
        {
            "Scenario": manifest["scenario"],
            "Extends": " → ".join(manifest["ancestry"]) or "nothing",
            "Histories": f"{source.n_members:,}",
            "Seed": manifest["seed"],
            "Key of the run": manifest["key"],
            "Digest of the tables of facts": manifest["facts_digest"],
            **_own_record(manifest),
            "Version of the model": manifest["model_version"],
            "Code": manifest.get("code_revision") or "not under version control",
            "Versions": ", ".join(f"{name} {value}" for name, value in manifest["versions"].items()),
            "Finished": str(manifest.get("finished", ""))[:10],
        }
    )


def _own_record(manifest: dict) -> dict[str, str]:
    said = manifest.get("record")
    return {"Record carried on by": f"{said['name']}, {said['digest']}"} if said else {}


def citation(source: Source) -> str:
    """How to cite the run."""
    manifest = source.manifest
    own = "".join(f", record “{said['name']}” {said['digest'][:12]}" for said in [manifest.get("record")] if said)
    return (
        f"The casim developers: casim, a simulator of Central Asian regional integration, version "
        f"{manifest['versions'].get('casim', '')}. Scenario “{source.label}” ({manifest['scenario']}), "
        f"{histories(source.n_members)}, seed {manifest['seed']}, run {source.run.key[:12]}{own}."
    )
