"""On whose behalf a token was used, as the trail tells it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from core.models import JournalEntry
from registry.services import tokens
from tests.factories import bearer

if TYPE_CHECKING:
    from tests.audits.conftest import House

TRAIL = "/api/audits/trail/"
HOLD = {"scope": "workspace", "target": "audit-dev", "reason": "Case 4711"}


def test_the_trail_tells_who_issued_a_token_for_another_account(house: House) -> None:
    admin, auditor = house.admin.user, house.member("robot", dev="auditor").user
    assert admin is not None
    assert auditor is not None
    lent = bearer(tokens.issue(actor=house.admin, user=auditor).text)
    client = house.client(house.admin)

    placed = lent.post("/api/audits/holds/", HOLD)
    assert placed.status_code == 201
    entry = JournalEntry.objects.get(action="audits.hold.placed")

    told = client.get(f"{TRAIL}{entry.uuid}/").json()["actor"]
    assert told["username"] == "robot"
    assert told["on_behalf_of"] == {"uuid": str(admin.uuid), "username": admin.username}
    issued = JournalEntry.objects.filter(action="registry.token.issued").earliest("id")
    assert client.get(f"{TRAIL}{issued.uuid}/").json()["actor"]["on_behalf_of"] is None
    exported = client.get(f"{TRAIL}export/", {"format": "csv", "action": "audits.hold.placed"})
    assert str(admin.uuid) in exported.getvalue().decode()


def test_nobody_releases_their_own_hold_with_a_token_of_somebody_else(house: House) -> None:
    auditor = house.member("robot", dev="auditor")
    assert auditor.user is not None
    lent = bearer(tokens.issue(actor=house.admin, user=auditor.user).text)
    placed = house.client(house.admin).post("/api/audits/holds/", HOLD).json()
    release, reason = f"/api/audits/holds/{placed['uuid']}/release/", {"reason": "Closed."}

    assert lent.post(release, reason).status_code == 403
    assert house.client(auditor).post(release, reason).status_code == 200
