"""The top floor: pages that put several features together (home, a club, help)."""
