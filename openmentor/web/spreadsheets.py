"""Tables to download, as CSV files that every spreadsheet opens and none takes for a program."""

import csv
from collections.abc import Iterable, Sequence
from datetime import datetime
from decimal import Decimal

from django.http import HttpResponse

Cell = str | Decimal | datetime
_RISKY = ("=", "+", "-", "@", "\t", "\r", "\n")
"""What a spreadsheet may take for the beginning of a formula (OWASP, CSV injection)."""


def csv_file(name: str, columns: Sequence[str], rows: Iterable[Sequence[Cell]]) -> HttpResponse:
    """The rows as a file of this name, with a line of column names."""
    response = HttpResponse(
        content_type="text/csv; charset=utf-8",
        headers={"Content-Disposition": f'attachment; filename="{name}.csv"'},
    )
    response.write("\ufeff")  # Or some spreadsheets read it as anything but UTF-8.
    writer = csv.writer(response)
    writer.writerow(columns)
    writer.writerows([_written(cell) for cell in row] for row in rows)
    return response


def _written(cell: Cell) -> str:
    if isinstance(cell, Decimal):
        return f"{cell:f}"
    if isinstance(cell, datetime):
        return cell.strftime("%Y-%m-%d %H:%M:%S UTC")
    return f"'{cell}" if cell.startswith(_RISKY) else cell
