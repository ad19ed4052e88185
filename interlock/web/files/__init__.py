"""Pictures that people send: checked, drawn anew, and served at an address of their content."""
