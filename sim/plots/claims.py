"""Plots of claims: effects under three sets of parameters, beside placebos and what was claimed."""

import io
from collections.abc import Sequence
from textwrap import wrap

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from sim.plots import colours, style
from sim.studies.experiment import ClaimResult, TestResult
from sim.studies.verdict import region

_SETS = {"posterior": colours.RUNS[0], "symmetric": colours.RUNS[1], "prior-only": "#9a9a9a"}
_VERDICTS = {"supported": "#1b7837", "assumed": "#b8860b", "not identified": "#666666", "contradicted": "#b2182b"}
_LEFT, _RIGHT, _ROW, _FOOT = 3.15, 0.95, 0.24, 0.35
_LONGEST = 64


def draw_claims(results: Sequence[ClaimResult]) -> dict[str, bytes]:
    """PNG files by id of the claim, one for each that has placebos, and under an empty id that of all claims."""
    with style.styled():
        figures = {"": overview(results)} if results else {}
        figures |= {result.claim.id: placebo_plot(result) for result in results if result.claim.placebos}
        return {name: _png(figure) for name, figure in figures.items()}


def _png(figure: Figure) -> bytes:
    out = io.BytesIO()
    figure.savefig(out, format="png", dpi=150)
    return out.getvalue()


def overview(results: Sequence[ClaimResult]) -> Figure:
    """A row for each test of each claim, each on its own scale: zero in the middle, the claimed side shaded."""
    rows = [(result, test) for result in results for test in result.tests]
    tall = _ROW * len(rows)
    held = sum(test.judgement.verdict == "supported" for _, test in rows)
    sheet = style.Sheet(
        tall + 0.1,
        "Claims put to the test",
        f"{held} of {len(rows)} tests are supported.",
        "Effect with its 90 % interval over parameters; each row on its own scale.  Shaded: what the claim says.",
        "casim claims",
    )
    axes = sheet.place(_LEFT, 0.02, style.WIDTH - _LEFT - _RIGHT, tall)
    for place, (_, test) in enumerate(rows):
        scale = _scale(test)
        low, high = (np.clip(edge / scale, -1.15, 1.15) for edge in region(test.test.expected, test.test.matters))
        axes.fill_betweenx([place - 0.45, place + 0.45], low, high, color="#eef3e6", lw=0, zorder=0)
        for shift, (kind, colour) in zip((-0.22, 0.0, 0.22), _SETS.items()):
            _bar(axes, test.effects[kind], place + shift, colour, scale)
        axes.text(
            1.2,
            place,
            test.judgement.verdict,
            color=_VERDICTS[test.judgement.verdict],
            va="center",
            fontsize=style.SMALL,
        )
    axes.set_yticks(
        range(len(rows)), [style.lines(f"{r.claim.number or ''}  {t.test.what}", _LONGEST) for r, t in rows]
    )
    _frame(axes, len(rows), 1.15)
    axes.set_xticks([])
    sheet.key(_sets())
    return sheet.figure


def placebo_plot(result: ClaimResult) -> Figure:
    """One claim with its placebos, a panel for each test, in the unit of the metric."""
    names = [*result.claim.placebos]
    tall, count = _ROW * (len(_SETS) + len(names)), len(result.tests)
    verdicts = ", ".join(dict.fromkeys(test.judgement.verdict for test in result.tests))
    sheet = style.Sheet(
        tall + _FOOT,
        result.claim.title,
        f"Verdict: {verdicts}.",
        "Effect with its 90 % interval over parameters, in each test; grey: the same of placebos.",
        f"casim claims {result.claim.id}",
    )
    left, gap = 1.25, 0.3
    width = (style.WIDTH - left - 0.2 - gap * (count - 1)) / count
    for place, test in enumerate(result.tests):
        axes = sheet.place(left + place * (width + gap), 0.02, width, tall)
        factor = 100 if test.is_probability else 1
        for at, (kind, colour) in enumerate(_SETS.items()):
            _bar(axes, test.effects[kind], at, colour, 1 / factor)
        for at, name in enumerate(names, start=len(_SETS)):
            _bar(axes, test.placebos[name], at, "#777777", 1 / factor)
        axes.set_yticks(range(len(_SETS) + len(names)), [*_SETS, *names] if place == 0 else [])
        unit = "points" if test.is_probability else test.test.unit
        axes.set_xlabel("\n".join(wrap(f"{test.test.what} ({unit})", int(width * 15))))
        axes.locator_params(axis="x", nbins=4)
        _frame(axes, len(_SETS) + len(names), None)
    sheet.key(_sets())
    return sheet.figure


def _scale(test: TestResult) -> float:
    edges = [abs(edge) for effect in test.effects.values() for edge in (effect.low, effect.high)]
    return max([*edges, 1.5 * test.test.matters, 1e-12])


def _bar(axes: Axes, effect, at: float, colour: str, scale: float) -> None:
    axes.plot([effect.low / scale, effect.high / scale], [at, at], color=colour, lw=1.4)
    axes.plot([effect.value / scale], [at], "o", ms=2.6, color=colour)


def _frame(axes: Axes, rows: int, reach: float | None) -> None:
    axes.axvline(0, color=colours.GREY, lw=0.6, zorder=0)
    axes.set_ylim(rows - 0.5, -0.5)
    if reach:
        axes.set_xlim(-reach, reach)
    axes.tick_params(axis="y", length=0)


def _sets() -> dict:
    return {name: style.line(colour, 1.4, marker="o", markersize=2.6) for name, colour in _SETS.items()}
