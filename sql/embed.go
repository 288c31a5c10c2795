// Package sql holds every SQL file of the warehouse: the landing contract
// (schema), reference data (ref), the models (staging, intermediate, marts) and
// the checks, and the audit of extracts.
//
// Invariant: these files are the only definition of the datasets and of the
// figures; what runs is what is embedded here, file by file, without templating.
package sql

import "embed"

// Files is the embedded tree: schema, ref, staging, intermediate, marts, checks,
// audit, and the text of the decisions.
//
//go:embed schema ref all:staging all:intermediate all:marts all:checks audit DECISIONS.md
var Files embed.FS
