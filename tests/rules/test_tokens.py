"""Sign-ins and personal access tokens: what the tables allow, and what the verbs do."""

import hashlib
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.db import IntegrityError, transaction

from openmentor.base import events
from openmentor.base.errors import Invalid, NotFound, constraint_of
from openmentor.people import sign_ins, tokens
from openmentor.people.models import AccessToken, Person, SignIn
from openmentor.people.refusals import SignInOver, TooManyTokens
from tests import make

DAY = timedelta(days=1)


def made(person: Person, now: datetime, **facts: Any) -> tuple[AccessToken, str]:
    usual: dict[str, Any] = {"name": "script", "scopes": ["read"]}
    return tokens.create(person, **usual | facts, now=now)


def test_only_the_digest_of_a_secret_is_kept(tom: Person, now: datetime) -> None:
    token, secret = made(tom, now)
    token.refresh_from_db()
    assert secret.startswith("omp_")
    assert len(secret) == 47
    assert bytes(token.digest) == hashlib.sha256(secret.encode()).digest()
    assert token.prefix == secret[:10]


def test_a_token_and_its_end_are_written_down(tom: Person, now: datetime) -> None:
    token, _ = made(tom, now)
    tokens.revoke(token.reference, by=tom, now=now + DAY)
    assert [(event.name, event.actor_id) for event in events.history("access_token", token.pk)] == [
        ("access_token.created", tom.pk),
        ("access_token.revoked", tom.pk),
    ]


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"name": "  "}, "name"),
        ({"name": "x" * 61}, "name"),
        ({"scopes": []}, "scopes"),
        ({"scopes": ["read", "admin"]}, "scopes"),
    ],
)
def test_create_refuses_what_is_wrong(
    wrong: dict[str, Any], field: str, tom: Person, now: datetime
) -> None:
    with pytest.raises(Invalid) as refusal:
        made(tom, now, **wrong)
    assert [line["field"] for line in refusal.value.data["errors"]] == [field]


def test_create_refuses_an_end_that_is_not_to_come(tom: Person, now: datetime) -> None:
    with pytest.raises(Invalid) as refusal:
        made(tom, now, expires_at=now)
    assert [line["field"] for line in refusal.value.data["errors"]] == ["expires_at"]


def test_a_person_has_fifty_tokens_at_most(tom: Person, zoe: Person, now: datetime) -> None:
    first, _ = made(tom, now)
    for _ in range(49):
        made(tom, now)
    with pytest.raises(TooManyTokens):
        made(tom, now)
    made(zoe, now)
    tokens.revoke(first.reference, by=tom, now=now)
    made(tom, now)


def test_holder_knows_the_person_and_the_scopes(tom: Person, now: datetime) -> None:
    _, secret = made(tom, now, scopes=["write"])
    assert tokens.holder(secret, now=now) == (tom, ["write"])
    assert tokens.holder(secret + "x", now=now) is None


def test_revoke_refuses_what_is_not_the_persons(tom: Person, zoe: Person, now: datetime) -> None:
    token, secret = made(tom, now)
    for reference in (token.reference, "TOKEN-00000000", "x", ""):
        with pytest.raises(NotFound):
            tokens.revoke(reference, by=zoe, now=now)
    assert tokens.holder(secret, now=now) is not None


@pytest.mark.parametrize("scopes", [[], ["admin"], ["read", "admin"]])
def test_the_table_knows_the_scopes(scopes: list[str], tom: Person, now: datetime) -> None:
    with pytest.raises(IntegrityError) as breach, transaction.atomic():
        AccessToken.objects.create(person=tom, digest=b"x", scopes=scopes, created_at=now)
    assert constraint_of(breach.value) == "access_token_scopes_are_known"


def test_the_table_lets_no_token_end_before_it_begins(tom: Person, now: datetime) -> None:
    with pytest.raises(IntegrityError) as breach, transaction.atomic():
        AccessToken.objects.create(
            person=tom, digest=b"x", scopes=["read"], created_at=now, expires_at=now
        )
    assert constraint_of(breach.value) == "access_token_ends_after_it_begins"


def test_the_table_lets_no_sign_in_end_before_it_begins(tom: Person, now: datetime) -> None:
    with pytest.raises(IntegrityError) as breach, transaction.atomic():
        SignIn.objects.create(
            person=tom, refresh_digest=b"x", created_at=now, refreshed_at=now, expires_at=now
        )
    assert constraint_of(breach.value) == "sign_in_ends_after_it_begins"


def test_a_sign_in_keeps_no_secret(tom: Person, now: datetime) -> None:
    keys = sign_ins.begin(tom, device="Phone", now=now)
    sign_in = SignIn.objects.get()
    _, secret = keys.refresh_token.split(".")
    assert bytes(sign_in.refresh_digest) == hashlib.sha256(secret.encode()).digest()
    assert sign_in.device == "Phone"


def test_refreshing_puts_the_end_of_a_sign_in_off(tom: Person, now: datetime) -> None:
    keys = sign_ins.begin(tom, device="", now=now)
    for day in (29, 58, 87):
        keys = sign_ins.refresh(keys.refresh_token, now=now + day * DAY)
    assert sign_ins.holder(keys.access_token, now=now + 87 * DAY) == tom
    with pytest.raises(SignInOver):
        sign_ins.refresh(keys.refresh_token, now=now + 117 * DAY)


def test_a_person_sees_and_ends_the_programs_that_are_signed_in(
    tom: Person, zoe: Person, now: datetime
) -> None:
    phone = sign_ins.begin(tom, device="Phone", now=now)
    sign_ins.begin(tom, device="Script", now=now + DAY)
    script, first = sign_ins.running(tom, now=now + DAY)
    assert [script.device, first.device] == ["Script", "Phone"]
    sign_ins.revoke(zoe, sid=first.sid, now=now)
    assert sign_ins.holder(phone.access_token, now=now) == tom
    sign_ins.revoke(tom, sid=first.sid, now=now)
    assert sign_ins.holder(phone.access_token, now=now) is None
    assert sign_ins.running(tom, now=now + DAY) == [script]


def test_programs_signed_in_with_an_old_password_are_not_running(
    tom: Person, now: datetime
) -> None:
    sign_ins.begin(tom, device="Phone", now=now)
    tom.set_password("a better password")
    tom.save()
    assert sign_ins.running(tom, now=now) == []


def test_old_sign_ins_are_forgotten(tom: Person, now: datetime) -> None:
    ended = sign_ins.begin(tom, device="ended", now=now)
    sign_ins.end(ended.access_token, now=now)
    sign_ins.begin(tom, device="expired", now=now - 31 * DAY)
    sign_ins.begin(tom, device="running", now=now)
    assert sign_ins.forget_old(now=now + timedelta(minutes=1)) == 2
    assert [sign_in.device for sign_in in SignIn.objects.all()] == ["running"]


def test_a_mentors_profile_comes_with_the_person(now: datetime, db: None) -> None:
    mentor = make.mentor("Maya Rao")
    keys = sign_ins.begin(mentor.person, device="", now=now)
    holder = sign_ins.holder(keys.access_token, now=now)
    assert holder is not None
    assert (holder, holder.mentor) == (mentor.person, mentor)
    assert {field.attname: getattr(holder, field.attname) for field in Person._meta.fields} == {
        field.attname: getattr(mentor.person, field.attname) for field in Person._meta.fields
    }
