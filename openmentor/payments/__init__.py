"""Money: orders, payments, refunds and the ledger. Nothing here knows what was bought."""
