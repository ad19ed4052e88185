"""Who may do what with what is delivered; an answer is a reason, or None when they may."""
