from tests.models.conftest import office, settings, shared

__all__ = ["office", "settings", "shared"]
