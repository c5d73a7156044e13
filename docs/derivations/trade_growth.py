"""Growth after the record, computed from the record: `python docs/derivations/trade_growth.py` rewrites the table.

Median drift: mean log growth of the volume over the last ten documented years. Spread of the drift: how far an
economy's growth over ten years lay from that of the ten years before, root mean square over the windows that end in
2014-2023, the median over economies (one figure for all: single economies have too few independent windows). Spread of
single years: standard deviation 2010-2023, its square averaged with the median economy's.
"""

import csv

import numpy as np

from sim.facts.load import FOLDER
from sim.facts.reading import read_table
from sim.facts.trade_rows import Economy, Size

LAST = 2023
SOURCE = "computed from trade_sizes.csv by docs/derivations/trade_growth.py"


def main() -> None:
    names = [row.id for row in read_table(FOLDER / "trade_economies.csv", Economy)]
    log_volume = {}
    for row in read_table(FOLDER / "trade_sizes.csv", Size):
        log_volume.setdefault(row.economy, {})[row.year] = np.log(row.gdp_volume)
    median = {name: (log_volume[name][LAST] - log_volume[name][LAST - 10]) / 10 for name in names}
    drift_spread = np.median([_drift_error(log_volume[name]) for name in names if log_volume[name].get(1994)])
    years = range(2009, LAST + 1)
    single = {name: np.std(np.diff([log_volume[name][year] for year in years]), ddof=1) for name in names}
    typical = np.median(list(single.values()))
    with open(FOLDER / "trade_growth.csv", "w", newline="") as file:
        table = csv.writer(file, lineterminator="\n")
        table.writerow(["economy", "median", "drift_spread", "yearly_spread", "source"])
        for name in names:
            yearly = np.sqrt((single[name] ** 2 + typical**2) / 2)
            table.writerow([name, round(median[name], 4), round(drift_spread, 4), round(yearly, 4), SOURCE])


def _drift_error(log_volume: dict[int, float]) -> float:
    errors = []
    for middle in range(LAST - 19, LAST - 9):
        after = log_volume[middle + 10] - log_volume[middle]
        before = log_volume[middle] - log_volume[middle - 10]
        errors.append((after - before) / 10)
    return float(np.sqrt(np.mean(np.square(errors))))


if __name__ == "__main__":
    main()
