"""Results of claims in plain words: figures, and two or three sentences on each claim."""

import math

from sim.studies.estimate import Estimate
from sim.studies.experiment import ClaimResult, TestResult
from sim.studies.verdict import ASSUMED, CONTRADICTED, OPEN, SUPPORTED

_MEANS = {
    SUPPORTED: "The record supports the claim.",
    ASSUMED: "The model agrees, but because it was built so.",
    OPEN: "Neither the record nor the model can tell.",
    CONTRADICTED: "The record speaks against the claim.",
}


def number(value: float, probability: bool = False) -> str:
    """A figure to three digits that matter; probabilities in percentage points."""
    if not math.isfinite(value):
        return "–"
    if probability:
        return f"{100 * value:.1f}".replace("-", "−")
    digits = max(0, 2 - math.floor(math.log10(abs(value)))) if value else 0
    return f"{value:,.{min(digits, 5)}f}".replace("-", "−")


def effect(found: Estimate, result: TestResult) -> str:
    """An effect with its 90 % interval and unit."""
    p = result.is_probability
    unit = " points" if p else f" {result.test.unit}" if result.test.unit else ""
    return f"{number(found.value, p)} [{number(found.low, p)}, {number(found.high, p)}]{unit}"


def level(value: float, result: TestResult) -> str:
    """A level of the metric: a percentage, or a number with its unit."""
    if result.is_probability:
        return f"{number(value, True)} %"
    return f"{number(value)} {result.test.unit}".rstrip()


def claimed_side(result: TestResult) -> str:
    """What the test expects, in words."""
    by = result.test.matters
    amount = number(by, result.is_probability) + (
        " points" if result.is_probability else f" {result.test.unit}".rstrip()
    )
    return {
        "higher": f"higher by {amount} or more" if by else "higher",
        "lower": f"lower by {amount} or more" if by else "lower",
        "same": f"the same within {amount}",
        "not-higher": f"not higher by {amount}",
        "not-lower": f"not lower by {amount}",
    }[result.test.expected]


def test_sentence(result: TestResult) -> str:
    """What one test found."""
    test, found = result.test, result.effects["posterior"]
    what = test.what[0].upper() + test.what[1:]
    if test.against is None:
        first = (
            f"{what}: {level(result.ours, result)} in the arm *{test.arm}*, where the claim needs more than"
            if (test.expected == "higher")
            else f"{what}: {level(result.ours, result)} in the arm *{test.arm}*, where the claim needs less than"
        )
        first = f"{first} {level(test.bound, result)} (difference {effect(found, result)})."
    else:
        first = (
            f"{what}: {level(result.ours, result)} in the arm *{test.arm}* against {level(result.theirs, result)} in "
            f"*{test.against}*, a difference of {effect(found, result)}; the claim says {claimed_side(result)}."
        )
    prior, symmetric = result.effects["prior-only"], result.effects["symmetric"]
    second = f"Without the record it is {effect(prior, result)}, with no sign assumed {effect(symmetric, result)}."
    if result.placebos:
        name, strongest = max(result.placebos.items(), key=lambda each: abs(each[1].value))
        second += f" The strongest of {len(result.placebos)} placebos, {name}, gives {effect(strongest, result)}."
    return f"{first} {second}"


def verdict_sentence(found: ClaimResult) -> str:
    """What may be said of a claim, and why."""
    return f"{_MEANS[found.judgement.verdict]} {found.judgement.reason[0].upper()}{found.judgement.reason[1:]}."
