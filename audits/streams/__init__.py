"""What leaves for systems outside: the shapes of an entry, and the syslog protocol."""
