"""What builds things: the Python environment, the zip of the function, npm packages and the Pulumi command line."""
