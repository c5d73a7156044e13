"""Settings shared by all tests: no deadlines, since the first call of a compiled function compiles it."""

from hypothesis import settings

settings.register_profile("casim", deadline=None, max_examples=50)
settings.load_profile("casim")
