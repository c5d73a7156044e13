"""Answers at risk: every chance that a state had to sign an accord, as the model would have asked it.

A party that has not signed is asked at each summit of the accord's process while the text lies on the table
(`sim.processes.accords.answer_summits`); between summits it may accede to an opt-in accord that somebody has signed. A
summit at which a state sat and neither signed nor refused is an answer too: a silent no. What it has left unsigned once
it takes up again only now and then. Under unanimity silence only
says that not all were willing. States that the record does not seat at a summit are not asked there, and proposals
without a text are not on the table. A documented answer without a summit in the record counts as one at a summit.
"""

from dataclasses import dataclass

import numpy as np

from sim.facts.rows import month_of
from sim.inference.covariates import Panel
from sim.inference.observations import Answer, History
from sim.inference.risk_sets import Rows, block_begins

MOST_ROUNDS = 6  # a text that so many summits left unsigned under unanimity is off the table (the record: 2 at most)
SUMMIT, ACCESSION, JOINT = 0, 1, 2  # asked alone, joining between summits, asked together under unanimity
_FIELDS = ("accord", "state", "month", "kind", "round", "outcome", "window", "silent", "signed")


@dataclass(frozen=True, eq=False)
class AnswerRows(Rows):
    """Chances ordered by accord, state and month, a summit before an accession.

    accord, state, month : whose chance, at what, when
    kind : SUMMIT, ACCESSION or JOINT; round : number of the summit among those of the state, or of the joint decision
    outcome : 1 signed, 0 did not; of a JOINT chance, whether the accord was adopted at that summit
    window : 1 where the state signed at one of its chances in some months, it is not known which
    silent : 1 where the record has no answer of its own
    value : worth without openness and blocker; shape : blocker per unit of sensitivity; share : of others that signed
    opened : 1 where the text was opened to whoever would sign; leader : row of the table of leaders
    """

    accord: np.ndarray
    state: np.ndarray
    month: np.ndarray
    kind: np.ndarray
    round: np.ndarray
    outcome: np.ndarray
    window: np.ndarray
    silent: np.ndarray
    value: np.ndarray
    shape: np.ndarray
    share: np.ndarray
    opened: np.ndarray
    leader: np.ndarray
    ids: np.ndarray

    def pairs(self) -> np.ndarray:
        """Where each pair of accord and state begins, and the end of the last."""
        return block_begins(self.accord, self.state)

    def joint_groups(self) -> np.ndarray:
        """(pair,) the accord if the pair's answers belong to a joint decision, else -1."""
        begins = self.pairs()[:-1]
        return np.where(self.kind[begins] == JOINT, self.accord[begins], -1).astype(np.int64)


def answer_rows(panel: Panel, history: History) -> AnswerRows:
    """All chances of a history."""
    lines, ids = [], []
    for m, accord in enumerate(panel.accords):
        answers = [answer for answer in history.answers if answer.accord == m]
        if accord.documented and not accord.proposal:
            for line, id_ in _accord_lines(panel, m, answers):
                lines.append(line)
                ids.append(id_)
    table = np.array(lines, np.int64).reshape(-1, len(_FIELDS))
    order = np.lexsort((table[:, 3], table[:, 2], table[:, 1], table[:, 0]))
    columns = dict(zip(_FIELDS, table[order].T.copy()))
    signed = columns.pop("signed")
    t, m, i = columns["month"] - panel.first, columns["accord"], columns["state"]
    parties = np.array([len(accord.parties) for accord in panel.accords])
    return AnswerRows(
        **columns,
        value=panel.accord_value[t, m, i],
        shape=panel.accord_shape[t, m, i],
        share=signed / (parties[m] - 1.0),
        opened=opened_texts(panel)[m],
        leader=panel.leader[t, i],
        ids=np.array(ids, dtype=str)[order],
    )


def every_answer(panel: Panel, m: int) -> AnswerRows:
    """A row for every month and state, in this order, of what an accord is worth where nobody has signed."""
    t, state = (each.ravel() for each in np.indices((panel.n_months, len(panel.states))))
    none = np.zeros(len(t), np.int64)
    value, shape = panel.accord_value[t, m, state], panel.accord_shape[t, m, state]
    leader, month = panel.leader[t, state], panel.first + t
    opened = 0.0 * none + opened_texts(panel)[m]
    return AnswerRows(
        none + m, state, month, none, none, none, none, none, value, shape, 0.0 * none, opened, leader, none
    )


