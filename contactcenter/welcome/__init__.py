"""A newcomer's first hour, and the words of the trade."""
