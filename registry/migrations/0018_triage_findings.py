"""The right to triage findings and risks."""

from __future__ import annotations

from django.db import migrations

from registry.extended_roles import extend_roles

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
        ("emit_lineage", "Can send OpenLineage events into the workspace"),
        ("comment", "Can comment, and watch what happens"),
        ("submit_configuration", "Can submit configuration snapshots"),
        ("assign_policy", "Can assign policies to the workspace"),
        ("view_trail", "Can read the audit trail of the workspace"),
        ("run_scan", "Can run scans and make reports"),
        ("triage_findings", "Can give findings and risks an owner, a date and a treatment"),
        ("manage_members", "Can grant and end roles"),
        ("change_workspace", "Can change the workspace's settings"),
    ],
}
NEW = {"triage_findings": ("deployer", "auditor", "admin")}


class Migration(migrations.Migration):
    dependencies = [
        ("registry", "0017_emit_lineage"),
        ("auth", "0012_alter_user_first_name_max_length"),
        ("contenttypes", "0002_remove_content_type_name"),
    ]

    operations = [
        migrations.AlterModelOptions(name="workspace", options=WORKSPACE),
        extend_roles(NEW),
    ]
