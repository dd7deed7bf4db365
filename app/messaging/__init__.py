"""Floor 5: threads, messages, reactions, reading marks."""
