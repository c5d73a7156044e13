"""What the calibrated river numbers are fitted to: observed figures, the model's, and how near they should come."""

import numpy as np

from sim.facts import Rivers

FIRST, LAST = 2020 * 12 + 7, 2025 * 12 + 5  # August 2020, when a storage of Toktogul is known, to June 2025
START = {
    "toktogul": 14.6,
    "nurek": 9.9,
    "kairakkum": 2.4,
    "shardara": 1.2,
    "koksarai": 0.0,
    "tuyamuyun": 4.5,
    "andijan": 0.4,
    "charvak": 1.3,
}
YEARBOOKS = (2021, 2023, 2024)


def toktogul(rivers: Rivers, history) -> list[tuple[str, float, float, float]]:
    """(name, observed, modelled, tolerance) for every dated storage since October 2020 and two monthly releases."""
    storage = history.node("storage", "toktogul")
    rows = []
    for row in rivers.observations:
        if row.series == "toktogul_storage" and "2020-10" <= row.date[:7] <= "2025-06":
            year, month, day = (int(part) for part in row.date.split("-"))
            rows.append((f"Toktogul {row.date}", row.value, history.on(storage, year, month, day), 0.4))
    release = history.node("release", "toktogul")
    for month, flow, days in ((2, 690.0, 29), (3, 264.0, 31)):
        volume = flow * 86400 * days / 1e9
        rows.append((f"Toktogul release 2024-{month:02d}", volume, history.total(release, 2024, month, month), 0.3))
    return rows


def observed(rivers: Rivers, series: str, date: str) -> float:
    """The observed value of a series on a date."""
    return next(row.value for row in rivers.observations if row.series == series and row.date == date)


def nurek(rivers: Rivers, history) -> list[tuple[str, float, float, float]]:
    """Releases of Nurek in the three yearbooks, for the year and for April to September."""
    release = history.node("release", "nurek")
    rows = []
    for year in YEARBOOKS:
        rows.append((f"Nurek {year}", observed(rivers, "nurek_release", str(year)), history.total(release, year), 0.4))
        summer = observed(rivers, "nurek_release_apr_sep", str(year))
        rows.append((f"Nurek {year} Apr-Sep", summer, history.total(release, year, 4, 9), 0.4))
    return rows


def amu(rivers: Rivers, history) -> list[tuple[str, float, float, float]]:
    """Tuyamuyun, withdrawals by state and the delta."""
    rows = []
    for name, quantity in (("inflow", "arrived"), ("release", "release")):
        series = history.node(quantity, "tuyamuyun")
        for year in YEARBOOKS:
            found = observed(rivers, f"tuyamuyun_{name}", str(year))
            rows.append((f"Tuyamuyun {name} {year}", found, history.total(series, year), 0.8))
            if not (name == "inflow" and year == 2021):
                summer = observed(rivers, f"tuyamuyun_{name}_apr_sep", str(year))
                rows.append((f"Tuyamuyun {name} {year} Apr-Sep", summer, history.total(series, year, 4, 9), 0.8))
    for year in (2022, 2023):
        for state in ("TJK", "TKM", "UZB"):
            found = observed(rivers, f"amudarya_withdrawal_{state}", str(year))
            rows.append((f"Amu withdrawal {state} {year}", found, withdrawal(rivers, history, state, year), 0.5))
    total = sum(withdrawal(rivers, history, state, 2024) for state in ("TJK", "TKM", "UZB"))
    rows.append(("Amu withdrawal all 2024", observed(rivers, "amudarya_withdrawal_ALL", "2024"), total, 0.6))
    sea = history.node("arrived", "large_aral")
    rows.append(("Delta 2022", observed(rivers, "amudarya_delta_supply", "2022"), history.total(sea, 2022), 0.6))
    highest = max(history.total(sea, year) for year in (2022, 2023, 2024))
    found = observed(rivers, "amudarya_delta_supply_max", "2022-2024")
    rows.append(("Delta, highest of 2022–24", found, highest, 0.6))
    return rows


def syr(rivers: Rivers, history) -> list[tuple[str, float, float, float]]:
    """Withdrawals above Shardara, storages of October 2020 and the Northern Aral."""
    users = [node.id for node in rivers.of_kind("demand") if node.river == "Syr Darya" and node.id != "d_kaz_lower"]
    taken = history.users("delivered", *users)
    rows = []
    for year in (2022, 2023, 2024):
        found = observed(rivers, "syrdarya_withdrawal_above_shardara", str(year))
        rows.append((f"Syr withdrawal {year}", found, history.total(taken, year), 0.4))
    for name in ("kairakkum", "shardara"):
        found = observed(rivers, f"{name}_storage", "2020-10-20")
        rows.append((f"{name.title()} 2020-10-20", found, history.on(history.node("storage", name), 2020, 10, 20), 0.5))
    sea = history.node("arrived", "north_aral")
    rows.append(("Northern Aral 2022", observed(rivers, "northern_aral_inflow", "2022"), history.total(sea, 2022), 0.5))
    found = observed(rivers, "northern_aral_inflow", "2024-01..06")
    rows.append(("Northern Aral 2024 Jan-Jun", found, history.total(sea, 2024, 1, 6), 0.4))
    highest = max(history.total(sea, year) for year in (2022, 2023, 2024))
    found = observed(rivers, "northern_aral_inflow_max", "2022-2024")
    rows.append(("Northern Aral, highest of 2022–24", found, highest, 0.6))
    return [*rows, *winters(rivers, history)]


def winters(rivers: Rivers, history) -> list[tuple[str, float, float, float]]:
    """The middle Syr Darya outside the growing season: what reaches its two reservoirs."""
    shardara, kairakkum = (history.node("arrived", name) for name in ("shardara", "kairakkum"))
    autumn, next_autumn = (history.total(shardara, year, 10, 12) for year in (2023, 2024))
    winter, year = (autumn + history.total(shardara, 2024, 1, last) for last in (3, 9))
    rows = []
    for date, ours, tolerance in (
        ("2023-10..2024-03", winter, 1.1),  # agreed in advance
        ("2023-10..2024-09", year, 1.1),
        ("2024-04..05", history.total(shardara, 2024, 4, 5), 0.3),
        ("2024-10..2025-04", next_autumn + history.total(shardara, 2025, 1, 4), 0.6),
    ):
        rows.append((f"Shardara inflow {date}", observed(rivers, "shardara_inflow", date), ours, tolerance))
    release = history.node("release", "kairakkum")
    december = np.mean([history.total(release, year, 12, 12) for year in range(FIRST // 12, LAST // 12)])
    norm = observed(rivers, "kairakkum_release_norm", "2017-12") * 86400 * 31 / 1e9
    rows.append(("Kairakkum release, December", norm, float(december), 0.15))
    for name, series, flow in (("Kairakkum", "kairakkum_inflow", kairakkum), ("Shardara", "shardara_inflow", shardara)):
        month = observed(rivers, series, "2020-10-11..20") / 1000.0 * 3.1  # from ten days to the month
        rows.append((f"{name} inflow 2020-10", month, history.total(flow, 2020, 10, 10), 0.3))
    return rows


def withdrawal(rivers: Rivers, history, state: str, year: int) -> float:
    """Water a state took from the Amu Darya in a year, km3."""
    users = [node.id for node in rivers.of_kind("demand") if state in node.states and node.river == "Amu Darya"]
    return history.total(history.users("delivered", *users), year)
