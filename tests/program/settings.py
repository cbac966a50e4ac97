"""Checks that a setting is in every place that it needs. Each check takes texts, and returns what is missing: the
file to change and what to add. The files are compared as text, so no check needs the crates built."""

import re
from collections.abc import Iterator
from typing import Any

import yaml

PROGRAM = "pulumi/Main.yaml"
PROJECT = "Pulumi.yaml"
CONFIG = "lambda/src/config.rs"
BENCH = "bench/src/process.rs"
OPTIONS = "scrub/src/options.rs"
FLAGS = "ops/src (struct SettingArgs)"

# The variable that holds every setting of the photo core.
CORE_VARIABLE = "SCRUB"
# Fields of the photo core's Options that no stack sets: they never change what is removed.
NOT_SETTINGS = {"memory"}
TYPES = {"string": str, "integer": int, "boolean": bool, "object": dict, "array": list}


def unused_or_undeclared(project: str, program: str) -> list[str]:
    """Every setting is declared in Pulumi.yaml and used in Main.yaml."""
    declared = set(_declared(project))
    parsed = yaml.safe_load(program)
    # A setting that the program declares as well, to give it a type, has another name there.
    renamed = {alias: setting["name"] for alias, setting in parsed.get("config", {}).items()}
    own = set(parsed["resources"]) | set(parsed.get("variables", {}))
    used = {re.split(r"[.\[]", name)[0] for name in _references(parsed)} - own - {"pulumi"}
    used = {renamed.get(name, name) for name in used}
    # The plugin's own settings have its name before a colon, such as aws:region.
    used = {name for name in used if not name.startswith("aws:")}
    return [
        *(f"{PROGRAM}: use ${{{name}}}, or remove {name} from {PROJECT}" for name in sorted(declared - used - own)),
        *(
            f"{PROJECT}: declare {name} under config, with type, default and description"
            for name in sorted(used - declared)
        ),
        # Pulumi would take ${name} for the resource, without an error.
        *(
            f"{PROJECT}: rename {name}: {PROGRAM} has a resource or variable of that name"
            for name in sorted(declared & own)
        ),
    ]


def badly_declared(project: str) -> list[str]:
    """Every setting has a type, a default of that type, and a description that ends without a full stop."""
    found = []
    for name, setting in _declared(project).items():
        kind = setting.get("type")
        if kind not in TYPES:
            found.append(f"{PROJECT}: give {name} a type: {', '.join(TYPES)}")
        elif "default" not in setting:
            found.append(f"{PROJECT}: give {name} a default")
        elif type(setting["default"]) is not TYPES[kind]:
            found.append(f"{PROJECT}: give {name} a default of type {kind}, not {setting['default']!r}")
        description = setting.get("description", "")
        if not description:
            found.append(f"{PROJECT}: give {name} a description")
        elif description.endswith("."):
            found.append(f"{PROJECT}: end the description of {name} without a full stop")
    return found


def set_but_undeclared(project: str, stack_file: str, stack: str) -> list[str]:
    """A stack file sets only what Pulumi.yaml declares."""
    parsed = yaml.safe_load(project)
    plugin = {"aws:region", "aws:profile", "aws:allowedAccountIds", "aws:defaultTags"}
    declared = {f"{parsed['name']}:{name}" for name in _declared(project)} | plugin
    undeclared = sorted(set(yaml.safe_load(stack)["config"]) - declared)
    return [f"{stack_file}: remove {name}, or declare it in {PROJECT}" for name in undeclared]


def environment_unlike_code(program: str, config: str) -> list[str]:
    """The function's environment has exactly the variables that the function reads."""
    given = set(_environment(program))
    # Lambda sets those with AWS_ by itself.
    read = {name for name in re.findall(r'"([A-Z][A-Z0-9_]+)"', _code(config)) if not name.startswith("AWS_")}
    return [
        *(f"{CONFIG}: read {name}, or remove it from the environment in {PROGRAM}" for name in sorted(given - read)),
        *(
            f"{PROGRAM}: add {name} to the environment of ripper, or remove it from {CONFIG}"
            for name in sorted(read - given)
        ),
    ]


