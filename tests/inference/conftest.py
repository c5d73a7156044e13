"""The record's panel and posterior, made once."""

import numpy as np
import pytest

from sim.facts import load_facts
from sim.inference.covariates import panel_of
from sim.inference.observations import record
from sim.inference.posterior import posterior_of, priors_on


@pytest.fixture(scope="session")
def facts():
    return load_facts()


@pytest.fixture(scope="session")
def panel(facts):
    return panel_of(facts)


@pytest.fixture(scope="session")
def history(facts, panel):
    return record(facts, panel)


@pytest.fixture(scope="session")
def posterior(facts, panel, history):
    return posterior_of(panel, history, priors_on(facts, panel, history), facts)


@pytest.fixture
def vector(posterior):
    """Somewhere off the prior's centre."""
    x = np.array([prior.mean for prior in posterior.priors])
    x[8] = 0.8
    return x + 0.1 * np.cos(np.arange(len(x)))
