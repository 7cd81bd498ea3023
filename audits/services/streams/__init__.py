"""Tell systems outside what the journal says: streams, their transports and their delivery."""
