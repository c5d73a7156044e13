"""Answers of a few states to one accord against integrals that scipy works out, and derivatives against differences."""

import math

import numpy as np
import pytest
from scipy.integrate import quad
from scipy.stats import norm

from sim.inference.accord_answers import ACCESSION, JOINT, SUMMIT
from sim.inference.accord_likelihood import AnswerArrays, LaterChances, accord_log_likelihood
from sim.inference.likelihood import quadrature

NODES = quadrature(41)
LATER = LaterChances(accession=0.05, reconsider=0.2)
SD = 0.8


def arrays(lines, begins, joint):
    """Rows from lines (kind, round, outcome, window)."""
    kind, round_, outcome, window = np.array(lines).T
    return AnswerArrays(kind, outcome, round_, window, np.array(begins, np.int64), np.array(joint, np.int64))


def found(rows, logit, sd=SD):
    """Log-likelihood, and its derivatives by each log-odds and by the standard deviation of the attitude."""
    logit, slope = np.array(logit, float), np.empty(len(logit))
    total, by_sd = accord_log_likelihood(rows, logit, sd, LATER, *NODES, slope)
    assert accord_log_likelihood(rows, logit, sd, LATER, *NODES, np.empty(0))[0] == total
    return total, slope, by_sd


def check_slopes(rows, logit):
    """Derivatives against central differences."""
    logit = np.array(logit)
    _, slope, by_sd = found(rows, logit)
    for k in range(len(logit)):
        step = np.eye(len(logit))[k] * 1e-5
        assert slope[k] == pytest.approx((found(rows, logit + step)[0] - found(rows, logit - step)[0]) / 2e-5, abs=1e-7)
    assert by_sd == pytest.approx(
        (found(rows, logit, SD + 1e-5)[0] - found(rows, logit, SD - 1e-5)[0]) / 2e-5, abs=1e-7
    )


def over_attitude(chance):
    """Mean over the attitude of a chance, which takes a function from log-odds to willingness."""

    def at(u):
        return norm.pdf(u) * chance(lambda logit: 1 / (1 + math.exp(-(logit + SD * u))))

    return quad(at, -9, 9, epsabs=1e-13)[0]


def test_a_refusal_a_later_refusal_and_a_signature():
    logit = [-0.5, 0.3, 1.0]
    rows = arrays([(SUMMIT, 0, 0, 0), (SUMMIT, 1, 0, 0), (SUMMIT, 2, 1, 0)], [0, 3], [-1])
    expected = over_attitude(lambda p: (1 - p(-0.5)) * (1 - 0.2 * p(0.3)) * 0.2 * p(1.0))
    assert found(rows, logit)[0] == pytest.approx(math.log(expected), abs=1e-9)
    check_slopes(rows, logit)


def test_an_accession_in_one_of_three_months():
    logit = [-0.5, 0.3, 0.6, 1.0]
    rows = arrays([(SUMMIT, 0, 0, 0), *[(ACCESSION, 0, 0, 1)] * 3], [0, 4], [-1])
    a = LATER.accession

    def chance(p):
        quiet = [1 - a * p(x) for x in logit[1:]]
        months = a * p(0.3) + quiet[0] * a * p(0.6) + quiet[0] * quiet[1] * a * p(1.0)
        return months

    # what was left unsigned before the window counts as well
    rows_alone = arrays([(ACCESSION, 0, 0, 1)] * 3, [0, 3], [-1])
    assert found(rows_alone, logit[1:])[0] == pytest.approx(math.log(over_attitude(chance)), abs=1e-9)
    both = over_attitude(lambda p: (1 - p(-0.5)) * chance(p))
    assert found(rows, logit)[0] == pytest.approx(math.log(both), abs=1e-9)
    check_slopes(rows, logit)


def test_states_answer_for_themselves():
    rows = arrays([(SUMMIT, 0, 1, 0), (SUMMIT, 0, 0, 0)], [0, 1, 2], [-1, -1])
    yes, no = over_attitude(lambda p: p(0.4)), over_attitude(lambda p: 1 - p(-0.7))
    assert found(rows, [0.4, -0.7])[0] == pytest.approx(math.log(yes) + math.log(no), abs=1e-9)
    check_slopes(rows, [0.4, -0.7])


@pytest.mark.parametrize("adopted", [True, False])
def test_two_silent_summits_under_unanimity(adopted):
    summits = [(JOINT, 0, 0, 0), (JOINT, 1, 0, 0), *[(JOINT, 2, 1, 0)] * adopted]
    n = len(summits)
    logit = [0.2, 0.5, 1.0][:n] + [-0.3, 0.1, 0.7][:n]
    rows = arrays(summits * 2, [0, n, 2 * n], [7, 7])

    def both(which):
        """Chance that both states are willing in some summits, and at adoption."""
        which = [*which, *[2] * adopted]
        return math.prod(over_attitude(lambda p, s=s: math.prod(p(logit[s * n + k]) for k in which)) for s in (0, 1))

    expected = both([]) - both([0]) - both([1]) + both([0, 1])
    assert found(rows, logit)[0] == pytest.approx(math.log(expected), abs=1e-9)
    check_slopes(rows, logit)


def test_a_text_adopted_at_the_first_summit_and_one_never_asked():
    rows = arrays([(JOINT, 0, 1, 0), (JOINT, 0, 1, 0)], [0, 1, 2], [3, 3])
    expected = over_attitude(lambda p: p(0.2)) * over_attitude(lambda p: p(-0.4))
    assert found(rows, [0.2, -0.4])[0] == pytest.approx(math.log(expected), abs=1e-9)
    check_slopes(rows, [0.2, -0.4])


def test_what_was_impossible_has_no_likelihood():
    rows = arrays([(SUMMIT, 0, 1, 0)], [0, 1], [-1])
    assert found(rows, [-np.inf])[0] == -np.inf
