"""The counter: who comes in gets a number, waits, is called, received and seen off."""
