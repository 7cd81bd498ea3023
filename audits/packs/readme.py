"""What a pack says of itself to whoever unpacks it."""

from __future__ import annotations

README = """\
This is an evidence pack: what Muniment knew of {of}
as of {as_of}, with all that is needed to check it offline. Nothing has to be installed but
Python 3.9, and nobody has to be asked but for one public key, which you should have from somewhere
else than this pack:

    {vkey}

To verify, unpack the verifier, read it (it is one file), and run it without a network:

    unzip -p PACK.zip verify/muniment_verify.py > muniment_verify.py
    python3 muniment_verify.py PACK.zip --key '{vkey}'

It exits with 0 when every file is what was signed, and every journal entry in here is proved by
the signed checkpoint. Give it --anchor FILE with checkpoints that you kept, and it also tells
whether this is the log that you were shown then.

manifest.json       every file with its SHA-256, and what the pack claims to be made from
manifest.sig        the signature of the manifest, as a C2SP signed note
reports/            the report on the scan, in every form
dossiers/           technical documentation of each version in production, in every form
results.ndjson      every answer of every policy, passes too, one a line
covered/            of a pack about a version or a framework: what the journal's digests cover
findings.ndjson     what failed, exempt or not, and breaches and drift of deployments
decisions/          what each answer rests on, and the very inputs that were judged
policies/           each policy as an OPA bundle, and which were evaluated together
configurations/     the configurations that were judged
provenance/         where each promoted version came from, as it was frozen then
journal/            the entries behind it all, their proofs, the signed checkpoint, anchors
keys/               public keys, and the statements by which one key vouches for another
verify/             the verifier

A decision can be taken again, by Open Policy Agent or by Muniment's own replay:

    python3 muniment_verify.py PACK.zip --key '{vkey}' --decision UUID > decision.json
"""


def readme(*, of: str, as_of: str, vkey: str) -> bytes:
    """Return README.txt; ``vkey`` is the log's first public key."""
    return README.format(of=of, as_of=as_of, vkey=vkey).encode()
