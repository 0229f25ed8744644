"""The details of a citizen that can be shown to an expert, one by one."""

from enum import StrEnum


class Detail(StrEnum):
    """Each is shown only where the topic needs it. `FIRST_NAME` is with the initial of the name."""

    FIRST_NAME = "first_name"
    NAME = "name"
    BIRTH_YEAR = "birth_year"
    PHONE = "phone"
    EMAIL = "email"
    ADDRESS = "address"
