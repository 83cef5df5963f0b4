"""What every floor stands on: clock, errors, money, references, events, the database."""
