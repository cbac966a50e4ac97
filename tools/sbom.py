"""Writes the bill of materials of the function's zip: what is linked into it, as CycloneDX JSON.

python -m tools.sbom STACK

The same commit gives the same bytes: there is no time and no serial number in it.
"""

import json
from typing import Any

from tools.build_zip import architecture, rust_target
from tools.command_line import run
from tools.linked import FUNCTION, Crate, Linked, libjpeg_turbo, linked, rust, zig
from tools.paths import ROOT, zip_of

Json = dict[str, Any]


def sbom(crates: Linked) -> Json:
    """The document. https://cyclonedx.org/docs/1.6/json/ says what the fields mean."""
    function = crates.find(FUNCTION)
    libjpeg = _libjpeg_turbo(libjpeg_turbo(crates)[1])
    runtime = [_rust(rust()[1]), *_zig(zig()[1])]
    used = {_ref(crate): [_ref(other) for other in others] for crate, others in crates.uses.items()}
    used[_ref(crates.find("turbojpeg-sys"))].append(libjpeg["bom-ref"])
    used[_ref(function)] += [component["bom-ref"] for component in runtime]
    return {
        "$schema": "http://cyclonedx.org/schema/bom-1.6.schema.json",
        "bomFormat": "CycloneDX",
        "specVersion": "1.6",
        "version": 1,
        "metadata": {"component": {**_crate(function), "type": "application"}},
        "components": [*(_crate(crate) for crate in crates.crates if crate != function), libjpeg, *runtime],
        "dependencies": [{"ref": ref, "dependsOn": others} for ref, others in used.items()],
    }


def _ref(crate: Crate) -> str:
    return f"{crate.name}@{crate.version}"


def _crate(crate: Crate) -> Json:
    component = _component(crate.name, crate.version, crate.licence)
    if crate.checksum is None:
        return component
    return {
        **component,
        "purl": f"pkg:cargo/{crate.name}@{crate.version}",
        "hashes": [{"alg": "SHA-256", "content": crate.checksum}],
    }


def _component(name: str, version: str, licence: str) -> Json:
    return {
        "type": "library",
        "bom-ref": f"{name}@{version}",
        "name": name,
        "version": version,
        "licenses": [{"expression": licence}],
    }


def _libjpeg_turbo(version: str) -> Json:
    return {
        **_component("libjpeg-turbo", version, "IJG AND BSD-3-Clause AND Zlib"),
        "purl": f"pkg:github/libjpeg-turbo/libjpeg-turbo@{version}",
        # Vulnerabilities in it are listed under this name.
        "cpe": f"cpe:2.3:a:libjpeg-turbo:libjpeg-turbo:{version}:*:*:*:*:*:*:*",
    }


def _rust(version: str) -> Json:
    return {
        **_component("rust-std", version, "MIT OR Apache-2.0"),
        "purl": f"pkg:github/rust-lang/rust@{version}",
        "cpe": f"cpe:2.3:a:rust-lang:rust:{version}:*:*:*:*:*:*:*",
    }


def _zig(version: str) -> list[Json]:
    """What the linker adds. LLVM's libunwind, which Zig brings, is linked where Rust asks for libgcc_s."""
    return [
        _component("zig-compiler-rt", version, "MIT"),
        _component("zig-libunwind", version, "Apache-2.0 WITH LLVM-exception"),
    ]


def write_sbom(stack: str) -> None:
    """Writes the file, beside the zip."""
    file = zip_of(architecture(stack)).with_name("sbom.cdx.json")
    (ROOT / file).parent.mkdir(parents=True, exist_ok=True)
    document = sbom(linked(rust_target(stack)))
    (ROOT / file).write_text(json.dumps(document, indent=2) + "\n")
    print(f"{file}: {len(document['components'])} components")


if __name__ == "__main__":
    run("sbom", write_sbom, "stack", "just sbom dev")
