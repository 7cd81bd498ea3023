"""A stranger verifies a pack: with the verifier, one public key, and nothing else."""

from __future__ import annotations

import io
import json
import shutil
import subprocess
import zipfile
from contextlib import closing
from typing import TYPE_CHECKING

import pytest

from audits.dossiers.signing import attestation_signer
from audits.packs.archive import Part, Writer
from audits.packs.manifest import manifest_bytes, signature_of
from audits.packs.signing import pack_signer
from audits.services.transparency import keys
from audits.transparency.notes import Signer
from audits.verifier import muniment_verify as verifier
from policies.engines.embedded import EmbeddedEngine
from policies.engines.replay import read_export, replay
from tests.audits.estate import lived_in
from tests.audits.packs.making import bytes_of, members_of, pack_of
from tests.audits.packs.tampering import (
    PROMOTED,
    SLSA,
    Change,
    about_something_else,
    by_another_key,
    in_envelope,
    replaced,
    told_uri,
    with_another_input,
    with_another_payload,
    with_another_type,
    with_lines_swapped,
    with_more,
    with_signatures_of_one_another,
    with_two_payloads,
    without,
    without_last_line,
    without_signatures,
)
from tests.audits.transparency.growing import grow, journal
from tests.support.parts import missing

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from tests.audits.conftest import House


class Stranger:
    """Somebody who has a pack and the log's key."""

    def __init__(self, content: bytes, folder: Path) -> None:
        self.content, self.folder = content, folder
        self.vkey = keys.log_signer().verifier.encoded()
        self.anchor = folder / "anchors" / "checkpoints.ndjson"

    def verify(self, content: bytes | None = None, *more: str) -> int:
        path = self.folder / "pack.zip"
        path.write_bytes(self.content if content is None else content)
        return verifier.main([str(path), "--key", self.vkey, *more])

    def rewritten(self, change: Change, *, signed: bool = False) -> bytes:
        """The pack with other files; ``signed`` again by who holds the pack's key."""
        members = members_of(self.content)
        claims = json.loads(members.pop("manifest.json"))
        note = members.pop("manifest.sig")
        change(members)
        file = io.BytesIO()
        writer = Writer(file, limit=10**9)
        types = {each["path"]: each["media_type"] for each in claims.pop("files")}
        written = [
            writer.write(Part(name, types.get(name, "text/plain"), [body]))
            for name, body in members.items()
        ]
        manifest = members_of(self.content)["manifest.json"]
        if signed:
            manifest = manifest_bytes(claims, written)
            note = signature_of(manifest, origin=keys.origin(), signer=pack_signer())
        writer.write(Part("manifest.json", "application/json", [manifest]))
        writer.write(Part("manifest.sig", "text/plain", [note]))
        writer.close()
        return file.getvalue()


@pytest.fixture
def stranger(house: House, tmp_path: Path) -> Stranger:
    journal(3)
    grow()
    return Stranger(bytes_of(pack_of(house, scan=lived_in(house).uuid)), tmp_path)


def test_an_untouched_pack_verifies(stranger: Stranger, capsys: pytest.CaptureFixture[str]) -> None:
    assert stranger.rewritten(lambda members: None, signed=True) == stranger.content
    assert stranger.verify() == verifier.OK
    assert "no anchor was given" in capsys.readouterr().out
    assert stranger.verify(None, "--anchor", str(stranger.anchor)) == verifier.OK
    assert "note:" not in capsys.readouterr().out
    note = stranger.folder / "kept-checkpoint"
    note.write_bytes(members_of(stranger.content)["journal/checkpoint"])
    assert stranger.verify(None, "--anchor", str(note)) == verifier.OK
    assert "note:" not in capsys.readouterr().out
    folder = stranger.folder / "unpacked"
    with zipfile.ZipFile(stranger.folder / "pack.zip") as archive:
        archive.extractall(folder)
    assert verifier.main([str(folder), "--key", stranger.vkey]) == verifier.OK
    (folder / "journal" / "more").symlink_to("/etc/hostname")
    assert verifier.main([str(folder), "--key", stranger.vkey]) == verifier.ARCHIVE


