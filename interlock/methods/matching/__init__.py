"""Needs and offers that could meet, and the reasons: listings in, matches out.

Needs `snowballstemmer` (in the `web` extra); nothing else beyond Python.
"""
