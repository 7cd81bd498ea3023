"""What an installation's database holds after the faults, read by a process of its own."""

from __future__ import annotations

import json
from typing import Any

from tests.support.service import Service


def read(service: Service) -> dict[str, Any]:
    """Return versions, numbers per asset and journal as the database of `service` has them."""
    printed = service.manage(
        "shell", "--no-imports", "-c", "from tests.faults.ledger import show; show()"
    )
    found: dict[str, Any] = json.loads(printed.strip().splitlines()[-1])
    return found


def show() -> None:
    """Print the ledger of the installation that this process is part of."""
    from core.models import JournalEntry, JournalPending, JournalSequence
    from registry.models import Asset, AssetVersion

    versions = {
        str(uuid): digest for uuid, digest in AssetVersion.objects.values_list("uuid", "digest")
    }
    registered = JournalEntry.objects.filter(action="registry.version.registered")
    ledger = {
        "versions": versions,
        "numbers": {
            asset.name: {
                "last": asset.last_number,
                "numbers": list(asset.versions.order_by("number").values_list("number", flat=True)),
            }
            for asset in Asset.objects.all()
        },
        "journalled": [json.loads(bytes(e.body))["data"]["version"] for e in registered],
        "seqs": list(JournalSequence.objects.order_by("seq").values_list("seq", flat=True)),
        "entries": JournalEntry.objects.count(),
        "pending": JournalPending.objects.count(),
    }
    print(json.dumps(ledger))
