"""Letters: entered by hand with the day they reached us, answered on paper."""
