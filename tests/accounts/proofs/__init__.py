"""Proofs of who one is."""
