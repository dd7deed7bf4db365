"""Floor 3: houses, their opening hours, their staff."""
