"""Working on a request together: snooze, reminders, followers, mentions, checklist, links."""
