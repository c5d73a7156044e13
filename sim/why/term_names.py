"""What the terms of a decision are called, and in which unit its total is an even chance."""

import math

#: Terms of answers to accords and of steps between pairs (`sim.engine.decisions`).
TREATY = {
    "intercept": "How readily such a treaty is signed at all",
    "gain": "What it gains from the content, as far as it trusts the others",
    "vulnerability": "What it stands to lose if the others do not keep their word",
    "sovereignty": "Powers to be pooled while the state itself is being built",
    "pull": "The pull of outside powers",
    "blocker": "An open border dispute with a party",
    "openness": "Openness of the state and its leader",
    "scepticism": "Doubt that the scenario sets",
    "others": "Others that have signed",
    "capacity": "How far both states are built",
    "declared": "They have declared themselves allied",
    "wave": "The wave of the year, shared by all pairs",
    "attitude": "Its lasting attitude to treaties and to this one, refusals on record included",
    "process": "Momentum of regional summits",
    "turbulence": "Turbulence of the year",
    "summit": "They meet at a summit this month",
}
#: The same where two states decide together.
OF_A_PAIR = {
    "intercept": "How rare such a step is in any month",
    "gain": "What both gain from the content, as far as they trust each other",
    "vulnerability": "What both stand to lose if the other does not keep its word",
    "blocker": "An open dispute over their border",
    "openness": "Openness of both states and their leaders",
    "others": "Other pairs of theirs that hold such a treaty",
}
DISPUTE = {
    "intercept": "How rare such a dispute is in any month, and what this pair adds",
    "deficit": "Water that irrigation downstream lacked in the last twelve months",
    "trust": "Trust of the downstream state that the other keeps its word",
    "institution": "A working basin institution",
    "flood": "Water spilled onto the lower river this winter",
    "season": "April to September, when fields are watered",
    "openness": "Openness of both states and their leaders",
    "rivers": "Other rivers that they share",
}
CLASH = {
    "intercept": "How rare a clash is on any section, and what this one adds",
    "length": "Length of the line that is not settled",
    "settled": "Nothing is left to agree on but the enclaves",
    "season": "April to September, when pastures and water are used",
    "recent": "A clash within the last year",
    "trust": "Mutual trust",
    "frailty": "A restive year or a calm one, for reasons nobody records",
}


def words_of(kind: str) -> dict[str, str]:
    """Name of every term of a kind of decision, in the order in which the terms are added up."""
    tables = {"accord": TREATY, "rung": {**TREATY, **OF_A_PAIR}, "dispute": DISPUTE, "clash": CLASH}
    return tables[kind]


def even_total(kind: str) -> float:
    """The total at which the chance is even: at one summit for an accord, within a year for a monthly hazard."""
    return 0.0 if kind == "accord" else math.log(math.log(2.0) / 12.0)


def chance_at(kind: str, total: float) -> float:
    """The chance that a total means: at one summit for an accord, within twelve months like this one for the others."""
    if kind == "accord":
        return 1.0 / (1.0 + math.exp(-total))
    return -math.expm1(-12.0 * math.exp(total))


def occasion(kind: str) -> str:
    """What a chance is one of."""
    return "at one summit" if kind == "accord" else "within a year of such months"
