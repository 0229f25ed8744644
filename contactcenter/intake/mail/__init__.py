"""How e-mail arrives: reading, classifying, threading and storing messages."""
