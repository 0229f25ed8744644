"""Escalation: questions to expert referents, who is pressed when they wait, who may see what."""
