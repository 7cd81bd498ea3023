"""What one may do in a workspace, and the roles that bundle it. Free of Django."""

from __future__ import annotations

from enum import StrEnum


class Permission(StrEnum):
    """A right in one workspace; the value is the codename in the database."""

    VIEW = "view_workspace"
    CREATE_VERSION = "create_version"
    MOVE_ALIAS = "move_alias"
    MOVE_PROTECTED_ALIAS = "move_protected_alias"
    PROMOTE = "promote_into_workspace"
    APPROVE = "approve_promotion"
    SUBMIT_CONFIGURATION = "submit_configuration"
    ASSIGN_POLICY = "assign_policy"
    VIEW_TRAIL = "view_trail"
    RUN_SCAN = "run_scan"
    MANAGE_MEMBERS = "manage_members"
    CHANGE_WORKSPACE = "change_workspace"


PERMISSION_NAMES = frozenset(permission.value for permission in Permission)

LABELS: dict[Permission, str] = {
    Permission.VIEW: "Can see the workspace and what is in it",
    Permission.CREATE_VERSION: "Can register versions",
    Permission.MOVE_ALIAS: "Can move unprotected aliases",
    Permission.MOVE_PROTECTED_ALIAS: "Can move protected aliases by hand",
    Permission.PROMOTE: "Can request promotions into the workspace",
    Permission.APPROVE: "Can approve promotions into the workspace",
    Permission.SUBMIT_CONFIGURATION: "Can submit configuration snapshots",
    Permission.ASSIGN_POLICY: "Can assign policies to the workspace",
    Permission.VIEW_TRAIL: "Can read the audit trail of the workspace",
    Permission.RUN_SCAN: "Can run scans and make reports",
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

ROLES: dict[Role, frozenset[Permission]] = {
    Role.READER: frozenset({Permission.VIEW}),
    Role.AUTHOR: frozenset({Permission.VIEW, Permission.CREATE_VERSION, Permission.MOVE_ALIAS}),
    Role.APPROVER: frozenset({Permission.VIEW, Permission.APPROVE}),
    Role.DEPLOYER: frozenset(
        {
            Permission.VIEW,
            Permission.MOVE_ALIAS,
            Permission.PROMOTE,
            Permission.SUBMIT_CONFIGURATION,
        }
    ),
    Role.AUDITOR: frozenset({Permission.VIEW, Permission.VIEW_TRAIL, Permission.RUN_SCAN}),
    Role.ADMIN: frozenset(Permission),
}
