"""dependence.csv: 0.7 x a power's share of the state's goods trade + 0.3 x membership in what the power leads.

Trade cells: CEPII BACI to 2020; from 2021 national statistics, only for the states that publish them, with China's
exports carried on the Chinese side's level. Correlates of War and extrapolated cells are dropped. A year stays in only
if the kept cells with the six powers and with the rest make up nearly all cells of the state.
"""

from collections import defaultdict

from common import STATES, data_folder, read, write

POWERS = ("RUS", "CHN", "USA", "EUU", "TUR", "IRN")
TRADE_PART, MEMBERSHIP_PART = 0.7, 0.3
KEPT_STATUS = ("observed", "spliced_china_side")
MAY_BE_LEFT_OUT = 6  # small flows among the neighbours that one year may lack, of 28 cells
# Member at the end of the year, from first to last year: collective security, economic union (EurAsEC, then EAEU).
SECURITY = {"KAZ": [(1992, 2100)], "KGZ": [(1992, 2100)], "TJK": [(1992, 2100)], "UZB": [(1992, 1998), (2006, 2011)]}
ECONOMY = {"KAZ": [(2000, 2100)], "KGZ": [(2000, 2100)], "TJK": [(2000, 2014)], "UZB": [(2006, 2007)]}


def member(spells: dict, state: str, year: int) -> float:
    """1 if the state is a member at the end of the year."""
    return float(any(first <= year <= last for first, last in spells.get(state, [])))


def main() -> None:
    flows = defaultdict(dict)
    sources = defaultdict(set)
    for cell in read(data_folder(__doc__) / "trade" / "panel_2000_2023.csv"):
        if cell["source"] == "COW" or cell["status"] not in KEPT_STATUS:
            continue
        for state, partner in ((cell["exporter"], cell["importer"]), (cell["importer"], cell["exporter"])):
            if state in STATES:
                side = "out" if state == cell["exporter"] else "in"
                flows[state, int(cell["year"])][partner, side] = float(cell["usd_current"])
                sources[state, int(cell["year"])].add(cell["source"])
    rows = []
    for (state, year), cells in sorted(flows.items()):
        needed = {(power, side) for power in (*POWERS, "ROW") for side in ("out", "in")}
        if not needed <= set(cells) or len(cells) < 28 - MAY_BE_LEFT_OUT:
            continue
        total = sum(cells.values())
        for power in POWERS:
            trade = (cells[power, "out"] + cells[power, "in"]) / total
            bound = (member(SECURITY, state, year) + member(ECONOMY, state, year)) / 2 if power == "RUS" else 0.0
            names = "; ".join(sorted(name.replace("_", " ") for name in sources[state, year]))
            rows.append(
                {
                    "state": state,
                    "power": power,
                    "year": year,
                    "share": round(min(1.0, TRADE_PART * trade + MEMBERSHIP_PART * bound), 4),
                    "source": f"trade: {names}; memberships: milestone record",
                    "licence": "Etalab 2.0" if names == "BACI" else "Etalab 2.0, national open data, CC BY 4.0",
                }
            )
    write("dependence", rows)
    for state in STATES:
        print(state, sorted({row["year"] for row in rows if row["state"] == state}))


if __name__ == "__main__":
    main()
