"""When a mentor is open: weekly hours, overrides, imported busy times."""
