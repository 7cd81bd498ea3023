"""Scans and reports for tests, and an estate that has one of everything to report."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from django.utils import timezone

from audits.models import Report, Scan
from audits.services import reports, scans
from audits.services.report_bases import Asked
from core.models import JournalEntry
from core.sequencer import sequence_pending
from registry.models import PromotionRule
from registry.services import rules
from registry.services.promotions import decide, request
from tests.audits.conftest import finish_tasks
from tests.factories import make_prompt, reference
from tests.policies.estate import CLOSED, OPEN, assign, exempt, make_policy, submit

if TYPE_CHECKING:
    from tests.audits.conftest import House


def scan(house: House, *workspaces: str) -> Scan:
    """A complete scan by the administrator."""
    started = scans.start(actor=house.admin, workspaces=workspaces or None)
    finish_tasks()
    done = Scan.objects.select_related("task").get(pk=started.pk)
    assert done.status == "completed", done.task.error
    return done


def states(of: Scan) -> dict[str, str]:
    return dict(of.results.values_list("subject", "state"))


def journalled(action: str) -> list[JournalEntry]:
    return list(JournalEntry.objects.filter(action=action).order_by("pk"))


def lived_in(house: House) -> Scan:
    """A complete scan of an estate with one of everything that a report tells of."""
    rule = assign(make_policy(), house.prod, "audit")
    submit(house.prod, CLOSED, external_id="closed")
    submit(house.prod, OPEN, external_id="open")
    snapshot = submit(house.prod, OPEN, external_id="<script>alert('=1+1')</script>")
    owner = house.member("owner", prod="admin")
    exempt(
        rule,
        house.prod,
        asked_by=owner,
        expires_at=timezone.now() + timedelta(days=30),
        resource=snapshot.resource.uuid,
    )
    assign(make_policy("verdict := 5\n", checked=False), house.prod, "warn")
    assign(make_policy(), house.dev, "audit")
    promote(house)
    sequence_pending()
    started = scans.start(actor=house.admin, workspaces=["audit-dev", "audit-prod"])
    finish_tasks()
    done = Scan.objects.get(pk=started.pk)
    assert done.completed_at is not None
    return done


def promote(house: House, *, approver: str = "an-approver") -> None:
    """A prompt in production that a second person approved."""
    if not PromotionRule.objects.exists():
        rules.set_required_approvals(
            actor=house.admin, workspace="audit-prod", required_approvals=1
        )
    asked = request.promote(
        actor=house.admin,
        source=reference(make_prompt(house.dev, name="answer")),
        target="audit-prod",
        alias="production",
        reason="T-7",
    )
    decide.decide(
        actor=house.member(approver, prod="approver"),
        promotion=asked.uuid,
        decision="approved",
        binding=asked.binding,
    )


def report_of(house: House, scan: Scan) -> Report:
    """A completed report by the administrator."""
    asked = reports.request(actor=house.admin, asked=Asked(scan=scan.uuid))
    finish_tasks()
    done = Report.objects.select_related("task", "scan__task").get(pk=asked.pk)
    assert done.status == "completed", done.task
    return done
