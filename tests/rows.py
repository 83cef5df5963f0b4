"""All that the database holds, to see that something changed nothing."""

from typing import Any

from django.apps import apps

Rows = dict[str, list[dict[str, Any]]]
COUNTERS = {"people.tries"}
"""Tables that change by being asked: how often somebody tried."""


def of(*apps_looked_at: str) -> Rows:
    """Every row of every table of these apps, by the table's model."""
    return {
        model._meta.label: list(model._base_manager.order_by("pk").values())
        for label in apps_looked_at
        for model in apps.get_app_config(label).get_models()
        if model._meta.label_lower not in COUNTERS
    }


def changed(before: Rows, after: Rows) -> set[str]:
    """The models of which a row came, went or changed."""
    return {label for label, rows in after.items() if rows != before[label]}
