"""Everything that a decision or a gate rests on is append-only."""

from __future__ import annotations

from django.db import migrations

from core.guards import GuardRows


class Migration(migrations.Migration):
    dependencies = [("policies", "0001_initial"), ("core", "0002_guards")]

    operations = [
        GuardRows("Policy", mutable=("last_number",)),
        GuardRows("PolicyVersion", once=("checked_by", "checked_at")),
        GuardRows("PolicySet", mutable=("last_number",)),
        GuardRows("PolicySetVersion"),
        GuardRows("PolicySetMember"),
        GuardRows("Assignment", once=("valid_to", "ended_by")),
        GuardRows("AssignmentExclusion"),
        GuardRows("Exemption", once=("approved_by", "approved_at", "valid_to", "ended_by")),
        GuardRows("Resource", once=("retired_at", "retired_by")),
        GuardRows("Snapshot"),
        GuardRows("DecisionInput"),
        GuardRows("Decision"),
    ]
