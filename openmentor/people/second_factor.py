"""The second proof that some people ask for when they sign in."""

from allauth.mfa.models import Authenticator

from openmentor.people.models import Person


def methods(person: Person) -> list[str]:
    """How the person can prove themselves a second time; empty when the password is enough.

    `totp` and `recovery_codes` are codes to type; `webauthn` (a passkey) works on the web only.
    """
    return sorted(Authenticator.objects.filter(user=person).values_list("type", flat=True))


def accepts(person: Person, code: str) -> bool:
    """Whether this is a code of the person's app or an unused recovery code; it is used up."""
    for authenticator in Authenticator.objects.filter(user=person).exclude(
        type=Authenticator.Type.WEBAUTHN
    ):
        if authenticator.wrap().validate_code(code):
            authenticator.record_usage()
            return True
    return False
