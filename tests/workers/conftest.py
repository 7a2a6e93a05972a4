from tests.support.shared_database import office, settings, shared

__all__ = ["office", "settings", "shared"]
