"""Lists that are kept and shared, and acts on many tickets at once."""
