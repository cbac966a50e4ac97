"""AWS on this machine: an emulator, the real Pulumi engine, and a provider that connects the two.

Nothing here is deployed. With it the unchanged program in `pulumi/` can be tested without an AWS account.
"""
