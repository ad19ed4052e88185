"""Participatory budgeting: processes, pots, areas, projects, rulebooks, counts and results."""
