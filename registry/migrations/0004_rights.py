"""More rights; whoever holds a role in a workspace gets what the role now gives."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.db import migrations

if TYPE_CHECKING:
    from django.apps.registry import Apps
    from django.db.backends.base.schema import BaseDatabaseSchemaEditor

WORKSPACE = {
    "default_permissions": (),
    "permissions": [
        ("view_workspace", "Can see the workspace and what is in it"),
        ("create_version", "Can register versions"),
        ("edit_asset", "Can describe and tag assets, and write their cards"),
        ("record_run", "Can record experiments, runs and evaluations"),
        ("move_alias", "Can move unprotected aliases"),
        ("move_protected_alias", "Can move protected aliases by hand"),
        ("promote_into_workspace", "Can request promotions into the workspace"),
        ("approve_promotion", "Can approve promotions into the workspace"),
        ("review_card", "Can accept or return cards"),
        ("change_lifecycle", "Can deprecate, archive and withdraw versions"),
        ("delete_version", "Can delete versions and rename or delete assets"),
        ("deploy", "Can create and change deployments"),
        ("report_serving", "Can report what deployments served"),
        ("comment", "Can comment, and watch what happens"),
        ("submit_configuration", "Can submit configuration snapshots"),
        ("assign_policy", "Can assign policies to the workspace"),
        ("view_trail", "Can read the audit trail of the workspace"),
        ("run_scan", "Can run scans and make reports"),
        ("manage_members", "Can grant and end roles"),
        ("change_workspace", "Can change the workspace's settings"),
    ],
}
NEW = {
    "edit_asset": ("author", "admin"),
    "record_run": ("author", "admin"),
    "review_card": ("approver", "admin"),
    "change_lifecycle": ("approver", "admin"),
    "delete_version": ("admin",),
    "deploy": ("deployer", "admin"),
    "report_serving": ("deployer", "admin"),
    "comment": ("reader", "author", "approver", "deployer", "auditor", "admin"),
}
PRINCIPALS = {
    "user": "WorkspaceUserObjectPermission",
    "group": "WorkspaceGroupObjectPermission",
}


def extend_roles(apps: Apps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    """Write the permission rows that standing grants would have got under the new roles."""
    grants = apps.get_model("registry", "Grant").objects.filter(valid_to__isnull=True)
    if not grants.exists():
        return
    content_type, _ = apps.get_model("contenttypes", "ContentType").objects.get_or_create(
        app_label="registry", model="workspace"
    )
    permission_model = apps.get_model("auth", "Permission")
    for codename, roles in NEW.items():
        permission, _ = permission_model.objects.get_or_create(
            content_type=content_type, codename=codename, defaults={"name": codename}
        )
        for principal, row_model in PRINCIPALS.items():
            held = grants.filter(**{"role__in": roles, f"{principal}__isnull": False})
            rows = held.values_list("workspace_id", f"{principal}_id").distinct()
            _add(apps.get_model("registry", row_model), principal, permission, list(rows))


def _add(model: Any, principal: str, permission: Any, rows: list[tuple[int, int]]) -> None:
    model.objects.bulk_create(
        model(permission=permission, content_object_id=workspace, **{f"{principal}_id": holder})
        for workspace, holder in rows
    )


def shrink_roles(apps: Apps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    for row_model in PRINCIPALS.values():
        rows = apps.get_model("registry", row_model).objects
        rows.filter(permission__codename__in=list(NEW)).delete()
    permissions = apps.get_model("auth", "Permission").objects
    permissions.filter(codename__in=list(NEW), content_type__app_label="registry").delete()


class Migration(migrations.Migration):
    dependencies = [
        ("registry", "0003_schedules"),
        ("auth", "0012_alter_user_first_name_max_length"),
        ("contenttypes", "0002_remove_content_type_name"),
    ]

    operations = [
        migrations.AlterModelOptions(name="workspace", options=WORKSPACE),
        migrations.RunPython(extend_roles, shrink_roles),
    ]
