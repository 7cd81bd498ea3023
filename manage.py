#!/usr/bin/env python3
"""The one door to Muniment: `up` runs it, `test` tests it, `help` lists the rest."""

from __future__ import annotations

import os
import sys

if sys.version_info < (3, 11):  # noqa: UP036 - an older Python must get a sentence, not a traceback
    sys.exit(f"Muniment needs Python 3.11 or newer; {sys.executable} is {sys.version.split()[0]}.")

from console import bootstrap


def main() -> int:
    """Run the command of the command line inside an environment that has the packages."""
    command = sys.argv[1] if len(sys.argv) > 1 else ""
    bootstrap.enter(command)
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    if command in bootstrap.PLAIN_COMMANDS:
        return bootstrap.run_plain(command, sys.argv[2:])
    from django.core.management import execute_from_command_line

    execute_from_command_line(sys.argv)
    return 0


if __name__ == "__main__":
    sys.exit(main())
