"""How many places of a group session are taken, counted by the database itself.

A place is taken by a booking that is held, confirmed or over, and by an offer to somebody in the
waiting line: so a newcomer cannot have what was offered to another. The check on the session's
row is the law, whoever writes. A one-on-one session counts nothing; there a booking's own `place`
is sold once, so it must have one.
"""

from typing import ClassVar

from django.db import migrations

COUNTING = """
CREATE FUNCTION booking_count_bookings() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    taking CONSTANT text[] := '{held,confirmed,attended,no_show}';
    had boolean := TG_OP <> 'INSERT' AND OLD.status = ANY(taking);
    has boolean := TG_OP <> 'DELETE' AND NEW.status = ANY(taking);
BEGIN
    IF TG_OP = 'UPDATE' AND had = has AND OLD.session_id = NEW.session_id THEN
        RETURN NULL;
    END IF;
    IF had THEN
        UPDATE booking_session SET places_taken = places_taken - 1
         WHERE id = OLD.session_id AND mode = 'group';
    END IF;
    IF has THEN
        UPDATE booking_session SET places_taken = places_taken + 1
         WHERE id = NEW.session_id AND mode = 'group';
        IF NOT FOUND AND NEW.place IS NULL THEN
            RAISE check_violation USING CONSTRAINT = 'booking_one_on_one_has_its_place',
                MESSAGE = 'A booking of a one-on-one session needs its place.';
        END IF;
    END IF;
    RETURN NULL;
END $$;

CREATE TRIGGER booking_is_counted AFTER INSERT OR DELETE OR UPDATE OF status, session_id
    ON booking_booking FOR EACH ROW EXECUTE FUNCTION booking_count_bookings();

CREATE FUNCTION booking_count_offers() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    had integer := (TG_OP <> 'INSERT' AND OLD.status = 'offered')::integer;
    has integer := (TG_OP <> 'DELETE' AND NEW.status = 'offered')::integer;
    line booking_waitingentry := COALESCE(NEW, OLD);
BEGIN
    IF line.subject = 'session' AND had <> has THEN
        UPDATE booking_session SET places_taken = places_taken + has - had
         WHERE id = line.subject_id AND mode = 'group';
    END IF;
    RETURN NULL;
END $$;

CREATE TRIGGER waiting_offer_is_counted AFTER INSERT OR DELETE OR UPDATE OF status
    ON booking_waitingentry FOR EACH ROW EXECUTE FUNCTION booking_count_offers();
"""
NOT_COUNTING = """
DROP TRIGGER booking_is_counted ON booking_booking;
DROP TRIGGER waiting_offer_is_counted ON booking_waitingentry;
DROP FUNCTION booking_count_bookings();
DROP FUNCTION booking_count_offers();
"""


class Migration(migrations.Migration):
    """Two triggers: one for bookings, one for offers."""

    dependencies: ClassVar = [("booking", "0006_groups")]
    operations: ClassVar = [migrations.RunSQL(COUNTING, NOT_COUNTING)]
