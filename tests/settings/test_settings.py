from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from pydantic import ValidationError

from tenantry.settings import Settings


def test_ops_01_nothing_need_be_set(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("DATABASE_URL", raising=False)

    settings = Settings()

    assert settings.database_url is None
    assert settings.data == Path("var")
    assert settings.public_url == "http://127.0.0.1:8000"


def test_ops_01_database_url_is_read_under_its_usual_name(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DATABASE_URL", "postgresql://tenantry:hidden@db/tenantry")

    settings = Settings()

    assert settings.database_url is not None
    assert settings.database_url.get_secret_value().endswith("@db/tenantry")
    assert "hidden" not in repr(settings)


def test_the_key_is_made_once_and_kept_private(tmp_path: Path) -> None:
    data = tmp_path / "var"
    with ThreadPoolExecutor(8) as programs:
        keys = set(programs.map(lambda _: Settings(data=data).key(), range(8)))

    assert len(keys) == 1
    assert len(keys.pop()) >= 43, "256 bits"
    assert (data / "secret").stat().st_mode & 0o777 == 0o600
    assert [path.name for path in data.iterdir()] == ["secret"]


def test_a_given_key_is_not_written_anywhere(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("TENANTRY_SECRET_KEY", "given")

    assert Settings(data=tmp_path).key() == "given"
    assert list(tmp_path.iterdir()) == []


def test_an_impossible_port_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TENANTRY_PORT", "70000")

    with pytest.raises(ValidationError, match="port"):
        Settings()
