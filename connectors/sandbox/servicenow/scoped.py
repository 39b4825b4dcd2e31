"""A customer's own task table, from a scoped application, with its own columns and states.

It extends `task`, so it has all of that table's columns, but uses others: `stage` for the state, `support_group` for
the group, `outcome` and `outcome_notes` for the resolution. Columns of a scoped application have no `u_`
(inferred); their names are this sandbox's own choice.
"""

from __future__ import annotations

TABLE = "x_corp_ident_request"
COLUMNS = "requested_for stage support_group outcome outcome_notes person profile_attribute new_value"
FORM = {"user": "person", "attribute": "profile_attribute", "expected": "new_value"}
STAGES = {"10": "Requested", "20": "In work", "30": "Waiting for the requester", "40": "Done", "50": "Rejected"}
FIRST, WAITING, ENDED = "10", "30", {"40", "50"}
OUTCOMES = {"corrected": "Corrected", "not_needed": "Not needed", "refused": "Refused"}
NEEDED_AT_THE_END = {"outcome": "Outcome", "outcome_notes": "Outcome notes"}  # a data policy of the application
