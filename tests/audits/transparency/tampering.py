"""What somebody could do who can write everything in the database, but has no key."""

from __future__ import annotations

import json
from collections.abc import Callable
from random import Random

from django.db import connection, transaction

from audits.models import LogCheckpoint, LogKey, LogTile
from audits.transparency.merkle import leaf_hash
from audits.transparency.notes import Checkpoint, Signer, signed_note
from audits.transparency.tiles import Edge
from core import actors
from core.ids import new_uuid
from core.models import JournalEntry, JournalSequence

Value = int | str | bytes | None
Attack = Callable[[Random, int], None]
NOWHERE = 10**9
THIEF = Signer("localhost/journal", bytes(32))


def without_guards() -> None:
    """Switch triggers off until the transaction is rolled back."""
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute("SET LOCAL session_replication_role = replica")
            return
        cursor.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'")
        for (name,) in cursor.fetchall():
            cursor.execute(f'DROP TRIGGER "{name}"')
        cursor.execute("PRAGMA defer_foreign_keys = ON")


def run(statement: str, *parameters: Value) -> None:
    with connection.cursor() as cursor:
        cursor.execute(statement, parameters)


def at(seq: int) -> JournalEntry:
    return JournalEntry.objects.get(sequence__seq=seq)


def write_body(seq: int, body: bytes) -> None:
    run("UPDATE core_journalentry SET body = %s WHERE id = %s", body, at(seq).pk)


def forged(seq: int) -> bytes:
    body = json.loads(bytes(at(seq).body))
    body["reason"] = "nothing to see here"
    return json.dumps(body, sort_keys=True, separators=(",", ":")).encode()


def size() -> int:
    return LogCheckpoint.objects.latest("size").size


def rebuild_tiles() -> Edge:
    """Make the tiles anew from the entries, as they are."""
    run("DELETE FROM audits_logtile")
    edge = Edge()
    rows = JournalSequence.objects.order_by("seq").values_list("entry__body", flat=True)
    tiles = edge.append(leaf_hash(bytes(body)) for body in rows)
    LogTile.objects.bulk_create(
        LogTile(level=tile.level, index=tile.index, hashes=tile.hashes) for tile in tiles
    )
    return edge


def drop_checkpoints(*, over: int = -1) -> None:
    run(
        "DELETE FROM audits_loganchor WHERE checkpoint_id IN "
        "(SELECT id FROM audits_logcheckpoint WHERE size > %s)",
        over,
    )
    run("DELETE FROM audits_logcheckpoint WHERE size > %s", over)


def renumber(start: int, by: int) -> None:
    seqs = JournalSequence.objects.filter(seq__gte=start).order_by("-seq" if by > 0 else "seq")
    for seq in list(seqs.values_list("seq", flat=True)):
        run("UPDATE core_journalsequence SET seq = %s WHERE seq = %s", seq + by, seq)


def add_entry(seq: int, body: bytes, like: JournalEntry) -> None:
    entry = JournalEntry.objects.create(
        uuid=new_uuid(),
        occurred_at=like.occurred_at,
        action=like.action,
        outcome=like.outcome,
        actor=None,
        actor_kind=actors.system().kind,
        via="system",
        workspace=None,
        subject=like.subject,
        body=body,
        mac=bytes(like.mac),
    )
    JournalSequence.objects.create(seq=seq, entry=entry)


def edit(random: Random, seq: int) -> None:
    write_body(seq, forged(seq))


def flip_a_bit(random: Random, seq: int) -> None:
    body = bytearray(at(seq).body)
    body[random.randrange(len(body))] ^= 1 << random.randrange(8)
    write_body(seq, bytes(body))


def edit_with_tiles(random: Random, seq: int) -> None:
    write_body(seq, forged(seq))
    rebuild_tiles()


def delete(random: Random, seq: int) -> None:
    entry = at(seq).pk
    run("DELETE FROM core_journalsequence WHERE seq = %s", seq)
    run("DELETE FROM core_journalentry WHERE id = %s", entry)


def delete_and_renumber(random: Random, seq: int) -> None:
    delete(random, seq)
    renumber(seq + 1, -1)


def delete_renumber_and_rebuild(random: Random, seq: int) -> None:
    delete_and_renumber(random, seq)
    rebuild_tiles()


def swap_order(random: Random, seq: int) -> None:
    other = (seq + 1 + random.randrange(size() - 1)) % size()
    for was, now in ((seq, NOWHERE), (other, seq), (NOWHERE, other)):
        run("UPDATE core_journalsequence SET seq = %s WHERE seq = %s", now, was)


def swap_bodies(random: Random, seq: int) -> None:
    other = (seq + 1 + random.randrange(size() - 1)) % size()
    one, two = bytes(at(seq).body), bytes(at(other).body)
    write_body(seq, two)
    write_body(other, one)


