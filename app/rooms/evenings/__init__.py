"""An evening that opens only if enough clubs commit, seven days before; and who closes with the team that evening.

models · bounds (when an evening begins, when it is decided) · queries · actions (set a rule, lift it) · deciding (the
moment) · hopes (who counted on it without having booked) · holders (who is known to the team) · notices · forms ·
routes · jobs · leaving · show (in the words of pages).
"""
