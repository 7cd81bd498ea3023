"""Versions, histories and facts are append-only; changes of access count the epoch up."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import migrations

from core.guards import GuardRows
from registry.guards import BumpEpochOnChange

if TYPE_CHECKING:
    from django.apps.registry import Apps
    from django.db.backends.base.schema import BaseDatabaseSchemaEditor


def add_epoch(apps: Apps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    apps.get_model("registry", "AccessEpoch").objects.get_or_create(pk=1)


def remove_epoch(apps: Apps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    apps.get_model("registry", "AccessEpoch").objects.all().delete()


class Migration(migrations.Migration):
    dependencies = [("registry", "0001_initial"), ("core", "0002_guards")]

    operations = [
        migrations.RunPython(add_epoch, remove_epoch),
        BumpEpochOnChange("registry_workspaceuserobjectpermission"),
        BumpEpochOnChange("registry_workspacegroupobjectpermission"),
        BumpEpochOnChange("registry_grant"),
        BumpEpochOnChange("core_user_groups"),
        BumpEpochOnChange("core_user", columns=("is_active", "is_superuser")),
        GuardRows("Workspace", mutable=("title", "description", "protected_aliases")),
        GuardRows("Asset", mutable=("description", "last_number")),
        GuardRows("Spec"),
        GuardRows("AssetVersion"),
        GuardRows("VersionArtifact"),
        GuardRows("Metric"),
        GuardRows("VersionLink"),
        GuardRows("FrozenProvenance"),
        GuardRows("AliasMove"),
        GuardRows("Grant", once=("valid_to",)),
        GuardRows("PromotionRule", once=("valid_to",)),
        GuardRows(
            "Promotion",
            mutable=(
                "status",
                "verdicts",
                "binding",
                "required_approvals",
            ),
            once=("closed_at", "target_version"),
        ),
        GuardRows("PromotionMember"),
        GuardRows("Approval"),
        GuardRows("Token", mutable=("last_used_at",), once=("revoked_at",)),
    ]
