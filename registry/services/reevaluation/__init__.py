"""Evaluating again: the rules that ask for it, the requests, and how these are closed."""