def insert(random: Random, seq: int) -> None:
    body, like = forged(seq), at(seq)
    renumber(seq, 1)
    add_entry(seq, body, like)


def duplicate(random: Random, seq: int) -> None:
    like = at(seq)
    add_entry(size(), bytes(like.body), like)


def append(random: Random, seq: int) -> None:
    add_entry(size(), forged(seq), at(seq))


def append_with_checkpoint(random: Random, seq: int) -> None:
    append(random, seq)
    edge = rebuild_tiles()
    last = LogCheckpoint.objects.latest("size")
    checkpoint = Checkpoint(last.origin, edge.size, edge.root())
    signature = last.note.rpartition("\n\n")[2]
    LogCheckpoint.objects.create(
        size=edge.size,
        origin=last.origin,
        root=edge.root(),
        note=f"{checkpoint.text()}\n{signature}",
    )


def change_a_tile(random: Random, seq: int) -> None:
    tile = LogTile.objects.get(level=0, index=seq >> 8)
    hashes = bytearray(tile.hashes)
    hashes[(seq & 255) * 32] ^= 1
    run("UPDATE audits_logtile SET hashes = %s WHERE id = %s", bytes(hashes), tile.pk)


def change_a_root(random: Random, seq: int) -> None:
    some = LogCheckpoint.objects.order_by("size")[seq % LogCheckpoint.objects.count()]
    note = Checkpoint(some.origin, some.size, bytes(32)).text()
    signature = some.note.rpartition("\n\n")[2]
    run(
        "UPDATE audits_logcheckpoint SET note = %s WHERE id = %s",
        f"{note}\n{signature}",
        some.pk,
    )


def change_a_signature(random: Random, seq: int) -> None:
    some = LogCheckpoint.objects.order_by("size")[seq % LogCheckpoint.objects.count()]
    place = len(some.note) - 10 - random.randrange(60)
    letter = "A" if some.note[place] != "A" else "B"
    note = some.note[:place] + letter + some.note[place + 1 :]
    run("UPDATE audits_logcheckpoint SET note = %s WHERE id = %s", note, some.pk)


def edit_without_checkpoints(random: Random, seq: int) -> None:
    edit_with_tiles(random, seq)
    drop_checkpoints()


def edit_and_drop_later_checkpoints(random: Random, seq: int) -> None:
    edit_with_tiles(random, seq)
    drop_checkpoints(over=seq)


def cut_short(random: Random, seq: int) -> None:
    """Remove the newest entries with all that tells of them, so that the rest is sound."""
    kept = LogCheckpoint.objects.order_by("size")[seq % (LogCheckpoint.objects.count() - 1)].size
    gone = list(JournalSequence.objects.filter(seq__gte=kept).values_list("entry_id", flat=True))
    run("DELETE FROM core_journalsequence WHERE seq >= %s", kept)
    for entry in gone:
        run("DELETE FROM core_journalentry WHERE id = %s", entry)
    drop_checkpoints(over=kept)
    rebuild_tiles()


def replace_the_key(random: Random, seq: int) -> None:
    """Edit, and sign everything anew under a key of one's own."""
    edit_with_tiles(random, seq)
    edge = Edge()
    checkpoints = {each.size: each for each in LogCheckpoint.objects.all()}
    for row in JournalSequence.objects.order_by("seq").select_related("entry"):
        edge.append([leaf_hash(bytes(row.entry.body))])
        if signed := checkpoints.get(edge.size):
            text = Checkpoint(signed.origin, edge.size, edge.root()).text()
            run(
                "UPDATE audits_logcheckpoint SET note = %s, root = %s WHERE id = %s",
                signed_note(text, THIEF),
                edge.root(),
                signed.pk,
            )
    run(
        "UPDATE audits_logkey SET vkey = %s WHERE purpose = %s",
        THIEF.verifier.encoded(),
        LogKey.Purpose.LOG,
    )


def change_the_schema(random: Random, seq: int) -> None:
    write_body(seq, bytes(at(seq).body).replace(b',"v":1,', b',"v":2,'))


ATTACKS: tuple[Attack, ...] = (
    edit,
    flip_a_bit,
    edit_with_tiles,
    delete,
    delete_and_renumber,
    delete_renumber_and_rebuild,
    swap_order,
    swap_bodies,
    insert,
    duplicate,
    append,
    append_with_checkpoint,
    change_a_tile,
    change_a_root,
    change_a_signature,
    edit_without_checkpoints,
    edit_and_drop_later_checkpoints,
    cut_short,
    replace_the_key,
    change_the_schema,
)


class Undo(Exception):
    """Rolls an attack back."""


def attacked(attack: Attack, random: Random, seq: int, look: Callable[[], bool]) -> bool:
    """Attack, look whether it is found, and leave no trace."""
    found = False
    try:
        with transaction.atomic():
            without_guards()
            attack(random, seq)
            found = look()
            raise Undo
    except Undo:
        return found
