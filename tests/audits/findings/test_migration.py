"""Findings from before their story was kept get one, and lose nothing on the way there and back."""

from __future__ import annotations

import os
import sqlite3
import subprocess
import sys
from pathlib import Path

import pytest

pytestmark = pytest.mark.slow
ROOT = Path(__file__).resolve().parents[3]
LIVED = """
from audits.services import scans
from core.tasks import claim_and_run
from tests.factories import administrator, make_workspace
from tests.policies.estate import CLOSED, OPEN, assign, make_policy, submit
place = make_workspace("lived-in")
assign(make_policy(), place, "audit")
for names in ("ab", "b", "abc"):
    for name in "abc":
        submit(place, OPEN if name in names else CLOSED, external_id=name)
    scans.start(actor=administrator(), workspaces=["lived-in"])
    while claim_and_run():
        pass
submit(place, CLOSED, external_id="b")
scans.start(actor=administrator(), workspaces=["lived-in"])
while claim_and_run():
    pass
"""
FINDINGS = """
SELECT subject, state, resolution, first_seen_at, last_seen_at, resolved_at, regressions
FROM audits_finding ORDER BY subject
"""
STORY = """
SELECT substr(subject, -1), was_state, t.state, t.resolution,
       at = CASE t.state WHEN 'open' THEN first_seen_at ELSE resolved_at END
FROM audits_findingtransition t JOIN audits_finding f ON f.id = t.finding_id ORDER BY t.id
"""


def manage(data: Path, *arguments: str) -> None:
    environment = {**os.environ, "MUNIMENT_DATA": str(data), "DATABASE_URL": ""}
    environment.pop("MUNIMENT_DATABASE_URL", None)
    command = [sys.executable, str(ROOT / "manage.py"), *arguments]
    done = subprocess.run(
        command, env=environment, cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr


def test_findings_get_a_story_and_lose_nothing(tmp_path: Path) -> None:
    manage(tmp_path, "migrate", "-v0")
    manage(tmp_path, "shell", "-v0", "-c", LIVED)
    (file,) = tmp_path.glob("*.sqlite3")

    def rows(query: str) -> list[tuple[object, ...]]:
        with sqlite3.connect(file) as database:
            return database.execute(query).fetchall()

    before = rows(FINDINGS)
    assert [row[1:3] for row in before] == [("open", ""), ("resolved", "passed"), ("open", "")]
    assert before[0][6] == 1
    schedule = "SELECT kwargs, enabled FROM django_celery_beat_periodictask WHERE name LIKE 'Scan%'"
    assert "audits.scan_on_schedule" in str(rows(schedule))

    manage(tmp_path, "migrate", "audits", "0008", "-v0")
    assert rows(FINDINGS) == before
    assert rows(schedule) == [('{"name": "audits.scan_organisation"}', 0)]
    with pytest.raises(sqlite3.IntegrityError, match="append-only"):
        rows("UPDATE audits_finding SET subject = 'another'")

    manage(tmp_path, "migrate", "-v0")
    assert rows(FINDINGS) == before
    opened = "SELECT opened_at = first_seen_at, opened_at = last_seen_at FROM audits_finding"
    assert rows(f"{opened} ORDER BY subject") == [(0, 1), (1, 0), (1, 0)]
    assert rows(STORY) == [
        ("a", "", "open", "", 1),
        ("b", "", "open", "", 1),
        ("b", "open", "resolved", "passed", 1),
        ("c", "", "open", "", 1),
    ]
    with pytest.raises(sqlite3.IntegrityError, match="append-only"):
        rows("UPDATE audits_finding SET subject = 'another'")
    assert "audits.scan_on_schedule" in str(rows(schedule))
