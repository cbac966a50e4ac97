//go:build tools

// Package tools pins the Pulumi engine and its YAML language host, which tools/pulumi_cli.py builds where no pulumi is
// installed.
package tools

import (
	_ "github.com/pulumi/pulumi-yaml/cmd/pulumi-language-yaml"
	_ "github.com/pulumi/pulumi/pkg/v3/cmd/pulumi"
)
