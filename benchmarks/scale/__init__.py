"""Requests of one member as organizations grow in customers, and the database in organizations."""
