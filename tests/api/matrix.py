"""Every address under /api, every method, every caller: the status that must come back.

The statuses of a row are literals in the order of ``CALLERS``: anonymous, outsider, reader,
author, approver, deployer, auditor, admin (of the workspace), administrator (of the organisation).
"""

from __future__ import annotations

from tests.api.governance_rows import AUDITS, LINEAGE, POLICIES
from tests.api.registry_rows import REGISTRY
from tests.api.rows import EVERYBODY, Row, row

DESCRIPTION = (row("GET", "schema/", EVERYBODY), row("GET", "docs/", EVERYBODY))

AREAS: dict[str, tuple[Row, ...]] = {
    "description": DESCRIPTION,
    "registry": REGISTRY,
    "lineage": LINEAGE,
    "policies": POLICIES,
    "audits": AUDITS,
}
