"""Directory: sites, counters, lines, mailboxes, topics, referent teams, and when each is open."""
