"""Floor 6: rooms, opening windows, closures, slots, claims, quotas."""
