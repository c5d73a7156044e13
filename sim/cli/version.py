"""What casim this is: code, model, record and calibration, so that a result can be told which made it."""

from importlib import metadata


def version_lines() -> list[str]:
    """Version and commit of the code, version of the model, digests of the record and of each calibration shipped."""
    from sim.facts import load_facts
    from sim.model import MODEL_VERSION
    from sim.runs.manifest import provenance
    from sim.scenario.calibration_file import name_calibration, shipped_calibrations

    revision = provenance()["code_revision"]
    lines = [
        f"casim {metadata.version('casim')}",
        f"code         {revision or 'installed package, no checkout'}",
        f"model        {MODEL_VERSION}",
        f"record       {load_facts().digest}",
    ]
    for name, path in shipped_calibrations().items():
        lines.append(f"calibration  {name_calibration(name, path.parent).digest}  {name}")
    return lines
