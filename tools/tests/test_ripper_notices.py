"""The licences that come with `ripper`: of its crates on every machine, and of nothing that only the function links."""

import re
from dataclasses import replace

import pytest

from tools import notices, ripper_notices
from tools.errors import ToolError
from tools.linked import linked


def test_the_crates_of_every_machine_are_named_and_the_functions_own_are_not():
    text = ripper_notices.ripper_notices()
    assert text.startswith("The program ripper contains software by others.")
    # For the command line, for macOS alone, and in both programs.
    for crate in ("clap", "objc2", "turbojpeg-sys", "libjpeg-turbo", "The Rust Standard Library"):
        assert re.search(rf"^(.*, )?{crate} \d", text, re.MULTILINE), crate
    assert not re.search(r"^(.*, )?lambda_runtime \d", text, re.MULTILINE)
    assert "Zig" not in text


def test_a_text_of_the_mit_license_names_the_crates_authors_and_not_ours():
    crate = linked("aarch64-apple-darwin", "ripper").find("objc2")
    text = notices._mit_of_authors(crate)
    assert "Mads Marquart" in text and "exif-ripper" not in text
    assert "Permission is hereby granted, free of charge" in text
    with pytest.raises(ToolError, match="no longer under the MIT License"):
        notices._mit_of_authors(replace(crate, licence="Apache-2.0"))