# What somebody does who has no key, and what is found.
UNSIGNED = (
    (replaced("results.ndjson", b'"fail"', b'"pass"'), verifier.FILE_CHANGED),
    (replaced("journal/checkpoint", b"/journal", b"/journey"), verifier.FILE_CHANGED),
    (without("configurations/"), verifier.FILE_MISSING),
    (without("keys/pack.json"), verifier.FILE_MISSING),
    (with_more, verifier.FILE_EXTRA),
)
# What somebody does who stole the pack's key, but not the log's.
SIGNED = (
    (replaced("results.ndjson", b'"state":"fail"', b'"state":"pass"'), verifier.CLAIM),
    (without_last_line("results.ndjson"), verifier.CLAIM),
    (without_last_line("findings.ndjson"), verifier.CLAIM),
    (without_last_line("decisions/decisions.ndjson"), verifier.CLAIM),
    (replaced("reports/report.json", b'"decision":"0', b'"decision":"1'), verifier.CLAIM),
    (replaced("policies/bundles.json", b'.rego"', b'.rega"'), verifier.CLAIM),
    (with_another_input, verifier.CLAIM),
    (without("policies/"), verifier.CLAIM),
    (replaced("journal/entries.ndjson", b'"human"', b'"robot"'), verifier.CHANGED),
    (replaced("journal/checkpoint", b"/journal", b"/journey"), verifier.SIGNATURE),
    (replaced("keys/pack.json", b'"vkey":"', b'"vkey":"x'), verifier.SIGNATURE),
    (in_envelope(SLSA, with_another_payload), verifier.ATTESTATION),
    (in_envelope(SLSA, with_another_type), verifier.ATTESTATION),
    (in_envelope(PROMOTED, without_signatures), verifier.ATTESTATION),
    (in_envelope(PROMOTED, by_another_key), verifier.ATTESTATION),
    (in_envelope(SLSA, about_something_else), verifier.CLAIM),
    (with_signatures_of_one_another, verifier.ATTESTATION),
    (with_two_payloads, verifier.ATTESTATION),
    (replaced("keys/attestations.json", b'"vkey":"', b'"vkey":"x'), verifier.SIGNATURE),
    (without("keys/attestations.json"), verifier.FILE_MISSING),
    (without_last_line("journal/entries.ndjson"), verifier.MISSING),
    (with_lines_swapped("journal/proofs.ndjson"), verifier.CHANGED),
    (
        replaced("journal/anchors.ndjson", b'"consistency":[', b'"consistency":["AAAA",'),
        verifier.ANCHOR,
    ),
)


def test_it_says_what_was_done_to_a_pack(
    stranger: Stranger, capsys: pytest.CaptureFixture[str]
) -> None:
    for changes, signed in ((UNSIGNED, False), (SIGNED, True)):
        for number, (change, code) in enumerate(changes):
            found = stranger.verify(stranger.rewritten(change, signed=signed))
            assert found == code, (signed, number, capsys.readouterr().out)


def test_a_log_that_others_saw_otherwise_is_found(stranger: Stranger) -> None:
    size = int(members_of(stranger.content)["journal/checkpoint"].splitlines()[1])
    log = keys.log_signer()
    text = f"{keys.origin()}\n{size}\n{'A' * 43}=\n"
    kept = stranger.folder / "kept.ndjson"
    note = f"{text}\n{log.signature_line(text)}"
    kept.write_text(json.dumps({"note": note}) + "\n", encoding="utf-8")

    assert stranger.verify(None, "--anchor", str(kept)) == verifier.SPLIT
    assert verifier.main([str(kept.with_name("pack.zip")), "--key", "x"]) == verifier.SIGNATURE


def test_an_attestation_verifies_alone(
    stranger: Stranger, house: House, capsys: pytest.CaptureFixture[str]
) -> None:
    members, folder = members_of(stranger.content), stranger.folder
    version = house.prod.assets.get(name="answer").versions.get()
    (folder / "keys.json").write_bytes(
        house.client(house.admin).get("/api/audits/checkpoints/keys/").content
    )
    for suffix in (SLSA, PROMOTED):
        name = next(name for name in members if name.endswith(suffix))
        (folder / "one.json").write_bytes(members[name])
        alone = ["--dsse", str(folder / "one.json"), "--key"]
        vouched = [*alone, stranger.vkey, "--keys", str(folder / "keys.json")]

        assert verifier.main(vouched) == verifier.OK
        assert f"{version.digest}  {told_uri(members[name])}" in capsys.readouterr().out
        assert verifier.main([*alone, attestation_signer().verifier.encoded()]) == verifier.OK
        assert verifier.main([*alone, stranger.vkey]) == verifier.ATTESTATION
        other = Signer(keys.origin(), b"y" * 32).verifier.encoded()
        assert verifier.main([*alone, other, *vouched[-2:]]) == verifier.SIGNATURE
        (folder / "one.json").write_bytes(members[name].replace(b'"sig":"', b'"sig":"AAAA', 1))
        assert verifier.main(vouched) == verifier.ATTESTATION
    (folder / "one.json").write_bytes(b"[]")
    assert verifier.main(vouched) == verifier.ATTESTATION
    (folder / "one.json").unlink()
    assert verifier.main(vouched) == verifier.UNREADABLE


