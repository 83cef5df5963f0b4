"""Brings a data folder up to date before anything is served: tables, static files, the demo."""

import hashlib
import os
from pathlib import Path

import django
from django.conf import settings
from django.contrib.staticfiles.finders import get_finders
from django.core.management import call_command
from django.db import connection
from django.db.migrations.executor import MigrationExecutor


def prepare() -> None:
    """Do what is still to be done; a second call finds nothing to do and is quick."""
    executor = MigrationExecutor(connection)
    if executor.migration_plan(executor.loader.graph.leaf_nodes()):
        print("Preparing the database (once).", flush=True)
        call_command("migrate", verbosity=0)
    collect_static()
    if settings.DEMO:
        call_command("demo")


def collect_static() -> None:
    """Copy, fingerprint and compress the static files if any of them changed."""
    stamp = Path(settings.STATIC_ROOT) / ".stamp"
    present = fingerprint()
    if settings.WHITENOISE_USE_FINDERS or (stamp.exists() and stamp.read_text() == present):
        return
    print("Preparing the static files (once).", flush=True)
    call_command("collectstatic", verbosity=0, interactive=False, clear=True)
    stamp.write_text(present)


def fingerprint() -> str:
    """Names, sizes and times of all static files, as one short text."""
    files = hashlib.sha256()
    for finder in get_finders():
        for name, storage in finder.list([]):
            facts = Path(storage.path(name)).stat()
            files.update(f"{name} {facts.st_size} {facts.st_mtime_ns}\n".encode())
    return files.hexdigest()


if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    django.setup()
    prepare()
