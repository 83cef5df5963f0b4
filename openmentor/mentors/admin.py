"""For staff: applications to judge, profiles and session types to look after."""

from collections.abc import Callable, Iterable
from functools import partial
from typing import Any

from django import forms
from django.contrib import admin, messages
from django.contrib.admin.helpers import ActionForm
from django.db.models import Model, QuerySet
from django.http import HttpRequest

from openmentor.base import clock, money
from openmentor.base.admin import never
from openmentor.base.errors import Invalid, Refusal
from openmentor.mentors import mentors, profiles, session_types
from openmentor.mentors.models import Mentor, SessionType
from openmentor.people.admin import member

_NEVER_BY_HAND = ("person", "handle", "photo", "created_at", "approved_at", "paused_at")
_SAID = ("headline", "job_title", "specialisations", "languages", "bio")
_PRICES = ("timezone", "currency", "one_on_one_price_minor", "group_price_minor", "refund_policy")
_RULES = (
    "confirmation",
    "pending_requests_hold_time",
    "min_notice_minutes",
    "horizon_days",
    "step_minutes",
    "buffer_before",
    "buffer_after",
    "max_per_day",
    "max_per_week",
    "max_active_mentees",
    "grace_period_days",
)


class ReasonForm(ActionForm):
    """What staff write beside an action."""

    reason = forms.CharField(required=False, label="Reason")


class MentorForm(forms.ModelForm):
    """A profile; what the verb would refuse is said at its field."""

    def clean(self) -> dict[str, Any]:
        """The fields that were changed, by the rules of the verb."""
        values: dict[str, Any] = super().clean() or self.cleaned_data
        changed = {name: values[name] for name in self.changed_data if name in values}
        try:
            profiles.cleaned(changed)  # type: ignore[arg-type]  # the fields are those of a profile
        except Invalid as refusal:
            for line in refusal.data["errors"]:
                self.add_error(line["field"], line["message"])
        return values


@admin.register(Mentor)
class MentorAdmin(admin.ModelAdmin):
    """Mentors, those who wait first."""

    has_add_permission = has_delete_permission = never
    form = MentorForm
    action_form = ReasonForm
    actions = ("approve", "reject", "pause", "resume")
    list_display = ("person", "handle", "status", "paused_at", "hourly", "timezone", "created_at")
    list_filter = ("status", ("paused_at", admin.EmptyFieldListFilter), "currency", "created_at")
    list_select_related = ("person",)
    search_fields = ("handle", "person__name", "person__email", "headline", "job_title")
    ordering = ("approved_at", "-created_at")
    readonly_fields = ("status", "status_reason", *_NEVER_BY_HAND)
    fieldsets = (
        (None, {"fields": ("status", "status_reason", *_NEVER_BY_HAND)}),
        ("Profile", {"fields": _SAID}),
        ("Prices", {"fields": _PRICES}),
        ("Rules", {"fields": _RULES}),
    )

    @admin.display(description="Hourly price", ordering="one_on_one_price_minor")
    def hourly(self, mentor: Mentor) -> str:
        """The one-on-one price as people write it."""
        return money.display(mentor.one_on_one_price_minor, mentor.currency)

    def save_model(self, request: HttpRequest, obj: Mentor, form: Any, change: bool) -> None:
        """Save by the verb, so that it is locked and told like any change."""
        changes = {name: form.cleaned_data[name] for name in form.changed_data}
        mentors.update(obj.pk, by=member(request), now=clock.now(), **changes)

    @admin.action(description="Approve", permissions=["change"])
    def approve(self, request: HttpRequest, chosen: QuerySet[Mentor]) -> None:
        """Everybody finds them from now on."""
        reason = request.POST.get("reason", "")
        _each(request, chosen, partial(mentors.approve, reason=reason), "approved")

    @admin.action(description="Reject, with the reason", permissions=["change"])
    def reject(self, request: HttpRequest, chosen: QuerySet[Mentor]) -> None:
        """They are told why, and can apply again."""
        reason = request.POST.get("reason", "")
        _each(request, chosen, partial(mentors.reject, reason=reason), "rejected")

    @admin.action(description="Pause new bookings", permissions=["change"])
    def pause(self, request: HttpRequest, chosen: QuerySet[Mentor]) -> None:
        """No new bookings for now."""
        _each(request, chosen, mentors.pause, "paused")

    @admin.action(description="Resume bookings", permissions=["change"])
    def resume(self, request: HttpRequest, chosen: QuerySet[Mentor]) -> None:
        """Bookable again."""
        _each(request, chosen, mentors.resume, "resumed")


@admin.register(SessionType)
class SessionTypeAdmin(admin.ModelAdmin):
    """What can be booked; mentors change it themselves, staff can switch it off."""

    has_add_permission = has_change_permission = has_delete_permission = never
    actions = ("switch_off", "switch_on")
    list_display = ("reference", "title", "mentor", "duration_minutes", "price", "is_active")
    list_filter = ("is_active", "currency", "duration_minutes")
    list_select_related = ("mentor",)
    search_fields = ("reference", "title", "mentor__handle", "mentor__person__name")

    @admin.display(description="Price", ordering="price_minor")
    def price(self, offer: SessionType) -> str:
        """The price as people write it."""
        return money.display(offer.price_minor, offer.currency)

    @admin.action(description="Switch off")
    def switch_off(self, request: HttpRequest, chosen: QuerySet[SessionType]) -> None:
        """Nobody books them any more."""
        _each(request, chosen, partial(session_types.update, is_active=False), "switched off")

    @admin.action(description="Switch on")
    def switch_on(self, request: HttpRequest, chosen: QuerySet[SessionType]) -> None:
        """They can be booked again."""
        _each(request, chosen, partial(session_types.update, is_active=True), "switched on")


def _each(
    request: HttpRequest, chosen: Iterable[Model], verb: Callable[..., Any], done: str
) -> None:
    """Call the verb for each of them, and say of each what came of it."""
    for each in chosen:
        try:
            verb(each.pk, by=member(request), now=clock.now())
        except Refusal as refusal:
            messages.error(request, f"{each}: {refusal.detail}")
        else:
            messages.success(request, f"{each} is {done}.")
