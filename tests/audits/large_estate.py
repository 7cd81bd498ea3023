"""Made inside a real installation: an estate that takes seconds to scan, and what a scan left.

`manage.py shell -c "from tests.audits import large_estate; large_estate.found()"`
"""

from __future__ import annotations

import json
from datetime import timedelta

PER_WORKSPACE = 150


def found() -> None:
    """Assign a shipped set to the organisation and submit configurations to its workspaces."""
    from core.actors import Actor, Via
    from core.models import User
    from policies.services import assignments, packs, resources
    from policies.services.resources import Address
    from policies.services.terms import Terms
    from registry.models import Workspace

    actor = Actor(user=User.objects.get(username="administrator"), via=Via.COMMAND)
    packs.install(actor=actor)
    assignments.assign(
        actor=actor,
        scope="organisation",
        policy_set="muniment-azure-ml/1",
        terms=Terms(effect="audit"),
    )
    for place in Workspace.objects.all():
        for number in range(PER_WORKSPACE):
            public = "Enabled" if number % 3 else "Disabled"
            resources.submit_snapshot(
                actor=actor,
                workspace=place.slug,
                address=Address(
                    source="azure",
                    type="Microsoft.MachineLearningServices/workspaces",
                    external_id=f"{place.slug}-{number}",
                ),
                document={"properties": {"publicNetworkAccess": public}, "number": number},
                provenance="observed",
                observed_at=None,
            )


def let_leases_run_out() -> None:
    """Bring the moment forward at which what a killed worker held may be claimed again."""
    from django.utils import timezone

    from core.models import Task

    past = timezone.now() - timedelta(seconds=1)
    Task.objects.filter(state=Task.State.RUNNING).update(lease_until=past)


def left() -> None:
    """Print what the only scan left, as JSON."""
    from audits.models import Finding, Scan, ScanResult
    from core.models import JournalEntry

    scan = Scan.objects.select_related("task").get()
    results = ScanResult.objects.filter(scan=scan)
    rules = set(results.values_list("reference_id", flat=True))
    print(
        json.dumps(
            {
                "status": scan.status,
                "attempts": scan.task.attempts,
                "units": scan.units.filter(completed_at__isnull=False).count(),
                "results": results.count(),
                "questions": results.values("identity").distinct().count(),
                "per_rule": {
                    rule: results.filter(reference_id=rule, resource__isnull=False).count()
                    for rule in sorted(rules)
                },
                "counts": scan.counts,
                "failures": results.filter(state="fail").count(),
                "findings": Finding.objects.filter(state="open").count(),
                "completed": JournalEntry.objects.filter(action="audits.scan.completed").count(),
            }
        )
    )
