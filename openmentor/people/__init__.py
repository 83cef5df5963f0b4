"""Who: accounts, sign-ins, tokens, preferences."""
