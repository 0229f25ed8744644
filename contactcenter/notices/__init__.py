"""Notices: everything that leaves the house (mail, SMS, letters), with its state."""
