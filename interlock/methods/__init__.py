"""The library: values in, values out. No Django, no clock, no database, no network."""
