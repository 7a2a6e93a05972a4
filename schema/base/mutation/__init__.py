"""The decorator of every mutation."""

from schema.base.mutation.verb import mutation

__all__ = ["mutation"]
