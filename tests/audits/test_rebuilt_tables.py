"""Decisions and results of before keep all that they tell when their tables are rebuilt."""

from __future__ import annotations

import json
import os
import subprocess
import sys

import pytest
from django.conf import settings
from django.db import connection

pytestmark = [pytest.mark.django_db, pytest.mark.slow]


def test_rows_go_back_to_the_wide_table_and_forth_again() -> None:
    database = "sqlite" if connection.vendor == "sqlite" else "postgres"
    done = subprocess.run(
        [sys.executable, "-m", "tests.audits.rebuilt_tables", database],
        cwd=settings.BASE_DIR,
        env={"PATH": os.environ["PATH"]},
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
    )

    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout.strip().splitlines()[-1]) == {
        "wide_is_same": True,
        "is_same": True,
        "results_are_same": True,
        "packs_are_same": True,
        "packs_cover": [2, 1],
        "decisions": 4,
        "evaluations": 2,
        # What was answered before is not used again, for its evaluation has no key.
        "after_a_scan": 8,
    }
