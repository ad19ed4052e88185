"""Formats: the files other people's tools read and write, read and written."""
