"""Rules of promotion per workspace, kind and alias, and proposals to ask for less."""

from __future__ import annotations

from typing import TYPE_CHECKING

import django.db.models.deletion
import django.utils.timezone
from django.conf import settings
from django.db import migrations, models

import core.fields
import core.ids
import core.tables
from core.guards import GuardRows

if TYPE_CHECKING:
    from django.apps.registry import Apps
    from django.db.backends.base.schema import BaseDatabaseSchemaEditor


def name_rules(apps: Apps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    """Give each rule an id of its own: the default of a new column would be one for all."""
    rules = apps.get_model("registry", "PromotionRule").objects
    for pk in rules.values_list("pk", flat=True):
        rules.filter(pk=pk).update(uuid=core.ids.new_uuid())


class Migration(core.tables.Migration):
    dependencies = [
        ("registry", "0007_cards"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.RemoveConstraint(
            model_name="promotionrule",
            name="one_open_rule_per_workspace",
        ),
        migrations.AddField(
            model_name="promotionrule",
            name="alias_pattern",
            field=models.CharField(blank=True, max_length=200, default=""),
            preserve_default=False,
        ),
        migrations.AddField(
            model_name="promotionrule",
            name="kind",
            field=models.CharField(blank=True, max_length=20, default=""),
            preserve_default=False,
        ),
        migrations.AddField(
            model_name="promotionrule",
            name="conditions",
            field=core.fields.CanonicalJSONField(default=dict),
        ),
        migrations.AddField(
            model_name="promotionrule",
            name="uuid",
            field=models.UUIDField(null=True, editable=False),
        ),
        GuardRows("PromotionRule", once=("valid_to", "uuid")),
        migrations.RunPython(name_rules, migrations.RunPython.noop),
        migrations.AlterField(
            model_name="promotionrule",
            name="uuid",
            field=models.UUIDField(default=core.ids.new_uuid, editable=False, unique=True),
        ),
        migrations.AddConstraint(
            model_name="promotionrule",
            constraint=models.UniqueConstraint(
                condition=models.Q(("valid_to__isnull", True)),
                fields=("workspace", "kind", "alias_pattern"),
                name="one_open_rule_per_scope",
            ),
        ),
        GuardRows("PromotionRule", once=("valid_to",)),
        migrations.CreateModel(
            name="PromotionRuleProposal",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("uuid", models.UUIDField(default=core.ids.new_uuid, editable=False, unique=True)),
                ("is_end", models.BooleanField(default=False)),
                ("required_approvals", models.PositiveSmallIntegerField(default=0)),
                ("conditions", core.fields.CanonicalJSONField(default=dict)),
                ("reason", models.TextField(blank=True)),
                ("proposed_at", models.DateTimeField(default=django.utils.timezone.now)),
                (
                    "status",
                    models.CharField(
                        choices=[
                            ("open", "Open"),
                            ("accepted", "Accepted"),
                            ("rejected", "Rejected"),
                        ],
                        default="open",
                        max_length=10,
                    ),
                ),
                ("closed_at", models.DateTimeField(null=True)),
                ("closing_reason", models.TextField(blank=True)),
                (
                    "closed_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "proposed_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "replaces",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="proposals",
                        to="registry.promotionrule",
                    ),
                ),
                (
                    "workspace",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="registry.workspace",
                    ),
                ),
            ],
            options={
                "default_permissions": (),
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                ("closed_at__isnull", True),
                                ("closed_by__isnull", True),
                                ("status", "open"),
                            ),
                            models.Q(
                                ("closed_at__isnull", False),
                                ("closed_by__isnull", False),
                                ("status__in", ["accepted", "rejected"]),
                            ),
                            _connector="OR",
                        ),
                        name="rule_proposal_is_open_until_closed",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("status", "accepted"), _negated=True),
                            models.Q(("closed_by", models.F("proposed_by")), _negated=True),
                            _connector="OR",
                        ),
                        name="nobody_accepts_their_own_proposal",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("status", "open")),
                        fields=("replaces",),
                        name="one_open_proposal_per_rule",
                    ),
                ],
            },
        ),
        GuardRows(
            "PromotionRuleProposal",
            mutable=("status", "closing_reason"),
            once=("closed_by", "closed_at"),
        ),
        migrations.AddField(
            model_name="promotion",
            name="rolled_back_at",
            field=models.DateTimeField(null=True),
        ),
        GuardRows(
            "Promotion",
            mutable=("status", "verdicts", "binding", "required_approvals"),
            once=("closed_at", "target_version", "rolled_back_at"),
        ),
    ]
