"""A small organisation to walk through a real installation with: accounts, workspaces, tokens.

Run inside the installation: `manage.py shell -c "from tests.support.organisation import found;
found()"` prints the tokens as JSON; `Organisation.found(service)` does that from a test.
"""

from __future__ import annotations

import json
from dataclasses import dataclass

from tests.support.client import Client
from tests.support.service import Service

WORKSPACES = {
    "assist-dev": "development",
    "assist-staging": "staging",
    "assist-prod": "production",
}
# Who holds which role where; the administrator is a superuser and needs none.
MEMBERS = {
    "author": {"assist-dev": "author"},
    "reader": {"assist-dev": "reader", "assist-prod": "reader"},
    "approver": {"assist-dev": "reader", "assist-prod": "approver"},
    "deployer": {"assist-dev": "reader", "assist-staging": "deployer", "assist-prod": "deployer"},
    "auditor": dict.fromkeys(WORKSPACES, "auditor"),
    "outsider": {},
}


def found() -> None:
    """Make the organisation in the installation that this process is part of; print the tokens."""
    from core.actors import Actor, Via
    from core.models import User
    from registry.services import members, rules, tokens, workspaces

    administrator = User.objects.create_superuser("administrator")
    actor = Actor(user=administrator, via=Via.COMMAND)
    for slug, stage in WORKSPACES.items():
        workspaces.create(actor=actor, slug=slug, title=slug, stage=stage)
    rules.set_required_approvals(actor=actor, workspace="assist-prod", required_approvals=1)
    issued = {"administrator": tokens.issue(actor=actor, user=administrator).text}
    for username, roles in MEMBERS.items():
        user = User.objects.create_user(username)
        for workspace, role in roles.items():
            members.grant(actor=actor, workspace=workspace, role=role, username=username)
        issued[username] = tokens.issue(actor=actor, user=user).text
    print(json.dumps(issued))


@dataclass(frozen=True)
class Organisation:
    """The organisation as a test sees it: a client per account."""

    service: Service
    tokens: dict[str, str]

    @classmethod
    def found(cls, service: Service) -> Organisation:
        """Make the organisation in `service`, whose database is migrated."""
        code = "from tests.support.organisation import found; found()"
        printed = service.manage("shell", "--no-imports", "-c", code)
        return cls(service, json.loads(printed.strip().splitlines()[-1]))

    def client(self, username: str, *, web: int = 0) -> Client:
        """A new client that holds the token of `username`."""
        return self.service.client(token=self.tokens[username], web=web)
