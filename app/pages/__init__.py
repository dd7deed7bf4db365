"""The top floor: pages that put several features together (home, a club, help).

context (what every page knows) · queries (open meetings) · beside (the meeting beside a discussion) · components (the
page of all parts, on one's own machine) · routes.
"""
