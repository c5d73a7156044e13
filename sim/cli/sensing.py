"""The command that says which parameters an outcome hangs on."""

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated

import typer

from sim.cli.failure import complain, guarded
from sim.cli.option_groups import grouped

#: What is analysed unless outcomes are named.
OUTCOMES = tuple((Path(__file__).parent / "main_outcomes.txt").read_text(encoding="utf-8").splitlines())


@dataclass(frozen=True)
class _Search:
    """How thorough the search is, which parameters it varies, and how far."""

    trajectories: Annotated[int, typer.Option(min=4, max=1000, help="Of Morris' screening.")] = 40
    points: Annotated[int, typer.Option(min=16, max=2**16, help="Of each Sobol' matrix, a power of two.")] = 512
    most: Annotated[int, typer.Option(min=1, max=100, help="Parameters kept for each outcome.")] = 10
    whole_range: Annotated[bool, typer.Option("--whole-range", help="Limits of the table instead of 90 %.")] = False
    with_claims: Annotated[bool, typer.Option("--with-claims", help="Parameters that only claims use, too.")] = False


@guarded("stopped; what is finished is kept, and the same command goes on")
@grouped
def sensitivity(
    *,
    scenario: Annotated[str, typer.Argument(metavar="SCENARIO", help="A scenario, or 'ishigami' to check the path.")],
    outcome: Annotated[
        list[str], typer.Option("--outcome", metavar="EXPRESSION", help="What to look at; may be repeated.")
    ] = [],  # noqa: B006 - typer reads the default, nothing changes it
    search: _Search,
    claims: Annotated[
        Path, typer.Option(metavar="DIR", help="Folder of casim claims, for signs that turn within ranges.")
    ] = Path("results/claims"),
    seed: Annotated[int, typer.Option(min=0, max=2**31, help="Seed of all chance.")] = 2026,
    out: Annotated[Path, typer.Option(metavar="DIR", help="Folder for runs, tables, plot.")] = Path(
        "results/sensitivity"
    ),
    page: Annotated[Path | None, typer.Option(metavar="FILE", help="Write a page of the docs, too.")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print the indices as JSON.")] = False,
) -> None:
    """What matters: Morris screening of all parameters, Sobol' indices of those that remain, what to research next.

    Examples:

    casim sensitivity baseline

    casim sensitivity baseline --outcome 'treaties_signed_2035' --outcome 'rungs_lost > 0' --points 1024

    casim sensitivity ishigami --points 4096
    """
    from sim.studies.sensitivity import Ishigami, sobol

    if scenario == "ishigami":
        _tell_ishigami(Ishigami, sobol(Ishigami(), search.points, seed))
        return
    problem = _problem(scenario, outcome or list(OUTCOMES), search, seed, out)
    complain(f"sensitivity: screening {len(problem.factors)} parameters")
    screening, indices = _analysed(problem, search)
    learning = _learning(problem, out, max(search.points, 500))
    turned = _flips(claims)
    table = _rows(screening, indices)
    out.mkdir(parents=True, exist_ok=True)
    (out / "indices.json").write_text(json.dumps(table, indent=1), encoding="utf-8")
    if as_json:
        typer.echo(json.dumps(table, indent=1))
        return
    lines = _lines(screening, indices, learning, turned, problem.facts)
    for line in lines:
        typer.echo(line)
    for warning in indices.warnings:
        complain(f"warning: {warning}")
    _draw(indices, out)
    if page is not None:
        _write_page(page, scenario, search.trajectories, screening, indices, lines)


def _problem(scenario: str, outcomes: list[str], search: _Search, seed: int, out: Path):
    """The problem, its metrics checked against a run of two members."""
    from sim.errors import Problem, ScenarioError
    from sim.facts import load_facts
    from sim.runs import run_scenario
    from sim.scenario import load_scenario
    from sim.studies.expression import ExpressionError, RunColumns, parse
    from sim.studies.simulated import SimulatedProblem, factors_of

    facts, loaded = load_facts(), load_scenario(scenario)
    small = load_scenario(scenario, ["run.members=2"])
    columns = RunColumns(run_scenario(small, out / "runs"))
    metrics, problems = [], []
    for text in outcomes:
        try:
            metrics.append(parse(text))
            problems += [Problem("--outcome", 0, said) for said in metrics[-1].check(columns)]
        except ExpressionError as error:
            problems.append(Problem("--outcome", 0, str(error)))
    if problems:
        raise ScenarioError(problems)
    calibration = loaded.calibration.read() if loaded.calibration else None
    factors = factors_of(facts, calibration, search.whole_range, search.with_claims)
    return SimulatedProblem(loaded, facts, factors, metrics, out, seed)


def _analysed(problem, search: _Search):
    from sim.errors import Problem, ScenarioError
    from sim.studies.expression import ExpressionError
    from sim.studies.sensitivity import SensitivityError, screen, sobol

    try:
        screening = screen(problem, search.trajectories, 1)
        kept = screening.chosen(search.most)
        complain(f"sensitivity: indices of {len(kept)} of {len(problem.factors)} parameters")
        return screening, sobol(problem.restricted(kept), search.points, 1)
    except (SensitivityError, ExpressionError) as error:
        raise ScenarioError([Problem("--outcome", 0, str(error))]) from None


def _learning(problem, out: Path, members: int) -> list:
    """What each parameter is worth to learn, from what is believed of all of them now."""
    import numpy as np

    from sim.studies.arms import Arm
    from sim.studies.experiment import Laboratory, Size
    from sim.studies.learning import worth_of_learning

    laboratory = Laboratory(out, problem.facts, Size(members, members, problem.seed))
    arm = Arm("now", problem.scenario)
    scenario = laboratory.scenario(arm, "posterior")
    laboratory.run([scenario])
    columns = laboratory.columns(scenario)
    outcomes = np.column_stack([metric.evaluate(columns).astype(float) for metric in problem.metrics])
    _, draws = laboratory.draws_of(arm, "posterior")
    return worth_of_learning(draws, laboratory.rows(columns.members), outcomes)


def _flips(folder: Path) -> list:
    """Signs of claims that turn, from what casim claims kept; none where it has not been run."""
    from sim.studies.kept import flips_in

    return flips_in(folder) if (folder / "effects.json").is_file() else []


def _rows(screening, indices) -> list[dict]:
    found = []
    for o, name in enumerate(indices.outcomes):
        for k in indices.ranked(o, len(indices.factors)):
            factor = indices.factors[k]
            at = [each.name for each in screening.problem.factors].index(factor.name)
            numbers = {
                "mu_star": screening.mu_star[o, at],
                "first": indices.first[o, k],
                "first_half_width": indices.first_half[o, k],
                "total": indices.total[o, k],
                "total_half_width": indices.total_half[o, k],
            }
            numbers = {key: None if value != value else round(float(value), 4) for key, value in numbers.items()}
            found.append(
                {"outcome": name, "parameter": factor.name, "lower": factor.lower, "upper": factor.upper, **numbers}
            )
    return found


def _lines(screening, indices, learning: list, turned: list, facts) -> list[str]:
    """What is printed and put on a page."""
    lines = []
    for o, name in enumerate(indices.outcomes):
        share = f"{100 * indices.together[o]:.0f} %" if indices.together[o] == indices.together[o] else "nothing"
        lines.append(name)
        lines.append(f"  all of them together explain {share} of the variance; the rest is chance")
        lines.append(f"  {'parameter':34}{'range':>22}{'mu*':>7}  {'first':>12}  {'total':>12}")
        for k in indices.ranked(o, 10):
            factor = indices.factors[k]
            at = [each.name for each in screening.problem.factors].index(factor.name)
            first = f"{indices.first[o, k]:.2f} ±{indices.first_half[o, k]:.2f}"
            total = f"{indices.total[o, k]:.2f} ±{indices.total_half[o, k]:.2f}"
            reach = f"{factor.lower:.3g} to {factor.upper:.3g}"
            lines.append(f"  {factor.name:34}{reach:>22}{screening.mu_star[o, at]:7.2f}  {first:>12}  {total:>12}")
    meaning = {row.name: row.meaning for row in facts.parameters}
    lines += ["", "What to research next: share of variance that would go if it were known, mean over the outcomes"]
    for each in [each for each in learning if each.mean > 0.002][:8]:
        lines.append(f"  {each.mean:6.1%}  {each.parameter:34}{meaning.get(each.parameter, '')}".rstrip())
    if turned:
        lines += ["", "Claims whose sign turns within the range of a parameter"]
        lines += [f"  {f.claim}: {f.test}: {f.parameter}, from {f.low:.3g} to {f.high:.3g}" for f in turned]
    return lines


def _write_page(page: Path, scenario: str, trajectories: int, screening, indices, lines: list[str]) -> None:
    """The figures as a page of the docs, with the heat map beside it."""
    from sim.model import MODEL_VERSION
    from sim.plots.sensitivity import draw_heat_map

    draw_heat_map(indices, page.parent / "pictures" / "sensitivity.png")
    size = (
        f"{len(screening.problem.factors)} parameters screened, {len(indices.factors)} kept, {indices.points} points, "
        f"version {MODEL_VERSION} of the model."
    )
    text = [
        "# What outcomes hang on",
        "",
        f"Made by `casim sensitivity {scenario} --trajectories {trajectories} --points {indices.points} "
        f"--page docs/{page.name}`: {size} How to read it: "
        "[how to ask what matters](how-to/studies.md). `mu*` is Morris' mean absolute elementary effect in standard "
        "deviations, *first* and *total* are Sobol' indices with 95 % half-widths, as shares of all variance, that of "
        "chance included.",
        "",
        "![Total indices](pictures/sensitivity.png)",
        "",
        "```",
        *lines,
        "```",
        *([""] + [f"- {warning}" for warning in indices.warnings] if indices.warnings else []),
    ]
    page.write_text("\n".join(text) + "\n", encoding="utf-8")


def _tell_ishigami(function, indices) -> None:
    first, total = function.exact()
    typer.echo(f"{'':4}{'first':>16}{'exact':>8}{'total':>16}{'exact':>8}")
    for k, factor in enumerate(indices.factors):
        one = f"{indices.first[0, k]:.3f} ±{indices.first_half[0, k]:.3f}"
        all_ = f"{indices.total[0, k]:.3f} ±{indices.total_half[0, k]:.3f}"
        typer.echo(f"{factor.name:4}{one:>16}{first[k]:8.3f}{all_:>16}{total[k]:8.3f}")
    for warning in indices.warnings:
        complain(f"warning: {warning}")


def _draw(indices, out: Path) -> None:
    try:
        from sim.plots.sensitivity import draw_heat_map

        typer.echo(str(draw_heat_map(indices, out / "sensitivity.png")))
    except Exception as error:
        complain(f"the plot could not be drawn ({type(error).__name__}: {error}); the figures are complete")
