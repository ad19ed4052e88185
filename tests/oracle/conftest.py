"""pabutools is in another environment: what imports it is no test, and holds no doctest."""

collect_ignore = ["pabutools_answers.py"]
