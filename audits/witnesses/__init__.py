"""Speak with witnesses: those who cosign a checkpoint only if it extends what they cosigned."""
