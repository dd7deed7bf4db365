"""Several dates in one go, a claim that moves, and two clubs that exchange theirs."""
