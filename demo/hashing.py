"""How the demo's passwords are kept: quickly, since everybody may know them.

A sign-in hashes the password anew with the installation's own cost.
"""

from django.contrib.auth.hashers import Argon2PasswordHasher


class QuickHasher(Argon2PasswordHasher):
    """Argon2 at its least cost: forty accounts in no time."""

    time_cost = 1
    memory_cost = 64
    parallelism = 1
