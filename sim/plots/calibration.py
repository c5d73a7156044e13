"""Pictures of a calibration: prior against posterior, traces of the walkers, ranks of synthetic truths."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from scipy.stats import beta, gamma

from sim.outcomes import Z95
from sim.plots import colours, style
from sim.plots.files import save
from sim.runs.errors import explained
from sim.words import signed

_LOOK = {"left": 0.28, "gap": 0.36, "above": 0.17, "below": 0.25}
_HIGH = 0.63


def write_calibration_plots(fit: Any, folder: Path) -> list[Path]:
    """Prior against posterior and, where a chain was sampled, traces; of a `sim.inference.fit.Fit`."""
    with explained(folder), style.styled():
        folder.mkdir(parents=True, exist_ok=True)
        written = save(draw_posteriors(fit.about, fit.draws), folder, "prior-posterior")
        if fit.trace is not None:
            written += save(draw_traces(fit.about, fit.trace), folder, "trace")
    return written


def write_rank_plot(recovery: Any, folder: Path) -> Path:
    """Ranks of the truth in synthetic histories; of a `sim.inference.sbc.Recovery`."""
    with explained(folder), style.styled():
        folder.mkdir(parents=True, exist_ok=True)
        return save(draw_ranks(recovery.names, recovery.rank), folder, "ranks")[1]


def _grid(count: int, heads: tuple[str, str, str, str]) -> tuple[style.Sheet, list[Axes]]:
    sheet, panels = style.panels(count, 4, _HIGH, heads, **_LOOK)
    for axes in panels:
        axes.tick_params(labelleft=True)
    return sheet, panels


def _source(about: dict) -> str:
    return (
        f"Calibration under {about['prior_set']} priors on the record to {about['record_ends']}, "
        f"{about['draws']} joint draws; record {about['record_digest'][:8]}."
    )


def short(name: str) -> str:
    """A parameter's name that fits over a small panel: ladder.capacity, ALA Name, blocker ALA, clash ALA-BEL."""
    if name.startswith("openness."):
        _, state, person = name.split(".")
        return f"{state} {person.split('-')[0].title()[0]}. {person.split('-')[-1].title()}"
    for kind in ("blocker", "clash", "readiness"):
        name = name.replace(f"{kind}.", f"{kind} ")
    return name


def draw_posteriors(about: dict, draws: np.ndarray) -> Figure:
    """A panel for each parameter: the prior as a line, joint draws as bars."""
    rows = about["parameters"]
    most = max(rows, key=lambda row: abs(row["moved"]))
    heads = (
        "What the record moved: prior and posterior",
        f"Moved most: {short(most['name'])}, by {signed(most['moved'], 1)} standard deviations of its prior; "
        f"{sum(abs(row['moved']) < 0.25 for row in rows)} of {len(rows)} moved by less than a quarter.",
        "Where bars and line agree the record said nothing; the number is the shift in prior standard deviations.",
        _source(about),
    )
    sheet, panels = _grid(len(rows), heads)
    for axes, row, column in zip(panels, rows, draws.T):
        _posterior(axes, row, column)
    sheet.key({"posterior": style.patch(colours.BANDS[50]), "prior": style.line(colours.INK, 0.9)})
    return sheet.figure


def _posterior(axes: Axes, row: dict, column: np.ndarray) -> None:
    low = max(min(row["prior_mean"] - 2.5 * row["prior_sd"], column.min()), row["lower"])
    high = min(max(row["prior_mean"] + 2.5 * row["prior_sd"], column.max()), row["upper"])
    counts, edges = np.histogram(column, 36, (low, high), density=True)
    axes.stairs(counts, edges, fill=True, color=colours.BANDS[50], linewidth=0)
    at = np.linspace(low, high, 200)
    density = np.exp(-0.5 * ((at - row["prior_mean"]) / row["prior_sd"]) ** 2)
    if "prior_beta" in row:  # what is counted
        inside = np.clip(at, 0.005, 0.995)  # the density of some has no limit at the ends
        density = beta.pdf(inside, *row["prior_beta"])
    elif "prior_gamma" in row:
        shape, rate = row["prior_gamma"]
        density = gamma.pdf(at, shape, scale=1.0 / rate)
    axes.plot(at, density / np.trapezoid(density, at), color=colours.INK, linewidth=0.9)
    if low < 0 < high:
        axes.axvline(0, color=colours.FAINT, linewidth=0.7, zorder=0)
    axes.set_xlim(low, high)
    axes.set_yticks([])
    axes.spines["left"].set_visible(False)
    axes.locator_params(axis="x", nbins=4)
    name = short(row["name"])
    axes.set_title(name, size=style.SMALL if len(name) > 18 else style.PANEL)
    axes.set_title(signed(row["moved"], 1), loc="right", color=colours.GREY)


def draw_traces(about: dict, trace: np.ndarray) -> Figure:
    """A panel for each parameter: bands of the walkers, and one walker, over the steps."""
    rows, chain = about["parameters"][: trace.shape[2]], about["diagnostics"]
    heads = (
        "Where the walkers went",
        "Drift, or a walker that stands still, would show here.",
        "Band: middle 80 % of the walkers at each step.  Line: one walker.",
        _source(about),
    )
    sheet, panels = _grid(len(rows), heads)
    steps = np.linspace(0, chain["steps"], len(trace))
    for k, (axes, row) in enumerate(zip(panels, rows)):
        low, high = np.quantile(trace[:, :, k], [0.1, 0.9], axis=1)
        axes.fill_between(steps, low, high, color=colours.BANDS[80], linewidth=0)
        axes.plot(steps, trace[:, 0, k], color=colours.MEDIAN, linewidth=0.3)
        axes.axvline(chain["discarded"], color=colours.INK, linewidth=0.7, linestyle=style.DASHED)
        axes.set_xlim(0, chain["steps"])
        axes.locator_params(nbins=3)
        axes.set_title(short(row["name"]))
    sheet.key(
        {
            "middle 80 % of walkers": style.patch(colours.BANDS[80]),
            "one walker": style.line(width=0.8),
            "steps before are left out": style.line(colours.INK, 0.7, style.DASHED),
        }
    )
    return sheet.figure


def draw_ranks(names: Sequence[str], ranks: np.ndarray) -> Figure:
    """A panel for each parameter: histogram of the truth's rank, with the band in which chance keeps a fair one."""
    worlds, bins = len(ranks), 10
    heads = (
        "Are the posteriors honest? Ranks of the truth in synthetic histories",
        "Flat is right. Full at the left: estimates too high; at the right: too low; at both ends: too sure.",
        "",
        f"{worlds} histories from the prior; posteriors by Hamiltonian Monte Carlo, of shares by counting.",
    )
    sheet, panels = _grid(len(names), heads)
    spread = Z95 * np.sqrt(worlds * (1 / bins) * (1 - 1 / bins))
    for axes, name, column in zip(panels, names, ranks.T):
        counts, edges = np.histogram(column, bins, (0, 1))
        axes.axhspan(worlds / bins - spread, worlds / bins + spread, color=colours.REPLAYED[95], linewidth=0)
        axes.stairs(counts, edges, fill=True, color=colours.BANDS[50], linewidth=0, alpha=0.85)
        axes.set_xlim(0, 1)
        axes.set_xticks([0, 0.5, 1], ["0", "½", "1"])
        axes.locator_params(axis="y", nbins=3)
        axes.set_title(short(name))
    bars, band = style.patch(colours.BANDS[50]), style.patch(colours.REPLAYED[95])
    sheet.key({"synthetic histories": bars, "95 % of bars of a fair fit lie here": band})
    return sheet.figure
