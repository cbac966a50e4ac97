"""Two builds of one commit are equal to the byte."""

import os
import zipfile

import pytest

from tools import deterministic, reproducible
from tools.errors import ToolError


def test_a_zip_holds_nothing_but_the_program_that_everybody_may_run(tmp_path):
    program = tmp_path / "program"
    program.write_bytes(b"\x7fELF" * 1000)
    deterministic.write_zip(program, tmp_path / "bootstrap.zip")
    with zipfile.ZipFile(tmp_path / "bootstrap.zip") as archive:
        (entry,) = archive.infolist()
        assert (entry.filename, entry.external_attr >> 16, entry.create_system) == ("bootstrap", 0o100755, 3)
        assert entry.compress_size < entry.file_size == 4000
        assert archive.read(entry) == program.read_bytes()
    assert {file.name for file in tmp_path.iterdir()} == {"program", "bootstrap.zip"}


def test_a_zip_does_not_depend_on_the_time_or_the_permissions_of_the_program(tmp_path):
    zips = []
    for mode, time in ((0o700, 1_000_000_000), (0o755, 1_700_000_000)):
        program = tmp_path / "program"
        program.write_bytes(b"\x7fELF" * 1000)
        program.chmod(mode)
        os.utime(program, (time, time))
        deterministic.write_zip(program, tmp_path / f"{mode}.zip")
        zips.append((tmp_path / f"{mode}.zip").read_bytes())
    assert zips[0] == zips[1]


def test_a_build_names_no_folder_of_this_machine(monkeypatch):
    monkeypatch.setenv("CARGO_HOME", '/home/a "b"/cargo')
    option, value = deterministic.cargo_options()
    assert option == "--config"
    assert value == (
        f'build.rustflags=["--remap-path-prefix=/home/a \\"b\\"/cargo=cargo", "--remap-path-prefix={deterministic.ROOT}=."]'
    )


def test_a_build_takes_no_flags_and_no_time_from_its_environment():
    given = {"PATH": "/bin", "RUSTFLAGS": "-C debuginfo=2", "CFLAGS": "-g", "SOURCE_DATE_EPOCH": "1"}
    assert deterministic.build_environment(given) == {"PATH": "/bin", "SOURCE_DATE_EPOCH": "315532800"}


def test_zips_that_differ_are_an_error_and_are_kept(monkeypatch, tmp_path):
    monkeypatch.setattr(reproducible, "_KEPT", tmp_path / "kept")
    reproducible.compare({"one": b"same", "other": b"same"})
    assert not (tmp_path / "kept").exists()
    with pytest.raises(ToolError, match="the zips differ"):
        reproducible.compare({"one": b"same", "other": b"else"})
    assert (tmp_path / "kept" / "other.zip").read_bytes() == b"else"
