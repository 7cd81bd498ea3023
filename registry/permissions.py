"""What one may do in a workspace, and the roles that bundle it. Free of Django."""

from __future__ import annotations

from enum import StrEnum


class Permission(StrEnum):
    """A right in one workspace; the value is the codename in the database."""

    VIEW = "view_workspace"
    CREATE_VERSION = "create_version"
    EDIT_ASSET = "edit_asset"
    RECORD_RUN = "record_run"
    MOVE_ALIAS = "move_alias"
    MOVE_PROTECTED_ALIAS = "move_protected_alias"
    PROMOTE = "promote_into_workspace"
    APPROVE = "approve_promotion"
    REVIEW_CARD = "review_card"
    CHANGE_LIFECYCLE = "change_lifecycle"
    DELETE_VERSION = "delete_version"
    DEPLOY = "deploy"
    REPORT_SERVING = "report_serving"
    EMIT_LINEAGE = "emit_lineage"
    COMMENT = "comment"
    SUBMIT_CONFIGURATION = "submit_configuration"
    ASSIGN_POLICY = "assign_policy"
    VIEW_TRAIL = "view_trail"
    RUN_SCAN = "run_scan"
    TRIAGE_FINDINGS = "triage_findings"
    MANAGE_MEMBERS = "manage_members"
    CHANGE_WORKSPACE = "change_workspace"


PERMISSION_NAMES = frozenset(permission.value for permission in Permission)
# What a token may be narrowed to beside permissions: a door that asks for no right in a workspace,
# but for a credential that is meant for it.
OPA_SCOPE = "opa"
SCOPE_NAMES = PERMISSION_NAMES | {OPA_SCOPE}

LABELS: dict[Permission, str] = {
    Permission.VIEW: "Can see the workspace and what is in it",
    Permission.CREATE_VERSION: "Can register versions",
    Permission.EDIT_ASSET: "Can describe and tag assets, and write their cards",
    Permission.RECORD_RUN: "Can record experiments, runs and evaluations",
    Permission.MOVE_ALIAS: "Can move unprotected aliases",
    Permission.MOVE_PROTECTED_ALIAS: "Can move protected aliases by hand",
    Permission.PROMOTE: "Can request promotions into the workspace",
    Permission.APPROVE: "Can approve promotions into the workspace",
    Permission.REVIEW_CARD: "Can accept or return cards",
    Permission.CHANGE_LIFECYCLE: "Can deprecate, archive and withdraw versions",
    Permission.DELETE_VERSION: "Can delete versions and rename or delete assets",
    Permission.DEPLOY: "Can create and change deployments",
    Permission.REPORT_SERVING: "Can report what deployments served",
    Permission.EMIT_LINEAGE: "Can send OpenLineage events into the workspace",
    Permission.COMMENT: "Can comment, and watch what happens",
    Permission.SUBMIT_CONFIGURATION: "Can submit configuration snapshots",
    Permission.ASSIGN_POLICY: "Can assign policies to the workspace",
    Permission.VIEW_TRAIL: "Can read the audit trail of the workspace",
    Permission.RUN_SCAN: "Can run scans and make reports",
    Permission.TRIAGE_FINDINGS: "Can give findings and risks an owner, a date and a treatment",
    Permission.MANAGE_MEMBERS: "Can grant and end roles",
    Permission.CHANGE_WORKSPACE: "Can change the workspace's settings",
}


class Role(StrEnum):
    """A named set of permissions in one workspace."""

    READER = "reader"
    AUTHOR = "author"
    APPROVER = "approver"
    DEPLOYER = "deployer"
    AUDITOR = "auditor"
    ADMIN = "admin"


ROLE_NAMES = tuple(role.value for role in Role)

READ = frozenset({Permission.VIEW, Permission.COMMENT})

ROLES: dict[Role, frozenset[Permission]] = {
    Role.READER: READ,
    Role.AUTHOR: READ
    | {
        Permission.CREATE_VERSION,
        Permission.EDIT_ASSET,
        Permission.RECORD_RUN,
        Permission.MOVE_ALIAS,
        Permission.EMIT_LINEAGE,
    },
    Role.APPROVER: READ | {Permission.APPROVE, Permission.REVIEW_CARD, Permission.CHANGE_LIFECYCLE},
    Role.DEPLOYER: READ
    | {
        Permission.MOVE_ALIAS,
        Permission.PROMOTE,
        Permission.DEPLOY,
        Permission.REPORT_SERVING,
        Permission.SUBMIT_CONFIGURATION,
        Permission.EMIT_LINEAGE,
        Permission.TRIAGE_FINDINGS,
    },
    Role.AUDITOR: READ | {Permission.VIEW_TRAIL, Permission.RUN_SCAN, Permission.TRIAGE_FINDINGS},
    Role.ADMIN: frozenset(Permission),
}
