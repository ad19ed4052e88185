"""How pages look: base page, parts, style, icons, charts. Imports no room."""
