"""Run folders written by hand: no engine, a few members, columns as a test wants them."""

import json
import math
from pathlib import Path

import numpy as np
import pyarrow.parquet as pq

from sim.outcomes import AccordEntry, Catalogue, FormatEntry
from sim.runs import arrow
from sim.runs.manifest import SCHEMA

YEARS = (2024, 2025, 2026)
CATALOGUE = Catalogue(
    states=("KGZ", "TJK"),
    dyads=("KGZ-TJK",),
    rungs=("friendship", "partnership", "alliance"),
    accords=(AccordEntry("pact", "The pact", ("KGZ", "TJK"), "opt-in", 2, 2020 * 12, "accord"),),
    formats=(FormatEntry("regional", "Regional", True),),
    powers=("RUS",),
    kinds=("rung",),
    start=2024 * 12,
    branch=2025 * 12,
    end=2026 * 12 + 11,
)
NEVER = math.nan
BASE = {
    "new_treaties_2026": [1, 1, 2, 2, 3, 3, 1, 2, 3, 2],
    "index_2025": [0.5] * 10,
    "index_2026": np.arange(10) / 10,
    "trust_mean_2026": np.linspace(0.4, 0.6, 10),
    "signed_month.pact.TJK": [2025.0, 2025.5, NEVER, NEVER, NEVER, NEVER, NEVER, NEVER, 2026.0, NEVER],
    "adopted_month.pact": [2025.0, 2025.5, NEVER, NEVER, NEVER, NEVER, NEVER, NEVER, 2026.0, NEVER],
    "rung_month.KGZ-TJK.friendship": [2024.0] * 10,
    "drawn.ladder.friendship": np.linspace(-1, 1, 10),
}
MOVED = {
    **BASE,
    "new_treaties_2026": [2, 2, 3, 3, 4, 4, 2, 2, 3, 2],  # seven more, three the same
    "index_2026": np.arange(10) / 10 + 0.2,
    "signed_month.pact.TJK": [2025.5, 2025.0, 2026.0, 2026.0, 2026.5, NEVER, NEVER, NEVER, NEVER, NEVER],
    "adopted_month.pact": [2025.5, 2025.0, 2026.0, 2026.0, 2026.5, NEVER, NEVER, NEVER, NEVER, NEVER],
}
INDEX = np.column_stack([np.full(10, 0.3), np.full(10, 0.5), np.arange(10) / 10])


def write_run(folder: Path, name: str, outcomes: dict, yearly: dict | None = None, members=None, key=None, **manifest):
    """A finished run: ``outcomes`` by column, (m,) each, ``yearly`` by series, (m, 3) each; returns the folder."""
    folder.mkdir(parents=True)
    size = len(next(iter(outcomes.values())))
    members = np.arange(size) if members is None else np.asarray(members)
    tables = {
        "members": {
            "member": members.astype(np.int32),
            **{column: np.asarray(values, dtype=np.float64) for column, values in outcomes.items()},
        }
    }
    years = {
        "member": np.repeat(members.astype(np.int32), len(YEARS)),
        "year": np.tile(np.array(YEARS, dtype=np.int32), size),
    }
    years |= {series: np.asarray(values, dtype=np.float32).ravel() for series, values in (yearly or {}).items()}
    tables["yearly"] = years
    for table, columns in tables.items():
        pq.write_table(arrow.table(columns), folder / f"{table}.parquet", write_page_checksum=True)
    run = {"seed": manifest.get("seed", 1), "members": size, **manifest.pop("run", {})}
    content = {
        "schema": SCHEMA,
        "key": key or f"{name:0<64}",
        "state": "complete",
        "scenario": name,
        "title": name.title(),
        "description": "",
        "ancestry": [],
        "resolved": {"run": run, "parameters": {}, "events": []},
        "members": size,
        "seed": 1,
        "facts_digest": "facts",
        "model_version": "1",
        "versions": {"casim": "0.1.0"},
        "catalogue": CATALOGUE.as_dict(),
        "failed": [],
        "finished": "2026-01-01T12:00:00+0000",
        "files": {"members.parquet": 1, "yearly.parquet": 1},
        **manifest,
    }
    (folder / "manifest.json").write_text(json.dumps(content), "utf-8")
    return folder
