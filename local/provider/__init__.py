"""A Pulumi `aws` provider for the emulator: the official schema, and create, read, update and delete by boto3.

The official plugin is served by its vendor alone and speaks to AWS. This one stands in for it on this machine: it takes
the types that the program in `pulumi/` uses, with the official names and types of their inputs and outputs. An input or
a type that it does not apply is an error, never ignored, and after every create and update it reads back what the
emulator kept and fails where that is not what was asked for.

It proves references, order, policies and behaviour. It does not prove the official plugin.
"""
