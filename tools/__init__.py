"""The project's tools: they set up Python, Node and Pulumi, build the zip, and check it."""
