"""What happened stays written: the database refuses to change or delete an event."""

from typing import ClassVar

from django.core.management import call_command
from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations.state import StateApps

APPEND_ONLY = """
CREATE FUNCTION base_event_is_append_only() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'events are never changed or deleted'
        USING ERRCODE = 'restrict_violation', CONSTRAINT = 'event_is_append_only';
END $$;
CREATE TRIGGER event_is_append_only BEFORE UPDATE OR DELETE ON base_event
    FOR EACH ROW EXECUTE FUNCTION base_event_is_append_only();
"""
NOT_APPEND_ONLY = """
DROP TRIGGER event_is_append_only ON base_event;
DROP FUNCTION base_event_is_append_only();
"""


def make_cache_table(apps: StateApps, editor: BaseDatabaseSchemaEditor) -> None:
    """The table behind rate limits, shared by every web process."""
    call_command("createcachetable", database=editor.connection.alias, verbosity=0)


class Migration(migrations.Migration):
    """The event trigger and the cache table."""

    dependencies: ClassVar = [("base", "0001_initial")]
    operations: ClassVar = [
        migrations.RunSQL(APPEND_ONLY, NOT_APPEND_ONLY),
        migrations.RunPython(make_cache_table, migrations.RunPython.noop),
    ]
