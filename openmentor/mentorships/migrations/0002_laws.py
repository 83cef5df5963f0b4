"""What Django's own constraints cannot say about packs and seats.

A pack's balance, what was bought, and what is unused of a purchase are sums of the ledger: the
database adds every entry to them, and at the end of a transaction compares them with the entries.
No entry ever changes. A mentor's live seats are numbered 1 to the limit, so there are never more.
"""

from typing import ClassVar

from django.db import migrations

LEDGER = """
CREATE FUNCTION mentorships_pack_entry_counts() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NEW.kind = 'return' AND NOT EXISTS (
        SELECT FROM mentorships_packentry
        WHERE kind = 'spend' AND booking_id = NEW.booking_id AND purchase_id = NEW.purchase_id
    ) THEN
        RAISE EXCEPTION 'booking % was not paid from this purchase', NEW.booking_id
            USING ERRCODE = 'check_violation', CONSTRAINT = 'pack_returns_what_was_spent';
    END IF;
    UPDATE mentorships_pack SET balance = balance + NEW.sessions,
        bought = bought + CASE NEW.kind WHEN 'buy' THEN NEW.sessions ELSE 0 END
        WHERE id = NEW.pack_id;
    UPDATE mentorships_purchase SET unused = unused + NEW.sessions
        WHERE id = NEW.purchase_id AND pack_id = NEW.pack_id;
    IF NOT FOUND THEN
        RAISE EXCEPTION 'purchase % is not in pack %', NEW.purchase_id, NEW.pack_id
            USING ERRCODE = 'check_violation', CONSTRAINT = 'pack_entry_is_of_its_pack';
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER pack_entry_counts AFTER INSERT ON mentorships_packentry
    FOR EACH ROW EXECUTE FUNCTION mentorships_pack_entry_counts();

CREATE FUNCTION mentorships_ledger_is_append_only() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'pack entries are never changed or deleted'
        USING ERRCODE = 'restrict_violation', CONSTRAINT = 'pack_ledger_is_append_only';
END $$;
CREATE TRIGGER pack_ledger_is_append_only BEFORE UPDATE OR DELETE ON mentorships_packentry
    FOR EACH ROW EXECUTE FUNCTION mentorships_ledger_is_append_only();

CREATE FUNCTION mentorships_pack_is_its_ledger() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    pack mentorships_pack;
BEGIN
    SELECT * INTO pack FROM mentorships_pack WHERE id = NEW.id;
    IF pack.balance <> (SELECT coalesce(sum(sessions), 0) FROM mentorships_packentry
            WHERE pack_id = NEW.id)
        OR pack.balance <> (SELECT coalesce(sum(unused), 0) FROM mentorships_purchase
            WHERE pack_id = NEW.id)
        OR pack.bought <> (SELECT coalesce(sum(sessions), 0) FROM mentorships_packentry
            WHERE pack_id = NEW.id AND kind = 'buy')
    THEN
        RAISE EXCEPTION 'pack % is not the sum of its ledger', pack.reference
            USING ERRCODE = 'check_violation', CONSTRAINT = 'pack_is_the_sum_of_its_ledger';
    END IF;
    IF (pack.status = 'active' AND pack.balance = 0)
        OR (pack.status = 'exhausted' AND pack.balance > 0)
    THEN
        RAISE EXCEPTION 'pack % is % with % left', pack.reference, pack.status, pack.balance
            USING ERRCODE = 'check_violation', CONSTRAINT = 'pack_status_fits_its_balance';
    END IF;
    RETURN NULL;
END $$;
CREATE CONSTRAINT TRIGGER pack_is_the_sum_of_its_ledger
    AFTER INSERT OR UPDATE ON mentorships_pack DEFERRABLE INITIALLY DEFERRED
    FOR EACH ROW EXECUTE FUNCTION mentorships_pack_is_its_ledger();
CREATE INDEX pack_entry_of_a_booking ON mentorships_packentry (booking_id);
"""
NO_LEDGER = """
DROP INDEX pack_entry_of_a_booking;
DROP TRIGGER pack_is_the_sum_of_its_ledger ON mentorships_pack;
DROP FUNCTION mentorships_pack_is_its_ledger();
DROP TRIGGER pack_ledger_is_append_only ON mentorships_packentry;
DROP FUNCTION mentorships_ledger_is_append_only();
DROP TRIGGER pack_entry_counts ON mentorships_packentry;
DROP FUNCTION mentorships_pack_entry_counts();
"""
SEATS = """
ALTER TABLE mentorships_seat ADD CONSTRAINT seat_is_with_the_mentor_of_its_pair
    FOREIGN KEY (mentorship_id, mentor_id) REFERENCES mentorships_mentorship (id, mentor_id);

CREATE FUNCTION mentorships_seat_is_within_the_limit() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    most integer;
BEGIN
    SELECT max_active_mentees INTO most FROM mentors_mentor WHERE id = NEW.mentor_id;
    -- A limit that was lowered leaves seats with higher numbers: so the count is asked as well.
    IF NEW.number > most OR most <= (
        SELECT count(*) FROM mentorships_seat
        WHERE mentor_id = NEW.mentor_id AND status <> 'released' AND id <> NEW.id
    ) THEN
        RAISE EXCEPTION 'mentor % has no free seat', NEW.mentor_id
            USING ERRCODE = 'check_violation', CONSTRAINT = 'seats_are_at_most_the_mentors_limit';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER seats_are_at_most_the_mentors_limit
    BEFORE INSERT ON mentorships_seat FOR EACH ROW WHEN (NEW.status <> 'released')
    EXECUTE FUNCTION mentorships_seat_is_within_the_limit();
CREATE TRIGGER released_seats_are_taken_within_the_limit
    BEFORE UPDATE ON mentorships_seat FOR EACH ROW
    WHEN (OLD.status = 'released' AND NEW.status <> 'released' OR OLD.mentor_id <> NEW.mentor_id)
    EXECUTE FUNCTION mentorships_seat_is_within_the_limit();
"""
NO_SEATS = """
DROP TRIGGER released_seats_are_taken_within_the_limit ON mentorships_seat;
DROP TRIGGER seats_are_at_most_the_mentors_limit ON mentorships_seat;
DROP FUNCTION mentorships_seat_is_within_the_limit();
ALTER TABLE mentorships_seat DROP CONSTRAINT seat_is_with_the_mentor_of_its_pair;
"""


class Migration(migrations.Migration):
    """The ledger's triggers, and those of the seats."""

    dependencies: ClassVar = [("mentorships", "0001_initial")]
    operations: ClassVar = [
        migrations.RunSQL(LEDGER, NO_LEDGER),
        migrations.RunSQL(SEATS, NO_SEATS),
    ]