def archives(content: bytes) -> Iterator[bytes]:
    """Archives that unpack to the same files, in ways that could hide something."""
    members = members_of(content)
    yield b"MZ" + content
    yield content[:-200]
    yield b""
    for name, mode in (("../evil", 0o100644), ("README.txt", 0o120777), ("a\\b", 0o100644)):
        file = io.BytesIO()
        with zipfile.ZipFile(file, "w") as archive:
            for path, body in members.items():
                archive.writestr(zipfile.ZipInfo(path), body)
            info = zipfile.ZipInfo(name)
            info.external_attr = mode << 16
            archive.writestr(info, b"evil")
        yield file.getvalue()


@pytest.mark.filterwarnings("ignore:Duplicate name")
def test_no_archive_is_taken_in_which_something_could_hide(stranger: Stranger) -> None:
    for content in archives(stranger.content):
        assert stranger.verify(content) == verifier.ARCHIVE


def flips(stranger: Stranger, places: range) -> tuple[int, list[int]]:
    """How many flipped bytes were looked at, and which of them nobody noticed."""
    missed = []
    for place in places:
        changed = bytearray(stranger.content)
        changed[place] ^= 0xFF if place % 2 else 1 << place % 8
        if stranger.verify(bytes(changed)) == verifier.OK:
            missed.append(place)
    return len(places), missed


def test_flipped_bytes_are_found(stranger: Stranger) -> None:
    size = len(stranger.content)
    for places in (range(0, size, 2_003), range(60), range(size - 120, size)):
        assert flips(stranger, places)[1] == []


@pytest.mark.slow
def test_each_flipped_byte_is_found(stranger: Stranger, capsys: pytest.CaptureFixture[str]) -> None:
    count, missed = flips(stranger, range(len(stranger.content)))
    capsys.readouterr()
    with capsys.disabled():
        print(
            f"\nflipped {count} bytes of a pack, one after the other: {count - len(missed)} found"
        )
    assert missed == []


def test_it_verifies_with_python_alone_and_without_a_network(
    stranger: Stranger, tmp_path: Path
) -> None:
    if subprocess.run(["unshare", "-rn", "true"], check=False).returncode:
        missing("unshare cannot make a network of its own here")
    empty = tmp_path / "empty"
    empty.mkdir()
    (empty / "pack.zip").write_bytes(stranger.content)
    python = shutil.which("python3", path="/usr/bin:/usr/local/bin") or "python3"
    with zipfile.ZipFile(empty / "pack.zip") as archive:
        script = archive.read("verify/muniment_verify.py")
    (empty / "muniment_verify.py").write_bytes(script)

    done = subprocess.run(
        [
            *("unshare", "-rn", "env", "-i", python, "-I", "muniment_verify.py"),
            *("pack.zip", "--key", stranger.vkey),
        ],
        cwd=empty,
        capture_output=True,
        text=True,
        check=False,
    )

    assert (done.returncode, done.stderr) == (0, ""), done.stdout
    assert done.stdout.startswith("verified ")


def test_a_decision_of_a_pack_can_be_taken_again(
    stranger: Stranger, capsys: pytest.CaptureFixture[str]
) -> None:
    told = [
        json.loads(line)
        for line in members_of(stranger.content)["decisions/decisions.ndjson"].splitlines()
    ]
    uuid = next(each["decision"] for each in told if each["answer"]["state"] == "fail")
    assert stranger.verify(None, "--decision", uuid) == verifier.OK
    exported = read_export(capsys.readouterr().out)
    with closing(EmbeddedEngine(workers=1, policy_seconds=30)) as engine:
        assert replay(exported, engine).is_same
