"""Tags, lifecycle, former names, tombstones and the rules of protected aliases."""

from __future__ import annotations

import django.db.models.deletion
import django.db.models.functions.text
import django.utils.timezone
from django.conf import settings
from django.db import migrations, models

import core.ids
import core.tables
from core.guards import GuardRows


class Migration(core.tables.Migration):
    dependencies = [
        ("registry", "0004_rights"),
        ("auth", "0012_alter_user_first_name_max_length"),
    ]

    operations = [
        migrations.AddField(
            model_name="asset",
            name="deleted_at",
            field=models.DateTimeField(editable=False, null=True),
        ),
        migrations.AddField(
            model_name="asset",
            name="updated_at",
            field=models.DateTimeField(default=django.utils.timezone.now, editable=False),
        ),
        migrations.AddField(
            model_name="workspace",
            name="delete_rule",
            field=models.CharField(
                choices=[("refuse", "Refuse"), ("move_aliases_to_none", "Move Aliases To None")],
                default="refuse",
                max_length=20,
            ),
        ),
        migrations.AddField(
            model_name="workspace",
            name="requires_reason",
            field=models.BooleanField(default=False),
        ),
        migrations.AddConstraint(
            model_name="workspace",
            constraint=models.CheckConstraint(
                condition=models.Q(("delete_rule__in", ["refuse", "move_aliases_to_none"])),
                name="workspace_delete_rule",
            ),
        ),
        migrations.CreateModel(
            name="AliasRule",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("valid_from", models.DateTimeField(default=django.utils.timezone.now)),
                ("valid_to", models.DateTimeField(blank=True, null=True)),
                ("uuid", models.UUIDField(default=core.ids.new_uuid, editable=False, unique=True)),
                ("pattern", models.CharField(max_length=200)),
                ("kinds", models.JSONField(default=list)),
                ("tags", models.JSONField(default=dict)),
                ("states", models.JSONField(default=list)),
                (
                    "set_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "workspace",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="alias_rules",
                        to="registry.workspace",
                    ),
                ),
            ],
            options={
                "abstract": False,
                "default_permissions": (),
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("valid_to__isnull", True),
                            ("valid_to__gte", models.F("valid_from")),
                            _connector="OR",
                        ),
                        name="registry_aliasrule_ends_after_start",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("valid_to__isnull", True)),
                        fields=("workspace", "pattern"),
                        name="one_open_rule_per_pattern",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="AliasRuleMover",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "role",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("reader", "reader"),
                            ("author", "author"),
                            ("approver", "approver"),
                            ("deployer", "deployer"),
                            ("auditor", "auditor"),
                            ("admin", "admin"),
                        ],
                        max_length=10,
                    ),
                ),
                (
                    "group",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="auth.group",
                    ),
                ),
                (
                    "rule",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="movers",
                        to="registry.aliasrule",
                    ),
                ),
                (
                    "user",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "default_permissions": (),
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                models.Q(("role", ""), _negated=True),
                                ("group__isnull", True),
                                ("user__isnull", True),
                            ),
                            models.Q(
                                ("group__isnull", True), ("role", ""), ("user__isnull", False)
                            ),
                            models.Q(
                                ("group__isnull", False), ("role", ""), ("user__isnull", True)
                            ),
                            _connector="OR",
                        ),
                        name="mover_is_a_role_a_user_or_a_group",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="AssetFormerName",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("kind", models.CharField(max_length=20)),
                ("name", models.CharField(max_length=200)),
                ("given_up_at", models.DateTimeField(default=django.utils.timezone.now)),
                (
                    "asset",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="former_names",
                        to="registry.asset",
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
                    models.UniqueConstraint(
                        fields=("workspace", "kind", "name"), name="one_asset_per_former_name"
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("kind__in", ["model", "prompt"])),
                        fields=("workspace", "name"),
                        name="models_and_prompts_share_former_names",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Lifecycle",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("valid_from", models.DateTimeField(default=django.utils.timezone.now)),
                ("valid_to", models.DateTimeField(blank=True, null=True)),
                ("uuid", models.UUIDField(default=core.ids.new_uuid, editable=False, unique=True)),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("deprecated", "Deprecated"),
                            ("archived", "Archived"),
                            ("withdrawn", "Withdrawn"),
                        ],
                        max_length=10,
                    ),
                ),
                ("reason", models.TextField()),
                (
                    "replacement",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="replaces",
                        to="registry.assetversion",
                    ),
                ),
                (
                    "set_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "version",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="lifecycle",
                        to="registry.assetversion",
                    ),
                ),
            ],
            options={
                "verbose_name_plural": "lifecycle",
                "abstract": False,
                "default_permissions": (),
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("valid_to__isnull", True),
                            ("valid_to__gte", models.F("valid_from")),
                            _connector="OR",
                        ),
                        name="registry_lifecycle_ends_after_start",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("state__in", ["deprecated", "archived", "withdrawn"])),
                        name="lifecycle_state",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("reason", ""), _negated=True),
                        name="lifecycle_has_a_reason",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("replacement__isnull", True),
                            models.Q(("replacement", models.F("version")), _negated=True),
                            _connector="OR",
                        ),
                        name="nothing_replaces_itself",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("valid_to__isnull", True)),
                        fields=("version",),
                        name="one_open_state_per_version",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Tombstone",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("digest", models.CharField(max_length=71)),
                ("reason", models.TextField()),
                ("deleted_at", models.DateTimeField(default=django.utils.timezone.now)),
                (
                    "deleted_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "version",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="tombstone",
                        to="registry.assetversion",
                    ),
                ),
            ],
            options={
                "default_permissions": (),
            },
        ),
        migrations.CreateModel(
            name="VersionDetails",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("description", models.TextField(blank=True)),
                ("updated_at", models.DateTimeField(default=django.utils.timezone.now)),
                (
                    "version",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="details",
                        to="registry.assetversion",
                    ),
                ),
            ],
            options={
                "verbose_name_plural": "version details",
                "default_permissions": (),
            },
        ),
        migrations.CreateModel(
            name="AssetTag",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("key", models.CharField(max_length=250)),
                ("value", models.TextField(blank=True)),
                ("value_head", models.CharField(blank=True, max_length=200)),
                ("updated_at", models.DateTimeField(default=django.utils.timezone.now)),
                (
                    "asset",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="tags",
                        to="registry.asset",
                    ),
                ),
            ],
            options={
                "abstract": False,
                "default_permissions": (),
                "indexes": [models.Index(fields=["key", "value_head"], name="assettags_by_value")],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("value_head", django.db.models.functions.text.Left("value", 200))
                        ),
                        name="assettag_head_of_value",
                    ),
                    models.UniqueConstraint(
                        fields=("asset", "key"), name="one_value_per_asset_tag"
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="VersionTag",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("key", models.CharField(max_length=250)),
                ("value", models.TextField(blank=True)),
                ("value_head", models.CharField(blank=True, max_length=200)),
                ("updated_at", models.DateTimeField(default=django.utils.timezone.now)),
                (
                    "version",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="tags",
                        to="registry.assetversion",
                    ),
                ),
            ],
            options={
                "abstract": False,
                "default_permissions": (),
                "indexes": [
                    models.Index(fields=["key", "value_head"], name="versiontags_by_value")
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("value_head", django.db.models.functions.text.Left("value", 200))
                        ),
                        name="versiontag_head_of_value",
                    ),
                    models.UniqueConstraint(
                        fields=("version", "key"), name="one_value_per_version_tag"
                    ),
                ],
            },
        ),
        GuardRows(
            "Workspace",
            mutable=(
                "title",
                "description",
                "protected_aliases",
                "delete_rule",
                "requires_reason",
            ),
        ),
        GuardRows(
            "Asset", mutable=("name", "description", "last_number", "updated_at", "deleted_at")
        ),
        GuardRows("AliasRule", once=("valid_to",)),
        GuardRows("AliasRuleMover"),
        GuardRows("AssetFormerName"),
        GuardRows("Lifecycle", once=("valid_to",)),
        GuardRows("Tombstone"),
    ]
