#!/usr/bin/env python3
"""Verify an exported journal, an evidence pack, or an attestation, offline.

    python3 muniment_verify.py FOLDER --key VKEY [--anchor FILE]... [--witness VKEY]...
    python3 muniment_verify.py PACK.zip --key VKEY [--anchor FILE]... [--decision UUID]
    python3 muniment_verify.py --dsse FILE --key VKEY [--keys FILE]

Needs Python 3.9 and nothing else, and shares no code with the service. The FOLDER of a journal
holds:

    entries.ndjson      the entries in their order, one a line: exactly the bytes that were hashed
    leaves              the SHA-256 leaf hashes of the log, 32 bytes each
    checkpoints.ndjson  {"size": N, "note": "<signed checkpoint>"} a line, in order
    keys.ndjson         {"vkey", "statement"} a line for each key that replaced another; optional
    proofs.ndjson       instead of entries: {"index", "body", "size", "proof": [base64]} a line

VKEY is the public key of the log (name+id+base64), taken from somewhere else than the folder. An
anchor is a file of checkpoints as the service appends them outside of its database, or one signed
checkpoint: without one, nobody can tell a log that was cut short from a shorter one. A witness is
named by its public key, from elsewhere too: its cosignature of the newest checkpoint that has one
must be right, and the log must extend that checkpoint.

A pack is a ZIP file, or the folder that it was unpacked to; its README.txt tells what is in it.
With --decision the pack is verified, and that decision printed with all that it rests on.

An attestation is an in-toto statement in a DSSE envelope, signed by a key of its own. The FILE of
--keys holds the statements by which the log's key vouches for that one, as the service answers them
(GET /api/audits/checkpoints/keys/); without it VKEY must be the key of attestations itself. What is
attested is printed, digests first to be held against what you have.

Exit codes: 0 all is well, 2 usage, 10 an entry's bytes were changed, 11 an entry is missing, 12 the
order was changed, 13 a signature or key is wrong, 14 the log was cut short of an anchor or has
another tree, 15 an entry of a schema that this verifier does not know, 16 entries or a tree beyond
what was signed, 17 two signed trees of one size differ, 18 a file is missing or unreadable, 19 a
witness that was named cosigned nothing, or its cosignature is wrong. Of packs also: 20 a file was
changed, 21 a file is missing, 22 a file is there that nobody signed, 23 the archive is not one that
is safe to unpack, 24 what the pack claims is not what it holds, 25 bytes of the archive beside its
files were changed. Of attestations, in packs too: 26 an envelope is not one, or is not signed by a
key that is vouched for.

Sources: RFC 9162 section 2.1 (tree), RFC 8032 (Ed25519), C2SP signed-note, tlog-checkpoint and
tlog-cosignature, DSSE v1 and in-toto Statement v1.
"""

from __future__ import annotations

import argparse
import base64
import hashlib
import io
import json
import struct
import sys
import tarfile
import time
import zipfile
import zlib
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import IO, Any, NamedTuple

OK, USAGE = 0, 2
CHANGED, MISSING, ORDER, SIGNATURE, ANCHOR = 10, 11, 12, 13, 14
SCHEMA, BEYOND, SPLIT, UNREADABLE, WITNESS = 15, 16, 17, 18, 19
FILE_CHANGED, FILE_MISSING, FILE_EXTRA, ARCHIVE, CLAIM, ENVELOPE = 20, 21, 22, 23, 24, 25
ATTESTATION = 26
SCHEMA_VERSION = 1
MOST_SIGNATURES = 2_000
HERE = "the folder"
ROTATED = b'"action":"audits.log.key_rotated"'
RESUMED = b'"action":"audits.log.resumed"'

Point = tuple[int, int, int, int]
Key = tuple[str, bytes, bytes]  # name, id, public key
Checkpoint = tuple[str, int, bytes]  # origin, size, root


class Failed(Exception):
    """What is wrong, with the exit code that says so."""

    def __init__(self, code: int, message: str) -> None:
        super().__init__(message)
        self.code = code


