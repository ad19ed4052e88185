"""The fictional town and country, made by the rooms' own verbs."""
