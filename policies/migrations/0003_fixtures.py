"""Fixtures of policy versions, and what members of a set say for themselves."""

from __future__ import annotations

import django.db.models.deletion
from django.db import migrations, models

import core.fields
import core.ids
import core.tables
from core.guards import GuardRows


class Migration(core.tables.Migration):
    dependencies = [("policies", "0002_guards")]

    operations = [
        migrations.CreateModel(
            name="PolicyFixture",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "uuid",
                    models.UUIDField(default=core.ids.new_uuid, editable=False, unique=True),
                ),
                (
                    "policy_version",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="fixtures",
                        to="policies.policyversion",
                    ),
                ),
                ("name", models.CharField(max_length=200)),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("pass", "pass"),
                            ("fail", "fail"),
                            ("unknown", "unknown"),
                            ("not_applicable", "not_applicable"),
                        ],
                        max_length=14,
                    ),
                ),
                ("input", core.fields.CanonicalJSONField()),
                ("digest", models.CharField(max_length=71)),
            ],
            options={
                "default_permissions": (),
                "constraints": [
                    models.UniqueConstraint(
                        fields=("policy_version", "name"), name="one_fixture_per_name"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("state__in", ["pass", "fail", "unknown", "not_applicable"])
                        ),
                        name="fixture_state",
                    ),
                ],
            },
        ),
        GuardRows("PolicyFixture"),
        migrations.AddField(
            "PolicySetMember", "effect", models.CharField(blank=True, default="", max_length=16)
        ),
        migrations.AddField(
            "PolicySetMember", "parameters", core.fields.CanonicalJSONField(default=dict)
        ),
        migrations.AddField("PolicySetMember", "controls", models.JSONField(default=list)),
        migrations.AddField(
            "PolicySetMember", "group", models.CharField(blank=True, default="", max_length=200)
        ),
        migrations.AddConstraint(
            "PolicySetMember",
            models.CheckConstraint(
                condition=models.Q(
                    (
                        "effect__in",
                        (
                            "",
                            "disabled",
                            "audit",
                            "warn",
                            "modify",
                            "require_approval",
                            "deny",
                            "manual",
                        ),
                    )
                ),
                name="member_effect",
            ),
        ),
        GuardRows("PolicySetMember"),
        migrations.AddField("PolicySetVersion", "groups", models.JSONField(default=list)),
        GuardRows("PolicySetVersion"),
    ]
