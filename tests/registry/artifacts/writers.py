"""What processes of one installation do at once in test_live.py."""

from __future__ import annotations

import json
from datetime import timedelta

from core.actors import system
from core.canonical import sha256
from core.errors import Conflict, InvalidInput
from registry.models import Blob, BlobClaim, Upload, Workspace
from registry.queries.blobs import store
from registry.services import collection, tokens
from tests.factories import (
    administrator,
    make_model,
    make_upload,
    make_workspace,
)

ROUNDS = 30
# Few contents for many writers: each is collected and brought again all the time.
CONTENTS = [bytes([number]) * 100_000 for number in range(3)]


def found() -> None:
    """Make the workspace, and print a token that may upload into it."""
    make_workspace("live")
    actor = administrator()
    assert actor.user is not None
    print(tokens.issue(actor=actor, user=actor.user).text)


def register() -> None:
    """Upload and register over and over; print how often it worked."""
    workspace = Workspace.objects.get(slug="live")
    done = 0
    for number in range(ROUNDS):
        content = CONTENTS[number % len(CONTENTS)]
        upload = make_upload(workspace, content)
        try:
            make_model(workspace, artifacts=[{"path": "w", "upload": upload.uuid}])
            done += 1
        except (Conflict, InvalidInput):
            continue  # collected in between, and told so
    print(json.dumps(done))


def collect() -> None:
    """Collect without any grace, and drop what holds bytes, over and over."""
    for _ in range(ROUNDS * 2):
        Upload.objects.filter(blob__isnull=False).update(blob=None)
        BlobClaim.objects.filter(pk__in=_odd_claims()).delete()
        collection.collect(actor=system(), grace=timedelta(0))
    print("{}")


def _odd_claims() -> list[int]:
    """Claims that are given up, as if their versions had been deleted."""
    return [pk for pk in BlobClaim.objects.values_list("pk", flat=True) if pk % 2]


def audit() -> None:
    """Print what does not fit together: claims without bytes, rows without bytes, orphans."""
    lost = [
        blob.digest
        for blob in Blob.objects.all()
        if sha256(b"".join(store().read(blob.key))) != blob.digest
    ]
    named = set(Blob.objects.values_list("key", flat=True))
    told = {
        "lost": lost,
        "orphans": len([item for item in store().items() if item.key not in named]),
        "claims": BlobClaim.objects.count(),
        "uploads_stored": Upload.objects.filter(stored_at__isnull=False).count(),
    }
    print(json.dumps(told))
