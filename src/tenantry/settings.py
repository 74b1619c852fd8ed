"""What may be set from outside: TENANTRY_... in the environment (or .env), and DATABASE_URL as everybody spells it."""

import contextlib
import os
import secrets
import tempfile
from pathlib import Path
from typing import Literal

from pydantic import AliasChoices, Field, SecretStr
from pydantic_settings import BaseSettings, SettingsConfigDict


class Settings(BaseSettings):
    """Every setting, its default, and what it does; the settings page of the documentation is made from these."""

    model_config = SettingsConfigDict(
        env_prefix="TENANTRY_", env_file=".env", extra="ignore", frozen=True, populate_by_name=True
    )

    data: Path = Field(default=Path("var"), description="Folder of everything this installation keeps.")
    database_url: SecretStr | None = Field(
        default=None,
        validation_alias=AliasChoices("DATABASE_URL", "TENANTRY_DATABASE_URL"),
        description="A PostgreSQL 15 or newer, as its owner reaches it; else the embedded one in the data folder.",
    )
    host: str = Field(default="127.0.0.1", description="Address to listen on.")
    port: int = Field(default=8000, ge=0, le=65535, description="Port to listen on.")
    base_url: str = Field(default="", description="How people reach the program, when that is not host and port.")
    secret_key: SecretStr | None = Field(
        default=None,
        description="What sessions are signed with; without it one is made and kept in the data folder.",
    )
    workers: int = Field(default=1, ge=0, description="Background workers that `tenantry serve` runs beside the pages.")
    log_format: Literal["auto", "console", "json"] = Field(
        default="auto", description="Logs for people or for machines; auto means people on a terminal."
    )
    log_level: Literal["debug", "info", "warning", "error"] = Field(default="info", description="What is logged.")
    demo: bool = Field(default=False, description="Show the demo's people on the sign-in page.")

    @property
    def public_url(self) -> str:
        return self.base_url.rstrip("/") or f"http://{self.host}:{self.port}"

    def key(self) -> str:
        """Say the installation's secret key, made at the first call and the same ever after, for every program."""
        if self.secret_key:
            return self.secret_key.get_secret_value()
        kept = self.data / "secret"
        if not kept.exists():
            _keep(kept, secrets.token_urlsafe(48))
        return kept.read_text().strip()


def _keep(path: Path, secret: str) -> None:
    """Write the file whole or not at all; of two programs that try at once, the first wins."""
    path.parent.mkdir(parents=True, exist_ok=True)
    descriptor, draft = tempfile.mkstemp(prefix=".secret-", dir=path.parent)
    try:
        with os.fdopen(descriptor, "w") as file:
            file.write(secret + "\n")
        if os.geteuid() == 0:
            # Whoever the data folder belongs to must be able to go on without root.
            owner = path.parent.stat()
            os.chown(draft, owner.st_uid, owner.st_gid)
        with contextlib.suppress(FileExistsError):
            os.link(draft, path)
    finally:
        Path(draft).unlink()
