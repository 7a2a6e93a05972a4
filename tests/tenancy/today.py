"""Tables that a statement of one organization still reads without naming it: to become none."""

TODAY: set[str] = set()
