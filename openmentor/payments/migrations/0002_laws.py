"""The ledger's laws: every posting sums to zero in each currency, and no line ever changes."""

from typing import ClassVar

from django.db import migrations

LAWS = """
CREATE FUNCTION payments_ledger_is_append_only() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'ledger entries are never changed or deleted'
        USING ERRCODE = 'restrict_violation', CONSTRAINT = 'ledger_is_append_only';
END $$;
CREATE TRIGGER ledger_is_append_only BEFORE UPDATE OR DELETE ON payments_ledgerentry
    FOR EACH ROW EXECUTE FUNCTION payments_ledger_is_append_only();

CREATE FUNCTION payments_posting_sums_to_zero() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (
        SELECT FROM payments_ledgerentry WHERE posting = NEW.posting
        GROUP BY currency HAVING sum(amount_minor) <> 0
    ) THEN
        RAISE EXCEPTION 'posting % does not sum to zero', NEW.posting
            USING ERRCODE = 'check_violation', CONSTRAINT = 'ledger_posting_sums_to_zero';
    END IF;
    RETURN NULL;
END $$;
CREATE CONSTRAINT TRIGGER ledger_posting_sums_to_zero AFTER INSERT ON payments_ledgerentry
    DEFERRABLE INITIALLY DEFERRED
    FOR EACH ROW EXECUTE FUNCTION payments_posting_sums_to_zero();
CREATE INDEX ledger_of_a_posting ON payments_ledgerentry (posting);
"""
NO_LAWS = """
DROP INDEX ledger_of_a_posting;
DROP TRIGGER ledger_posting_sums_to_zero ON payments_ledgerentry;
DROP FUNCTION payments_posting_sums_to_zero();
DROP TRIGGER ledger_is_append_only ON payments_ledgerentry;
DROP FUNCTION payments_ledger_is_append_only();
"""


class Migration(migrations.Migration):
    """Triggers that Django's own constraints cannot say."""

    dependencies: ClassVar = [("payments", "0001_initial")]
    operations: ClassVar = [migrations.RunSQL(LAWS, NO_LAWS)]
