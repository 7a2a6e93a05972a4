"""Checks of text that people type."""

import re

NAME_LENGTH = 100
EMAIL = re.compile(r"[^@\s\0]{1,64}@[^@\s\0]{1,190}")
