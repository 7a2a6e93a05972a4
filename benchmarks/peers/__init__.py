"""Other ways to do the same work, by hand and without what Seapool promises beside it."""
