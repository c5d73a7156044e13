"""How volatile each pair is, computed from the record: `python docs/derivations/trade_pairs.py` rewrites the table.

The factor is the standard deviation of yearly changes of the path's residual over that of the typical pair, after
shrinking: as if every pair had ten more years of typical changes. KAZ-UZB has a parameter of its own and a factor of 1.
"""

import csv

import numpy as np

from sim.facts import load_trade_facts
from sim.facts.load import FOLDER
from sim.facts.trade_panel import trade_panel
from sim.hindcast import trade_paths as ensemble

AXIS = "KAZ-UZB"
TYPICAL_YEARS = 10
SOURCE = "computed from trade_flows.csv and trade_sizes.csv by docs/derivations/trade_pairs.py"


def main() -> None:
    facts = load_trade_facts()
    panel = trade_panel(facts)
    effects = ensemble.default_effects()
    first, second = panel.pairs.T
    size = panel.log_volume[first] + panel.log_volume[second]
    cost = ensemble.costs(ensemble.record_of(panel), effects)
    changes = np.diff(np.log(panel.trade_usd) - effects.size * size - cost, axis=1)
    count = np.isfinite(changes).sum(axis=1)
    squares = np.nansum(changes**2, axis=1)
    typical = np.median(squares[count > 0] / count[count > 0])
    factor = np.sqrt((squares + TYPICAL_YEARS * typical) / ((count + TYPICAL_YEARS) * typical))
    with open(FOLDER / "trade_pairs.csv", "w", newline="") as file:
        table = csv.writer(file, lineterminator="\n")
        table.writerow(["pair", "spread_factor", "source"])
        for name, value in zip(panel.names, factor):
            table.writerow([name, 1.0 if name == AXIS else round(float(value), 3), SOURCE])


if __name__ == "__main__":
    main()
