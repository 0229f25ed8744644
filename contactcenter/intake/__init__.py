"""How requests arrive: counter, phone, mail, letters and the web."""
