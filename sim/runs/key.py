"""The content key of a run: same key, same numbers, bit for bit."""

import hashlib
import json
import re
from collections.abc import Mapping
from typing import Any

#: Parts of the [run] table that decide what is kept, not what is computed.
_KEPT_ONLY = ("keep_terms",)


def canonical(content: Any) -> bytes:
    """JSON with sorted keys, no spaces and no NaN; equal content gives equal bytes.  ValueError on NaN."""
    return json.dumps(content, sort_keys=True, separators=(",", ":"), allow_nan=False, ensure_ascii=True).encode()


def content_key(resolved: Mapping[str, Any], facts_digest: str, model_version: str) -> str:
    """Sha-256 (64 hex digits) of the resolved scenario (members and seed included), the facts and the model version."""
    plain = dict(resolved)
    if isinstance(plain.get("run"), Mapping):
        plain["run"] = {name: value for name, value in plain["run"].items() if name not in _KEPT_ONLY}
    content = {"scenario": plain, "facts": facts_digest, "model": str(model_version)}
    return hashlib.sha256(canonical(content)).hexdigest()


def folder_name(scenario_name: str, key: str) -> str:
    """Name of a run's folder: scenario, hyphen, first eight digits of its key; odd characters become hyphens."""
    plain = re.sub(r"[^A-Za-z0-9_.-]+", "-", scenario_name).strip(".-")[:80] or "scenario"
    return f"{plain}-{key[:8]}"
