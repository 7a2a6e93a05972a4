"""Cells that a spreadsheet would take for formulas, made harmless and back again."""

STARTS = ("=", "+", "-", "@", "\t", "\r")
MARK = "'"


def defused(cell: str) -> str:
    """Return the cell with a mark that keeps a spreadsheet from calculating it."""
    return MARK + cell if cell.startswith(STARTS) else cell


def plain(cell: str) -> str:
    """Return the cell without the mark of `defused`."""
    return cell[1:] if cell[:1] == MARK and cell[1:2] in STARTS else cell
