"""AWS on this machine: an emulator, the real Pulumi engine, and a provider that joins the two.

Nothing here is deployed. It exists so that the unchanged program in `pulumi/` can be tried and tested without an account.
"""
