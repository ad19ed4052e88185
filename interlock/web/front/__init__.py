"""The door: home, desk, help, privacy."""
