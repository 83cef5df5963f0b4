"""How allauth's sign-up and sign-in pages fit this house."""

from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.models import EmailAddress
from django import forms
from django.conf import settings
from django.http import HttpRequest

from openmentor.people import zones
from openmentor.people.models import Person


class SignupDetails(forms.Form):
    """What sign-up asks besides address and password: the name, and the browser's zone."""

    name = forms.CharField(max_length=100, widget=forms.TextInput({"autocomplete": "name"}))
    timezone = forms.CharField(max_length=64, required=False, widget=forms.HiddenInput)

    field_order = ("name", "email", "password1", "timezone")

    def clean_timezone(self) -> str:
        """The detected zone, or the installation's where the browser told none we know."""
        zone = self.cleaned_data["timezone"]
        return zone if zones.exists(zone) else settings.DEFAULT_TIMEZONE

    def signup(self, request: HttpRequest, person: Person) -> None:
        """Allauth calls this with the account it is about to keep."""
        person.name = self.cleaned_data["name"].strip()
        person.timezone = self.cleaned_data["timezone"]
        person.save(update_fields=["name", "timezone"])


class AccountAdapter(DefaultAccountAdapter):  # type: ignore[misc]  # allauth ships no types
    """Allauth's answers where ours differ."""

    def clean_email(self, email: str) -> str:
        """Addresses are kept in lower case, so that one address is one account."""
        cleaned: str = super().clean_email(email)
        return cleaned.lower()

    def get_email_verification_redirect_url(self, email_address: EmailAddress) -> str:
        """Where a verified address leads: back to finding a mentor."""
        return "/mentors"
