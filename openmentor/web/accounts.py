"""How allauth's sign-up and sign-in pages fit this house."""

from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.models import EmailAddress
from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError
from django.http import HttpRequest
from django.utils.http import url_has_allowed_host_and_scheme

from openmentor.base import clock
from openmentor.base.errors import RateLimited
from openmentor.people import passwords, people, zones
from openmentor.people.models import Person


def without_fault(fault: str, value: str) -> str:
    """The value, unless a rule of ours found a fault with it: then the form says so."""
    if fault:
        raise ValidationError(fault)
    return value


class SignupDetails(forms.Form):
    """What sign-up asks besides address and password: the name, and the browser's zone."""

    name = forms.CharField(
        max_length=people.LONGEST_NAME, widget=forms.TextInput({"autocomplete": "name"})
    )
    timezone = forms.CharField(max_length=64, required=False, widget=forms.HiddenInput)

    field_order = ("name", "email", "password1", "timezone")

    def clean_name(self) -> str:
        """The name, by the rule that the API has too."""
        name = self.cleaned_data["name"]
        return without_fault(people.name_fault(name), name)

    def clean_timezone(self) -> str:
        """The detected zone, or the installation's where the browser told none we know."""
        zone = self.cleaned_data["timezone"]
        return zone if zones.exists(zone) else settings.DEFAULT_TIMEZONE

    def signup(self, request: HttpRequest, person: Person) -> None:
        """Allauth calls this with the account it has just made."""
        details = self.cleaned_data
        people.enrol(person, name=details["name"], timezone=details["timezone"], now=clock.now())


class AccountAdapter(DefaultAccountAdapter):  # type: ignore[misc]  # allauth ships no types
    """Allauth's answers where ours differ."""

    def clean_email(self, email: str) -> str:
        """Addresses are kept in lower case, so that one address is one account."""
        cleaned: str = super().clean_email(email)
        return cleaned.lower()

    def clean_password(self, password: str, user: Person | None = None) -> str:
        """A new password, by the rule that the API has too."""
        return without_fault(people.password_fault(password, person=user), password)

    def validation_error(self, code: str, *args: Any) -> ValidationError:
        """What a form says; who guesses too often is refused instead, with the time to wait."""
        if code in {"too_many_login_attempts", "rate_limited"}:
            raise RateLimited(retry_after=passwords.WAIT)
        error: ValidationError = super().validation_error(code, *args)
        return error

    def is_safe_url(self, url: str) -> bool:
        """Whether a redirect stays on this host; no other host of ours is this site to a reader."""
        host = self.request.get_host()
        return url_has_allowed_host_and_scheme(url, {host}, self.request.is_secure())

    def get_email_verification_redirect_url(self, email_address: EmailAddress) -> str:
        """Where a verified address leads: back to finding a mentor."""
        return "/mentors"
