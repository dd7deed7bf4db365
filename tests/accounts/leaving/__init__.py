"""Taking away and leaving for good."""
