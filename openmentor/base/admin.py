"""For staff: what happened, in order. Nobody changes it."""

from typing import Any

from django.contrib import admin

from openmentor.base.models import Event


def _never(*_: Any) -> bool:
    return False


never: Any = _never
"""For what staff may see and not do: because a verb does it, or because nobody may."""


@admin.register(Event)
class EventAdmin(admin.ModelAdmin):
    """The audit trail."""

    has_add_permission = has_change_permission = has_delete_permission = never
    list_display = ("at", "name", "subject", "subject_id", "actor_id", "from_state", "to_state")
    list_filter = ("subject", "name", "at")
    search_fields = ("name", "why", "=subject_id", "=actor_id")
    ordering = ("-id",)
    show_full_result_count = False
