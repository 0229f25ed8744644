"""Figures for managers: boards, one queue's day, who was never served, and what a log tells."""
