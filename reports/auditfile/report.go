// Package auditfile writes the audit of extracts for a terminal, as JSON, as one
// HTML page and as a workbook.
//
// Invariant: every format tells the same findings in the same order, the worst
// first. What a format leaves out it says, with the number; the workbook leaves
// nothing out.
package auditfile

import (
	"time"

	"github.com/encours/encours/warehouse/audit"
)

// Report is the audit of some files.
type Report struct {
	Files []File
}

// File is the audit of one file.
type File struct {
	Path, Name string
	Entity     string
	Parts      []string // names of the files of which the ledger consists; empty where it is one
	Refusal    *Refusal // the file as a whole cannot be read; nothing below is known

	Size                                 int64 // in bytes
	SHA256                               string
	Charset, Evidence                    string
	Separator, LineEnd                   string
	Regime                               string
	IsSigned                             bool // Montant and Sens
	IsCashBasis                          bool
	Columns, Extra                       []string
	DueDate                              string // column that tells due dates
	Lines, Rows, Rejects, Blank          int64
	FirstDate, LastDate, FiscalYearStart time.Time
	Warnings                             []Note

	Profile  audit.Profile
	Findings []audit.Finding
	Verdicts []Verdict
}

// Note is what the reader of a file says of it, in both languages.
type Note struct{ EN, FR string }

// Refusal says why a file cannot be read.
type Refusal struct {
	Check   string   // identifier of the audit check, where it is one
	Problem string   // one sentence
	Advice  string   // what to do
	Missing []string // columns that the header lacks
}

// count is the number of checks of a severity that found something.
func (f File) count(severity string) (n int) {
	for _, finding := range f.Findings {
		if finding.Severity == severity {
			n++
		}
	}
	return n
}
