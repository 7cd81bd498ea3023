"""The forms of the console's own pages: each calls one service."""
