package main

import (
	"context"
	"fmt"
	"strings"

	"github.com/encours/encours/warehouse/audit"
	"github.com/encours/encours/warehouse/generation"
	"github.com/encours/encours/warehouse/landing"
	"github.com/encours/encours/warehouse/project"
)

// auditLanded audits what has just been loaded and says what is weak in it. The rows
// are safe by then: where it cannot be done it says so, and the next build does it.
func (a *app) auditLanded(ctx context.Context, p *project.Project, zone *landing.Zone, batches []landing.Batch) {
	if len(batches) == 0 || ctx.Err() != nil {
		return
	}
	progress := a.newBar(-1, false, "audit")
	found, err := generation.Audit(ctx, p, ingestLimits(p), zone, batches)
	progress.finish()
	if err != nil {
		if ctx.Err() == nil {
			a.say("warning: what was loaded could not be audited; the next build tries again: %v", err)
		}
		return
	}
	for _, b := range batches {
		if text := weaknesses(found[b.ID]); text != "" {
			a.say("%s: audit: %s", b.SourceFile, text)
		}
	}
}

// weaknesses words the errors and warnings among findings, empty where there are none.
func weaknesses(found []audit.Found) string {
	var parts []string
	for _, severity := range []string{audit.Error, audit.Warn} {
		var checks []string
		for _, f := range found {
			if f.Severity != severity {
				continue
			}
			text := fmt.Sprintf("%s (%d lines", f.Check, f.Lines)
			if f.Lines == 1 {
				text = fmt.Sprintf("%s (1 line", f.Check)
			}
			if f.Stake != "0.00" {
				text += ", " + f.Stake
			}
			checks = append(checks, text+")")
		}
		if len(checks) > 0 {
			parts = append(parts, map[string]string{audit.Error: "errors ", audit.Warn: "warnings "}[severity]+strings.Join(checks, ", "))
		}
	}
	return strings.Join(parts, "; ")
}
