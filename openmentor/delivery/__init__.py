"""Telling people: calendar files, messages, meeting links."""
