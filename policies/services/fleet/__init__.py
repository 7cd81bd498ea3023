"""The OPA fleet: who belongs to it, what it pulls, and what it tells."""
