"""Door 3: what runs by itself."""
