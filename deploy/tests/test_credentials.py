"""The profile of a user in the file that AWS's tools read: written once, and nothing else of the file is touched."""

import configparser
import stat

import pytest

from deploy import credentials
from tools.errors import ToolError

OUTPUTS = {"userAAccessKeyId": "AKIAONE", "userASecretAccessKey": "one/secret", "bucketA": "bucket-a"}


@pytest.fixture
def file(monkeypatch, tmp_path):
    (tmp_path / "Pulumi.dev.yaml").write_text("config:\n  aws:region: eu-central-1\n")
    monkeypatch.setattr(credentials.Pulumi, "outputs", lambda self, secrets: OUTPUTS)
    monkeypatch.setattr(credentials.Pulumi, "resources", lambda self: [{"id": "AKIAONE"}, {"id": "AKIASPARE"}])
    monkeypatch.setenv("AWS_SHARED_CREDENTIALS_FILE", str(tmp_path / "aws" / "credentials"))
    return tmp_path / "aws" / "credentials"


def write(file, profile=None):
    credentials.creds("dev", file.parent.parent, "a", profile, write=True)


def read(file):
    parser = configparser.ConfigParser()
    parser.read(file)
    return {name: dict(parser[name]) for name in parser.sections()}


WANTED = {"aws_access_key_id": "AKIAONE", "aws_secret_access_key": "one/secret", "region": "eu-central-1"}


def test_a_new_file_can_be_read_by_its_owner_only(file):
    write(file)
    assert read(file) == {"exif-ripper-dev-a": WANTED}
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert [entry.name for entry in file.parent.iterdir()] == ["credentials"]


def test_a_file_that_others_could_read_is_closed(file):
    file.parent.mkdir()
    file.write_text("[default]\naws_access_key_id = X\n")
    file.chmod(0o644)
    write(file)
    assert stat.S_IMODE(file.stat().st_mode) == 0o600


def test_twice_is_as_once_and_a_new_key_takes_the_place_of_the_old_one(file, monkeypatch):
    file.parent.mkdir()
    before = "# mine\n[default]\naws_access_key_id = X\n\n[exif-ripper-dev-a]\naws_access_key_id = OLD\nregion = r\n"
    after = "\n# of another\n[other]\naws_access_key_id = Y\n"
    file.write_text(before + after)
    write(file)
    once = file.read_text()
    write(file)
    assert file.read_text() == once
    assert once.startswith("# mine\n[default]\naws_access_key_id = X\n\n[exif-ripper-dev-a]\n")
    assert once.endswith(after) and "OLD" not in once
    assert read(file)["exif-ripper-dev-a"] == WANTED
    print(f"saw {once!r}")


@pytest.mark.parametrize("text", ["[default]", "[default]\nregion = x", "[default]\n\n\n", "", "\n"])
def test_it_goes_to_the_end_of_any_file(file, text):
    file.parent.mkdir()
    file.write_text(text)
    write(file, "mine")
    write(file, "mine")
    assert read(file)["mine"] == WANTED
    assert set(read(file)) == {"mine", *(["default"] if text.strip() else [])}


def test_a_profile_whose_name_begins_with_this_one_is_another(file):
    file.parent.mkdir()
    file.write_text("[mine-too]\nregion = x\n")
    write(file, "mine")
    assert read(file) == {"mine-too": {"region": "x"}, "mine": WANTED}


def test_a_profile_that_is_there_twice_is_not_guessed_at(file):
    file.parent.mkdir()
    text = "[mine]\nregion = x\n[mine]\nregion = y\n"
    file.write_text(text)
    with pytest.raises(ToolError, match="has the profile mine 2 times"):
        write(file, "mine")
    assert file.read_text() == text


def test_a_profile_with_somebodys_own_key_is_not_overwritten(file):
    file.parent.mkdir()
    text = "[default]\naws_access_key_id = MINE\naws_secret_access_key = x\n"
    file.write_text(text)
    with pytest.raises(ToolError, match=r"the profile default in .* has another key"):
        write(file, "default")
    assert file.read_text() == text
    # A key of the same user from before a rotation is replaced.
    file.write_text(text.replace("MINE", "AKIASPARE"))
    write(file, "default")
    assert read(file)["default"] == WANTED


def test_a_home_folder_in_the_variable_is_the_home_folder(file, monkeypatch, tmp_path):
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("AWS_SHARED_CREDENTIALS_FILE", "~/mine/credentials")
    write(file)
    assert read(tmp_path / "mine" / "credentials") == {"exif-ripper-dev-a": WANTED}


def test_a_name_that_would_break_the_file_is_refused(file):
    with pytest.raises(ToolError, match="cannot be a profile's name"):
        write(file, "a]\n[default")
    assert not file.exists()


def test_what_is_printed_is_written_nowhere(file, capsys):
    credentials.creds("dev", file.parent.parent, "a", None, write=False)
    assert "aws_secret_access_key = one/secret" in capsys.readouterr().out
    assert not file.exists()
