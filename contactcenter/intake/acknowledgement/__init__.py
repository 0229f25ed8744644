"""What tells citizens that their written request has been received."""
