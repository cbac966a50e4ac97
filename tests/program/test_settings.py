"""A setting is in several files; these tests say which one was forgotten, and what to add there."""

import re

from tests.program import settings
from tests.program.program import PROGRAM_PATH, ROOT

PROJECT = (ROOT / settings.PROJECT).read_text()
PROGRAM = PROGRAM_PATH.read_text()
CONFIG = (ROOT / settings.CONFIG).read_text()
OPTIONS = (ROOT / settings.OPTIONS).read_text()
SOURCES = [path.read_text() for path in sorted((ROOT / "ops" / "src").rglob("*.rs"))]
(FLAGS,) = [text for text in SOURCES if re.search(r"struct (Scrub)Args \{", text)]

# A small project with one setting of the stack and one of the photo core, and no fault.
SMALL_PROJECT = """
name: small
config:
  memoryMb: {type: integer, default: 512, description: Memory in MiB}
  icc: {type: string, default: minimal, description: ICC profiles}
"""
SMALL_PROGRAM = """
resources:
  bucket: {type: "aws:s3:Bucket"}
  ripper:
    properties:
      memorySize: ${memoryMb}
      environment:
        variables:
          BUCKET: ${bucket.id}-${pulumi.stack}-${aws:region}
          SCRUB: icc=${icc}
"""
SMALL_CONFIG = """
    let bucket = text(&lookup, "BUCKET", "the name of the BUCKET")?;
    let memory = number(&lookup, "AWS_LAMBDA_FUNCTION_MEMORY_SIZE", "the memory")?;
    let scrub = text(&lookup, "SCRUB", "the settings")?;
"""
SMALL_OPTIONS = """
pub struct Options {
    /// Profiles.
    pub icc: IccMode,
    pub memory: u64,
}
impl fmt::Display for Options {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "icc={}", self.icc)
    }
}
pub enum IccMode {
    /// Less.
    #[default]
    Minimal,
    Keep,
}
"""
SMALL_FLAGS = """
pub(crate) struct SettingArgs {
    #[arg(required = true, value_name = "PATH")]
    pub(crate) paths: Vec<PathBuf>,
    /// ICC profiles
    #[arg(long, value_name = "HOW", default_value_t, value_parser = mode::<IccMode>())]
    pub(crate) icc: IccMode,
    #[arg(long)]
    pub(crate) json: bool,
}
"""


def changed(text, old, new):
    """The text with one change, which must change something."""
    assert text.count(old) == 1, f"{old!r} is {text.count(old)} times in {text!r}"
    return text.replace(old, new)


def core(options=SMALL_OPTIONS, program=SMALL_PROGRAM, project=SMALL_PROJECT, flags=SMALL_FLAGS):
    return settings.core_settings_forgotten(options, program, project, flags)


def report(found):
    """A failure shows one line for each place that was forgotten."""
    assert not found, "\n" + "\n".join(found)


def test_every_setting_is_declared_in_the_project_and_used_in_the_program():
    report(settings.unused_or_undeclared(PROJECT, PROGRAM))


def test_every_setting_has_a_type_a_default_and_a_description():
    report(settings.badly_declared(PROJECT))


def test_every_stack_file_sets_only_declared_settings():
    files = sorted(ROOT.glob("Pulumi.*.yaml"))
    assert {file.name for file in files} >= {"Pulumi.dev.yaml", "Pulumi.prod.yaml"}
    report([line for file in files for line in settings.set_but_undeclared(PROJECT, file.name, file.read_text())])


def test_the_function_reads_exactly_the_variables_that_the_program_sets():
    report(settings.environment_unlike_code(PROGRAM, CONFIG))


def test_every_setting_of_the_photo_core_is_in_the_stack_and_on_the_command_line():
    names = settings.core_settings(OPTIONS)
    assert {"orientation", "icc"} <= set(names), f"saw {names} in Display for Options in {settings.OPTIONS}"
    assert set(settings.option_fields(OPTIONS)) >= settings.NOT_SETTINGS
    report(settings.core_settings_forgotten(OPTIONS, PROGRAM, PROJECT, FLAGS))
    print(f"saw {len(names)} settings of the photo core")


def test_the_checks_find_nothing_in_a_project_without_a_fault():
    assert settings.unused_or_undeclared(SMALL_PROJECT, SMALL_PROGRAM) == []
    assert settings.badly_declared(SMALL_PROJECT) == []
    assert (
        settings.set_but_undeclared(SMALL_PROJECT, "Pulumi.x.yaml", "config: {'small:icc': keep, 'aws:region': r}")
        == []
    )
    assert settings.environment_unlike_code(SMALL_PROGRAM, SMALL_CONFIG) == []
    assert core() == []


def test_a_setting_that_is_declared_and_not_used_is_found():
    # A mention in a comment is not a use.
    program = changed(SMALL_PROGRAM, "memorySize: ${memoryMb}", "memorySize: 512 # ${memoryMb}")
    assert settings.unused_or_undeclared(SMALL_PROJECT, program) == [
        "pulumi/Main.yaml: use ${memoryMb}, or remove memoryMb from Pulumi.yaml"
    ]


def test_a_setting_that_is_used_and_not_declared_is_found():
    program = changed(SMALL_PROGRAM, "${memoryMb}", "${memoryMb}${spareMb}")
    assert settings.unused_or_undeclared(SMALL_PROJECT, program) == [
        "Pulumi.yaml: declare spareMb under config, with type, default and description"
    ]


