"""What can become of a notice that is handed over. Their words hold a code and no address."""


class NotTaken(Exception):
    """It was handed to nobody: worth trying again."""


class Refused(Exception):
    """It will never be taken."""


class Unsure(Exception):
    """It was given whole, and no answer came: it may have been taken."""
