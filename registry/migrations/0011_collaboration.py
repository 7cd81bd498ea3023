"""Owners, comments, assignments, watches, notifications and webhooks."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import django.db.models.deletion
import django.utils.timezone
from django.conf import settings
from django.db import migrations, models

import core.ids
import core.tables
from core.guards import GuardRows

if TYPE_CHECKING:
    from django.apps.registry import Apps
    from django.db.backends.base.schema import BaseDatabaseSchemaEditor

SCHEDULES = {
    "Start the delivery of webhooks anew where it came to a halt": (
        ("minutes", 10),
        "registry.sweep_webhooks",
    ),
    "Forget old notifications and webhook deliveries": (
        ("days", 1),
        "registry.prune_collaboration",
    ),
}


def add_schedules(apps: Apps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    intervals = apps.get_model("django_celery_beat", "IntervalSchedule")
    for name, ((period, every), task) in SCHEDULES.items():
        interval, _ = intervals.objects.get_or_create(every=every, period=period)
        apps.get_model("django_celery_beat", "PeriodicTask").objects.get_or_create(
            name=name,
            defaults={
                "task": "core.enqueue_task",
                "interval": interval,
                "kwargs": json.dumps({"name": task}),
            },
        )


def remove_schedules(apps: Apps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    schedules = apps.get_model("django_celery_beat", "PeriodicTask")
    schedules.objects.filter(name__in=[*SCHEDULES]).delete()


class Migration(core.tables.Migration):
    dependencies = [
        ("registry", "0010_deployments"),
        ("auth", "0012_alter_user_first_name_max_length"),
        ("core", "0003_schedules"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="CommentRevision",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("number", models.PositiveIntegerField()),
                ("commitment", models.CharField(max_length=71)),
                ("created_at", models.DateTimeField(default=django.utils.timezone.now)),
            ],
            options={
                "default_permissions": (),
            },
        ),
        migrations.CreateModel(
            name="Comment",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("uuid", models.UUIDField(default=core.ids.new_uuid, editable=False, unique=True)),
                ("created_at", models.DateTimeField(default=django.utils.timezone.now)),
                ("last_revision", models.PositiveIntegerField(default=1)),
                ("redacted_at", models.DateTimeField(null=True)),
                (
                    "asset",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="%(class)ss",
                        to="registry.asset",
                    ),
                ),
                (
                    "author",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="comments",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "deployment",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="%(class)ss",
                        to="registry.deployment",
                    ),
                ),
                (
                    "experiment",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="%(class)ss",
                        to="registry.experiment",
                    ),
                ),
                (
                    "parent",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="replies",
                        to="registry.comment",
                    ),
                ),
                (
                    "promotion",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="%(class)ss",
                        to="registry.promotion",
                    ),
                ),
                (
                    "redacted_by",
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
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="%(class)ss",
                        to="registry.assetversion",
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
                "abstract": False,
                "default_permissions": (),
            },
        ),
        migrations.CreateModel(
            name="CommentText",
            fields=[
                (
                    "revision",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        primary_key=True,
                        related_name="words",
                        serialize=False,
                        to="registry.commentrevision",
                    ),
                ),
                ("salt", models.BinaryField(max_length=32)),
                ("text", models.TextField()),
            ],
            options={
                "default_permissions": (),
            },
        ),
        migrations.AddField(
            model_name="commentrevision",
            name="comment",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="revisions",
                to="registry.comment",
            ),
        ),
        migrations.CreateModel(
            name="CommentMention",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "user",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "revision",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="mentions",
                        to="registry.commentrevision",
                    ),
                ),
            ],
            options={
                "default_permissions": (),
            },
        ),
        migrations.CreateModel(
            name="Notification",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("uuid", models.UUIDField(default=core.ids.new_uuid, editable=False, unique=True)),
                (
                    "reason",
                    models.CharField(
                        choices=[
                            ("mention", "Mention"),
                            ("assignment", "Assignment"),
                            ("reply", "Reply"),
                            ("requester", "Requester"),
                            ("approver", "Approver"),
                            ("owner", "Owner"),
                            ("dependent", "Dependent"),
                            ("watch", "Watch"),
                        ],
                        max_length=10,
                    ),
                ),
                ("action", models.CharField(max_length=100)),
                ("subject", models.TextField()),
                ("occurred_at", models.DateTimeField()),
                ("read_at", models.DateTimeField(null=True)),
                (
                    "entry",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="notifications",
                        to="core.journalentry",
                    ),
                ),
                (
                    "user",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="notifications",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "workspace",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="notifications",
                        to="registry.workspace",
                    ),
                ),
            ],
            options={
                "default_permissions": (),
            },
        ),
        migrations.CreateModel(
            name="Watch",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("uuid", models.UUIDField(default=core.ids.new_uuid, editable=False, unique=True)),
                ("created_at", models.DateTimeField(default=django.utils.timezone.now)),
                (
                    "asset",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="watches",
                        to="registry.asset",
                    ),
                ),
                (
                    "user",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="watches",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "workspace",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="watches",
                        to="registry.workspace",
                    ),
                ),
            ],
            options={
                "verbose_name_plural": "watches",
                "default_permissions": (),
            },
        ),
        migrations.CreateModel(
            name="Webhook",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("uuid", models.UUIDField(default=core.ids.new_uuid, editable=False, unique=True)),
                ("url", models.CharField(max_length=2000)),
                ("events", models.JSONField()),
                ("description", models.CharField(blank=True, max_length=200)),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("active", "Active"),
                            ("disabled", "Disabled"),
                            ("deleted", "Deleted"),
                        ],
                        default="active",
                        max_length=10,
                    ),
                ),
                ("state_reason", models.CharField(blank=True, max_length=400)),
                (
                    "created_at",
                    models.DateTimeField(default=django.utils.timezone.now, editable=False),
                ),
                ("attempts", models.PositiveIntegerField(default=0)),
                ("failing_since", models.DateTimeField(null=True)),
                ("next_try_at", models.DateTimeField(null=True)),
                (
                    "created_by",
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
                        related_name="webhooks",
                        to="registry.workspace",
                    ),
                ),
            ],
            options={
                "default_permissions": (),
            },
        ),
        migrations.CreateModel(
            name="WebhookDelivery",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("uuid", models.UUIDField(default=core.ids.new_uuid, editable=False, unique=True)),
                ("message", models.UUIDField(default=core.ids.new_uuid)),
                ("action", models.CharField(max_length=100)),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("pending", "Pending"),
                            ("delivered", "Delivered"),
                            ("dead", "Dead"),
                        ],
                        default="pending",
                        max_length=10,
                    ),
                ),
                ("attempts", models.PositiveIntegerField(default=0)),
                ("created_at", models.DateTimeField(default=django.utils.timezone.now)),
                ("closed_at", models.DateTimeField(null=True)),
                (
                    "entry",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="webhook_deliveries",
                        to="core.journalentry",
                    ),
                ),
                (
                    "webhook",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="deliveries",
                        to="registry.webhook",
                    ),
                ),
            ],
            options={
                "verbose_name_plural": "webhook deliveries",
                "default_permissions": (),
            },
        ),
        migrations.CreateModel(
            name="WebhookAttempt",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("at", models.DateTimeField(default=django.utils.timezone.now)),
                ("status", models.PositiveSmallIntegerField(null=True)),
                ("milliseconds", models.PositiveIntegerField()),
                ("answer", models.TextField(blank=True)),
                ("error", models.CharField(blank=True, max_length=400)),
                (
                    "delivery",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="attempts_made",
                        to="registry.webhookdelivery",
                    ),
                ),
            ],
            options={
                "default_permissions": (),
            },
        ),
        migrations.CreateModel(
            name="WebhookSecret",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("sealed", models.BinaryField()),
                ("created_at", models.DateTimeField(default=django.utils.timezone.now)),
                ("ends_at", models.DateTimeField(null=True)),
                (
                    "webhook",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="secrets",
                        to="registry.webhook",
                    ),
                ),
            ],
            options={
                "default_permissions": (),
            },
        ),
        migrations.CreateModel(
            name="AssetOwner",
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
                    "asset",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="owners",
                        to="registry.asset",
                    ),
                ),
                (
                    "group",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="owned_assets",
                        to="auth.group",
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
                    "user",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="owned_assets",
                        to=settings.AUTH_USER_MODEL,
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
                        name="registry_assetowner_ends_after_start",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("group__isnull", True), ("user__isnull", False)),
                            models.Q(("group__isnull", False), ("user__isnull", True)),
                            _connector="OR",
                        ),
                        name="owner_is_a_user_or_a_group",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("user__isnull", False), ("valid_to__isnull", True)),
                        fields=("asset", "user"),
                        name="one_open_ownership_per_user",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("group__isnull", False), ("valid_to__isnull", True)),
                        fields=("asset", "group"),
                        name="one_open_ownership_per_group",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Assignment",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("uuid", models.UUIDField(default=core.ids.new_uuid, editable=False, unique=True)),
                (
                    "kind",
                    models.CharField(
                        choices=[("review", "Review"), ("task", "Task")], max_length=10
                    ),
                ),
                ("note", models.TextField(blank=True)),
                ("created_at", models.DateTimeField(default=django.utils.timezone.now)),
                ("due_at", models.DateTimeField(null=True)),
                (
                    "outcome",
                    models.CharField(
                        choices=[("done", "Done"), ("withdrawn", "Withdrawn")],
                        max_length=10,
                        null=True,
                    ),
                ),
                ("closed_at", models.DateTimeField(null=True)),
                (
                    "asset",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="%(class)ss",
                        to="registry.asset",
                    ),
                ),
                (
                    "assigned_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "assignee",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="assignments",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
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
                    "deployment",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="%(class)ss",
                        to="registry.deployment",
                    ),
                ),
                (
                    "experiment",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="%(class)ss",
                        to="registry.experiment",
                    ),
                ),
                (
                    "promotion",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="%(class)ss",
                        to="registry.promotion",
                    ),
                ),
                (
                    "version",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="%(class)ss",
                        to="registry.assetversion",
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
                "abstract": False,
                "default_permissions": (),
                "indexes": [
                    models.Index(
                        condition=models.Q(("closed_at__isnull", True)),
                        fields=["assignee", "-id"],
                        name="assignments_to_do",
                    )
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                ("asset__isnull", False),
                                ("deployment__isnull", True),
                                ("experiment__isnull", True),
                                ("promotion__isnull", True),
                                ("version__isnull", True),
                            ),
                            models.Q(
                                ("asset__isnull", True),
                                ("deployment__isnull", True),
                                ("experiment__isnull", True),
                                ("promotion__isnull", True),
                                ("version__isnull", False),
                            ),
                            models.Q(
                                ("asset__isnull", True),
                                ("deployment__isnull", True),
                                ("experiment__isnull", True),
                                ("promotion__isnull", False),
                                ("version__isnull", True),
                            ),
                            models.Q(
                                ("asset__isnull", True),
                                ("deployment__isnull", True),
                                ("experiment__isnull", False),
                                ("promotion__isnull", True),
                                ("version__isnull", True),
                            ),
                            models.Q(
                                ("asset__isnull", True),
                                ("deployment__isnull", False),
                                ("experiment__isnull", True),
                                ("promotion__isnull", True),
                                ("version__isnull", True),
                            ),
                            _connector="OR",
                        ),
                        name="assignment_is_about_one_thing",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("kind__in", ["review", "task"])), name="assignment_kind"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                ("closed_at__isnull", True),
                                ("closed_by__isnull", True),
                                ("outcome__isnull", True),
                            ),
                            models.Q(
                                ("closed_at__isnull", False),
                                ("closed_by__isnull", False),
                                ("outcome__in", ["done", "withdrawn"]),
                            ),
                            _connector="OR",
                        ),
                        name="assignment_is_closed_with_an_outcome",
                    ),
                ],
            },
        ),
        migrations.AddConstraint(
            model_name="comment",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(
                        ("asset__isnull", False),
                        ("deployment__isnull", True),
                        ("experiment__isnull", True),
                        ("promotion__isnull", True),
                        ("version__isnull", True),
                    ),
                    models.Q(
                        ("asset__isnull", True),
                        ("deployment__isnull", True),
                        ("experiment__isnull", True),
                        ("promotion__isnull", True),
                        ("version__isnull", False),
                    ),
                    models.Q(
                        ("asset__isnull", True),
                        ("deployment__isnull", True),
                        ("experiment__isnull", True),
                        ("promotion__isnull", False),
                        ("version__isnull", True),
                    ),
                    models.Q(
                        ("asset__isnull", True),
                        ("deployment__isnull", True),
                        ("experiment__isnull", False),
                        ("promotion__isnull", True),
                        ("version__isnull", True),
                    ),
                    models.Q(
                        ("asset__isnull", True),
                        ("deployment__isnull", False),
                        ("experiment__isnull", True),
                        ("promotion__isnull", True),
                        ("version__isnull", True),
                    ),
                    _connector="OR",
                ),
                name="comment_is_about_one_thing",
            ),
        ),
        migrations.AddConstraint(
            model_name="comment",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("redacted_at__isnull", True), ("redacted_by__isnull", True)),
                    models.Q(("redacted_at__isnull", False), ("redacted_by__isnull", False)),
                    _connector="OR",
                ),
                name="comment_is_redacted_by_somebody",
            ),
        ),
        migrations.AddConstraint(
            model_name="commentrevision",
            constraint=models.UniqueConstraint(
                fields=("comment", "number"), name="one_text_per_revision"
            ),
        ),
        migrations.AddConstraint(
            model_name="commentrevision",
            constraint=models.CheckConstraint(
                condition=models.Q(("number__gte", 1)), name="revisions_from_one"
            ),
        ),
        migrations.AddConstraint(
            model_name="commentmention",
            constraint=models.UniqueConstraint(
                fields=("revision", "user"), name="one_mention_per_account"
            ),
        ),
        migrations.AddIndex(
            model_name="notification",
            index=models.Index(fields=["user", "-id"], name="notifications_newest_first"),
        ),
        migrations.AddIndex(
            model_name="notification",
            index=models.Index(
                condition=models.Q(("read_at__isnull", True)),
                fields=["user", "workspace"],
                name="notifications_unread",
            ),
        ),
        migrations.AddConstraint(
            model_name="notification",
            constraint=models.UniqueConstraint(
                fields=("user", "entry"), name="told_once_per_entry"
            ),
        ),
        migrations.AddConstraint(
            model_name="watch",
            constraint=models.UniqueConstraint(
                condition=models.Q(("asset__isnull", False)),
                fields=("user", "asset"),
                name="one_watch_per_asset",
            ),
        ),
        migrations.AddConstraint(
            model_name="watch",
            constraint=models.UniqueConstraint(
                condition=models.Q(("asset__isnull", True)),
                fields=("user", "workspace"),
                name="one_watch_per_workspace",
            ),
        ),
        migrations.AddConstraint(
            model_name="webhook",
            constraint=models.CheckConstraint(
                condition=models.Q(("state__in", ["active", "disabled", "deleted"])),
                name="webhook_state",
            ),
        ),
        migrations.AddIndex(
            model_name="webhookdelivery",
            index=models.Index(
                condition=models.Q(("state", "pending")),
                fields=["webhook", "id"],
                name="deliveries_to_send",
            ),
        ),
        migrations.AddIndex(
            model_name="webhookdelivery",
            index=models.Index(fields=["closed_at"], name="deliveries_by_end"),
        ),
        migrations.AddConstraint(
            model_name="webhookdelivery",
            constraint=models.UniqueConstraint(
                fields=("webhook", "message"), name="one_delivery_per_message"
            ),
        ),
        migrations.AddConstraint(
            model_name="webhookdelivery",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("closed_at__isnull", True), ("state", "pending")),
                    models.Q(("closed_at__isnull", False), ("state__in", ["delivered", "dead"])),
                    _connector="OR",
                ),
                name="delivery_is_closed_iff_not_pending",
            ),
        ),
        migrations.AddConstraint(
            model_name="webhooksecret",
            constraint=models.UniqueConstraint(
                condition=models.Q(("ends_at__isnull", True)),
                fields=("webhook",),
                name="one_secret_without_end_per_webhook",
            ),
        ),
        GuardRows("AssetOwner", once=("valid_to",)),
        GuardRows("Watch", deletable=True),
        GuardRows("Comment", mutable=("last_revision",), once=("redacted_at", "redacted_by")),
        GuardRows("CommentRevision"),
        GuardRows("CommentText", deletable=True),
        GuardRows("CommentMention", deletable=True),
        GuardRows("Assignment", once=("outcome", "closed_at", "closed_by")),
        GuardRows("Notification", once=("read_at",), deletable=True),
        GuardRows(
            "Webhook",
            mutable=(
                "url",
                "events",
                "description",
                "state",
                "state_reason",
                "attempts",
                "failing_since",
                "next_try_at",
            ),
        ),
        GuardRows("WebhookSecret", once=("ends_at",), deletable=True),
        GuardRows("WebhookDelivery", mutable=("state", "attempts", "closed_at"), deletable=True),
        GuardRows("WebhookAttempt", deletable=True),
        migrations.RunPython(add_schedules, remove_schedules),
    ]
