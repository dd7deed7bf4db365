"""Scarce slots: ranked wishes, the draw of fewest evenings first, and what anyone needs to replay it."""
