"""What goes when it is old, what stays all the same, and that it is told."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest
from django.core.management import call_command
from django.db import IntegrityError, connection, transaction
from django.utils import timezone

from audits.models import Finding, Hold, Removal, ReportFile, RetentionRun, ScanResult
from audits.queries.retention import RECORDS
from audits.services import holds, reports, retention
from audits.services.report_bases import Asked
from core import tasks
from core.canonical import canonical_digest
from core.models import JournalEntry, Task
from tests.audits.conftest import finish_tasks
from tests.audits.estate import journalled, scan
from tests.policies.estate import CLOSED, OPEN, assign, make_policy, submit

if TYPE_CHECKING:
    from audits.models import Report, Scan
    from tests.audits.conftest import House

RETENTION, RUNS = "/api/audits/retention/", "/api/audits/retention-runs/"
HOLDS = "/api/audits/holds/"


def unguarded(statement: str, *parameters: Any) -> None:
    """Change rows that never change, to make them old."""
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            table = statement.split()[1]
            cursor.execute(
                "SELECT name, sql FROM sqlite_master WHERE type = 'trigger' AND tbl_name = %s",
                [table],
            )
            kept = cursor.fetchall()
            for name, _ in kept:
                cursor.execute(f'DROP TRIGGER "{name}"')
            cursor.execute(statement, parameters)
            for _, sql in kept:
                cursor.execute(sql.replace("%", "%%"))
        else:
            cursor.execute("SET LOCAL session_replication_role = replica")
            cursor.execute(statement, parameters)
            cursor.execute("SET LOCAL session_replication_role = DEFAULT")


def run_all(statements: str) -> None:
    with connection.cursor() as cursor:
        for statement in statements.split(";"):
            cursor.execute(statement)


def long_ago(days: int = 400) -> Any:
    return timezone.now() - timedelta(days=days)


def old_task(name: str = "registry.notify", **more: Any) -> Task:
    return Task.objects.create(name=name, state="succeeded", finished_at=long_ago(), **more)


def old_scan(house: House, *places: str) -> Scan:
    done = scan(house, *places)
    unguarded(
        "UPDATE audits_scan SET as_of = %s, completed_at = %s WHERE id = %s",
        long_ago(),
        long_ago(),
        done.pk,
    )
    return done


def old_report(house: House, *places: str) -> Report:
    asked = reports.request(
        actor=house.admin, asked=Asked(workspaces=list(places)), formats=["json", "csv"]
    )
    finish_tasks()
    unguarded("UPDATE audits_report SET completed_at = %s WHERE id = %s", long_ago(), asked.pk)
    return asked


def rule(house: House, record: str, days: int = 365) -> None:
    retention.set_rule(actor=house.admin, record=record, days=days, reason="Our schedule, part 3.")


def apply(house: House, **options: Any) -> dict[str, Any]:
    asked = retention.request(actor=house.admin, is_dry_run=False, **options)
    finish_tasks()
    done = RetentionRun.objects.get(pk=asked.pk)
    assert done.counts is not None
    counts: dict[str, Any] = done.counts
    return counts


def test_nothing_goes_without_a_rule(house: House) -> None:
    old_task()

    assert apply(house) == {}
    assert Task.objects.filter(name="registry.notify").count() == 1
    call_command("apply_retention")


def test_what_is_older_than_the_rule_goes_and_the_journal_tells_it(house: House) -> None:
    gone, young = (
        old_task(),
        Task.objects.create(name="registry.notify", state="failed", finished_at=timezone.now()),
    )
    open_one = tasks.enqueue("registry.notify")
    rule(house, "tasks")
    first = JournalEntry.objects.count()

    counts = apply(house)

    assert counts == {"tasks": {"days": 365, "count": 1, "held": 0}}
    assert set(Task.objects.filter(name="registry.notify")) >= {young} - {gone}
    assert not Task.objects.filter(pk=gone.pk).exists()
    assert Task.objects.filter(pk=open_one.pk).exists()
    (told,) = journalled("audits.retention.applied")
    assert told.subject_digest == canonical_digest([str(gone.pk)])
    assert JournalEntry.objects.count() == first + 1


def test_a_dry_run_counts_and_changes_nothing(house: House) -> None:
    old_task()
    client = house.client(house.admin)

    asked = client.post(RUNS, {"is_dry_run": True, "what_if": {"tasks": 30}})
    assert asked.status_code == 202
    finish_tasks()

    done = client.get(f"{RUNS}{asked.json()['uuid']}/").json()
    assert done["status"] == "completed"
    assert done["counts"] == {"tasks": {"days": 30, "count": 1, "held": 0}}
    assert Task.objects.filter(name="registry.notify").exists()
    assert not journalled("audits.retention.applied")
    refused = client.post(RUNS, {"is_dry_run": False, "what_if": {"tasks": 30}})
    assert refused.status_code == 400


def test_a_task_that_something_refers_to_stays(house: House) -> None:
    done = scan(house, "audit-dev")
    Task.objects.filter(pk=done.task_id).update(finished_at=long_ago())
    rule(house, "tasks")

    apply(house)

    assert Task.objects.filter(pk=done.task_id).exists()


def test_files_of_a_report_go_and_the_report_says_so(house: House) -> None:
    report = old_report(house, "audit-dev")
    digests = sorted(ReportFile.objects.filter(report=report).values_list("digest", flat=True))
    rule(house, "report_files")

    assert apply(house)["report_files"]["count"] == 2

    answer = house.client(house.admin).get(
        f"/api/audits/reports/{report.uuid}/download/", {"format": "json"}
    )
    assert answer.status_code == 410
    assert answer.json()["digest"] == canonical_digest(digests)
    assert Removal.objects.get().count == 2
    completed = journalled("audits.report.completed")[-1]
    assert digests[0].encode() in bytes(completed.body)


def test_results_of_a_scan_go_once_a_newer_one_came_and_nothing_rests_on_it(house: House) -> None:
    assign(make_policy(), house.dev, "audit")
    submit(house.dev, CLOSED)
    reported, old = old_scan(house, "audit-dev"), old_scan(house, "audit-dev")
    reports.request(actor=house.admin, asked=Asked(scan=reported.uuid))
    rule(house, "scan_results")
    assert apply(house)["scan_results"]["count"] == 0, "it is the newest of its workspace"
    newest = scan(house, "audit-dev")

    assert apply(house)["scan_results"]["count"] == 1

    client = house.client(house.admin)
    results = {
        each: client.get(f"/api/audits/scans/{each.uuid}/results/").status_code
        for each in (reported, old, newest)
    }
    assert results == {reported: 200, old: 410, newest: 200}
    (told,) = journalled("audits.retention.applied")
    assert told.subject_digest == old.digest


def test_results_that_a_finding_rests_on_stay(house: House) -> None:
    assign(make_policy(), house.dev, "audit")
    submit(house.dev, OPEN)
    old = old_scan(house, "audit-dev")
    finding = Finding.objects.get()
    scan(house, "audit-dev")
    # A finding that was mended keeps pointing at the scan that last saw it.
    finding.latest_result = ScanResult.objects.get(scan=old)
    finding.save(update_fields=["latest_result"])
    rule(house, "scan_results")

    assert apply(house)["scan_results"]["count"] == 0


def test_rules_are_set_replaced_and_ended_on_record(house: House) -> None:
    client = house.client(house.admin)
    body = {"record": "tasks", "days": 90, "reason": "Our schedule, part 3."}

    assert client.post(RETENTION, body).status_code == 201
    assert client.post(RETENTION, {**body, "days": 30}).json()["days"] == 30
    assert client.post(RETENTION, {**body, "days": 6}).status_code == 400
    assert client.post(RETENTION, {**body, "record": "journal"}).status_code == 400
    auditor = house.client(house.member("auditor", dev="auditor"))
    assert auditor.post(RETENTION, body).status_code == 403
    told = {each["record"]: each["days"] for each in auditor.get(RETENTION).json()["records"]}
    assert told == {name: 30 if name == "tasks" else None for name in RECORDS}
    end = {"record": "tasks", "reason": "We keep them."}
    assert client.post(f"{RETENTION}end/", end).status_code == 204
    assert client.post(f"{RETENTION}end/", end).status_code == 409
    assert len(journalled("audits.retention_rule.set")) == 2
    assert len(journalled("audits.retention_rule.ended")) == 1


def test_the_tables_let_nothing_go_without_a_permit_and_holds_never_change(house: House) -> None:
    old_report(house, "audit-dev")
    hold = holds.place(actor=house.admin, scope="organisation", reason="Case 4711")

    for forbidden in (
        "DELETE FROM audits_reportfile",
        "DELETE FROM core_journalentry",
        "DELETE FROM audits_hold",
        "UPDATE audits_hold SET reason = 'x'",
        "INSERT INTO audits_removalpermit (table_name) VALUES ('core_journalentry');"
        "DELETE FROM core_journalentry",
    ):
        with pytest.raises(IntegrityError), transaction.atomic():
            run_all(forbidden)
    with pytest.raises(IntegrityError), transaction.atomic():
        Hold.objects.filter(pk=hold.pk).update(
            released_by=hold.placed_by, released_at=timezone.now(), release_reason="x"
        )


def test_every_kind_of_record_can_be_counted_and_let_go(house: House) -> None:
    for record in RECORDS.values():
        rule(house, record.name, days=record.least)

    assert set(apply(house)) == set(RECORDS)


def test_a_second_attempt_goes_on_where_the_first_ended(house: House) -> None:
    old_task()
    rule(house, "tasks")
    run = RetentionRun.objects.create(is_dry_run=False, as_of=timezone.now())
    retention.go(run, actor=house.admin)
    run.refresh_from_db()
    counts = run.counts

    assert retention.go(run, actor=house.admin) == counts
    assert len(journalled("audits.retention.applied")) == 1
