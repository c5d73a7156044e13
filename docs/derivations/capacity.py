"""capacity.csv: GDP per head, constant 2021 international dollars; prints the growth that parameters.csv carries on.

Gapminder's GDP per head times population, divided by the same population again: the published series, to the dollar.
"""

from statistics import mean, stdev

from common import STATES, data_folder, read, write

FIRST, LAST, LAST_OBSERVED = 1991, 2023, 2019
GROWTH_FROM = 2013


def main() -> None:
    rows = []
    per_head = {}
    for cell in read(data_folder(__doc__) / "trade" / "macro.csv"):
        year = int(cell["year"])
        if cell["iso3"] not in STATES or not FIRST <= year <= LAST or not cell["gdp_const_ppp2021_intl"]:
            continue
        value = float(cell["gdp_const_ppp2021_intl"]) / float(cell["population"])
        per_head[cell["iso3"], year] = value
        rows.append(
            {
                "state": cell["iso3"],
                "year": year,
                "gdp_per_head": round(value),
                "source": "Gapminder GDP per capita v32; population World Bank SP.POP.TOTL",
                "licence": "CC BY 4.0",
                "status": "derived" if year <= LAST_OBSERVED else "derived, may be partly projected",
            }
        )
    write("capacity", sorted(rows, key=lambda row: (row["state"], row["year"])))
    growth = {s: (per_head[s, LAST] / per_head[s, GROWTH_FROM]) ** (1 / (LAST - GROWTH_FROM)) - 1 for s in STATES}
    print({state: round(rate, 4) for state, rate in growth.items()})
    print(f"mean {mean(growth.values()):.4f}, standard deviation {stdev(growth.values()):.4f}")


if __name__ == "__main__":
    main()
