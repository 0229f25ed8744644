"""An agent's screens: the lists of requests, and one request with all that is needed to answer."""
