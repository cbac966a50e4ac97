"""Where the local AWS keeps its files."""

from tools.paths import TARGET, TOOLS

# One folder per instance of the local AWS.
INSTANCES = TARGET / "local"
# The folder with the script that Pulumi starts as its plugin `aws`.
PROVIDER_BIN = TOOLS / "provider"
# The operator's tool, as `cargo build` makes it.
RIPPER_BIN = TARGET / "debug"
