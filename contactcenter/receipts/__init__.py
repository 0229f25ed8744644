"""Receipts: what came to each door and what became of it, so that nothing is lost unseen."""
