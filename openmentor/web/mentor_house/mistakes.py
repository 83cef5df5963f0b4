"""Where a refusal's lines are shown: each at the field it is about."""

from collections.abc import Mapping

from django import forms

from openmentor.base.errors import Refusal


def onto(form: forms.Form, refusal: Refusal, names: Mapping[str, str] | None = None) -> None:
    """Ties what the verb refused to the fields of the form; the rest is said of the form.

    `names` maps the verb's words to the form's fields where they differ.
    """
    form.is_valid()
    lines = refusal.data.get("errors") or [{"field": "", "message": refusal.detail}]
    for line in lines:
        field = (names or {}).get(line["field"], line["field"])
        form.add_error(field if field in form.fields else None, line["message"])
