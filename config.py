"""Settings. The only module that reads the environment; docs/settings.md explains each."""

from pathlib import Path
from typing import Annotated

from pydantic import BeforeValidator, Field
from pydantic_settings import BaseSettings, SettingsConfigDict


def _psycopg(url: str) -> str:
    """Accept the addresses other programs hand out; SQLAlchemy wants the driver named."""
    for prefix in ("postgres://", "postgresql://"):
        if url.startswith(prefix):
            return "postgresql+psycopg://" + url.removeprefix(prefix)
    return url


DatabaseUrl = Annotated[str, BeforeValidator(_psycopg)]


class Settings(BaseSettings):
    model_config = SettingsConfigDict(case_sensitive=False, extra="ignore")

    contactcenter_home: Path = Path("var")
    database_url: DatabaseUrl = ""
    migrator_database_url: DatabaseUrl = ""
    redis_url: str = ""
    secret_key: str = ""
    public_base_url: str = "http://127.0.0.1:8000"
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
    smtp_host: str = ""
    smtp_port: int = 25
    smtp_username: str = ""
    smtp_password: str = ""
    smtp_starttls: bool = False

    attachment_max_bytes: int = 10 * 1024 * 1024
    attachment_max_count: int = 10

    @property
    def secure_cookies(self) -> bool:
        return self.public_base_url.startswith("https://")
