"""Tell people what concerns them: whom an entry of the journal is for, and their notifications."""