def bench_unlike_program(program: str, bench: str) -> list[str]:
    """The benchmark starts the function with every variable that the program gives it."""
    set_there = set(re.findall(r'\.env\("([A-Z][A-Z0-9_]+)"', _code(bench)))
    missing = sorted(set(_environment(program)) - set_there)
    return [f"{BENCH}: set {name}, as {PROGRAM} does" for name in missing]


def core_settings_forgotten(options: str, program: str, project: str, flags: str) -> list[str]:
    """Every setting of the photo core is in its one-line form, in the stack with the same default, and a flag."""
    fields, named = option_fields(options), core_settings(options)
    forgotten = sorted(set(fields) - set(named) - NOT_SETTINGS)
    found = [f"{OPTIONS}: write {name}={{}} in Display for Options" for name in forgotten]
    given = _environment(program).get(CORE_VARIABLE, "").split()
    wanted = [f"{name}=${{{name}}}" for name in named]
    found += [
        f"{PROGRAM}: add {word} to {CORE_VARIABLE} in the environment of ripper" for word in wanted if word not in given
    ]
    found += [
        f"{PROGRAM}: remove {word} from {CORE_VARIABLE}, or add it to Display for Options in {OPTIONS}"
        for word in given
        if word not in wanted
    ]
    declared = _declared(project)
    given_flags = _flags(flags)
    for name in named:
        default = _default(options, fields.get(name, ""))
        if default is None:
            found.append(f"{OPTIONS}: make the type of {name} an enum, and mark its default variant with #[default]")
        elif name not in declared:
            found.append(f"{PROJECT}: declare {name} under config, with the default {default}")
        elif declared[name].get("default") != default:
            found.append(f"{PROJECT}: give {name} the default {default}, as {OPTIONS} does")
        if name not in given_flags:
            found.append(f"{FLAGS}: add the field {name} with #[arg(long)], so that there is a flag --{name}")
    return found


def core_settings(options: str) -> list[str]:
    """The names in the format string of `Display for Options`, such as `orientation={} icc={}`."""
    written = re.search(r'impl fmt::Display for Options \{.*?write!\(f, "([^"]*)"', _code(options), re.DOTALL)
    return re.findall(r"(\w+)=\{", written[1]) if written else []


def option_fields(options: str) -> dict[str, str]:
    """The fields of `Options`, each with its type."""
    return dict(re.findall(r"pub (\w+): (\w+)", _body(_code(options), r"pub struct Options")))


def _default(options: str, kind: str) -> str | None:
    """The word for an enum's default variant; strum writes variants in lower case."""
    default = re.search(r"#\[default\]\s*(\w+)", _body(_code(options), rf"pub enum {kind}"))
    return default[1].lower() if default else None


def _flags(flags: str) -> set[str]:
    """The fields of the arguments of `ripper scrub` that are long flags under their own name."""
    body = _body(_code(flags), r"struct SettingArgs")
    fields = re.findall(r"#\[arg\((.*?)\)\]\s*pub(?:\([a-z]+\))? (\w+):", body, re.DOTALL)
    return {name for arguments, name in fields if re.match(r"long\b(?! *=)", arguments)}


def _body(code: str, head: str) -> str:
    """What is between the braces after `head`, where the closing brace is at the start of a line."""
    found = re.search(head + r" \{\n(.*?)\n\}", code, re.DOTALL)
    return found[1] if found else ""


def _code(rust: str) -> str:
    """Rust without its comments, so that no check takes a word in a comment for code."""
    return re.sub(r"(?m)^\s*//.*$", "", rust)


def _declared(project: str) -> dict[str, Any]:
    """The stack's settings; what has a colon is Pulumi's own."""
    return {name: value for name, value in yaml.safe_load(project)["config"].items() if ":" not in name}


def _environment(program: str) -> dict[str, Any]:
    return yaml.safe_load(program)["resources"]["ripper"]["properties"]["environment"]["variables"]


def _references(value: object) -> Iterator[str]:
    """What each `${...}` in the values refers to; comments do not count."""
    if isinstance(value, dict):
        value = list(value.values())
    if isinstance(value, list):
        for item in value:
            yield from _references(item)
    elif isinstance(value, str):
        yield from re.findall(r"(?<!\$)\$\{([^}]+)\}", value)
