"""One's own account: the profile, access tokens, and the programs that are signed in."""

import uuid
from datetime import datetime, timedelta
from typing import cast

from allauth.account.decorators import reauthentication_required
from django import forms
from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from openmentor.base import clock
from openmentor.people import people, sign_ins, tokens
from openmentor.people.models import AccessToken, Person
from openmentor.web import readers, zones
from openmentor.web.accounts import without_fault

LIFETIMES = {"30": "30 days", "90": "90 days", "365": "A year", "": "No end"}


class ProfileForm(forms.Form):
    """What a person says about themselves."""

    name = forms.CharField(
        max_length=people.LONGEST_NAME, widget=forms.TextInput({"autocomplete": "name"})
    )
    timezone = forms.ChoiceField(
        label="Time zone", help_text="Every time on every page and in every mail is shown in it."
    )
    language = forms.ChoiceField(choices=settings.LANGUAGES)
    goals = forms.CharField(
        required=False,
        max_length=people.LONGEST_GOALS,
        widget=forms.Textarea({"rows": 4}),
        help_text="What would you like to reach? Mentors whom you ask for a session read it.",
    )

    def __init__(self, typed: QueryDict | None, *, person: Person) -> None:
        kept = ("name", "timezone", "language", "goals")
        super().__init__(typed, initial={name: getattr(person, name) for name in kept})
        names = dict.fromkeys([*zones.choices(), person.timezone])  # An alias may be kept, too.
        zone = cast(forms.ChoiceField, self.fields["timezone"])
        zone.choices = [(name, name.replace("_", " ")) for name in names]
        if len(settings.LANGUAGES) == 1:
            del self.fields["language"]

    def clean_name(self) -> str:
        """The name, by the rule that the API has too."""
        name = self.cleaned_data["name"]
        return without_fault(people.name_fault(name), name)


class TokenForm(forms.Form):
    """A new access token: what for, what it may do, and until when."""

    name = forms.CharField(
        max_length=tokens.LONGEST_NAME, help_text="What will use it, such as “Backup script”."
    )
    scopes = forms.MultipleChoiceField(
        label="What it may do",
        choices=[("read", "See what you see"), ("write", "Change what you can change")],
        initial=["read"],
        widget=forms.CheckboxSelectMultiple,
    )
    lifetime = forms.ChoiceField(
        label="Works for", choices=LIFETIMES.items(), initial="90", required=False
    )

    def ends_at(self, now: datetime) -> datetime | None:
        """When the token is to stop working, if ever."""
        days = self.cleaned_data["lifetime"]
        return now + timedelta(days=int(days)) if days else None


@require_http_methods(["GET", "POST"])
def profile(request: HttpRequest) -> HttpResponse:
    """Name, time zone and language."""
    person = readers.person(request)
    form = ProfileForm(request.POST or None, person=person)
    if form.is_valid():
        people.update_profile(person, **form.cleaned_data)
        request.session.pop(zones.COOKIE, None)
        messages.success(request, "Your profile is saved.")
        return redirect("profile")
    return render(request, "account_pages/profile.html", {"form": form}, status=_status(form))


@never_cache
def access_tokens(request: HttpRequest) -> HttpResponse:
    """The reader's access tokens and the programs signed in with their password."""
    return _tokens_page(request, TokenForm())


@never_cache
@require_POST
@reauthentication_required  # type: ignore[untyped-decorator]  # allauth ships no types
def create_token(request: HttpRequest) -> HttpResponse:
    """Make a token and show its secret, on this page and never again."""
    form, now = TokenForm(request.POST), clock.now()
    if not form.is_valid():
        return _tokens_page(request, form)
    token, secret = tokens.create(
        readers.person(request),
        name=form.cleaned_data["name"],
        scopes=form.cleaned_data["scopes"],
        expires_at=form.ends_at(now),
        now=now,
    )
    return _tokens_page(request, TokenForm(), created=token, secret=secret)


@require_POST
def revoke_token(request: HttpRequest, reference: str) -> HttpResponse:
    """End a token for good."""
    tokens.revoke(reference, by=readers.person(request), now=clock.now())
    messages.success(request, "The token is revoked.")
    return redirect("access_tokens")


@require_POST
def end_sign_in(request: HttpRequest, sid: uuid.UUID) -> HttpResponse:
    """Sign one program out."""
    sign_ins.revoke(readers.person(request), sid=sid, now=clock.now())
    messages.success(request, "That program is signed out.")
    return redirect("access_tokens")


def _tokens_page(
    request: HttpRequest,
    form: TokenForm,
    *,
    created: AccessToken | None = None,
    secret: str = "",
) -> HttpResponse:
    person, now = readers.person(request), clock.now()
    shown = {
        "form": form,
        "created": created,
        "secret": secret,
        "tokens": tokens.living(person, now=now),
        "programs": sign_ins.running(person, now=now),
    }
    return render(request, "account_pages/access_tokens.html", shown, status=_status(form))


def _status(form: forms.Form) -> int:
    return 422 if form.is_bound and not form.is_valid() else 200
