"""Scripts that ask a vendor's own SDK, in an environment of its own, what a resource looks like.

Each reads ``[[type, path], …]`` from its input and prints, for each pair in order, null or
``{"kind": "string", "enum": […]}``; array steps need no index.
"""
