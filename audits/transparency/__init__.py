"""A transparency log: Merkle tree (RFC 9162), tiles and signed checkpoints (C2SP)."""
