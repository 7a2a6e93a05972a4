from tests.models.conftest import office

__all__ = ["office"]
