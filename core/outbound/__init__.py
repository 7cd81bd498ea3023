"""Speak to addresses that users gave us, without being made to speak to our own network."""
