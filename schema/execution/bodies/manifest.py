"""The manifest of trusted documents, as Apollo's tools write it, or as an object of ids."""

import json
from pathlib import Path

from settings import SettingsError

NAME = "SEAPOOL_TRUSTED_DOCUMENTS"


def read_manifest(path: Path | None) -> dict[str, str] | None:
    """Return documents by their ids; raises SettingsError where the file has none."""
    if path is None:
        return None
    try:
        content = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError) as fault:
        raise SettingsError(f"{NAME}={path}: can't be read as JSON: {fault}") from None
    listed = content.get("operations") if isinstance(content, dict) else None
    try:
        found = {each["id"]: each["body"] for each in listed} if listed is not None else content
    except (TypeError, KeyError):
        found = None
    if not isinstance(found, dict) or not found or not _are_texts(found):
        raise SettingsError(
            f"{NAME}={path}: must be an object of documents by their ids,"
            " or a manifest of Apollo with `operations`, each with `id` and `body`"
        )
    return found


def _are_texts(found: dict[object, object]) -> bool:
    return all(isinstance(text, str) and text for pair in found.items() for text in pair)
