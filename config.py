"""Settings. The only module that reads the environment; docs/settings.md explains each."""

import json
import os
from pathlib import Path
from typing import Annotated, Any

from pydantic import BeforeValidator, Field
from pydantic_settings import BaseSettings, SettingsConfigDict


def _psycopg(url: str) -> str:
    """Accept the addresses other programs hand out; SQLAlchemy wants the driver named."""
    for prefix in ("postgres://", "postgresql://"):
        if url.startswith(prefix):
            return "postgresql+psycopg://" + url.removeprefix(prefix)
    return url


DatabaseUrl = Annotated[str, BeforeValidator(_psycopg)]


def running_address(home: Path) -> str | None:
    """Where the product of this home runs now, as its launcher noted; None if it does not."""
    try:
        note = json.loads((home / "run.json").read_text())
        os.kill(int(note["process"]), 0)
        return str(note["address"])
    except PermissionError:  # it runs, under another account
        return str(note["address"])
    except (OSError, ValueError, KeyError, TypeError):
        return None


def _usual_address(known: dict[str, Any]) -> str:
    return running_address(known["contactcenter_home"]) or "http://127.0.0.1:8000"


class Settings(BaseSettings):
    model_config = SettingsConfigDict(case_sensitive=False, extra="ignore")

    contactcenter_home: Path = Path("var")
    database_url: DatabaseUrl = ""
    migrator_database_url: DatabaseUrl = ""
    redis_url: str = ""
    secret_key: str = ""
    public_base_url: str = Field(default_factory=_usual_address)
    port: int = 8000
    trusted_proxies: int = Field(default=0, ge=0, le=10)
    default_centre: str = ""
    demo_password: str = ""
    session_hours: int = 12
    session_idle_minutes: int = 120
    undo_send_seconds: int = 10

    twilio_account_sid: str = ""
    twilio_auth_token: str = ""
    twilio_api_base: str = ""

    lmtp_listen: str = "127.0.0.1:8024"
    field_keys: str = ""

    mail_authserv_id: str = ""
    smtp_host: str = ""
    smtp_port: int = 25
    smtp_username: str = ""
    smtp_password: str = ""
    smtp_starttls: bool = False
    smtp_ca_file: str = ""

    attachment_max_bytes: int = 10 * 1024 * 1024
    attachment_max_count: int = 10

    @property
    def knows_its_address(self) -> bool:
        """Whether `public_base_url` was set or found, and is not only the usual one."""
        is_set = "public_base_url" in self.model_fields_set
        return is_set or running_address(self.contactcenter_home) is not None

    @property
    def secure_cookies(self) -> bool:
        return self.public_base_url.startswith("https://")
