"""What every test stands on: a database for tests, no deadlines, no warnings.

The embedded server's files are in `.data/test`; OPENMENTOR_DATA names another folder, so that
two runs can go on side by side, and DATABASE_URL another server.
"""

import os
from pathlib import Path

import django
from django.conf import settings as installation
from hypothesis import HealthCheck, settings

ROOT = Path(__file__).resolve().parent.parent

os.environ["OPENMENTOR_TESTING"] = "1"
os.environ.setdefault("OPENMENTOR_DATA", str(ROOT / ".data" / "test"))
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
# Playwright's loop runs in the thread of the browser tests, which ask the database too.
os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "1"
django.setup()
installation.STATIC_ROOT.mkdir(parents=True, exist_ok=True)  # WhiteNoise warns without one.

pytest_plugins = ["tests.cast", "tests.standins"]

# A slow machine is not a wrong answer, so no test has a deadline.
settings.register_profile("laptop", deadline=None, max_examples=50)
settings.register_profile("ci", settings.get_profile("laptop"), derandomize=True, database=None)
settings.register_profile(
    "all",
    deadline=None,
    max_examples=2000,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)
if os.environ.get("OPENMENTOR_ALL"):
    settings.load_profile("all")
else:
    settings.load_profile("ci" if os.environ.get("CI") else "laptop")
