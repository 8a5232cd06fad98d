import pytest

from assistant.password import Credentials
from assistant.settings import SettingsError, read_settings


def settings(tmp_path, *, flags=None, environment=None, file=None):
    path = tmp_path / "config.toml"
    if file is not None:
        path.write_text(file, encoding="utf-8")
    return read_settings(flags or {}, environment or {}, file=path)


def test_flag_comes_before_environment_before_file(tmp_path):
    file = 'store = "/from/file"'
    environment = {"SUMMIT_STORE": "/from/environment"}
    assert str(settings(tmp_path, file=file).store) == "/from/file"
    assert str(settings(tmp_path, file=file, environment=environment).store) == "/from/environment"
    flags = {"store": "/from/flag"}
    both = settings(tmp_path, flags=flags, file=file, environment=environment)
    assert str(both.store) == "/from/flag"


def test_default_store_is_in_the_users_data_folder(tmp_path):
    assert settings(tmp_path).store.parts[-2:] == ("summit-assistant", "store")


def test_downloads_are_off_until_switched_on(tmp_path):
    assert settings(tmp_path).allow_download is False
    assert settings(tmp_path, environment={"SUMMIT_ALLOW_DOWNLOAD": "1"}).allow_download is True
    assert settings(tmp_path, file="allow_download = true").allow_download is True


@pytest.mark.parametrize(
    ("environment", "told"),
    [
        ({"SUMMIT_ALLOW_DOWNLOAD": "perhaps"}, ("SUMMIT_ALLOW_DOWNLOAD", "'perhaps'", "yes")),
        ({"SUMMIT_CHROMA_URL": "localhost"}, ("SUMMIT_CHROMA_URL", "'localhost'", "http://")),
    ],
)
def test_error_names_key_value_and_what_is_allowed(tmp_path, environment, told):
    with pytest.raises(SettingsError) as error:
        settings(tmp_path, environment=environment)
    assert all(part in str(error.value) for part in told)


@pytest.mark.parametrize("file", ["store = ", "stor = '/x'"])
def test_a_bad_file_is_named(tmp_path, file):
    with pytest.raises(SettingsError, match=r"config\.toml"):
        settings(tmp_path, file=file)


def test_whom_the_page_is_served_to(tmp_path):
    assert settings(tmp_path).auth is None
    assert settings(tmp_path, environment={"SUMMIT_AUTH": ""}).auth is None
    known = settings(tmp_path, environment={"SUMMIT_AUTH": "anna:a:b"})
    assert known.auth == Credentials("anna", "a:b")
    assert "a:b" not in repr(known)


@pytest.mark.parametrize("written", ["hunter2", "hunter2:", ":hunter2"])
def test_half_a_password_is_refused_and_not_repeated(tmp_path, written):
    with pytest.raises(SettingsError, match="SUMMIT_AUTH") as error:
        settings(tmp_path, environment={"SUMMIT_AUTH": written})
    assert "hunter2" not in str(error.value)
