"""The attacker's chair: strings that want to run, sessions that should be over, addresses that lead elsewhere."""
