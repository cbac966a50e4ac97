"""A Pulumi `aws` provider for the emulator: the official schema, and create, read, update and delete by boto3.

Only its vendor distributes the official plugin. This one replaces it on this machine: it has the types that the program
in `pulumi/` uses, with the official names and types of their inputs and outputs. An input or a type that it does not
support is an error, never ignored. After every create and update it reads back what the emulator stored, and fails if
that is not what the program asked for.

The emulator stores every input that is supported here. Some have no effect there: lifecycle rules expire nothing,
`architectures` is ignored when the zip runs, encryption and public access blocks change nothing.

It tests references, order, policies and behaviour. It does not test the official plugin.

- `server` implements the engine's protocol; `lifecycle` creates, updates and deletes, with the checks for all types.
- `resource` is the base of every type; each service has its types in files of its own, and `registry` lists them.
- `generate_schema` makes `schema.json` from the official Python SDK.
"""
