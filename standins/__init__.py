"""Stand-ins for payment providers: small servers that behave as the real ones promise.

For tests and for trying out; `docs/payments.md` says how. Every money fact is on disk in an
append-only journal before it is answered, so the journal, and not our database, says what the
provider did.
"""
