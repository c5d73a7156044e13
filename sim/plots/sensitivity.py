"""Plots of sensitivity: a heat map of outcomes by parameters."""

import re
from pathlib import Path

import numpy as np

from sim.facts import load_facts
from sim.outcomes import title_of
from sim.plots import colours, style
from sim.studies.sensitivity import Indices
from sim.words import named, sentence

_LEFT, _CELL, _NAMES = 3.0, 0.22, 1.35
_LOG = re.compile(r"log\((?P<column>.+)@(?P<year>\d{4})\)")


def draw_heat_map(indices: Indices, path: Path, most: int = 30) -> Path:
    """Total indices, outcome by parameter, those first of which the sample is surest that they matter anywhere."""
    largest = np.nan_to_num(indices.total - indices.total_half).max(axis=0)
    chosen = np.argsort(-largest)[:most]
    values = indices.total[:, chosen].T
    tall, wide = _CELL * len(chosen), min(0.75 * len(indices.outcomes), style.WIDTH - _LEFT - 0.9)
    with style.styled():
        sheet = style.Sheet(
            tall + _NAMES,
            "What each outcome hangs on",
            f"Surest to matter: {_meant(indices.factors[chosen[0]].name)}, with a part in at least "
            f"{100 * max(largest[chosen[0]], 0.0):.0f} % of the variance of one outcome.",
            "Total Sobol' index: part of the variance that involves the parameter; 95 % intervals are in the table.",
            f"casim sensitivity, {indices.points:,} points",
            keys=0,
        )
        axes = sheet.place(_LEFT, 0.05, wide, tall)
        axes.imshow(values, cmap="Blues", vmin=0, vmax=max(0.3, float(np.nanmax(values))), aspect="auto")
        for (i, j), value in np.ndenumerate(values):
            if np.isfinite(value) and value >= 0.005:
                dark = value > 0.6 * max(0.3, float(np.nanmax(values)))
                text = f"{value:.2f}"
                axes.text(j, i, text, ha="center", va="center", fontsize=5.5, color="white" if dark else colours.INK)
        wide_names = style.letters(_LEFT - 0.15, style.SMALL - 0.5)
        meant = [style.lines(_meant(indices.factors[k].name), wide_names, 2) for k in chosen]
        axes.set_yticks(range(len(chosen)), meant, size=style.SMALL - 0.5, linespacing=0.95)
        names = [style.lines(_said(name), 34, 3) for name in indices.outcomes]
        axes.set_xticks(range(len(names)), names, rotation=40, ha="right", rotation_mode="anchor")
        axes.tick_params(length=0)
        path.parent.mkdir(parents=True, exist_ok=True)
        sheet.figure.savefig(path, dpi=150)
    return path


def _meant(parameter: str) -> str:
    """A parameter by what it means; by its name where the tables have none of that name."""
    meanings = {row.name: row.meaning for row in load_facts().parameters}
    meant = meanings.get(parameter)
    return sentence(named(meant)) if meant else parameter


def _said(outcome: str) -> str:
    """An outcome in words, an expression as it is; the chance that something comes by a year as what comes, by when."""
    logarithm = _LOG.fullmatch(outcome)
    if logarithm:
        return f"Logarithm of {named(title_of(logarithm['column']))}, {logarithm['year']}"
    column, by, year = outcome.partition(" by ")
    title = title_of(column, {each.id: each.title for each in load_facts().accords})
    return outcome if title == column else sentence(named(title)) + by + year
