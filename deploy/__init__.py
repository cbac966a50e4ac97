"""What the recipes do around Pulumi, from an account with nothing in it to a stack that runs, and to its end.

Each command works on the project in the current folder, with the credentials that Pulumi uses."""
