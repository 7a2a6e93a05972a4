"""Connections to PostgreSQL: to which host, how many, for whom."""
