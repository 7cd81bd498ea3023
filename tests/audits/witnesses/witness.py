"""A strict witness by C2SP tlog-witness, for tests: it cosigns what extends what it cosigned."""

from __future__ import annotations

import base64
import hashlib
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from audits.transparency.merkle import ProofError, roots_from_consistency

NAME = "witness.test/one"


@dataclass
class Witness:
    """What it knows: of each origin the size and root that it cosigned last, and the log's key."""

    log_key: str = ""
    name: str = NAME
    key: Ed25519PrivateKey = field(default_factory=Ed25519PrivateKey.generate)
    known: dict[str, tuple[int, bytes]] = field(default_factory=dict)
    asked: list[bytes] = field(default_factory=list)
    forced: tuple[int, bytes] | None = None
    url: str = ""

    @property
    def _raw(self) -> bytes:
        return b"\x04" + self.key.public_key().public_bytes_raw()

    @property
    def _id(self) -> bytes:
        return hashlib.sha256(f"{self.name}\n".encode() + self._raw).digest()[:4]

    @property
    def vkey(self) -> str:
        """The key as verifiers take it."""
        return f"{self.name}+{self._id.hex()}+{base64.b64encode(self._raw).decode()}"

    @property
    def setting(self) -> str:
        """What MUNIMENT_LOG_WITNESSES has of it."""
        return f"{self.url} {self.vkey}"

    def add_checkpoint(self, body: bytes) -> tuple[int, bytes]:
        """What it answers, in the order of the specification's checks."""
        self.asked.append(body)
        if self.forced:
            return self.forced
        head, _, note = body.decode().partition("\n\n")
        first, *proof = head.split("\n")
        text, _, signatures = note.rpartition("\n\n")
        text += "\n"
        origin, size, root = text.split("\n")[:3]
        old, new, hashed = int(first.removeprefix("old ")), int(size), base64.b64decode(root)
        if not self._is_signed(text, signatures):
            return 403, b"no key that I trust signed it"
        if old > new:
            return 400, b"old is over the checkpoint's size"
        was, was_root = self.known.get(origin, (0, hashlib.sha256(b"").digest()))
        if old != was or (old == new and hashed != was_root):
            return 409, f"{was}\n".encode()
        hashes = [base64.b64decode(each) for each in proof]
        if not self._extends((was, was_root), (new, hashed), hashes):
            return 422, b"no proof"
        self.known[origin] = (new, hashed)
        return 200, self.cosignature(text).encode()

    def _is_signed(self, text: str, signatures: str) -> bool:
        name, _, rest = self.log_key.partition("+")
        key = Ed25519PublicKey.from_public_bytes(base64.b64decode(rest.partition("+")[2])[1:])
        for line in signatures.splitlines():
            _, signer, raw = line.split(" ")
            try:
                key.verify(base64.b64decode(raw)[4:], text.encode())
            except InvalidSignature:
                continue
            return signer == name
        return False

    @staticmethod
    def _extends(was: tuple[int, bytes], now: tuple[int, bytes], proof: list[bytes]) -> bool:
        if was[0] == 0 or was[0] == now[0]:
            return not proof
        try:
            roots = roots_from_consistency(was[1], old=was[0], size=now[0], proof=proof)
        except ProofError:
            return False
        return roots == (was[1], now[1])

    def cosignature(self, text: str) -> str:
        """The line that it adds to a note."""
        now = int(time.time())
        signature = self.key.sign(f"cosignature/v1\ntime {now}\n{text}".encode())
        raw = self._id + now.to_bytes(8, "big") + signature
        return f"— {self.name} {base64.b64encode(raw).decode()}\n"


@contextmanager
def serving(witness: Witness) -> Iterator[Witness]:
    """Let the witness listen at a port of its own, below a path."""

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            status, answer = (
                witness.add_checkpoint(body)
                if self.path == "/log/add-checkpoint"
                else (404, b"no such path")
            )
            self.send_response(status)
            self.send_header("Content-Length", str(len(answer)))
            self.end_headers()
            self.wfile.write(answer)

        def log_message(self, *args: object) -> None:
            """Say nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    witness.url = f"http://127.0.0.1:{server.server_address[1]}/log"
    try:
        yield witness
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
