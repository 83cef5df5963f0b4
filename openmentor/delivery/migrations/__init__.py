"""The history of this floor's tables."""
