"""What was assigned and exempted before stands as it did, forwards and backwards."""

from __future__ import annotations

import os
import sqlite3
import subprocess
import sys
from pathlib import Path

import pytest

pytestmark = pytest.mark.slow
ROOT = Path(__file__).resolve().parents[3]
IDS = {name + digit: f"{name + digit:0>32}" for name in "abcdef" for digit in "12"}
WRITTEN = """
INSERT INTO core_user (id, uuid, username, password, kind, is_active, is_staff, is_superuser,
                       first_name, last_name, email, date_joined)
VALUES (7, '{a1}', 'somebody', '', 'human', 1, 0, 0, '', '', '', '2026-01-01');
INSERT INTO policies_policy (id, uuid, name, package, last_number, created_at)
VALUES (1, '{b1}', 'p', 'p', 1, '2026-01-01');
INSERT INTO policies_policyversion (id, uuid, policy_id, number, source, digest, tests, metadata,
                                    reads_now, created_at)
VALUES (1, '{c1}', 1, 1, '', 'sha256:0', '', '{{}}', 0, '2026-01-01');
INSERT INTO policies_assignment (id, uuid, scope, stage, policy_version_id, parameters, effect,
                                 is_enforced, message, valid_from, assigned_by_id)
VALUES (1, '{d1}', 'organisation', '', 1, '{{}}', 'deny', 0, '', '2026-01-02 00:00:00', 7),
       (2, '{d2}', 'organisation', '', 1, '{{}}', 'deny', 1, '', '2026-01-03 00:00:00', 7);
INSERT INTO registry_workspace (id, uuid, slug, title, stage, description, created_at,
                                protected_aliases)
VALUES (1, '{e1}', 'prod', 'Prod', 'production', '', '2026-01-01', '[]');
INSERT INTO policies_exemption (id, uuid, assignment_id, workspace_id, reference_id, asset,
                                category, reason, requested_by_id, requested_at, expires_at,
                                valid_from)
VALUES (1, '{f1}', 1, 1, 'a', '', 'waiver', 'so', 7, '2026-01-04', '2027-01-01', '2026-01-04'),
       (2, '{f2}', 1, 1, '', '', 'waiver', 'so', 7, '2026-01-04', '2027-01-01', '2026-01-04');
"""


def migrate(data: Path, target: str) -> None:
    environment = {**os.environ, "MUNIMENT_DATA": str(data), "DATABASE_URL": ""}
    environment.pop("MUNIMENT_DATABASE_URL", None)
    command = [sys.executable, str(ROOT / "manage.py"), "migrate", "policies", target, "-v0"]
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr


def test_enforcement_and_members_move_over_and_back(tmp_path: Path) -> None:
    migrate(tmp_path, "0003")
    (file,) = tmp_path.glob("*.sqlite3")

    def rows(query: str) -> list[tuple[object, ...]]:
        with sqlite3.connect(file) as database:
            return database.execute(query).fetchall()

    with sqlite3.connect(file) as database:
        database.executescript(WRITTEN.format(**IDS))
    migrate(tmp_path, "0004")

    assert rows(
        "SELECT assignment_id, is_enforced, percent, set_by_id, valid_from, valid_to "
        "FROM policies_assignmentenforcement ORDER BY id"
    ) == [(1, 0, 100, 7, "2026-01-02 00:00:00", None), (2, 1, 100, 7, "2026-01-03 00:00:00", None)]
    moved = "SELECT reference_ids, owner_id FROM policies_exemption ORDER BY id"
    assert rows(moved) == [('["a"]', 7), ("[]", 7)]
    with pytest.raises(sqlite3.IntegrityError, match="append-only"):
        rows("UPDATE policies_exemption SET reason = 'another'")

    migrate(tmp_path, "0003")

    assert rows("SELECT is_enforced FROM policies_assignment ORDER BY id") == [(0,), (1,)]
    assert rows("SELECT reference_id FROM policies_exemption ORDER BY id") == [("a",), ("",)]
    with pytest.raises(sqlite3.IntegrityError, match="append-only"):
        rows("UPDATE policies_assignment SET message = 'another'")
