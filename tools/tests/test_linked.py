"""What is linked into the function, as cargo says it: the SBOM and the notices name the same."""

import json
import shutil
from dataclasses import replace

import pytest

from tools import linked, notices, sbom
from tools.errors import ToolError

TARGET = "x86_64-unknown-linux-gnu"
SHIPPED = {"img-parts", "turbojpeg", "turbojpeg-sys", "ring", "aws-sdk-s3", "lambda_runtime", "tokio", "tracing"}
# For tests, for the operator's tool, and for the compiler.
NOT_SHIPPED = {
    "proptest",
    "lcms2",
    "lcms2-sys",
    "moxcms",
    "samples",
    "axum",
    "clap",
    "kamadak-exif",
    "syn",
    "cmake",
    "cc",
}


@pytest.fixture(scope="module")
def crates():
    return linked.linked(TARGET)


@pytest.fixture
def document(crates):
    return sbom.sbom(crates)


def test_the_sbom_lists_what_is_linked_and_no_dependency_of_tests_or_of_the_build(document):
    names = {component["name"] for component in document["components"]}
    assert names >= SHIPPED | {"scrub", "libjpeg-turbo", "rust-std", "zig-libunwind"}
    assert not names & NOT_SHIPPED
    assert document["metadata"]["component"]["name"] == "exif-ripper"
    print(f"saw {len(names)} components")


def test_every_component_has_a_version_and_a_licence_and_crates_have_a_checksum(document):
    for component in document["components"]:
        assert component["version"][0].isdigit()
        assert component["licenses"][0]["expression"]
        if component.get("purl", "").startswith("pkg:cargo/"):
            assert len(component["hashes"][0]["content"]) == 64
        else:
            assert component["name"] in {"scrub", "libjpeg-turbo", "rust-std", "zig-compiler-rt", "zig-libunwind"}


def test_every_component_is_used_by_another(document):
    refs = {component["bom-ref"] for component in document["components"]}
    assert len(refs) == len(document["components"])
    used = {ref for dependency in document["dependencies"] for ref in dependency["dependsOn"]}
    assert used == refs
    uses = {dependency["ref"]: dependency["dependsOn"] for dependency in document["dependencies"]}
    (turbojpeg,) = (ref for ref in uses if ref.startswith("turbojpeg-sys@"))
    assert any(ref.startswith("libjpeg-turbo@") for ref in uses[turbojpeg])


def test_the_sbom_is_the_same_each_time_and_names_no_folder(document):
    text = json.dumps(document)
    assert text == json.dumps(sbom.sbom(linked.linked(TARGET)))
    assert str(linked.ROOT) not in text and ".cargo" not in text


def test_the_notices_name_everything_that_the_sbom_names_but_our_own_crates(crates, document):
    text = notices.notices(crates)
    for crate in crates.crates:
        assert crate.is_ours == (crate.name in {"exif-ripper", "scrub"})
        assert (str(crate) in text) != crate.is_ours
    versions = {component["name"]: component["version"] for component in document["components"]}
    assert f"libjpeg-turbo {versions['libjpeg-turbo']}" in text
    assert f"The Rust Standard Library {versions['rust-std']}" in text
    assert f"LLVM's libunwind, as Zig {versions['zig-libunwind']} has it" in text


def test_the_notices_hold_the_three_licences_of_libjpeg_turbo(crates):
    text = notices.notices(crates)
    assert "This software is based in part on the work of the Independent JPEG Group." in text
    for licence in (
        "copyright (C) 1991-2020, Thomas G. Lane, Guido Vollbeding",
        "Copyright (C)2009-2024 D. R. Commander.  All Rights Reserved.",
        "3. This notice may not be removed or altered from any source distribution.",
    ):
        assert licence in text
    assert "<p>" not in text and "<div" not in text
    assert str(linked.ROOT) not in text and ".cargo" not in text


def test_a_crate_without_a_licence_text_is_an_error(crates, tmp_path):
    unknown = replace(crates.find("ring"), name="unlicensed", folder=tmp_path)
    with pytest.raises(ToolError, match=r"unlicensed 0\.17\.\d+ has no licence text"):
        notices.notices(replace(crates, crates=[*crates.crates, unknown]))


def test_a_crate_that_changes_its_licence_does_not_keep_the_old_text(crates):
    changed = [replace(crate, licence="MIT") if crate.name == "lambda_runtime" else crate for crate in crates.crates]
    with pytest.raises(ToolError, match=r"lambda_runtime .* is no longer under the Apache License"):
        notices.notices(replace(crates, crates=changed))


def test_a_crate_with_native_code_that_nobody_has_looked_at_is_an_error(crates, tmp_path):
    shutil.copy(crates.find("ring").folder / "crypto" / "crypto.c", tmp_path)
    with pytest.raises(ToolError, match=r"bundled .* holds native code"):
        linked._require_known_native_code([replace(crates.find("ring"), name="bundled", folder=tmp_path)])


def test_a_question_that_cargo_cannot_answer_is_an_error():
    with pytest.raises(ToolError, match=r"cargo .* failed"):
        linked.linked("no-such-target")
