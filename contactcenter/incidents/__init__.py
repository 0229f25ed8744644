"""One thing that goes wrong for many: seen, opened by a person, asked once, answered to all."""
