"""How hard the properties are tried: the same few examples each time, or many with OPENMENTOR_ALL."""

import os

from hypothesis import settings

settings.register_profile("few", max_examples=60, derandomize=True, deadline=None, database=None)
settings.register_profile("many", max_examples=2000, deadline=None, database=None)
settings.load_profile("many" if os.environ.get("OPENMENTOR_ALL") else "few")
