"""The page of findings: what became of each claim, in sentences, and what the model cannot speak to."""

import math
from collections.abc import Sequence
from pathlib import Path

from sim.studies.experiment import ClaimResult
from sim.studies.page import as_markdown

OPENING = """# Findings

What the literature claims about Central Asian integration, put to the test in the model: who says it, what was tried,
what came of it, and whether that means anything. The page is made by one command,

```sh
casim claims --all --findings docs/findings.md
```

and says what the model says, not what is true of the region. *Supported*: the record gives the effect also where no
sign is assumed, and without the record it is open. *Assumed*: the model agrees because it was built to. *Not
identified*: neither the record nor the model can tell. *Contradicted*: the record puts the effect elsewhere. The
rule, and how often it is right where the truth is known, stand in [how to test a claim](how-to/claims.md).
"""

CLOSING = """
## What the model cannot speak to

The source texts say much that has no counterpart here. No run can support or refute the following.

- **Identity as such.** Kinship of peoples, a shared past rediscovered, language, religion, national claims to
  medieval scholars, what the young feel (texts 000, paragraph 7; 001, paragraph 9; 004, lines 50 to 90). Identity is
  two numbers with assumed coefficients.
- **Motives.** Whether a state holds back from doubt, pride, prudence or a border; whether a treaty is meant. The
  model has one doubt, one openness and one blocker a state.
- **How strong rival regions are.** Turkic, Eurasian and Islamic projects, the Organization of Turkic States, the
  Eurasian Union and the Shanghai Organization seek the same states (004, lines 50 to 58 and 98 to 108). Members and
  eligible states are facts; how much membership holds a state back is drawn with either sign, so claim 30 can only say
  what would follow. Why a society turns to one identity rather than another is not in the model at all.
- **Why the Central Asian Union was absorbed** (004, lines 24 and 98). A mechanism says how (claim 29, and
  [model.md](model.md), 7.10), but it happened once, and what the power wanted is assumed by it.
- **Patience and precedent.** That waiting builds trust, that one summit's form is copied at the next, that bilateral
  councils are blueprints (004, lines 178 and 204). Nothing in the equations learns from a form.
- **What institutions do inside states**: harmonised laws, parliaments' oversight, chambers, networks of officials
  (004, lines 140 to 176).
- **Gains that are not trade**: investment, joint ventures, technology, bargaining power, security of transit (000,
  002, 003).
- **Security**: extremism, narcotics, Afghanistan beyond its water, defence spending, foreign intervention in local
  violence (004, lines 282 to 298). No outside power ever intervenes.
- **Farming, salinity, glaciers by valley, the quality of water** (002, paragraph 6; 004, line 316).
- **What American attention buys** (003): investment, visits and training are one effect on the worth of treaties, a
  summit with the five one on the regional process, both drawn with either sign.
- **Ought-statements**: that all should benefit, that outside help be given on request (002, paragraph 13; 004, lines
  324 to 332).
"""


def rival_line(results: Sequence[ClaimResult]) -> list[str]:
    """Log scores of the two explanations of Tajikistan's absence from the treaty of 2022, claims 3 and 4."""
    for result in results:
        if result.claim.id == "04-scepticism":
            doubt, border = (math.log(max(share, 1e-3)) for share in (result.tests[0].ours, result.tests[0].theirs))
            better = "doubt" if doubt > border else "the border"
            return [
                "",
                "## Two explanations of one absence",
                "",
                f"That Tajikistan had not signed by June 2025 has a log score of {doubt:.2f} under doubt (claim 4) "
                f"and of {border:.2f} with the border as it was (claim 3): the record is kinder to {better} by "
                f"{abs(doubt - border):.2f} nats. It is one decision of one state; less than two nats decide nothing.",
            ]
    return []


def as_findings(
    results: Sequence[ClaimResult],
    lines: Sequence[str],
    folder: Path,
    pictures: dict[str, bytes],
    split: Sequence[str] = (),
) -> str:
    """The page, with the lines on the split of 2022 if they were made.

    Pictures are written to ``pictures/findings-NAME.png`` in its folder.
    """
    (folder / "pictures").mkdir(parents=True, exist_ok=True)
    paths = {}
    for name, data in pictures.items():
        target = folder / "pictures" / f"findings-{name or 'all'}.png"
        target.write_bytes(data)
        paths[name] = f"pictures/{target.name}"
    return "\n".join([OPENING, as_markdown(results, lines, paths), *rival_line(results), *split, CLOSING])
