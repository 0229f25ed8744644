"""Citizens: the people we serve, and how to reach them."""
