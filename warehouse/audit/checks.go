package audit

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"io/fs"
	"path"
	"slices"
	"strings"

	sqlfiles "github.com/encours/encours/sql"
	"github.com/encours/encours/warehouse/graph"
)

// Severities of a check, the worst first.
const (
	Error = "error" // something is lost, or a figure is wrong
	Warn  = "warn"  // something a report stands on is weak
	Info  = "info"  // worth a look
)

// Severities lists the severities, the worst first.
func Severities() []string { return []string{Error, Warn, Info} }

// Check is one rule over extracts.
type Check struct {
	ID       string // as people quote it, such as C01
	Severity string
	// What was found and what to do, in English and in French.
	Sentence, SentenceFR, Advice, AdviceFR string

	years bool   // the header says `over: years`
	name  string // file name without .sql
	sql   string
}

// acrossYears says that the check compares fiscal years, so that what it finds in a
// batch changes with the batches beside it. A build runs it; what the others find in
// a batch never changes.
func (c Check) acrossYears() bool { return c.years }

// Checks reads the embedded checks: the worst severity first, then by identifier.
func Checks() ([]Check, error) {
	files, err := fs.Glob(sqlfiles.Files, "audit/checks/*.sql")
	if err != nil {
		return nil, fmt.Errorf("list audit checks: %w", err)
	}
	var checks []Check
	for _, file := range files {
		text, err := sqlfiles.Files.ReadFile(file)
		if err != nil {
			return nil, fmt.Errorf("read audit check %q: %w", file, err)
		}
		h, err := graph.ParseHeader(string(text))
		if err != nil {
			return nil, fmt.Errorf("read audit check %q: %w", file, err)
		}
		c := Check{
			ID: h.ID, Severity: h.Severity, Sentence: h.Sentence, SentenceFR: h.SentenceFR,
			Advice: h.Advice, AdviceFR: h.AdviceFR,
			years: h.Over == "years", name: strings.TrimSuffix(path.Base(file), ".sql"), sql: string(text),
		}
		if err := c.validate(); err != nil {
			return nil, fmt.Errorf("read audit check %q: %w", file, err)
		}
		checks = append(checks, c)
	}
	slices.SortStableFunc(checks, func(a, b Check) int {
		bySeverity := slices.Index(Severities(), a.Severity) - slices.Index(Severities(), b.Severity)
		if bySeverity != 0 {
			return bySeverity
		}
		return strings.Compare(a.ID, b.ID)
	})
	return checks, nil
}

// validate wants a whole header and a file named after the identifier.
func (c Check) validate() error {
	if !slices.Contains(Severities(), c.Severity) {
		return fmt.Errorf("severity %q is none of %s", c.Severity, strings.Join(Severities(), ", "))
	}
	for _, field := range []struct{ name, value string }{
		{"id", c.ID}, {"sentence", c.Sentence}, {"sentence_fr", c.SentenceFR}, {"advice", c.Advice}, {"advice_fr", c.AdviceFR},
	} {
		if field.value == "" {
			return fmt.Errorf("the header lacks %s", field.name)
		}
	}
	if !strings.HasPrefix(c.name, strings.ToLower(c.ID)+"_") {
		return fmt.Errorf("the file of check %s is named after another", c.ID)
	}
	return nil
}

// Fingerprint is a hash of every file of the audit.
func Fingerprint() (string, error) {
	sum := sha256.New()
	err := fs.WalkDir(sqlfiles.Files, "audit", func(name string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() {
			return err
		}
		text, err := sqlfiles.Files.ReadFile(name)
		fmt.Fprintf(sum, "%s\x00%s\x00", name, text)
		return err
	})
	if err != nil {
		return "", fmt.Errorf("read the audit: %w", err)
	}
	return hex.EncodeToString(sum.Sum(nil)), nil
}
