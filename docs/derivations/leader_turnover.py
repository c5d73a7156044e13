"""states.csv, column leader_turnover: changes of the head of state a year, shrunk towards the six states together.

Gamma-Poisson: (changes + STRENGTH x pooled rate) / (years + STRENGTH), so a state with one change in 33 years is not
taken to change almost never. The pooled rate counts as STRENGTH years of observation.
"""

from collections import Counter

from common import STATES, TABLES, read, write

YEARS = 33 + 7 / 12  # January 1992 to July 2025
STRENGTH = 20


def main() -> None:
    terms = Counter(row["state"] for row in read(TABLES / "leaders.csv"))
    changes = {state: terms[state] - 1 for state in STATES}
    pooled = sum(changes.values()) / (YEARS * len(STATES))
    rows = read(TABLES / "states.csv")
    for row in rows:
        row["leader_turnover"] = round((changes[row["id"]] + STRENGTH * pooled) / (YEARS + STRENGTH), 4)
    write("states", rows)
    print(f"pooled {pooled:.4f}", changes)


if __name__ == "__main__":
    main()