# -- Ed25519 (RFC 8032 section 5.1), in extended coordinates ---------------------------------------
P = 2**255 - 19
Q = 2**252 + 27742317777372353535851937790883648493
D = -121665 * pow(121666, P - 2, P) % P
ROOT_OF_MINUS_ONE = pow(2, (P - 1) // 4, P)
NEUTRAL: Point = (0, 1, 1, 0)


def _add(p: Point, q: Point) -> Point:
    a = (p[1] - p[0]) * (q[1] - q[0]) % P
    b = (p[1] + p[0]) * (q[1] + q[0]) % P
    c = 2 * p[3] * q[3] * D % P
    d = 2 * p[2] * q[2] % P
    e, f, g, h = b - a, d - c, d + c, b + a
    return e * f % P, g * h % P, f * g % P, e * h % P


def _double(p: Point) -> Point:
    a, b = p[0] * p[0] % P, p[1] * p[1] % P
    c, h = 2 * p[2] * p[2] % P, a + b
    e = h - (p[0] + p[1]) * (p[0] + p[1]) % P
    g = a - b
    f = c + g
    return e * f % P, g * h % P, f * g % P, e * h % P


def _multiply(scalar: int, point: Point) -> Point:
    table = [NEUTRAL]
    for _ in range(15):
        table.append(_add(table[-1], point))
    result = NEUTRAL
    for shift in range(252, -1, -4):
        result = _double(_double(_double(_double(result))))
        digit = scalar >> shift & 15
        if digit:
            result = _add(result, table[digit])
    return result


def _point(data: bytes) -> Point | None:
    y = int.from_bytes(data, "little")
    sign, y = y >> 255, y & (1 << 255) - 1
    square = (y * y - 1) * pow(D * y * y + 1, P - 2, P) % P
    x = pow(square, (P + 3) // 8, P)
    if (x * x - square) % P:
        x = x * ROOT_OF_MINUS_ONE % P
    if y >= P or (x * x - square) % P or (x == 0 and sign):
        return None
    if x & 1 != sign:
        x = P - x
    return x, y, 1, x * y % P


def ed25519_verifies(public: bytes, message: bytes, signature: bytes) -> bool:
    """Whether the 64 bytes are the signature of the message under the 32 bytes of key."""
    if len(public) != 32 or len(signature) != 64:
        return False
    base = _point((4 * pow(5, P - 2, P) % P).to_bytes(32, "little"))
    key, r = _point(public), _point(signature[:32])
    s = int.from_bytes(signature[32:], "little")
    if base is None or key is None or r is None or s >= Q:
        return False
    digest = hashlib.sha512(signature[:32] + public + message).digest()
    k = int.from_bytes(digest, "little") % Q
    left, right = _multiply(s, base), _add(r, _multiply(k, key))
    crossed = (left[0] * right[2] - right[0] * left[2], left[1] * right[2] - right[1] * left[2])
    return not any(each % P for each in crossed)


# -- Keys and notes --------------------------------------------------------------------------------
def read_key(text: str, kind: int = 1) -> Key:
    """The key that name+id+base64 spells; of a witness the kind is 4."""
    try:
        name, key_id, data = text.strip().split("+", 2)
        raw = base64.b64decode(data, validate=True)
    except ValueError:
        raise Failed(SIGNATURE, f"not a key (name+id+base64): {text[:80]!r}") from None
    own = hashlib.sha256(name.encode() + b"\n" + raw).digest()[:4]
    if len(raw) != 33 or raw[0] != kind or own.hex() != key_id:
        raise Failed(SIGNATURE, f"not an Ed25519 key, or its id is not its own: {text[:80]!r}")
    return name, own, raw[1:]


def read_note(note: str, keys: list[Key], what: str) -> list[str]:
    """The lines of a note that one of the keys signed."""
    text, mark, lines = note.rpartition("\n\n")
    if not mark or not lines.endswith("\n"):
        raise Failed(SIGNATURE, f"{what} is not a signed note")
    text += "\n"
    for line in lines.splitlines():
        parts = line.split(" ")
        try:
            raw = base64.b64decode(parts[2], validate=True)
        except (ValueError, IndexError):
            raise Failed(SIGNATURE, f"{what} has a line that is no signature") from None
        for name, key_id, public in keys:
            if parts[0] == "\u2014" and (name, key_id) == (parts[1], raw[:4]):
                if ed25519_verifies(public, text.encode(), raw[4:]):
                    return text.split("\n")
                raise Failed(SIGNATURE, f"{what}: the signature of {name} is wrong")
    raise Failed(SIGNATURE, f"{what} is not signed by a key that is trusted")


def cosigned_at(note: str, witness: Key, what: str) -> int | None:
    """When the witness cosigned, in seconds since 1970; None where it did not."""
    text, _, lines = note.rpartition("\n\n")
    for line in lines.splitlines():
        _, name, encoded = line.split(" ")
        raw = base64.b64decode(encoded)
        if (name, raw[:4]) != witness[:2]:
            continue
        seconds = int.from_bytes(raw[4:12], "big")
        signed = f"cosignature/v1\ntime {seconds}\n{text}\n".encode()
        if len(raw) != 76 or not ed25519_verifies(witness[2], signed, raw[12:]):
            raise Failed(WITNESS, f"{what}: the cosignature of {name} is wrong")
        return seconds
    return None


def read_checkpoint(note: str, what: str) -> Checkpoint:
    """What a checkpoint says; its signature is another matter."""
    lines = note.split("\n")
    try:
        size, root = int(lines[1]), base64.b64decode(lines[2], validate=True)
    except (ValueError, IndexError):
        raise Failed(SIGNATURE, f"{what} has no size and root") from None
    if len(root) != 32 or size < 0:
        raise Failed(SIGNATURE, f"{what} has no size and root")
    return lines[0], size, root


# -- Attestations (DSSE v1, in-toto Statement v1) --------------------------------------------------
DSSE_SUFFIX = ".dsse.json"
PAYLOAD_TYPE = "application/vnd.in-toto+json"
STATEMENT = "https://in-toto.io/Statement/v1"
VOUCHED = "muniment attestation key v1"


def only_once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    """A JSON object in which no name stands twice: two readers could take another one each."""
    told = dict(pairs)
    if len(told) != len(pairs):
        raise ValueError("a name stands twice")
    return told


def vouched_key(told: Any, keys: list[Key], title: str, what: str) -> Key:
    """The key of which a trusted one says so in a statement with that title."""
    lines = read_note(told["statement"], keys, f"the statement about {what}")
    if lines[0] != title or lines[2] != told["vkey"]:
        raise Failed(SIGNATURE, f"the statement about {what} is not about this key")
    return read_key(told["vkey"])


def read_envelope(content: bytes, keys: list[Key], what: str) -> Any:
    """The statement in a DSSE envelope, which one of the keys signed."""
    try:
        told = json.loads(content, object_pairs_hook=only_once)
        kind, payload = told["payloadType"], base64.b64decode(told["payload"], validate=True)
        signed = b"DSSEv1 %d %b %d %b" % (len(kind.encode()), kind.encode(), len(payload), payload)
        signatures = [
            (each["keyid"], base64.b64decode(each["sig"], validate=True))
            for each in told["signatures"]
        ]
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise Failed(ATTESTATION, f"{what} is not a DSSE envelope: {error}") from None
    for name, key_id, public in keys:
        for keyid, signature in signatures:
            if keyid == f"{name}+{key_id.hex()}":
                if ed25519_verifies(public, signed, signature):
                    return read_statement(kind, payload, what)
                raise Failed(ATTESTATION, f"{what}: the signature of {name} is wrong")
    raise Failed(ATTESTATION, f"{what} is not signed by a key that is trusted")


def read_statement(kind: str, payload: bytes, what: str) -> Any:
    """An in-toto statement with at least one subject."""
    try:
        told = json.loads(payload, object_pairs_hook=only_once)
        is_one = (kind, told["_type"]) == (PAYLOAD_TYPE, STATEMENT) and told["predicateType"]
        is_one = is_one and all(each["name"] and each["digest"] for each in told["subject"])
    except (ValueError, KeyError, TypeError) as error:
        raise Failed(ATTESTATION, f"{what} holds no in-toto statement: {error!r}") from None
    if not is_one or not told["subject"]:
        raise Failed(ATTESTATION, f"{what} holds no in-toto statement")
    return told


def verify_attestation(path: Path, keys: list[Key], vouchers: str) -> str:
    """Verify an envelope that stands alone, and return what it attests."""
    trusted = list(keys)
    try:
        content = path.read_bytes()
        told = json.loads(Path(vouchers).read_text(encoding="utf-8")) if vouchers else []
    except (OSError, ValueError) as error:
        raise Failed(UNREADABLE, str(error)) from None
    for each in told:
        if each["purpose"] == "log" and each["statement"]:
            trust(each, trusted)
    vouched = [
        vouched_key(each, trusted, VOUCHED, "a key of attestations")
        for each in told
        if each["purpose"] == "attestations"
    ]
    statement = read_envelope(content, [*keys, *vouched], str(path))
    subjects = [
        f"  {algorithm}:{value}  {each['name']}\n"
        for each in statement["subject"]
        for algorithm, value in each["digest"].items()
    ]
    return f"verified {path}: {statement['predicateType']} about\n" + "".join(subjects)


# -- The tree (RFC 9162 section 2.1) ---------------------------------------------------------------
def leaf_hash(body: bytes) -> bytes:
    """The hash of an entry."""
    return hashlib.sha256(b"\x00" + body).digest()


class Tree:
    """The root of the leaves so far; it holds one hash a level."""

    def __init__(self) -> None:
        self.size = 0
        self.stack: list[bytes] = []  # complete subtrees, the largest first

    def add(self, leaf: bytes) -> None:
        """Add the hash of a leaf."""
        size = self.size
        self.size += 1
        while size & 1:
            leaf = hashlib.sha256(b"\x01" + self.stack.pop() + leaf).digest()
            size >>= 1
        self.stack.append(leaf)

    def root(self) -> bytes:
        """The root now."""
        if not self.stack:
            return hashlib.sha256(b"").digest()
        root = self.stack[-1]
        for left in reversed(self.stack[:-1]):
            root = hashlib.sha256(b"\x01" + left + root).digest()
        return root


def root_of_proof(leaf: bytes, index: int, size: int, proof: list[bytes]) -> bytes | None:
    """The root that an inclusion proof leads to (section 2.1.3.2), None for a wrong length."""
    first, last, root = index, size - 1, leaf
    for sibling in proof:
        if last == 0:
            return None
        if first & 1 or first == last:
            root = hashlib.sha256(b"\x01" + sibling + root).digest()
            while first & 1 == 0 and first:
                first, last = first >> 1, last >> 1
        else:
            root = hashlib.sha256(b"\x01" + root + sibling).digest()
        first, last = first >> 1, last >> 1
    return root if last == 0 and 0 <= index < size else None


# -- The folder ------------------------------------------------------------------------------------
def json_lines(path: Path) -> Iterator[Any]:
    """Each whole line of a file as JSON; what a crash cut short is no line."""
    try:
        with path.open(encoding="utf-8") as file:
            for line in file:
                if line.endswith("\n"):
                    yield json.loads(line)
    except (OSError, ValueError) as error:
        raise Failed(UNREADABLE, f"{path}: {error}") from None


def schema_of(body: bytes) -> int | None:
    """The schema that an entry says; its keys are sorted, so it stands near the end."""
    at = body.rfind(b',"v":')
    try:
        return int(body[at + 5 : body.index(b",", at + 1)])
    except ValueError:
        return None


def anchored_notes(path: Path) -> Iterator[str]:
    """The checkpoints of an anchor: a file of JSON lines, or one signed checkpoint."""
    try:
        text = path.read_text(encoding="utf-8")
    except (OSError, ValueError) as error:
        raise Failed(UNREADABLE, f"{path}: {error}") from None
    if text and not text.startswith("{"):
        return iter([text])
    return (str(line["note"]) for line in json_lines(path))


class Verification:
    """One run over a folder; ``verify`` raises Failed, ``notes`` tell what it did not look at."""

    def __init__(self, folder: Path, keys: list[Key], anchors: list[Path]) -> None:
        self.folder, self.keys, self.notes = folder, keys, list[str]()
        self.tree, self.resumed, self.proved = Tree(), list[dict[str, Any]](), 0
        listed = json_lines(folder / "checkpoints.ndjson")
        self.checkpoints = [(str(line["note"]), HERE) for line in listed]
        self.anchored = [(note, str(path)) for path in anchors for note in anchored_notes(path)]
        self.roots: dict[int, bytes] = {}

    def verify(self) -> None:
        """Look at everything."""
        notes = self.all_notes()
        read = [(read_checkpoint(note, f"a checkpoint in {of}"), note, of) for note, of in notes]
        self.roots = {size: b"" for (_, size, _), _, _ in read}
        signed = [size for (_, size, _), _, of in read if of is HERE]
        if signed != sorted(signed) or not signed:
            raise Failed(ORDER if signed else MISSING, "checkpoints are out of order, or none")
        for line in self.lines("keys.ndjson"):
            self.trust(line)
        whole = (self.folder / "entries.ndjson").exists()
        if whole:
            self.read_entries(signed[-1])
        self.read_signatures([(checkpoint[1], note, of) for checkpoint, note, of in read])
        self.compare_twins(read)
        for (origin, size, root), _, of in read if whole else []:
            self.compare(origin, size, root, of)
        self.read_proofs(read)
        if not self.anchored:
            self.notes.append("no anchor was given: a log that was cut short cannot be told")

    def lines(self, name: str) -> Iterator[Any]:
        """Each line of a file that may be left out."""
        path = self.folder / name
        return json_lines(path) if path.exists() else iter(())

    def read_signatures(self, notes: list[tuple[int, str, str]]) -> None:
        """Verify who signed. A root is that of all entries below it, so of very many checkpoints
        some in between may be left out: the last one and all anchors never are."""
        step = max(1, len(self.checkpoints) // MOST_SIGNATURES)
        for number, (size, note, of) in enumerate(notes):
            is_last = number >= len(self.checkpoints) - 1
            if is_last or number % step == 0:
                read_note(note, self.keys, f"the checkpoint of {size} entries in {of}")
        if step > 1:
            self.notes.append(f"of the signatures of checkpoints every {step}th was verified")

    def read_entries(self, last: int) -> None:
        """Hash every entry in order, and hold it against the leaf of its place."""
        leaves, tree, at = self.leaves(), self.tree, 0
        with (self.folder / "entries.ndjson").open("rb") as file:
            for line in file:
                body = line[:-1] if line.endswith(b"\n") else line
                leaf = leaf_hash(body)
                if leaves and leaves[at : at + 32] != leaf:
                    raise self.difference(tree.size, leaf, leaves)
                at += 32
                if schema_of(body) != SCHEMA_VERSION:
                    raise Failed(SCHEMA, f"entry {tree.size} is of an unknown schema")
                tree.add(leaf)
                if tree.size in self.roots:
                    self.roots[tree.size] = tree.root()
                if ROTATED in body or RESUMED in body:
                    self.heed(json.loads(body))
        if tree.size < last or at < len(leaves):
            raise Failed(MISSING, f"entries from {tree.size} on are missing")
        if tree.size > last:
            raise Failed(BEYOND, f"entries from {last} on are in no signed checkpoint")

    def leaves(self) -> bytes:
        """The leaf hashes, which tell where an entry differs."""
        path = self.folder / "leaves"
        return path.read_bytes() if path.exists() else b""

    def difference(self, index: int, leaf: bytes, leaves: bytes) -> Failed:
        """Why the entry at a place does not have the hash of the place."""
        places = [leaves[at : at + 32] for at in range(0, len(leaves), 32)]
        with (self.folder / "entries.ndjson").open("rb") as file:
            entries = {leaf_hash(line.rstrip(b"\n")) for line in file}
        if index >= len(places):
            return Failed(BEYOND, f"there is an entry {index}, but no leaf")
        if places[index] not in entries and leaf in places[index:]:
            return Failed(MISSING, f"entry {index} is missing")
        if leaf in places:
            return Failed(ORDER, f"entry {places.index(leaf)} stands where {index} belongs")
        return Failed(CHANGED, f"entry {index} was changed")

    def heed(self, entry: Any) -> None:
        """Trust the key that a trusted one vouches for; remember what an operator gave up."""
        if entry["action"] == "audits.log.resumed":
            self.resumed.append(entry["data"])
        elif entry["action"] == "audits.log.key_rotated":
            self.trust(entry["data"])

    def trust(self, told: Any) -> None:
        """Add a key whose statement a trusted key has signed."""
        trust(told, self.keys)

    def compare(self, origin: str, size: int, root: bytes, of: str) -> None:
        """Hold a signed tree against the entries."""
        for lost in self.resumed:
            if lost["size"] < size <= lost["lost_size"] and lost["origin"] != origin:
                self.notes.append(f"entries from {lost['size']} to {size} were lost, on record")
                return
        if size > self.tree.size:
            here = f"here are {self.tree.size}"
            raise Failed(ANCHOR, f"{of} has a signed tree of {size} entries, {here}")
        if size and (self.roots[size] or self.tree.root()) != root:
            code = CHANGED if of is HERE else ANCHOR
            raise Failed(code, f"the first {size} entries are not those that {of} has signed")

    def compare_twins(self, read: list[tuple[Checkpoint, str, str]]) -> None:
        """Two signed trees of one size and log are a split view."""
        seen: dict[tuple[str, int], bytes] = {}
        for (origin, size, root), _, of in read:
            if seen.setdefault((origin, size), root) != root:
                raise Failed(SPLIT, f"two trees of {size} entries were signed; one is in {of}")

    def read_witness(self, witness: Key) -> None:
        """Hold the log against the newest checkpoint that a witness cosigned; ``verify`` has seen
        that all are of one log."""
        read = [(read_checkpoint(note, of)[1], note, of) for note, of in self.all_notes()]
        newest = max(size for size, _, _ in read)
        for size, note, of in sorted(read, key=lambda each: -each[0]):
            seconds = cosigned_at(note, witness, f"the checkpoint of {size} entries in {of}")
            if seconds is not None:
                when = time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(seconds))
                told = f"{witness[0]} cosigned {size} entries at {when}"
                self.notes.append(f"{told}, {newest - size} are newer")
                return
        raise Failed(WITNESS, f"{witness[0]} has cosigned none of the checkpoints")

    def all_notes(self) -> list[tuple[str, str]]:
        """Each checkpoint, and where it is from."""
        return [*self.checkpoints, *self.anchored]

    def read_proofs(self, read: list[tuple[Checkpoint, str, str]]) -> None:
        """Entries that stand alone, each with its path to a root that is signed: also where not
        every signature was verified, those of these checkpoints are."""
        used = {int(line["size"]) for line in self.lines("proofs.ndjson")}
        signed = set[tuple[int, "bytes | None"]]()
        for (_, size, root), note, of in read:
            if size in used and (size, root) not in signed:
                read_note(note, self.keys, f"the checkpoint of {size} entries in {of}")
                signed.add((size, root))
        for line in self.lines("proofs.ndjson"):
            index, size = int(line["index"]), int(line["size"])
            path = [base64.b64decode(each) for each in line["proof"]]
            proved = root_of_proof(leaf_hash(line["body"].encode()), index, size, path)
            if (size, proved) not in signed:
                raise Failed(CHANGED, f"entry {index} is not proved by the checkpoint of {size}")
            self.proved += 1


# -- Evidence packs: the archive -------------------------------------------------------------------
PACK_FORMAT = "muniment.evidence-pack/1"
MANIFEST, PACK_SIGNATURE = "manifest.json", "manifest.sig"
MOST = 256 * 1024 * 1024
NAMED_BY_DIGEST = {"decisions/inputs", "configurations", "provenance"}
CHUNK = 1024 * 1024
BROKEN = (
    OSError,
    ValueError,
    EOFError,
    RuntimeError,
    OverflowError,
    struct.error,
    zlib.error,
    zipfile.BadZipFile,
)


def is_safe(name: str) -> bool:
    """Whether a path stays inside the folder that it is unpacked to, on every system."""
    parts = name.split("/")
    odd = any(ord(each) < 32 or each in '\\:*?"<>|' for each in name)
    return bool(name) and not odd and not any(part in {"", ".", ".."} for part in parts)


class ZipSource:
    """A pack as it was downloaded. One way of writing it is taken, so that nothing can hide."""

    def __init__(self, path: Path) -> None:
        self.file = path.open("rb")
        try:
            self.zip = zipfile.ZipFile(self.file)
            self.members = self._members()
        except BROKEN as error:
            self.close()
            raise Failed(ARCHIVE, f"{path} is not a whole ZIP archive: {error}") from None
        except Failed:
            self.close()
            raise

    def close(self) -> None:
        """Let go of the archive."""
        self.file.close()

    def _members(self) -> dict[str, zipfile.ZipInfo]:
        found: dict[str, zipfile.ZipInfo] = {}
        at = 0
        for info in self.zip.infolist():
            if not is_safe(info.filename) or info.filename in found:
                raise Failed(ARCHIVE, f"the archive has a path that it must not: {info.filename!r}")
            found[info.filename] = info
            at = self._end(info, at)
        if at != self.zip.start_dir:
            raise Failed(ARCHIVE, f"bytes from {at} on belong to no file of the archive")
        return found

    def _end(self, info: zipfile.ZipInfo, at: int) -> int:
        """Where a member ends that must begin at a place; both of its headers must agree."""
        name = info.orig_filename.encode("utf-8" if info.flag_bits & 0x800 else "ascii")
        self.file.seek(at)
        local = struct.unpack("<4s5H3L2H", self.file.read(30))
        day, second = info.date_time[:3], info.date_time[3:]
        told = (
            b"PK\x03\x04",
            info.extract_version,
            info.flag_bits,
            info.compress_type,
            second[0] << 11 | second[1] << 5 | second[2] // 2,
            day[0] - 1980 << 9 | day[1] << 5 | day[2],
            info.CRC,
            info.compress_size,
            info.file_size,
            len(name),
            0,
        )
        is_plain = info.flag_bits & ~0x800 == 0 and info.compress_type in {0, 8}
        is_plain = is_plain and info.external_attr == 0o100644 << 16 and not info.comment
        is_plain = is_plain and (not info.extra or info.extra[:2] == b"\x01\x00")
        if not is_plain or at != info.header_offset:
            raise Failed(ARCHIVE, f"{info.filename}: not a plain file where one must be")
        if local != told or self.file.read(len(name)) != name:
            raise Failed(ARCHIVE, f"{info.filename}: its two headers differ")
        return at + 30 + len(name) + info.compress_size

    def names(self) -> list[str]:
        """Every file."""
        return list(self.members)

    def has(self, name: str) -> bool:
        """Whether a file is there."""
        return name in self.members

    def size(self, name: str) -> int:
        """What the archive says of a file's size."""
        return self.members[name].file_size

    def open(self, name: str) -> IO[bytes]:
        """A file, to be read from its beginning."""
        return self.zip.open(self.members[name])

    def check_envelope(self) -> None:
        """Hold the archive's comment against the bytes before it: the slack between and inside of
        the files is part of nothing else."""
        comment = self.zip.comment
        self.file.seek(0, 2)
        left, hashed = self.file.tell() - len(comment), hashlib.sha256()
        self.file.seek(0)
        while left:
            chunk = self.file.read(min(CHUNK, left))
            hashed.update(chunk)
            left -= len(chunk)
        if comment != b"sha256:" + hashed.hexdigest().encode():
            raise Failed(ENVELOPE, "bytes of the archive beside its files were changed")


class FolderSource:
    """A pack as it was unpacked."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.files: dict[str, Path] = {}
        for path in sorted(folder.rglob("*")):
            if path.is_symlink() or not (path.is_dir() or path.is_file()):
                raise Failed(ARCHIVE, f"{path} is neither a file nor a folder")
            if path.is_file():
                self.files[path.relative_to(folder).as_posix()] = path

    def close(self) -> None:
        """Nothing is held."""

    def names(self) -> list[str]:
        """Every file."""
        return list(self.files)

    def has(self, name: str) -> bool:
        """Whether a file is there."""
        return name in self.files

    def size(self, name: str) -> int:
        """How large a file is."""
        return self.files[name].stat().st_size

    def open(self, name: str) -> IO[bytes]:
        """A file, to be read from its beginning."""
        return self.files[name].open("rb")

    def check_envelope(self) -> None:
        """There is none."""


# -- Evidence packs: what is in them ---------------------------------------------------------------
class Decided(NamedTuple):
    """What a decision was about: digests of input and policy, and the subject; and its answer."""

    input: str
    policy: str
    state: str
    subject: str


class Pack:
    """One run over a pack; ``verify`` raises Failed, ``notes`` tell what it could not look at."""

    def __init__(self, path: Path, keys: list[Key], anchors: list[Path]) -> None:
        self.source = FolderSource(path) if path.is_dir() else ZipSource(path)
        self.keys, self.anchors, self.notes = keys, anchors, list[str]()
        self.manifest: dict[str, Any] = {}
        self.files: dict[str, dict[str, Any]] = {}
        self.decisions: dict[str, Decided] = {}
        self.signed: list[tuple[int, str]] = []
        self.entries = self.results = self.findings = self.attested = 0
        self.scanned: dict[str, str] = {}  # digests that the journal has, by workspace
        self.uuids: set[str] = set()
        self.completed: Any = None
        self.failing: set[str] = set()
        self.states: dict[str, Counter[str]] = {}  # of results, by policy
        self.covered: dict[str, set[bytes]] = {}  # hashes of what the journal covers, by workspace
        self.by_policy = Counter[str]()  # how many of them are by a policy, by its digest

    def verify(self) -> None:
        """Look at everything."""
        self.read_manifest()
        self.compare_names()
        for name in sorted(self.files):
            self.check_file(name)
        self.read_journal()
        self.read_decisions()
        self.read_bundles()
        basis = self.manifest["basis"]
        if "assessed" in basis and ("version" in basis or "framework" in basis):
            self.read_covered()
            self.read_some_results()
        elif "scan" in basis or "assessed" in basis:
            self.read_results()
        if "scan" in basis or "assessed" in basis:
            self.read_findings()
            self.read_report(basis.get("scan") or basis["assessed"])
        self.read_attestations()
        self.check_counts()
        self.source.check_envelope()

    # Files

    def content(self, name: str) -> bytes:
        """The bytes of a file that must be there."""
        if not self.source.has(name):
            raise Failed(FILE_MISSING, f"{name} is missing")
        try:
            with self.source.open(name) as file:
                content = file.read(MOST + 1)
        except BROKEN as error:
            raise Failed(FILE_CHANGED, f"{name} was changed: {error}") from None
        if len(content) > MOST:
            raise Failed(ARCHIVE, f"{name} has more than {MOST} bytes")
        return content

    def lines(self, name: str) -> Iterator[Any]:
        """Each line of a file as JSON."""
        with self.source.open(name) as file:
            for line in file:
                yield json.loads(line)

    def check_file(self, name: str) -> None:
        """Hold a file against the manifest, and against the digest in its own name."""
        told, hashed, size = self.files[name], hashlib.sha256(), 0
        if self.source.size(name) != told["size"]:
            has = self.source.size(name)
            raise Failed(FILE_CHANGED, f"{name} has {has} bytes, not {told['size']}")
        try:
            with self.source.open(name) as file:
                while chunk := file.read(CHUNK):
                    hashed.update(chunk)
                    size += len(chunk)
                    if size > told["size"]:
                        break
        except BROKEN as error:
            raise Failed(FILE_CHANGED, f"{name} was changed: {error}") from None
        if size != told["size"] or hashed.hexdigest() != told["sha256"]:
            raise Failed(FILE_CHANGED, f"{name} was changed")
        folder, _, last = name.rpartition("/")
        if folder in NAMED_BY_DIGEST and last != f"{hashed.hexdigest()}.json":
            raise Failed(CLAIM, f"{name} is not what its name says")

    def compare_names(self) -> None:
        """Every file of the manifest, and no other."""
        here = set(self.source.names()) - {MANIFEST, PACK_SIGNATURE}
        for name in sorted(set(self.files) - here):
            raise Failed(FILE_MISSING, f"{name} is missing")
        for name in sorted(here - set(self.files)):
            raise Failed(FILE_EXTRA, f"{name} is not in the manifest")

    # Signatures

    def read_manifest(self) -> None:
        """Follow the keys to the one that signs packs, and the signature to the manifest."""
        for line in self.content("keys/log.ndjson").splitlines():
            trust(json.loads(line), self.keys)
        told = json.loads(self.content("keys/pack.json"))
        key = vouched_key(told, self.keys, "muniment pack key v1", "the pack's key")
        note = self.content(PACK_SIGNATURE).decode()
        signed = read_note(note, [key], PACK_SIGNATURE)
        manifest = self.content(MANIFEST)
        if signed[0] != "muniment evidence pack v1" or f"{signed[1]}/packs" != key[0]:
            raise Failed(SIGNATURE, f"{PACK_SIGNATURE} is not the signature of a pack of this log")
        if signed[2] != "sha256:" + hashlib.sha256(manifest).hexdigest():
            raise Failed(FILE_CHANGED, f"{MANIFEST} is not what was signed")
        self.manifest = json.loads(manifest)
        if self.manifest["format"] != PACK_FORMAT:
            raise Failed(SCHEMA, f"a pack of an unknown format: {self.manifest['format']!r}")
        self.files = {each["path"]: each for each in self.manifest["files"]}

    # The journal

    def read_journal(self) -> None:
        """The checkpoint, each entry's proof under it, and the anchors that it goes on from."""
        note = self.content("journal/checkpoint").decode()
        read_note(note, self.keys, "journal/checkpoint")
        origin, size, root = read_checkpoint(note, "journal/checkpoint")
        self.signed.append((size, note))
        log = self.manifest["log"]
        if (log["origin"], log["size"]) != (origin, size) or base64.b64decode(log["root"]) != root:
            raise Failed(CLAIM, "the manifest tells of another checkpoint than is in the pack")
        last = -1
        with self.source.open("journal/entries.ndjson") as entries:
            for told in self.lines("journal/proofs.ndjson"):
                index, line = int(told["index"]), entries.readline()
                if index <= last or not line:
                    code = ORDER if line else MISSING
                    raise Failed(code, f"the entry {index} is missing or out of order")
                body, path = line.rstrip(b"\n"), [base64.b64decode(each) for each in told["proof"]]
                if root_of_proof(leaf_hash(body), index, size, path) != root:
                    raise Failed(CHANGED, f"entry {index} is not proved by the checkpoint")
                if schema_of(body) != SCHEMA_VERSION:
                    raise Failed(SCHEMA, f"entry {index} is of an unknown schema")
                self.heed(json.loads(body))
                last = index
            if entries.readline():
                raise Failed(BEYOND, "there is an entry without a proof")
        self.read_anchors(origin, size, root)

    def heed(self, entry: Any) -> None:
        """Keep of an entry what the rest of the pack is held against."""
        self.entries += 1
        self.uuids.add(entry["uuid"])
        basis = self.manifest["basis"]
        scan = (basis.get("scan") or basis.get("assessed") or {}).get("uuid")
        if scan and entry["subject"]["ref"] == f"scan/{scan}":
            if entry["action"] == "audits.scan.workspace_scanned":
                self.scanned[entry["workspace"]] = entry["subject"]["digest"]
            elif entry["action"] == "audits.scan.completed":
                self.completed = entry

    def read_anchors(self, origin: str, size: int, root: bytes) -> None:
        """The anchors that were known then, and those that the reader kept."""
        known: dict[tuple[str, int], bytes] = {(origin, size): root}
        for told in self.lines("journal/anchors.ndjson"):
            what = f"the anchor at {told['sink']}"
            read_note(told["note"], self.keys, what)
            of, before, was = read_checkpoint(told["note"], what)
            path = [base64.b64decode(each) for each in told["consistency"]]
            if of != origin or not goes_on((before, was), (size, root), path):
                raise Failed(ANCHOR, f"the checkpoint does not go on from {what}")
            known[of, before] = was
            self.signed.append((before, told["note"]))
        compared = 0
        for file in self.anchors:
            for note in anchored_notes(file):
                read_note(note, self.keys, f"a checkpoint in {file}")
                of, at, was = read_checkpoint(note, f"a checkpoint in {file}")
                if known.get((of, at), was) != was:
                    raise Failed(SPLIT, f"{file} has another signed tree of {at} entries")
                compared += (of, at) in known
        if not compared:
            why = "no anchor was given" if not self.anchors else "no anchor is of a size in here"
            self.notes.append(f"{why}: that this is the log which others see cannot be told")

    # What is claimed

    def read_decisions(self) -> None:
        """Each decision has its input, its policy and its configuration in the pack."""
        for told in self.lines("decisions/decisions.ndjson"):
            uuid, text, policy = told["decision"], told["input"]["digest"], told["policy"]["digest"]
            self.require(f"decisions/inputs/{text[7:]}.json", uuid)
            self.require(f"policies/{policy[7:]}.tar.gz", uuid)
            if told["snapshot"]:
                self.require(f"configurations/{told['snapshot'][7:]}.json", uuid)
            state = told["answer"]["state"]
            known = map(sys.intern, (text, policy, state, told["subject"]))
            self.decisions[uuid] = Decided(*known)
        for name in self.files:
            if name.startswith("policies/") and name.endswith(".tar.gz"):
                self.source_of("sha256:" + name[9:-7])

    def require(self, name: str, decision: str) -> None:
        """A file that a decision rests on."""
        if name not in self.files:
            raise Failed(CLAIM, f"the decision {decision} rests on {name}, which is not here")

    def read_bundles(self) -> None:
        """The digest of a bundle is that of its policies' digests."""
        bundles = json.loads(self.content("policies/bundles.json"))
        for digest, listing in bundles.items():
            text = json.dumps(sorted(listing), separators=(",", ":")).encode()
            if digest != "sha256:" + hashlib.sha256(text).hexdigest():
                raise Failed(CLAIM, f"the bundle {digest} is not made of the policies it lists")
        if sorted(bundles) != self.manifest["bundles"]:
            raise Failed(CLAIM, "the manifest lists other bundles than the pack has")

    def source_of(self, policy: str) -> str:
        """The text of a policy, which must have the digest that names it."""
        content = io.BytesIO(self.content(f"policies/{policy[7:]}.tar.gz"))
        with tarfile.open(fileobj=content, mode="r:gz") as bundle:
            for member in bundle:
                file = bundle.extractfile(member) if member.isreg() else None
                text = file.read() if file else b""
                if "sha256:" + hashlib.sha256(text).hexdigest() == policy:
                    return text.decode()
        raise Failed(CLAIM, f"the bundle of the policy {policy} does not hold its text")

    def read_results(self) -> None:
        """Results name decisions that are here; all of a workspace together have the digest that
        its entry in the journal has; and all of a scan those counts."""
        slugs = {each["slug"]: each["uuid"] for each in self.manifest["basis"]["workspaces"]}
        states, digests = Counter[str](), {slug: hashlib.sha256(b"[") for slug in slugs}
        begun: set[str] = set()
        for told in self.lines("results.ndjson"):
            states[told["state"]] += 1
            slug, row = told["workspace"], self.read_result(told)
            digests[slug].update(b"," + row if slug in begun else row)
            begun.add(slug)
        for slug, hashed in digests.items():
            hashed.update(b"]")
            if self.scanned.get(slugs[slug]) != "sha256:" + hashed.hexdigest():
                raise Failed(CLAIM, f"the results of {slug} are not those that the journal has")
        if "scan" in self.manifest["basis"]:
            self.compare_scan(self.manifest["basis"]["scan"], states)

    def compare_scan(self, scan: Any, states: Counter[str]) -> None:
        """The journal tells of the end of this scan, and of as many results as are here."""
        completed = self.completed
        if completed is None or completed["subject"]["digest"] != scan["digest"]:
            raise Failed(CLAIM, "the journal's entry about the scan tells of another one")
        counts = {state: count for state, count in scan["counts"].items() if count}
        if counts != dict(states) or completed["data"]["counts"] != scan["counts"]:
            raise Failed(CLAIM, "the scan counted other results than are here")

    def read_result(self, told: Any) -> bytes:
        """Hold a result against its decision, and return what the journal's digest covers."""
        self.results += 1
        own = told["underlying"] or told["state"]
        said = Decided(told["input_digest"], told["policy_digest"], own, told["subject"])
        if self.decisions.get(told["decision"]) != said:
            raise Failed(CLAIM, f"the result {told['identity']} is not what was decided")
        if own == "fail":
            self.failing.add(told["identity"])
        self.states.setdefault(told["policy"], Counter())[told["state"]] += 1
        row = [told["identity"], told["state"], told["decision"], said.input, said.policy]
        row.append(told["exemption"] or "")
        return json.dumps(row, separators=(",", ":")).encode()

    def read_covered(self) -> None:
        """Of a pack about a version or a framework: all that the scan found in its workspaces, as
        the journal's digests cover it."""
        for place in self.manifest["basis"]["workspaces"]:
            slug, hashed, joint = place["slug"], hashlib.sha256(b"["), b""
            here = self.covered.setdefault(slug, set())
            with self.source.open(self.covered_of(slug)) as file:
                for line in file:
                    row = line.rstrip(b"\n")
                    hashed.update(joint + row)
                    joint = b","
                    here.add(hashlib.sha256(row).digest())
                    self.by_policy[json.loads(row)[4]] += 1
            hashed.update(b"]")
            if self.scanned.get(place["uuid"]) != "sha256:" + hashed.hexdigest():
                raise Failed(CLAIM, f"the results of {slug} are not those that the journal has")

    def covered_of(self, slug: str) -> str:
        """Where that lies; earlier releases wrote packs of one workspace only."""
        name = f"covered/{slug}.ndjson"
        if name not in self.files and "covered.ndjson" in self.files:
            return "covered.ndjson"
        if name not in self.files:
            raise Failed(CLAIM, f"{name} is not here")
        return name

    def read_some_results(self) -> None:
        """Each result of such a pack is one of these; and of a framework's policies, all are."""
        told_of = Counter[str]()
        for told in self.lines("results.ndjson"):
            row = hashlib.sha256(self.read_result(told)).digest()
            left = self.covered.get(told["workspace"], set())
            if row not in left:
                raise Failed(CLAIM, f"the result {told['identity']} is not one of the scan")
            left.discard(row)  # each is told of once
            told_of[told["policy_digest"]] += 1
        if "version" in self.manifest["basis"]:
            return
        for policy, count in sorted(told_of.items()):
            if count != self.by_policy[policy]:
                raise Failed(CLAIM, f"results of the policy {policy} are missing")

    def read_findings(self) -> None:
        """Findings of policies are results that failed, those of deployments are entries."""
        for told in self.lines("findings.ndjson"):
            self.findings += 1
            if told["origin"] == "policy":
                self.failing.discard(told["identity"])
                if told["decision"] not in self.decisions:
                    raise Failed(CLAIM, f"the finding {told['identity']} has no decision here")
            elif told["entry"] not in self.uuids:
                raise Failed(CLAIM, f"the entry {told['entry']} of a breach is not here")
        for identity in sorted(self.failing):
            raise Failed(CLAIM, f"the failure {identity} is not among the findings")

    def read_report(self, scan: Any) -> None:
        """The report is of this scan, tells of all results and no others, by number and by the
        decisions that they name, and of entries that are here."""
        if "reports/report.json" not in self.files:
            raise Failed(CLAIM, "the pack tells of a scan and has no report on it")
        report = json.loads(self.content("reports/report.json"))
        if report["scan"]["uuid"] != scan["uuid"]:
            raise Failed(CLAIM, "the report is of another scan")
        if "digest" in scan and report["scan"]["digest"] != scan["digest"]:
            raise Failed(CLAIM, "the report is of another scan")
        self.compare_basis(report)
        self.compare_counts(report)
        quiet = () if report["passes"] == "listed" else ("pass", "not_applicable")
        for policy in report["policies"]:
            self.compare_policy(policy, quiet)
        if self.states or report["coverage"]["population"] != self.results:
            raise Failed(CLAIM, "the report has other results than are here")
        for breach in report["breaches"]:
            if breach["entry"] not in self.uuids:
                raise Failed(CLAIM, f"the report cites the entry {breach['entry']}, not here")

    def compare_basis(self, report: Any) -> None:
        """The report is of the workspaces, the version and the framework of the pack; and of the
        organisation only if the journal says that the scan was."""
        basis, told = self.manifest["basis"], report["basis"]
        named = [
            [(version or {}).get(name) for name in ("reference", "uuid", "digest")]
            for version in (told["version"], basis.get("version"))
        ]
        if named[0] != named[1] or all(named[0]) != ("version" in basis):
            raise Failed(CLAIM, "the report is about another version than the pack")
        framework = basis.get("framework", "")
        if told["framework"] != framework or ("framework" in basis and not framework):
            raise Failed(CLAIM, "the report is of another framework than the pack")
        places = [(each["uuid"], each["slug"]) for each in report["scan"]["workspaces"]]
        if places != [(each["uuid"], each["slug"]) for each in basis["workspaces"]]:
            raise Failed(CLAIM, "the report is of other workspaces than the pack")
        whole = self.completed is not None and self.completed["data"]["scope"] == "organisation"
        if told["kind"] == "organisation" and not whole:
            raise Failed(CLAIM, "the report says that it is of the organisation, the journal not")

    def compare_counts(self, report: Any) -> None:
        """What a report counts in all, and behind each control."""
        told = [(report["coverage"], list(self.states), "in all")]
        told += (
            (each["coverage"], each["policies"], each["reference"]) for each in report["controls"]
        )
        for coverage, policies, what in told:
            states = Counter[str]()
            for name in policies:
                states.update(self.states.get(name, {}))
            if {state: n for state, n in coverage["by_state"].items() if n} != dict(states):
                raise Failed(CLAIM, f"the report counts other results {what} than are here")

    def compare_policy(self, policy: Any, quiet: tuple[str, ...]) -> None:
        """What a report counts of a policy, in all and by workspace, and what it lists: all but
        what is in a quiet state."""
        name = f"{policy['name']}/{policy['version']}"
        states = self.states.pop(name, Counter())
        by_place = Counter[str]()
        for place in policy["workspaces"]:
            by_place.update(place["by_state"])
        told = {state: n for state, n in policy["coverage"]["by_state"].items() if n}
        if not told == dict(by_place) == dict(states):
            raise Failed(CLAIM, f"the report counts other results of {name} than are here")
        wanted = {state: count for state, count in states.items() if state not in quiet}
        if Counter(each["state"] for each in policy["results"]) != wanted:
            raise Failed(CLAIM, f"the report does not list the results of {name}")
        for each in policy["results"]:
            self.compare_evidence(each)

    def compare_evidence(self, result: Any) -> None:
        """What a report says of a result and what was decided."""
        evidence = result["evidence"]
        state = result["underlying"] or result["state"]
        told = (evidence["input_digest"], evidence["policy_digest"], state)
        known = self.decisions.get(evidence["decision"])
        if known is None or known[:3] != told:
            raise Failed(CLAIM, f"the report tells of {evidence['decision']} otherwise")

    def read_attestations(self) -> None:
        """Each is signed by a key that the log's vouches for, and about the version beside it."""
        names = [name for name in sorted(self.files) if name.endswith(DSSE_SUFFIX)]
        if not names:
            return
        told = json.loads(self.content("keys/attestations.json"))
        keys = [vouched_key(told, self.keys, VOUCHED, "the key of attestations")]
        for name in names:
            statement = read_envelope(self.content(name), keys, name)
            folder, _, last = name.rpartition("/")
            dossier = json.loads(self.content(f"{folder}/{last.partition('.')[0]}.dossier.json"))
            version, subject = dossier["things"][0], statement["subject"][0]
            digests = {f"{each}:{value}" for each, value in subject["digest"].items()}
            if subject["name"] != version["uri"] or digests != {version["digest"]}:
                raise Failed(CLAIM, f"{name} is about another version than the dossier beside it")
            self.attested += 1

    def check_counts(self) -> None:
        """What the manifest says that there is."""
        counts = self.manifest["counts"]
        here = {"decisions": len(self.decisions), "results": self.results}
        here["findings"] = self.findings
        for name, count in here.items():
            if counts.get(name, 0) != count:
                raise Failed(CLAIM, f"the manifest counts {counts.get(name)} {name}, not {count}")
        if self.manifest["log"]["entries"] != self.entries:
            raise Failed(MISSING, f"there are {self.entries} entries, not as many as were cited")

    def read_witness(self, witness: Key) -> None:
        """Hold the pack against the newest of its checkpoints that a witness cosigned."""
        for size, note in sorted(self.signed, reverse=True):
            if cosigned_at(note, witness, f"the checkpoint of {size} entries") is not None:
                self.notes.append(f"{witness[0]} cosigned the checkpoint of {size} entries")
                return
        raise Failed(WITNESS, f"{witness[0]} has cosigned none of the checkpoints in the pack")

    def decision(self, uuid: str) -> str:
        """A decision with the texts that it rests on, as `policies.engines.replay` takes it."""
        for told in self.lines("decisions/decisions.ndjson"):
            if told["decision"] == uuid:
                told.pop("snapshot")
                told["policy"]["source"] = self.source_of(told["policy"]["digest"])
                text = self.content(f"decisions/inputs/{told['input']['digest'][7:]}.json")
                told["input"]["text"] = text.decode()
                whole = json.dumps(told, sort_keys=True, separators=(",", ":"))
                told["digest"] = "sha256:" + hashlib.sha256(whole.encode()).hexdigest()
                return json.dumps(told, indent=2)
        raise Failed(FILE_MISSING, f"there is no decision {uuid} in the pack")


def goes_on(old_tree: tuple[int, bytes], new_tree: tuple[int, bytes], proof: list[bytes]) -> bool:
    """Whether a consistency proof shows that a tree, size and root, begins with another (RFC 9162
    section 2.1.4.2)."""
    (first, was), (second, now) = old_tree, new_tree
    if first in {0, second}:
        return not proof and (first == 0 or was == now)
    path = [was, *proof] if first & (first - 1) == 0 else list(proof)
    if not path or first > second:
        return False
    left, right = first - 1, second - 1
    while left & 1:
        left, right = left >> 1, right >> 1
    old = new = path[0]
    for each in path[1:]:
        if right == 0:
            return False
        if left & 1 or left == right:
            old = hashlib.sha256(b"\x01" + each + old).digest()
            new = hashlib.sha256(b"\x01" + each + new).digest()
            while left and not left & 1:
                left, right = left >> 1, right >> 1
        else:
            new = hashlib.sha256(b"\x01" + new + each).digest()
        left, right = left >> 1, right >> 1
    return old == was and new == now and right == 0


def trust(told: Any, keys: list[Key]) -> None:
    """Add a key whose statement a trusted key has signed."""
    lines = read_note(told["statement"], keys, "the rotation of a key")
    if lines[0] != "muniment log key rotation v1" or lines[3] != told["vkey"]:
        raise Failed(SIGNATURE, "the rotation of a key is not what was signed")
    keys.append(read_key(lines[3]))


def verify_pack(path: Path, keys: list[Key], given: argparse.Namespace) -> str:
    """Verify a pack, and return what there is to say."""
    pack = Pack(path, keys, [Path(each) for each in given.anchor])
    try:
        pack.verify()
        for witness in given.witness:
            pack.read_witness(read_key(witness, kind=4))
        if given.decision:
            return pack.decision(given.decision) + "\n"
    finally:
        pack.source.close()
    log = pack.manifest["log"]
    files = f"{len(pack.files)} files, {pack.attested} attestations"
    files += f" and {pack.entries} journal entries"
    told = f"verified {files} under the checkpoint of {log['size']} entries of {log['origin']}\n"
    return told + "".join(f"note: {note}\n" for note in pack.notes)


def main(arguments: list[str] | None = None) -> int:
    """Verify what the command line names; returns the exit code."""
    parser = argparse.ArgumentParser(
        description="Verify a journal, an evidence pack or an attestation, offline."
    )
    parser.add_argument("folder", nargs="?", help="an exported journal, or an evidence pack")
    parser.add_argument("--key", action="append", required=True, help="name+id+base64")
    parser.add_argument("--anchor", action="append", default=[], help="a file of checkpoints")
    parser.add_argument("--witness", action="append", default=[], help="name+id+base64")
    parser.add_argument("--decision", default="", help="print this decision of a pack")
    parser.add_argument("--dsse", default="", help="an attestation that stands alone")
    parser.add_argument("--keys", default="", help="statements about keys, for --dsse")
    given = parser.parse_args(arguments)
    if bool(given.folder) is bool(given.dsse):
        parser.error("give a journal or a pack, or --dsse FILE")
    started = time.perf_counter()
    try:
        keys, anchors = [read_key(key) for key in given.key], [Path(each) for each in given.anchor]
        if given.dsse:
            sys.stdout.write(verify_attestation(Path(given.dsse), keys, given.keys))
            return OK
        path = Path(given.folder)
        if path.is_file() or (path / MANIFEST).exists() or (path / PACK_SIGNATURE).exists():
            sys.stdout.write(verify_pack(path, keys, given))
            return OK
        run = Verification(Path(given.folder), keys, anchors)
        run.verify()
        for witness in given.witness:
            run.read_witness(read_key(witness, kind=4))
    except Failed as error:
        sys.stdout.write(f"FAILED ({error.code}): {error}\n")
        return error.code
    except (*BROKEN, KeyError, TypeError, AttributeError, IndexError) as error:
        sys.stdout.write(f"FAILED ({UNREADABLE}): {type(error).__name__}: {error}\n")
        return UNREADABLE
    took = time.perf_counter() - started
    told = f"{run.tree.size} entries" if run.tree.size else f"{run.proved} proofs"
    sys.stdout.write(f"verified {told} under {len(run.checkpoints)} checkpoints in {took:.1f} s\n")
    for note in run.notes:
        sys.stdout.write(f"note: {note}\n")
    return OK


if __name__ == "__main__":
    sys.exit(main())
