"""The command that puts claims to the test."""

from dataclasses import astuple, dataclass
from pathlib import Path
from typing import Annotated

import typer

from sim.cli.failure import complain, guarded
from sim.cli.option_groups import grouped

_STOPPED = "stopped; what is finished is kept, and the same command goes on"


@dataclass(frozen=True)
class _Arms:
    """How large the arms are."""

    members: Annotated[int, typer.Option(min=10, max=1_000_000, help="Histories of each arm.")] = 500
    rows: Annotated[int, typer.Option(min=2, max=10_000, help="Rows of parameters that they share.")] = 100
    seed: Annotated[int, typer.Option(min=0, max=2**63 - 1, help="Seed of all chance.")] = 2026


@guarded(_STOPPED)
@grouped
def claims(
    *,
    wanted: Annotated[list[str] | None, typer.Argument(metavar="[CLAIM]...", help="Ids, numbers or files.")] = None,
    every: Annotated[bool, typer.Option("--all", help="All claims that ship.")] = False,
    arms: _Arms,
    symmetric: Annotated[
        Path | None, typer.Option(metavar="FILE", help="Made by casim calibrate --prior symmetric.")
    ] = None,
    out: Annotated[Path, typer.Option(metavar="DIR", help="Folder for runs and pages.")] = Path("results/claims"),
    findings: Annotated[Path | None, typer.Option(metavar="FILE", help="Write the page of findings, too.")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print every figure as JSON.")] = False,
) -> None:
    """Put claims to the test: paired arms, three sets of parameters, placebos, a verdict.

    Without a claim or --all, the claims that ship are listed.  Runs that are there are not run again.

    Examples:

    casim claims

    casim claims 1 11 28

    casim claims --all

    casim claims my-claim.toml --members 2000
    """
    from sim.studies.claim_file import find_claims, read_claims

    if not wanted and not every:
        _list()
        return
    from sim.facts import load_facts
    from sim.studies.experiment import Laboratory, Size, test_claims
    from sim.studies.kept import keep_effects

    facts = load_facts()
    found = read_claims(find_claims([] if every else wanted), out / "arms", facts)
    laboratory = Laboratory(out, facts, Size(*astuple(arms)), symmetric)
    results = test_claims(found, laboratory, Lines())
    keep_effects(results, laboratory)
    paths = _write(results, laboratory, out, findings)
    _tell(results, paths, as_json)


def _list() -> None:
    import tomllib

    from sim.studies.claim_file import shipped_claims

    for name, path in shipped_claims().items():
        typer.echo(f"{name:28} {tomllib.loads(path.read_text('utf-8')).get('title', '')}")
    typer.echo("\ncasim claims 1 puts one of them to the test, casim claims --all all of them.")


class Lines:
    """Says on standard error how far the runs are, every tenth part."""

    def __init__(self, name: str = "claims") -> None:
        self._name, self._told = name, -1

    def __call__(self, progress) -> None:
        share = 10 * progress.batch_done // max(progress.batch_total, 1)
        if share > self._told:
            self._told = share
            complain(f"{self._name}: {progress.batch_done:,} of {progress.batch_total:,} histories")


def _write(results: list, laboratory, out: Path, findings: Path | None) -> list[Path]:
    """The page in three forms, and the findings where they are wanted."""
    from sim.studies.findings import as_findings
    from sim.studies.page import as_csv, as_html, as_markdown
    from sim.why.split import as_lines, examine

    lines, pictures = remarks(laboratory), _pictures(results)
    texts = {
        out / "claims.html": as_html(results, lines, pictures),
        out / "claims.md": as_markdown(results, lines),
        out / "claims.csv": as_csv(results),
    }
    if findings is not None:
        texts[findings] = as_findings(results, lines, findings.parent, pictures, as_lines(*examine(out)))
    for path, text in texts.items():
        path.write_text(text, encoding="utf-8")
    return list(texts)


def remarks(laboratory) -> list[str]:
    """How the figures were made."""
    from sim.model import MODEL_VERSION

    size = laboratory.size
    made = f"{size.members:,} histories of each arm on {size.rows} rows of parameters, seed {size.seed}"
    made = f"{made}, version {MODEL_VERSION} of the model."
    return [made, *(f"Note: {remark}." for remark in laboratory.remarks)]


def _pictures(results: list) -> dict[str, bytes]:
    """Plots as PNG; what cannot be drawn is said and left out."""
    try:
        from sim.plots.claims import draw_claims

        return draw_claims(results)
    except Exception as error:
        complain(f"the plots could not be drawn ({type(error).__name__}: {error}); the figures are complete")
        return {}


def _tell(results: list, paths: list[Path], as_json: bool) -> None:
    import json

    from sim.studies.page import counts_line, rows_of
    from sim.studies.wording import effect

    if as_json:
        typer.echo(json.dumps(rows_of(results), indent=1, ensure_ascii=False))
        return
    for result in results:
        typer.echo(f"{result.claim.id:26} {result.judgement.verdict:15} {result.judgement.reason}")
        for each in result.tests:
            p = each.judgement.probability["posterior"]
            typer.echo(f"    {effect(each.effects['posterior'], each):44} P {p:.2f}  {each.test.what}")
    typer.echo(counts_line(results))
    for path in paths:
        typer.echo(str(path))
