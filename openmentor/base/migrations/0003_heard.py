"""Events are also the outbox: the mark that one was heard is all that may change.

What happened before this migration counts as heard.
"""

from django.db import migrations, models

ONLY_HEARD = """
CREATE OR REPLACE FUNCTION base_event_is_append_only() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'UPDATE' THEN
        OLD.heard := true;
        IF NEW IS NOT DISTINCT FROM OLD THEN
            RETURN NEW;
        END IF;
    END IF;
    RAISE EXCEPTION 'events are never changed or deleted'
        USING ERRCODE = 'restrict_violation', CONSTRAINT = 'event_is_append_only';
END $$;
"""
NOTHING = """
CREATE OR REPLACE FUNCTION base_event_is_append_only() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'events are never changed or deleted'
        USING ERRCODE = 'restrict_violation', CONSTRAINT = 'event_is_append_only';
END $$;
"""


class Migration(migrations.Migration):
    dependencies = [("base", "0002_laws")]

    operations = [
        migrations.AddField(
            model_name="event",
            name="heard",
            field=models.BooleanField(db_default=True, default=False, editable=False),
        ),
        migrations.AlterField(
            model_name="event",
            name="heard",
            field=models.BooleanField(db_default=False, default=False, editable=False),
        ),
        migrations.AddIndex(
            model_name="event",
            index=models.Index(
                condition=models.Q(("heard", False)), fields=["id"], name="event_still_to_hear"
            ),
        ),
        migrations.RunSQL(ONLY_HEARD, NOTHING),
    ]
