"""Two builds of one commit are equal to the byte."""

import os
import subprocess
import zipfile

import pytest

from tools import deterministic, reproducible
from tools.errors import ToolError
from tools.paths import zip_of


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
        'build.rustflags=["--remap-path-prefix=/home/a \\"b\\"/cargo=cargo", '
        f'"--remap-path-prefix={deterministic.ROOT}=."]'
    )


def test_a_build_takes_no_flags_and_no_time_from_its_environment():
    flags = (
        "RUSTFLAGS",
        "CARGO_ENCODED_RUSTFLAGS",
        "CARGO_BUILD_RUSTFLAGS",
        "CARGO_TARGET_X86_64_UNKNOWN_LINUX_GNU_RUSTFLAGS",
        "CFLAGS",
        "CFLAGS_x86_64_unknown_linux_gnu",
        "TARGET_CFLAGS",
        "CARGO_PROFILE_RELEASE_LTO",
    )
    given = {"PATH": "/bin", "CARGO_HOME": "/c", "SOURCE_DATE_EPOCH": "1", **dict.fromkeys(flags, "-g")}
    expected = {"PATH": "/bin", "CARGO_HOME": "/c", "SOURCE_DATE_EPOCH": "315532800"}
    assert deterministic.build_environment(given) == expected


def test_zips_that_differ_are_an_error_and_are_kept(monkeypatch, tmp_path):
    monkeypatch.setattr(reproducible, "_KEPT", tmp_path / "kept")
    reproducible.compare({"one": b"same", "other": b"same"})
    assert not (tmp_path / "kept").exists()
    with pytest.raises(ToolError, match="the zips differ"):
        reproducible.compare({"one": b"same", "other": b"else"})
    assert (tmp_path / "kept" / "other.zip").read_bytes() == b"else"


@pytest.fixture
def project(monkeypatch, tmp_path):
    """A project of one commit whose zip holds what a Python expression says."""
    folder = tmp_path / "project"
    (folder / "tools").mkdir(parents=True)
    monkeypatch.setattr(reproducible, "ROOT", folder)
    monkeypatch.setattr(reproducible, "_KEPT", tmp_path / "kept")

    def commit(expression):
        (folder / "tools" / "build_zip.py").write_text(
            "import pathlib, sys\n"
            f"zip = pathlib.Path({str(zip_of('x86_64'))!r})\n"
            "zip.parent.mkdir(parents=True)\n"
            f"zip.write_text({expression})\n"
        )
        git = ["git", "-c", "user.name=test", "-c", "user.email=test@example.org"]
        for command in (["init", "--quiet"], ["add", "."], ["commit", "--quiet", "--message", "test"]):
            subprocess.run([*git, *command], cwd=folder, check=True)
        return folder

    return commit


def test_the_last_commit_is_built_in_two_folders(project, capfd):
    folder = project("sys.argv[1]")
    (folder / "tools" / "build_zip.py").write_text("raise SystemExit('not committed')")
    reproducible.check("dev")
    first, second, outcome = capfd.readouterr().out.splitlines()
    assert first.split()[:3] == second.split()[:3]
    assert first.split()[1] == "3"
    assert outcome == "both zips are equal"


def test_a_zip_with_a_path_in_it_is_not_reproducible(project):
    project("str(pathlib.Path.cwd())")
    with pytest.raises(ToolError, match="the zips differ"):
        reproducible.check("dev")


def test_a_build_that_fails_is_an_error(project):
    project("sys.exit(3)")
    with pytest.raises(ToolError, match=r"tools\.build_zip dev failed"):
        reproducible.check("dev")
