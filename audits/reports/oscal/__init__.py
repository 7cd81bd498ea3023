"""The report in NIST's Open Security Controls Assessment Language, JSON of version 1.1.2."""
