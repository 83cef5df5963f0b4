"""What we write to people: a file for each thing we write about."""
