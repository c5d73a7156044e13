"""parameters.csv, succession.age: the rate at which leaders of 60 die, fall ill for good or retire.

    python docs/derivations/leaders.py

Ends by death or handover in term_ends.csv over the exposure at a Gompertz slope of one doubling in eight years; years
of birth are from general knowledge.
"""

import math
from datetime import date

from common import TABLES, read

SLOPE = math.log(2) / 8
BORN = {
    "Nursultan Nazarbayev": 1940,
    "Kassym-Jomart Tokayev": 1953,
    "Askar Akayev": 1944,
    "Kurmanbek Bakiyev": 1949,
    "Roza Otunbayeva": 1950,
    "Almazbek Atambayev": 1956,
    "Sooronbay Jeenbekov": 1958,
    "Sadyr Japarov": 1968,
    "Rahmon Nabiyev": 1930,
    "Emomali Rahmon": 1952,
    "Saparmurat Niyazov": 1940,
    "Gurbanguly Berdimuhamedov": 1957,
    "Serdar Berdimuhamedov": 1981,
    "Islam Karimov": 1938,
    "Shavkat Mirziyoyev": 1957,
    "Ayaz Mutallibov": 1938,
    "Abulfaz Elchibey": 1938,
    "Heydar Aliyev": 1923,
    "Ilham Aliyev": 1961,
}
FROM, TO = 1992.0, 2025.5


def years(day: str) -> float:
    """A date as years."""
    return date.fromisoformat(day).timetuple().tm_yday / 365.25 + int(day[:4])


def log_rate() -> float:
    """Log rate per year at 60, with half an end more than observed."""
    ends, exposure = 0.5, 0.0
    for row in read(TABLES / "term_ends.csv"):
        begin, end = max(years(row["since"]), FROM), years(row["until"]) if row["until"] else TO
        middle = BORN[row["name"]] + 60.5
        # the integral of exp(SLOPE * (age - 60)) over the years in office
        exposure += (math.exp(SLOPE * (end - middle)) - math.exp(SLOPE * (begin - middle))) / SLOPE
        ends += row["ended"] in ("death", "handover")
    return math.log(ends / exposure)


if __name__ == "__main__":
    print(f"succession.age: {log_rate():.2f}")
