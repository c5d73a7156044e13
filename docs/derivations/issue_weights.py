"""issue_weights.csv: how much each issue matters to each state.

One indicator an issue, divided by its largest value over the six; weight = (FLOOR + that) / sum over the state's
issues. The floor keeps an issue from vanishing because one indicator is zero.
"""

from collections import defaultdict

from common import STATES, TABLES, data_folder, read, write

FLOOR = 0.2
TRADE_YEARS = range(2018, 2021)
POPULATION_YEAR = "2023"
EVENTS_OF_INSECURITY = ("clash", "standoff")
# Electricity short in winter or bought abroad, share of what is used; half of the smallest where only a stake is known.
ENERGY = {
    "KGZ": (0.197, "imports 3.6 of 18.3 TWh used in 2024: Times of Central Asia, 20 Sep 2025"),
    "TJK": (
        0.25,
        "winter shortage about a quarter of demand, 2012: World Bank 2013, Winter Energy Crisis",
    ),
    "UZB": (0.1, "coded: buyer of Rogun power, stake in Kambarata-1"),
    "KAZ": (0.1, "coded: stake in Kambarata-1, grid shared with KGZ and UZB"),
    "TKM": (0.1, "coded: exporter of power and gas through the region"),
    "AZE": (0.1, "coded: western end of the planned grid link"),
}
# How far from open sea: landlocked behind landlocked states, landlocked, landlocked with a Caspian port.
TRANSPORT = {"UZB": 1.0, "KGZ": 0.8, "TJK": 0.8, "KAZ": 0.6, "TKM": 0.6, "AZE": 0.6}
AFGHAN_BORDER = ("TJK", "TKM", "UZB")


def trade(data) -> dict:
    """Share of the other five in a state's goods trade, mean of the years (BACI)."""
    inner, total = defaultdict(float), defaultdict(float)
    for cell in read(data / "trade" / "panel_2000_2023.csv"):
        if int(cell["year"]) in TRADE_YEARS and cell["source"] == "BACI" and cell["status"] == "observed":
            for state, partner in ((cell["exporter"], cell["importer"]), (cell["importer"], cell["exporter"])):
                total[state] += float(cell["usd_current"])
                inner[state] += float(cell["usd_current"]) * (partner in STATES)
    return {state: inner[state] / total[state] for state in STATES}


def water(data) -> dict:
    """Yearly limits of a state in both rivers, as a share of all limits (AZE has none)."""
    limits = defaultdict(float)
    for cell in read(data / "water" / "allocation.csv"):
        amu = cell["basin"] == "amudarya" and cell["scope"] == "ICWC annual limit" and cell["year"] == "2022"
        syr = cell["basin"] == "syrdarya" and cell["scope"] == "ICWC annual limit down to Shardara"
        if (amu or syr) and cell["state"] in STATES:
            limits[cell["state"]] += float(cell["limit_km3"])
    return {state: limits[state] / sum(limits.values()) for state in STATES}


def people_and_size(data) -> tuple[dict, dict]:
    """Population in millions, and share of the six states' GDP at purchasing power parity."""
    people, product = {}, {}
    for cell in read(data / "trade" / "macro.csv"):
        if cell["iso3"] in STATES and cell["year"] == POPULATION_YEAR:
            people[cell["iso3"]] = float(cell["population"]) / 1e6
            product[cell["iso3"]] = float(cell["gdp_const_ppp2021_intl"])
    return people, {state: product[state] / sum(product.values()) for state in STATES}


def borders(people: dict) -> dict:
    """Kilometres of border with others of the six, per million inhabitants."""
    length = defaultdict(float)
    for row in read(TABLES / "borders.csv"):
        for state in (row["state_a"], row["state_b"]):
            length[state] += float(row["length_km"])
    return {state: length[state] / people[state] for state in STATES}


def security() -> dict:
    """Clashes and standoffs in the record that a state had part in, plus five for a border with Afghanistan."""
    count = {state: 5.0 * (state in AFGHAN_BORDER) for state in STATES}
    for row in read(TABLES / "events.csv"):
        if row["kind"] in EVENTS_OF_INSECURITY and row["used"] == "1":
            for state in row["parties"].split(";"):
                count[state] += 1
    return count


def main() -> None:
    data = data_folder(__doc__)
    people, size = people_and_size(data)
    baci = "CEPII BACI 2018-2020, Etalab 2.0"
    limits = "ICWC limits, water yearbook of 2022 and 91st session; Kazakhstan only down to Shardara"
    tables = {
        "trade": (trade(data), "share of the other five in goods trade", "share", baci),
        "water": (water(data), "share of the limits in both rivers", "share", limits),
        "energy": ({s: ENERGY[s][0] for s in STATES}, "electricity short or bought abroad", "share of use", ""),
        "borders": (
            borders(people),
            "border with others of the six",
            "km per million people",
            "borders.csv; population World Bank 2023, CC BY 4.0",
        ),
        "transport": (TRANSPORT, "distance from open sea", "coded 0 to 1", "coded: landlocked status (CEPII GeoDist)"),
        "security": (security(), "armed incidents, and five for an Afghan border", "count", "coded from events.csv"),
        "voice": (
            {s: 1 - size[s] for s in STATES},
            "one less the share of the six states' GDP",
            "share",
            "coded: small states gain most by speaking together; Gapminder, CC BY 4.0",
        ),
    }
    rows = []
    for state in STATES:
        scores = {issue: FLOOR + table[0][state] / max(table[0].values()) for issue, table in tables.items()}
        for issue, (figures, indicator, unit, source) in tables.items():
            rows.append(
                {
                    "state": state,
                    "issue": issue,
                    "indicator": indicator,
                    "figure": f"{figures[state]:.4g}",
                    "unit": unit,
                    "weight": scores[issue] / sum(scores.values()),
                    "source": source or ENERGY[state][1],
                }
            )
        own = rows[-len(tables) :]
        for row in own:
            row["weight"] = round(row["weight"], 4)
        own[-1]["weight"] = round(1 - sum(row["weight"] for row in own[:-1]), 4)
        print(state, {row["issue"]: row["weight"] for row in own})
    write("issue_weights", rows)


if __name__ == "__main__":
    main()
