"""Sentences for people, their translations and dates."""

from models.texts.text import PLAIN, Language, Reader, Text, from_json, render, said, to_json

__all__ = ["PLAIN", "Language", "Reader", "Text", "from_json", "render", "said", "to_json"]
