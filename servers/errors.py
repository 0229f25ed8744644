"""What can stop a launch: each message says what is wrong and what to do about it."""


class LaunchRefused(Exception):
    """The launcher cannot go on; the text is for the person at the terminal."""
