from tests.support.shared_database import database, office, settings, shared

__all__ = ["database", "office", "settings", "shared"]
