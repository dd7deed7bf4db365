"""What the clock does to the counts of needs: nothing."""

from app.core.retention import stays

stays("need_help", "numbers of no person, by which the page of needs is ordered")
