"""What will come, how many people that takes, and how a day could go otherwise."""
