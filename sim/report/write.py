"""Every plot of a run, drawn and written under its name."""

import os
from pathlib import Path

from matplotlib.figure import Figure

from sim.report import adoption, epochs, fans, first_passages, ladder, style, trade, trade_partners, trust_matrix
from sim.report.against_record import write_table
from sim.report.view import View
from sim.runs.errors import explained
from sim.runs.files import temporary

#: Name of the file of each plot, and what draws it.
PLOTS = {
    "adoption": adoption.draw,
    "ladder": ladder.draw,
    "trust-matrix": trust_matrix.draw,
    "trust": fans.draw_trust,
    "integration-index": fans.draw_index,
    "first-passages": first_passages.draw,
    "epochs": epochs.draw,
    "trade": trade.draw_levels,
    "trade-shares": trade.draw_shares,
    "trade-partners": trade_partners.draw_partners,
    "trade-gains": trade_partners.draw_gains,
}
DOTS_PER_INCH = 200


def save(figure: Figure, folder: Path, name: str) -> list[Path]:
    """Write a figure as SVG and PNG; equal figures give equal bytes."""
    written = []
    for ending, options in (("svg", {"metadata": {"Date": None}}), ("png", {"dpi": DOTS_PER_INCH})):
        path = folder / f"{name}.{ending}"
        unfinished = temporary(folder, path.name)
        try:
            figure.savefig(unfinished, format=ending, **options)
            os.replace(unfinished, path)
        finally:
            unfinished.unlink(missing_ok=True)
        written.append(path)
    return written


def write_plots(run_folder: Path) -> list[Path]:
    """See :func:`sim.report.write_plots`."""
    view = View.open(run_folder)
    folder, written = Path(run_folder) / "plots", []
    with explained(folder), style.styled():
        folder.mkdir(exist_ok=True)
        for name, draw in PLOTS.items():
            figure = draw(view)
            if figure is None:
                for ending in ("svg", "png"):
                    (folder / f"{name}.{ending}").unlink(missing_ok=True)
            else:
                written += save(figure, folder, name)
        written += write_table(view, folder / "against_record.csv")
    return written
