"""Where a form leads once it has done its work."""

from typing import Any

from django.http import HttpResponseRedirect
from django.shortcuts import resolve_url


class SeeOther(HttpResponseRedirect):
    """303: load this page instead; loading it again repeats nothing."""

    status_code = 303


def see_other(page: str, *args: Any) -> SeeOther:
    """Leads to the page of this name."""
    return SeeOther(resolve_url(page, *args))
