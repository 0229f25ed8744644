"""Escalation: questions to expert referents, who is pressed when they wait, and who may see what."""
