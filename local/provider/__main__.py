"""What the engine starts as `pulumi-resource-aws`."""

from local.provider.server import serve

serve()
