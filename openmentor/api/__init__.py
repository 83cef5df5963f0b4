"""Door 2: the JSON API."""
