"""``python -m tests.audits.rebuilt_tables sqlite|postgres``: rows through the rebuilt tables.

In a database of its own, which goes back to the tables of before and forth again: a test's own
database cannot, for its transaction is open and its rows are guarded.
"""

from __future__ import annotations

import json
import sys
from typing import Any

from benchmarks.installation import installation

TOLD = (
    "kind",
    "workspace_id",
    "subject",
    "snapshot_id",
    "input_id",
    "bundle_digest",
    "engine",
    "engine_version",
)


def migrate(targets: list[tuple[str, str]] | None = None) -> None:
    """Go to ``targets``, or to where the code is."""
    from django.db import connection
    from django.db.migrations.executor import MigrationExecutor

    executor = MigrationExecutor(connection)
    executor.migrate(targets or executor.loader.graph.leaf_nodes())


def decisions() -> list[list[Any]]:
    """All that decisions tell, by their id."""
    from policies.models import Decision

    rows = Decision.objects.select_related("evaluation").order_by("pk")
    return [
        [row.pk, row.uuid.hex, row.assignment_id, row.policy_version_id, row.state, row.findings]
        + [getattr(row, name) for name in TOLD]
        for row in rows
    ]


def wide_rows() -> list[list[Any]]:
    """What the table of before tells of the same in its own columns."""
    from django.db import connection

    with connection.cursor() as cursor:
        columns = ", ".join(TOLD)
        cursor.execute(f"SELECT id, {columns} FROM policies_decision ORDER BY id")  # noqa: S608
        return [list(row) for row in cursor.fetchall()]


def results() -> list[dict[str, Any]]:
    """Every result, with every column."""
    from audits.models import ScanResult

    return [dict(row) for row in ScanResult.objects.order_by("pk").values()]


def packs() -> list[list[Any]]:
    """Every pack with the workspaces that it covers."""
    from audits.models import EvidencePack

    rows = EvidencePack.objects.order_by("pk").prefetch_related("workspaces")
    return [[row.uuid.hex, sorted(each.slug for each in row.workspaces.all())] for row in rows]


def ask_for_packs() -> None:
    """Ask for a pack of the scan, and for one of a version."""
    from audits.models import Scan
    from audits.services.packs.request import request
    from audits.services.report_bases import Asked
    from core.actors import system
    from registry.models import Workspace
    from tests.factories import make_prompt, reference

    version = make_prompt(Workspace.objects.latest("pk"))
    request(actor=system(), asked=Asked(scan=Scan.objects.get().uuid))
    request(actor=system(), asked=Asked(version=reference(version)))


def scan() -> None:
    """Scan the organisation, as a worker would."""
    from audits.services import scans
    from core import tasks
    from core.actors import system

    started = scans.start(actor=system())
    while tasks.claim_and_run():
        pass
    started.refresh_from_db()
    assert started.completed_at is not None


def fill() -> None:
    """Two policies, two configurations, a scan of them and of another workspace, and packs."""
    from tests.factories import make_workspace
    from tests.policies.estate import CLOSED, OPEN, assign, make_policy, submit

    make_workspace()
    place = make_workspace()
    for _ in range(2):
        assign(make_policy(), place, "audit")
    submit(place, OPEN, external_id="acme-1")
    submit(place, CLOSED, external_id="acme-2")
    scan()
    ask_for_packs()


def main() -> None:
    """Print what was there before, in the wide table, and after; then after one more scan."""
    with installation(sys.argv[1]):
        from django.db import connection

        from policies.models import Evaluation

        fill()
        before, scanned, asked = decisions(), results(), packs()
        migrate([("policies", "0006_fleet")])
        wide = wide_rows()
        migrate()
        connection.check_constraints()
        told = {
            "wide_is_same": wide == [[row[0], *row[6:]] for row in before],
            "is_same": decisions() == before,
            "results_are_same": results() == scanned,
            "packs_are_same": packs() == asked,
            "packs_cover": [len(places) for _, places in asked],
            "decisions": len(before),
            "evaluations": Evaluation.objects.count(),
        }
        scan()
        print(json.dumps({**told, "after_a_scan": len(decisions())}))


if __name__ == "__main__":
    main()