def test_a_setting_with_the_name_of_a_resource_is_found():
    program = changed(SMALL_PROGRAM, "  bucket: {", "  icc: {type: x}\n  bucket: {")
    assert settings.unused_or_undeclared(SMALL_PROJECT, program) == [
        "Pulumi.yaml: rename icc: pulumi/Main.yaml has a resource or variable of that name"
    ]


def test_a_setting_without_type_default_or_description_is_found():
    for old, new, wanted in (
        ("type: integer, ", "", "Pulumi.yaml: give memoryMb a type: string, integer, boolean, object, array"),
        ("type: integer", "type: number", "Pulumi.yaml: give memoryMb a type: string, integer, boolean, object, array"),
        ("default: 512, ", "", "Pulumi.yaml: give memoryMb a default"),
        ("default: 512", "default: '512'", "Pulumi.yaml: give memoryMb a default of type integer, not '512'"),
        (", description: Memory in MiB", "", "Pulumi.yaml: give memoryMb a description"),
        ("in MiB", "in MiB.", "Pulumi.yaml: end the description of memoryMb without a full stop"),
    ):
        assert settings.badly_declared(changed(SMALL_PROJECT, old, new)) == [wanted]


def test_a_stack_file_that_sets_an_undeclared_setting_is_found():
    for name in ("small:memory", "other:icc", "aws:profil"):
        assert settings.set_but_undeclared(SMALL_PROJECT, "Pulumi.x.yaml", f"config: {{'{name}': keep}}") == [
            f"Pulumi.x.yaml: remove {name}, or declare it in Pulumi.yaml"
        ]


def test_a_variable_that_is_only_in_the_program_or_only_in_the_code_is_found():
    # A mention in a comment is not a reading.
    assert settings.environment_unlike_code(SMALL_PROGRAM, changed(SMALL_CONFIG, "let bucket", '// "BUCKET"\n//')) == [
        "lambda/src/config.rs: read BUCKET, or remove it from the environment in pulumi/Main.yaml"
    ]
    assert settings.environment_unlike_code(SMALL_PROGRAM, SMALL_CONFIG + 'text(&lookup, "LEVEL", "")') == [
        "pulumi/Main.yaml: add LEVEL to the environment of ripper, or remove it from lambda/src/config.rs"
    ]


def test_a_variable_that_the_benchmark_does_not_set_is_found():
    report(settings.bench_unlike_program(PROGRAM, (ROOT / settings.BENCH).read_text()))
    wanted = [f"{settings.BENCH}: set {name}, as pulumi/Main.yaml does" for name in ("BUCKET", "SCRUB")]
    assert settings.bench_unlike_program(SMALL_PROGRAM, 'command.env("OTHER", "x")') == wanted


def test_a_field_of_the_options_that_is_not_displayed_is_found():
    assert core(options=changed(SMALL_OPTIONS, "    pub icc", "    pub noise: NoiseMode,\n    pub icc")) == [
        "scrub/src/options.rs: write noise={} in Display for Options"
    ]


def test_a_setting_that_only_the_photo_core_has_is_found_in_every_other_place():
    options = changed(SMALL_OPTIONS, "    pub icc", "    pub noise: NoiseMode,\n    pub icc")
    options = changed(options, '"icc={}", ', '"icc={} noise={}", self.noise, ')
    assert core(options=options + "pub enum NoiseMode {\n    #[default]\n    Drop,\n}\n") == [
        "pulumi/Main.yaml: add noise=${noise} to SCRUB in the environment of ripper",
        "Pulumi.yaml: declare noise under config, with the default drop",
        "ops/src (struct SettingArgs): add the field noise with #[arg(long)], so that there is a flag --noise",
    ]


def test_a_setting_that_the_photo_core_lacks_is_found_in_the_program():
    assert core(program=changed(SMALL_PROGRAM, "icc=${icc}", "icc=${icc} noise=${noise}")) == [
        "pulumi/Main.yaml: remove noise=${noise} from SCRUB, or add it to Display for Options in scrub/src/options.rs"
    ]
    assert core(program=changed(SMALL_PROGRAM, "          SCRUB: icc=${icc}\n", "")) == [
        "pulumi/Main.yaml: add icc=${icc} to SCRUB in the environment of ripper"
    ]


def test_a_default_that_the_stack_and_the_photo_core_do_not_share_is_found():
    wanted = ["Pulumi.yaml: give icc the default minimal, as scrub/src/options.rs does"]
    assert core(project=changed(SMALL_PROJECT, "default: minimal", "default: keep")) == wanted
    assert core(options=changed(SMALL_OPTIONS, "    #[default]\n", "")) == [
        "scrub/src/options.rs: make the type of icc an enum, and mark its default variant with #[default]"
    ]


def test_a_setting_without_a_flag_is_found():
    wanted = ["ops/src (struct SettingArgs): add the field icc with #[arg(long)], so that there is a flag --icc"]
    assert core(flags=changed(SMALL_FLAGS, "icc: IccMode", "profile: IccMode")) == wanted
    assert core(flags=changed(SMALL_FLAGS, "long, value_name", 'long = "profile", value_name')) == wanted
    assert core(flags=changed(SMALL_FLAGS, "long, value_name", "value_name")) == wanted
    assert core(flags=changed(SMALL_FLAGS, "SettingArgs", "OtherArgs")) == wanted
