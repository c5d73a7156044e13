"""Pictures of a calibration: prior against posterior, traces of the walkers, ranks of synthetic truths."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.patches import Patch
from scipy.stats import beta

from sim.plots import style
from sim.plots.write import save
from sim.runs.errors import explained

_COLUMNS, _ROW = 4, 1.05


def write_calibration_plots(fit: Any, folder: Path) -> list[Path]:
    """Prior against posterior and, where a chain was sampled, traces; of a `sim.inference.fit.Fit`."""
    with explained(folder), style.styled():
        folder.mkdir(parents=True, exist_ok=True)
        written = save(draw_posteriors(fit.about, fit.draws), folder, "prior-posterior")
        if fit.trace is not None:
            written += save(draw_traces(fit.about, fit.trace), folder, "trace")
    return written


def write_rank_plot(recovery: Any, folder: Path) -> Path:
    """Ranks of the truth in synthetic worlds; of a `sim.inference.sbc.Recovery`."""
    with explained(folder), style.styled():
        folder.mkdir(parents=True, exist_ok=True)
        return save(draw_ranks(recovery.names, recovery.rank), folder, "ranks")[1]


def _grid(count: int, title: str, subtitle: str, source: str) -> tuple[Figure, list[Axes]]:
    rows = -(-count // _COLUMNS)
    figure = style.sheet(0.85 + _ROW * rows + 0.2, title, subtitle, source)
    width = (style.WIDTH - 0.16) / _COLUMNS
    places = [(0.28 + width * (k % _COLUMNS), 0.78 + _ROW * (k // _COLUMNS)) for k in range(count)]
    return figure, [style.place(figure, left, top, width - 0.36, _ROW - 0.42) for left, top in places]


def _source(about: dict) -> str:
    return (
        f"Calibration under {about['prior_set']} priors on the record to {about['record_ends']}, "
        f"{about['draws']} joint draws; record {about['record_digest'][:8]}."
    )


def short(name: str) -> str:
    """A parameter's name that fits over a small panel: ladder.capacity, UZB Karimov, blocker TJK, clash KGZ-TJK."""
    if name.startswith("openness."):
        _, state, person = name.split(".")
        return f"{state} {person.split('-')[0].title()[0]}. {person.split('-')[-1].title()}"
    return name.replace("blocker.", "blocker ").replace("clash.", "clash ")


def draw_posteriors(about: dict, draws: np.ndarray) -> Figure:
    """A panel for each parameter: the prior as a line, joint draws as bars."""
    rows = about["parameters"]
    figure, panels = _grid(
        len(rows),
        "What the record moved: prior and posterior",
        "Where bars and line agree the record said nothing; the number is the shift in prior standard deviations.",
        _source(about),
    )
    for axes, row, column in zip(panels, rows, draws.T):
        _posterior(axes, row, column)
    style.key(
        figure,
        0.44,
        [Patch(color=style.BANDS[50], linewidth=0), Line2D([], [], color=style.INK, linewidth=0.9)],
        ["posterior", "prior"],
    )
    return figure


def _posterior(axes: Axes, row: dict, column: np.ndarray) -> None:
    low = max(min(row["prior_mean"] - 2.5 * row["prior_sd"], column.min()), row["lower"])
    high = min(max(row["prior_mean"] + 2.5 * row["prior_sd"], column.max()), row["upper"])
    counts, edges = np.histogram(column, 36, (low, high), density=True)
    axes.stairs(counts, edges, fill=True, color=style.BANDS[50], linewidth=0)
    at = np.linspace(low, high, 200)
    density = np.exp(-0.5 * ((at - row["prior_mean"]) / row["prior_sd"]) ** 2)
    if "prior_beta" in row:  # what is counted
        inside = np.clip(at, 0.005, 0.995)  # the density of some has no limit at the ends
        density = beta.pdf(inside, *row["prior_beta"])
    axes.plot(at, density / np.trapezoid(density, at), color=style.INK, linewidth=0.9)
    if low < 0 < high:
        axes.axvline(0, color=style.FAINT, linewidth=0.7, zorder=0)
    axes.set_xlim(low, high)
    axes.set_yticks([])
    axes.spines["left"].set_visible(False)
    axes.locator_params(axis="x", nbins=4)
    name = short(row["name"])
    axes.set_title(name, size=style.SMALL if len(name) > 18 else style.PANEL)
    axes.set_title(f"{row['moved']:+.1f}", loc="right", color=style.GREY)


def draw_traces(about: dict, trace: np.ndarray) -> Figure:
    """A panel for each parameter: bands of the walkers, and one walker, over the steps."""
    rows, chain = about["parameters"][: trace.shape[2]], about["diagnostics"]
    figure, panels = _grid(
        len(rows),
        "Where the walkers went",
        "Band: middle 80 % of the walkers at each step. Line: one walker. Drift or a walker that "
        "stands still would show here.",
        _source(about),
    )
    steps = np.linspace(0, chain["steps"], len(trace))
    for k, (axes, row) in enumerate(zip(panels, rows)):
        low, high = np.quantile(trace[:, :, k], [0.1, 0.9], axis=1)
        axes.fill_between(steps, low, high, color=style.BANDS[80], linewidth=0)
        axes.plot(steps, trace[:, 0, k], color=style.MEDIAN, linewidth=0.3)
        axes.axvline(chain["discarded"], color=style.INK, linewidth=0.7, linestyle=(0, (4, 2)))
        axes.set_xlim(0, chain["steps"])
        axes.locator_params(axis="x", nbins=3)
        axes.locator_params(axis="y", nbins=3)
        axes.set_title(short(row["name"]))
    handles = [
        Patch(color=style.BANDS[80], linewidth=0),
        Line2D([], [], color=style.MEDIAN, linewidth=0.8),
        Line2D([], [], color=style.INK, linewidth=0.7, linestyle=(0, (4, 2))),
    ]
    style.key(figure, 0.44, handles, ["middle 80 % of walkers", "one walker", "steps before are left out"])
    return figure


def draw_ranks(names: Sequence[str], ranks: np.ndarray) -> Figure:
    """A panel for each parameter: histogram of the truth's rank, with the band in which chance keeps a fair one."""
    worlds, bins = len(ranks), 10
    figure, panels = _grid(
        len(names),
        "Are the posteriors honest? Ranks of the truth in synthetic worlds",
        "Flat is right. Full at the left: estimates too high; at the right: too low; at both ends: too sure.",
        f"{worlds} worlds from the prior; posteriors by Hamiltonian Monte Carlo, of shares by counting.",
    )
    spread = 1.96 * np.sqrt(worlds * (1 / bins) * (1 - 1 / bins))
    for axes, name, column in zip(panels, names, ranks.T):
        counts, edges = np.histogram(column, bins, (0, 1))
        axes.axhspan(worlds / bins - spread, worlds / bins + spread, color=style.REPLAYED[95], linewidth=0)
        axes.stairs(counts, edges, fill=True, color=style.BANDS[50], linewidth=0, alpha=0.85)
        axes.set_xlim(0, 1)
        axes.set_xticks([0, 0.5, 1], ["0", "½", "1"])
        axes.locator_params(axis="y", nbins=3)
        axes.set_title(short(name))
    handles = [Patch(color=style.BANDS[50], linewidth=0), Patch(color=style.REPLAYED[95], linewidth=0)]
    style.key(figure, 0.44, handles, ["worlds", "95 % of bars of a fair fit lie here"])
    return figure
