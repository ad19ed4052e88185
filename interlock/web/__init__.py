"""The platform: Django rooms over the library. A room imports only the rooms below it."""
