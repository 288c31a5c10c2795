package reports

import (
	"context"
	"fmt"
	"io"
	"slices"
	"strings"

	"github.com/encours/encours/reports/pdffile"
)

// PDF is the format of documents for people: some reports have it.
const PDF = "pdf"

// FormatError says that a report is not made in a format. It is an
// ErrUnknownReport.
type FormatError struct{ Report, Format string }

func (e *FormatError) Error() string {
	use := "documents that people read on paper"
	if e.Format == ICS {
		use = "lists of what to do"
	}
	return fmt.Sprintf("the report %q is not made as %s, which is for %s; its formats are: %s",
		e.Report, e.Format, use, strings.Join(FormatsOf(e.Report), ", "))
}

// Unwrap makes it an ErrUnknownReport.
func (e *FormatError) Unwrap() error { return ErrUnknownReport }

// FormatsOf lists the formats of a report: those of all, PDF for the documents and ICS for
// lists of what to do.
func FormatsOf(name string) []string {
	all := slices.Clone(rowFormats())
	if d, err := definitionOf(name); err == nil && d.document != nil {
		all = append(all, PDF)
	}
	if d, err := definitionOf(name); err == nil && d.calendar != nil {
		all = append(all, ICS)
	}
	return all
}

// NeedsCounterparty says whether a report is about one counterparty, which the
// filter names.
func NeedsCounterparty(name string) bool {
	d, err := definitionOf(name)
	return err == nil && d.isOfOne
}

// exportPDF writes a report as a document.
func (v *View) exportPDF(ctx context.Context, d definition, q query, filter AgeingFilter, w io.Writer) error {
	if d.document == nil {
		return &FormatError{d.Name, PDF}
	}
	made, err := d.document(v, ctx, q, filter)
	if err != nil {
		return fmt.Errorf("export %q: %w", d.Name, err)
	}
	return pdffile.Write(made, w)
}

// document begins a document: what stands on each of its pages.
func (v *View) document(w words, title string) pdffile.Document {
	m := v.meta
	return pdffile.Document{
		Title: title, Subtitle: m.Project + " · " + v.scopeName(w),
		Head: []string{
			w.t("head.as_of", w.date(m.AsOf)),
			w.t("head.known_on", w.date(m.KnownOn)),
			w.t("head.generation", m.Generation),
		},
		Proof: v.proofLine(w), IsProved: m.Proof.Status == Proved,
		Foot:   w.t("foot", m.Project, m.Generation),
		PageOf: w.t("page"),
		// the date of what is known, not of the build: equal inputs, equal bytes
		Created: m.KnownOn,
	}
}

// scopeName names what the figures are about.
func (v *View) scopeName(w words) string {
	if v.selection.Entity == "" {
		return w.t("scope.group")
	}
	if e, ok := v.facts.entity(v.selection.Entity); ok && e.Name != "" {
		return e.Name
	}
	return v.selection.Entity
}

// proofLine is the proof of the selection in one line, with its difference.
func (v *View) proofLine(w words) string { return w.proof(v.meta.Proof) }

func (w words) proof(p Proof) string {
	switch p.Status {
	case Proved:
		return w.t("proof.proved", w.money(p.Ledger), w.money(p.Items), w.money(p.Difference))
	case Difference:
		return w.t("proof.difference", w.money(p.Difference), w.money(p.Ledger), w.money(p.Items))
	}
	return w.t("proof.no_ledger")
}
