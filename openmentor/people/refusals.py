"""How the accounts say no."""

from openmentor.base.errors import Invalid, Kind, NotAllowed, NotSignedIn, Refusal


class AddressTaken(Invalid):
    """Another account has this email address."""

    def __init__(self) -> None:
        sentence = "There is already an account with this email address."
        super().__init__(sentence, errors=[{"field": "email", "message": sentence}])


class EmailNotVerified(NotAllowed):
    """The person has not yet opened the link in the verification mail."""

    code = "email_not_verified"
    sentence = "Please verify your email address first: open the link in the mail we sent you."


class WrongPassword(NotSignedIn):
    """Address and password do not belong together, or there is no such account."""

    code = "wrong_password"
    sentence = "The email address or the password is not right."


class SecondFactorNeeded(NotSignedIn):
    """The password was right; `methods` says which second proof may be sent as `code`."""

    code = "mfa_required"
    sentence = "Send the same request again with a `code` from your authenticator app."


class WrongCode(NotSignedIn):
    """The password was right, the second factor's code was not."""

    code = "wrong_code"
    sentence = "That code is not right. Please send the one your authenticator app shows now."


class SignInOver(NotSignedIn):
    """The sign-in was ended, has run out, or its refresh token was used before."""

    code = "sign_in_over"
    sentence = "This sign-in is over. Please sign in again."


class ScopeMissing(NotAllowed):
    """The personal access token may not do this."""

    code = "scope_missing"
    sentence = "This access token does not have the scope for that."


class TooManyTokens(Refusal):
    """A person keeps a limited number of access tokens."""

    code = "too_many_tokens"
    kind = Kind.CLASH
    sentence = "You have as many access tokens as one person can have. Revoke one first."
