"""The post: a letter as a mail, and the line to the server that takes it."""

import smtplib
from types import TracebackType
from typing import Any, Self
from urllib.parse import urlsplit

from django.conf import settings
from django.core.mail import EmailMultiAlternatives, mailers

from openmentor.delivery.calendars import File

_PERMANENT = range(500, 600)


class Undeliverable(Exception):  # noqa: N818 - said of a mail
    """This mail will never be taken: the address or the mail itself is refused for good."""


class Later(Exception):  # noqa: N818 - said of a mail
    """This mail is not taken now; `closed` if no other would be either."""

    def __init__(self, words: str, *, closed: bool) -> None:
        super().__init__(words)
        self.closed = closed


class Office:
    """A line to the mail server, kept for as many mails as there are."""

    def __enter__(self) -> Self:
        self._server: Any = mailers.default
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._server.close()

    def send(self, mail: EmailMultiAlternatives) -> None:
        """Hand the mail over. Raises `Undeliverable` or `Later`; else the server has it."""
        try:
            self._server.open()
            self._server.send_messages([mail])
        except smtplib.SMTPRecipientsRefused as refusal:
            [(code, words)] = refusal.recipients.values()
            raise _trouble(code, words) from refusal
        except smtplib.SMTPNotSupportedError as trouble:
            raise Undeliverable(str(trouble)) from trouble
        except smtplib.SMTPDataError as refusal:
            raise _trouble(refusal.smtp_code, refusal.smtp_error) from refusal
        except OSError as trouble:  # Of which smtplib's other errors are a kind.
            self._server.close()
            raise Later(f"{type(trouble).__name__}: {trouble}", closed=True) from trouble
        except ValueError as trouble:
            raise Undeliverable(f"This cannot be written as a mail: {trouble}") from trouble


def mail(
    *,
    to: str,
    reference: str,
    subject: str,
    text: str,
    html: str,
    calendar: File | None,
    way_out: str,
) -> EmailMultiAlternatives:
    """The mail: text, HTML and calendar file as three ways to read it, and the file once more.

    The order and the file's second copy are what Outlook, Gmail, Apple and Thunderbird need.
    Nobody's program answers it by itself, and `reference` makes its Message-ID the same each time.
    """
    host = urlsplit(settings.PUBLIC_URL).hostname or "localhost"
    headers = {
        "Message-ID": f"<{reference.lower()}@{host}>",
        "Auto-Submitted": "auto-generated",
        "X-Auto-Response-Suppress": "All",
    }
    if way_out:
        headers["List-Unsubscribe"] = f"<{way_out}>"
        headers["List-Unsubscribe-Post"] = "List-Unsubscribe=One-Click"
    made = EmailMultiAlternatives(
        subject=subject, body=text, from_email=settings.DEFAULT_FROM_EMAIL, to=[to], headers=headers
    )
    made.attach_alternative(html, "text/html")
    if calendar:
        made.attach_alternative(calendar.content, f"text/calendar; method={calendar.method}")
        made.attach("invite.ics", calendar.content.encode(), "application/ics")
    return made


def _trouble(code: int, words: bytes | str) -> Exception:
    said = words.decode(errors="replace") if isinstance(words, bytes) else words
    said = f"{code} {said}"
    return Undeliverable(said) if code in _PERMANENT else Later(said, closed=False)
