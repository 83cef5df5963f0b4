#!/usr/bin/env python
"""Django's command line for this installation."""

import os
import sys

from django.core.management import execute_from_command_line

WITHOUT_DATABASE = {"slots"}
"""Commands that never connect: for them no embedded database is started."""

if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    if WITHOUT_DATABASE.intersection(sys.argv[1:2]):
        os.environ.setdefault("DATABASE_URL", "postgresql:///none")
    execute_from_command_line(sys.argv)
