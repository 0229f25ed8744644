"""Articles that answer before an expert must: written once, kept in force, proposed in time."""
