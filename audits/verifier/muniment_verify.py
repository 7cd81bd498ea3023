#!/usr/bin/env python3
"""Verify an exported journal: python3 muniment_verify.py FOLDER --key VKEY [--anchor FILE]...
[--witness VKEY]...

Needs Python 3.9 and nothing else, and shares no code with the service. FOLDER holds:

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

Exit codes: 0 all is well, 2 usage, 10 an entry's bytes were changed, 11 an entry is missing, 12 the
order was changed, 13 a signature or key is wrong, 14 the log was cut short of an anchor or has
another tree, 15 an entry of a schema that this verifier does not know, 16 entries or a tree beyond
what was signed, 17 two signed trees of one size differ, 18 a file is missing or unreadable, 19 a
witness that was named cosigned nothing, or its cosignature is wrong.

Sources: RFC 9162 section 2.1 (tree), RFC 8032 (Ed25519), C2SP signed-note, tlog-checkpoint and
tlog-cosignature.
"""

from __future__ import annotations

import argparse
import base64
import hashlib
import json
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

OK, USAGE = 0, 2
CHANGED, MISSING, ORDER, SIGNATURE, ANCHOR = 10, 11, 12, 13, 14
SCHEMA, BEYOND, SPLIT, UNREADABLE, WITNESS = 15, 16, 17, 18, 19
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
        self.read_proofs({size: root for (_, size, root), _, _ in read})
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
        lines = read_note(told["statement"], self.keys, "the rotation of a key")
        if lines[0] != "muniment log key rotation v1" or lines[3] != told["vkey"]:
            raise Failed(SIGNATURE, "the rotation of a key is not what was signed")
        self.keys.append(read_key(lines[3]))

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

    def read_proofs(self, signed: dict[int, bytes]) -> None:
        """Entries that stand alone, each with its path to a signed root."""
        for line in self.lines("proofs.ndjson"):
            index, size = int(line["index"]), int(line["size"])
            path = [base64.b64decode(each) for each in line["proof"]]
            root = root_of_proof(leaf_hash(line["body"].encode()), index, size, path)
            if size not in signed or root != signed[size]:
                raise Failed(CHANGED, f"entry {index} is not proved by the checkpoint of {size}")
            self.proved += 1


def main(arguments: list[str] | None = None) -> int:
    """Verify what the command line names; returns the exit code."""
    parser = argparse.ArgumentParser(description="Verify an exported journal, offline.")
    parser.add_argument("folder")
    parser.add_argument("--key", action="append", required=True, help="name+id+base64")
    parser.add_argument("--anchor", action="append", default=[], help="a file of checkpoints")
    parser.add_argument("--witness", action="append", default=[], help="name+id+base64")
    given = parser.parse_args(arguments)
    started = time.perf_counter()
    try:
        keys, anchors = [read_key(key) for key in given.key], [Path(each) for each in given.anchor]
        run = Verification(Path(given.folder), keys, anchors)
        run.verify()
        for witness in given.witness:
            run.read_witness(read_key(witness, kind=4))
    except Failed as error:
        sys.stdout.write(f"FAILED ({error.code}): {error}\n")
        return error.code
    except (OSError, ValueError, KeyError, TypeError) as error:
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
