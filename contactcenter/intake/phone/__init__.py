"""Calls and texts, through Twilio: the doors it knocks at, and the page where agents answer."""
