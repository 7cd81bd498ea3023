"""Verifies DSSE envelopes with securesystemslib, and their statements with in-toto's own types.

Arguments: the public key as 64 hexadecimal digits, then the paths of envelopes.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path

from google.protobuf import json_format
from in_toto_attestation.predicates.provenance.v1 import provenance_pb2
from in_toto_attestation.v1 import statement_pb2
from in_toto_attestation.v1.statement import Statement
from securesystemslib.dsse import Envelope
from securesystemslib.signer import SSlibKey

found = {}
for path in sys.argv[2:]:
    envelope = Envelope.from_dict(json.loads(Path(path).read_bytes()))
    (keyid,) = envelope.signatures
    key = SSlibKey(keyid, "ed25519", "ed25519", {"public": sys.argv[1]})
    verified = envelope.verify([key], 1)
    told = json_format.Parse(envelope.payload.decode(), statement_pb2.Statement())
    Statement.copy_from_pb(told).validate()
    predicate = json.loads(envelope.payload)["predicate"]
    if told.predicate_type == "https://slsa.dev/provenance/v1":
        json_format.ParseDict(predicate, provenance_pb2.Provenance())
    found[path] = {
        "verified_by": sorted(verified),
        "type": told.predicate_type,
        "subjects": [each.name for each in told.subject],
    }
print(json.dumps(found))
