"""What is being written to a citizen before it leaves: drafts, held replies, ready-made words."""
