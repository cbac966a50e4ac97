"""A Pulumi `aws` provider for the emulator: the official schema, and create, read, update and delete by boto3.

The official plugin is served by its vendor alone and speaks to AWS. This one stands in for it on this machine: it takes
the types that the program in `pulumi/` uses, with the official names and types of their inputs and outputs. An input or
a type that it does not apply is an error, never ignored, and after every create and update it reads back what the
emulator kept and fails where that is not what was asked for.

The emulator keeps every input that is applied here. Some it keeps and does not act on: lifecycle rules expire nothing,
`architectures` runs whatever the zip holds, encryption and public access blocks change nothing.

It proves references, order, policies and behaviour. It does not prove the official plugin.

- `server` speaks the engine's protocol; `lifecycle` creates, updates and deletes, with the checks that hold for all.
- `resource` is what a type says about itself; one file a service has the types, and `catalogue` lists them.
- `schema.json` is made by `generate_schema` from the official Python SDK.
"""
