"""The oracles are in other environments: what imports them is no test, and holds no doctest."""

collect_ignore = [
    "deciding_answers.py", "network_answers.py", "pabutools_answers.py", "places_answers.py",
]  # fmt: skip