def opened_texts(panel: Panel) -> np.ndarray:
    """(accord,) 1 where a text of the record was opened to whoever would sign."""
    return np.array([float(accord.opened) for accord in panel.accords])


def summits_of(panel: Panel, m: int, answers: list[Answer]) -> dict[int, set[int]]:
    """Month -> states that sat at a summit where accord m lay on the table, documented answers included."""
    opens, ends = max(month_of(panel.accords[m].opens), panel.first), min(panel.lapses[m], panel.end)
    seats: dict[int, set[int]] = {}
    for meeting in panel.meetings:
        if meeting.slot == panel.slot[m] and opens <= meeting.month < ends:
            seats.setdefault(meeting.month, set()).update(meeting.attending)
    for answer in answers:
        if answer.kind in ("signature", "refusal"):
            seats.setdefault(answer.month, set()).add(answer.state)
    return {month: seats[month] for month in sorted(seats)}


def _accord_lines(panel: Panel, m: int, answers: list[Answer]):
    """Lines of all parties of one accord."""
    accord = panel.accords[m]
    parties = [panel.states.index(party) for party in accord.parties]
    joined = {}
    for answer in answers:
        if answer.kind in ("signature", "accession"):
            joined.setdefault(answer.state, answer)  # a second signature of the same state is not a decision
    seats = summits_of(panel, m, answers)
    if accord.rule == "unanimity":
        yield from _joint_lines(m, parties, joined, seats)
        return
    ends = min(panel.lapses[m], panel.end)
    for state in parties:
        said = [answer for answer in answers if answer.state == state]
        yield from _own_lines(m, state, parties, joined, seats, said, ends)


def _joint_lines(m: int, parties: list[int], joined: dict[int, Answer], seats: dict[int, set[int]]):
    """Chances under unanimity: until the month of adoption, all that sit there are asked at once."""
    adopted = min((answer.month for answer in joined.values()), default=10**6)
    rounds = [month for month in seats if month <= adopted][:MOST_ROUNDS]
    for number, month in enumerate(rounds):
        for state in parties:
            if state in seats[month]:  # whoever signed is seated
                last = int(month == adopted)
                id_ = joined[state].id if last and state in joined else ""
                yield (m, state, month, JOINT, number, last, 0, 1 - last, 0), id_


def _own_lines(m, state, parties, joined, seats, said: list[Answer], ends: int):
    """Chances of one state under opt-in, up to its signature or the accord's end."""
    signature = joined.get(state)
    refused = {answer.month: answer.id for answer in said if answer.kind == "refusal"}
    until = min(ends - 1, signature.last if signature else ends)
    window = (signature.first, signature.last) if signature and signature.kind == "accession" else None
    spread = window is not None and window[0] < window[1]
    asked = 0
    for month in range(min(seats, default=ends), until + 1):
        inside = int(spread and window[0] <= month <= window[1])
        before = sum(1 for other in parties if other in joined and other != state and joined[other].month < month)
        # whoever signs at a summit is seen by those that may accede in its month; accessions of one month are not
        by_now = before + sum(
            1
            for other in parties
            if other in joined and other != state and joined[other].month == month and joined[other].kind == "signature"
        )
        signs_here = signature is not None and signature.month == month and signature.kind == "signature"
        if state in seats.get(month, ()):
            silent = int(not signs_here and month not in refused)
            id_ = signature.id if signs_here else refused.get(month, "")
            yield (m, state, month, SUMMIT, asked, int(signs_here), inside, silent, before), id_
            asked += 1
        if signs_here:
            return
        if by_now > 0:
            accedes = signature is not None and not inside and signature.month == month
            id_ = signature.id if signature is not None and signature.month == month else ""
            yield (m, state, month, ACCESSION, 0, int(accedes), inside, int(not id_), by_now), id_
            if accedes:
                return
