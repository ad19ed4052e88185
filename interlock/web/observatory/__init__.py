"""How far the two worlds interlock: measures, figures, reports, and what could be done next."""
