class CommandError(Exception):
    """A command did nothing. The message is one line: the reason and what to do."""
