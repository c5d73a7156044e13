"""A small documented world for tests of scenarios: only the tables and columns that they are checked against."""

from functools import cache
from types import SimpleNamespace as Row

from sim.facts.rows import Parameter

NAMES = {
    "AZE": "Azerbaijan",
    "KAZ": "Kazakhstan",
    "KGZ": "Kyrgyzstan",
    "TJK": "Tajikistan",
    "TKM": "Turkmenistan",
    "UZB": "Uzbekistan",
}


@cache
def facts():
    states = ("AZE", "KAZ", "KGZ", "TJK", "TKM", "UZB")
    five = states[1:]
    return Row(
        states=tuple(Row(id=state, name=NAMES[state]) for state in states),
        powers=tuple(Row(id=power, name=power.lower()) for power in ("RUS", "CHN", "USA", "EUU", "TUR", "IRN")),
        formats=(
            Row(id="consultative", parties=five),
            Row(id="ferghana", parties=("KGZ", "TJK", "UZB")),
            Row(id="bilateral", parties=states),
        ),
        accords=(
            Row(id="friendship-2022", parties=five),
            Row(id="roadmap", parties=five),
            Row(id="silk-visa", parties=("KAZ", "UZB")),
        ),
        rungs=tuple(Row(id=rung) for rung in ("friendship", "partnership", "alliance")),
        events=(),
        borders=tuple(
            Row(state_a=a, state_b=b)
            for a, b in (
                ("KAZ", "KGZ"),
                ("KAZ", "TKM"),
                ("KAZ", "UZB"),
                ("KGZ", "TJK"),
                ("KGZ", "UZB"),
                ("TJK", "UZB"),
                ("TKM", "UZB"),
            )
        ),
        trade_economies=tuple(Row(id=economy) for economy in (*states, "AFG", "MNG", "RUS", "CHN", "USA", "ROW")),
        trade_corridors=(Row(id="trans-caspian"), Row(id="northern-route")),
        unions=(Row(id="EAEU"),),
        union_members=lambda union: ("KAZ", "KGZ", "RUS"),
        parameters=(
            parameter("trust.loss_aversion", 1.5, 1, 4, unit="ratio", meaning="How many times a loss counts as a gain"),
            parameter("trust.decay", 0.012, 0.005, 0.03, unit="per month"),
            parameter("ladder.alliance", -6.34, -12, 0, unit="log per month", spread=0.65),
            parameter("ladder.open_ended", 1.0, None, None, unit="log hazard"),
            parameter("treaties.rule", "documented", None, None, unit="choice", prior="documented|unanimity|opt-in"),
        ),
    )


def parameter(name, value, lower, upper, unit, prior="fixed", spread=None, meaning="A parameter"):
    return Parameter(
        name=name,
        meaning=meaning,
        unit=unit,
        value=value,
        prior=prior,
        lower=lower,
        upper=upper,
        spread=spread,
        source="a source",
        status="fixed",
    )
