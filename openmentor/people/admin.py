"""For staff: everyone with an account, and the programs that act in their name."""

from typing import Any, cast

from django.contrib import admin, messages
from django.db.models import QuerySet
from django.http import HttpRequest

from openmentor.base import clock
from openmentor.base.admin import never
from openmentor.people import people
from openmentor.people.models import AccessToken, Person, SignIn, Tries

_FACTS = (
    "reference",
    "name",
    "email",
    "timezone",
    "language",
    "joined_at",
    "last_login",
    "is_active",
)
_POWERS = ("is_staff", "is_superuser", "groups", "user_permissions")


def member(request: HttpRequest) -> Person:
    """Who of the staff is at work."""
    return cast(Person, request.user)


@admin.register(Person)
class PersonAdmin(admin.ModelAdmin):
    """Accounts. People change their own; superusers say who is staff, staff close accounts."""

    has_add_permission = has_delete_permission = never
    list_display = ("name", "email", "reference", "timezone", "is_active", "is_staff", "joined_at")
    list_filter = ("is_active", "is_staff", "is_superuser", "joined_at")
    search_fields = ("name", "email", "reference")
    ordering = ("-joined_at", "-id")
    fields = (*_FACTS, *_POWERS)
    filter_horizontal = ("groups", "user_permissions")
    actions = ("close_accounts",)

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> tuple[str, ...]:
        """Everything; superusers may change what somebody is allowed to do."""
        return _FACTS if member(request).is_superuser else (*_FACTS, *_POWERS)

    @admin.action(description="Close the accounts", permissions=["change"])
    def close_accounts(self, request: HttpRequest, chosen: QuerySet[Person]) -> None:
        """Nobody can sign in to them any more; what they did stays."""
        for person in chosen:
            people.deactivate(person, by=member(request), now=clock.now())
        messages.success(request, f"Closed: {', '.join(str(person) for person in chosen)}.")


@admin.register(SignIn)
class SignInAdmin(admin.ModelAdmin):
    """Programs signed in with a password."""

    has_add_permission = has_change_permission = has_delete_permission = never
    list_display = ("person", "device", "created_at", "refreshed_at", "expires_at", "ended_at")
    list_select_related = ("person",)
    search_fields = ("person__name", "person__email", "device")
    exclude = ("refresh_digest", "password_mark")


@admin.register(AccessToken)
class AccessTokenAdmin(admin.ModelAdmin):
    """Personal access tokens, without their secrets."""

    has_add_permission = has_change_permission = has_delete_permission = never
    list_display = ("reference", "person", "name", "scopes", "last_used_at", "revoked_at")
    list_select_related = ("person",)
    search_fields = ("reference", "person__name", "person__email", "name")
    exclude = ("digest",)


@admin.register(Tries)
class TriesAdmin(admin.ModelAdmin):
    """Who tried too often; deleting a row lets them try again at once."""

    has_add_permission = has_change_permission = never
    list_display = ("key", "used", "ends_at")
    search_fields = ("key",)
    ordering = ("-ends_at",)
