"""A migration's step that gives roles further permissions, also to those who hold them already."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.db import migrations

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from django.apps.registry import Apps
    from django.db.backends.base.schema import BaseDatabaseSchemaEditor

PRINCIPALS = {
    "user": "WorkspaceUserObjectPermission",
    "group": "WorkspaceGroupObjectPermission",
}


def extend_roles(new: Mapping[str, Sequence[str]]) -> migrations.RunPython:
    """Return the step: ``new`` names the roles that get each permission (a codename).

    Forwards it writes the permission rows that standing grants would have got under the new
    roles; backwards it takes permissions and rows away.
    """

    def extend(apps: Apps, schema_editor: BaseDatabaseSchemaEditor) -> None:
        grants = apps.get_model("registry", "Grant").objects.filter(valid_to__isnull=True)
        if not grants.exists():
            return
        content_type, _ = apps.get_model("contenttypes", "ContentType").objects.get_or_create(
            app_label="registry", model="workspace"
        )
        permission_model = apps.get_model("auth", "Permission")
        for codename, roles in new.items():
            permission, _ = permission_model.objects.get_or_create(
                content_type=content_type, codename=codename, defaults={"name": codename}
            )
            for principal, row_model in PRINCIPALS.items():
                held = grants.filter(**{"role__in": roles, f"{principal}__isnull": False})
                rows = held.values_list("workspace_id", f"{principal}_id").distinct()
                _add(apps.get_model("registry", row_model), principal, permission, list(rows))

    def shrink(apps: Apps, schema_editor: BaseDatabaseSchemaEditor) -> None:
        for row_model in PRINCIPALS.values():
            rows = apps.get_model("registry", row_model).objects
            rows.filter(permission__codename__in=list(new)).delete()
        permissions = apps.get_model("auth", "Permission").objects
        permissions.filter(codename__in=list(new), content_type__app_label="registry").delete()

    return migrations.RunPython(extend, shrink)


def _add(model: Any, principal: str, permission: Any, rows: list[tuple[int, int]]) -> None:
    model.objects.bulk_create(
        model(permission=permission, content_object_id=workspace, **{f"{principal}_id": holder})
        for workspace, holder in rows
    )
