"""What happens in policies, a module per noun. docs/events.md describes each."""

from __future__ import annotations

from policies.events.assignments import (
    AssignmentCreated,
    AssignmentEnded,
    AssignmentEnforcementSet,
    AssignmentEvent,
)
from policies.events.attestations import (
    AttestationEnded,
    AttestationEvent,
    AttestationExpiring,
    AttestationMade,
)
from policies.events.decisions import (
    DecisionsRecorded,
)
from policies.events.exemptions import (
    ExemptionEnded,
    ExemptionEvent,
    ExemptionExpiring,
    ExemptionGranted,
    ExemptionRequested,
)
from policies.events.fleet import (
    FleetDecisionsExported,
    FleetDecisionsReceived,
    OpaEvent,
    OpaMasksChanged,
    OpaPulled,
    OpaRegistered,
    OpaRetired,
    OpaSourcesChanged,
    OpaStatusChanged,
)
from policies.events.policies import (
    PolicySetVersionCreated,
    PolicyVersionChecked,
    PolicyVersionCreated,
)
from policies.events.resources import (
    ResourceRetired,
    SnapshotSubmitted,
)
from policies.events.what_ifs import (
    WhatIfAsked,
)

__all__ = [
    "AssignmentCreated",
    "AssignmentEnded",
    "AssignmentEnforcementSet",
    "AssignmentEvent",
    "AttestationEnded",
    "AttestationEvent",
    "AttestationExpiring",
    "AttestationMade",
    "DecisionsRecorded",
    "ExemptionEnded",
    "ExemptionEvent",
    "ExemptionExpiring",
    "ExemptionGranted",
    "ExemptionRequested",
    "FleetDecisionsExported",
    "FleetDecisionsReceived",
    "OpaEvent",
    "OpaMasksChanged",
    "OpaPulled",
    "OpaRegistered",
    "OpaRetired",
    "OpaSourcesChanged",
    "OpaStatusChanged",
    "PolicySetVersionCreated",
    "PolicyVersionChecked",
    "PolicyVersionCreated",
    "ResourceRetired",
    "SnapshotSubmitted",
    "WhatIfAsked",
]
