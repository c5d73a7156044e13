"""What a reader asks about: an answer to an accord, a step of a pair, a dispute over water, a clash on a border."""

import difflib
from collections.abc import Sequence
from dataclasses import dataclass

from sim.outcomes import Catalogue
from sim.runs import OutputError
from sim.words import RUNGS, STATES, named


@dataclass(frozen=True)
class Target:
    """One decision of one or two states.

    kind : accord, rung, dispute or clash
    states : the state that answers; the pair; downstream and upstream state
    instrument : accord or rung, empty for conflict
    title : what it is called
    column : outcome column that dates or counts it
    """

    kind: str
    states: tuple[str, ...]
    instrument: str
    title: str
    column: str

    @property
    def is_dated(self) -> bool:
        """Whether it happens once, so that there is a date to tell."""
        return self.kind in ("accord", "rung")


def _known(what: str, given: str, known: Sequence[str]) -> str:
    """The name that was meant, or OutputError with what there is and what is nearest."""
    if given in known:
        return given
    near = difflib.get_close_matches(given, known, 1, 0.4)
    guess = f"  Did you mean {near[0]}?" if near else ""
    raise OutputError(f"{what} {given!r} is not one of this run.  Known: {', '.join(known)}.{guess}")


def _pair(given: str, dyads: Sequence[str]) -> str:
    """A pair in the order in which the run names it."""
    turned = "-".join(reversed(given.upper().split("-")))
    return turned if turned in dyads else _known("pair", given.upper(), dyads)


def parse_target(
    catalogue: Catalogue,
    state: str | None = None,
    instrument: str | None = None,
    dyad: str | None = None,
    rung: str | None = None,
    dispute: str | None = None,
    clash: str | None = None,
) -> Target:
    """The decision that the options of the command name; OutputError if they name none, or more than one."""
    asked = [bool(state or instrument), bool(dyad or rung), bool(dispute), bool(clash)]
    if sum(asked) != 1:
        raise OutputError(
            "Ask about one thing: --state STATE --instrument ACCORD, --dyad A-B --rung RUNG, "
            "--dispute DOWN-UP or --clash A-B."
        )
    if asked[0]:
        return _accord(catalogue, state, instrument)
    if asked[1]:
        if not (dyad and rung):
            raise OutputError(f"--dyad and --rung go together.  Rungs: {', '.join(catalogue.rungs)}.")
        pair, step = _pair(dyad, catalogue.dyads), _known("rung", rung, catalogue.rungs)
        title = f"{named(pair)}: {RUNGS.get(step, step)}"
        return Target("rung", tuple(pair.split("-")), step, title, f"rung_month.{pair}.{step}")
    if dispute:
        pair = _known("pair of downstream and upstream state", dispute.upper(), catalogue.region.disputes)
        down, up = pair.split("-")
        title = f"A dispute of {STATES[down]} with {STATES.get(up, up)} over water"
        return Target("dispute", (down, up), "", title, f"disputes.{pair}")
    pair = _pair(clash or "", catalogue.dyads)
    return Target("clash", tuple(pair.split("-")), "", f"A clash on the border {named(pair)}", f"clashes.{pair}")


def _accord(catalogue: Catalogue, state: str | None, instrument: str | None) -> Target:
    if not (state and instrument):
        raise OutputError("--state and --instrument go together, as in --state STATE --instrument ACCORD.")
    accords = {accord.id: accord for accord in catalogue.accords}
    name = _known("instrument", instrument, list(accords))
    party = _known(f"state (party of {name})", state.upper(), accords[name].parties)
    title = f"{STATES[party]} and the “{accords[name].title}”"
    return Target("accord", (party,), name, title, f"signed_month.{name}.{party}")
