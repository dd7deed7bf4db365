"""Floor 7: meetings, who comes, the agenda."""
