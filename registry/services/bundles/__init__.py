"""Carry versions between installations: export them as a signed bundle, import one."""
