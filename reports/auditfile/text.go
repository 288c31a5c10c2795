package auditfile

import (
	"fmt"
	"io"
	"strings"
	"text/tabwriter"

	"github.com/encours/encours/warehouse/audit"
)

// TextSample is how many places of a finding the text shows.
const TextSample = 5

// Text writes the report for a terminal, aligned and short: the findings with
// their first places, the worst first, then verdicts and sums.
func Text(w io.Writer, r Report, lang string) error {
	t := textWriter{words: wordsOf(lang), out: tabwriter.NewWriter(w, 0, 4, 2, ' ', 0)}
	for i, f := range r.Files {
		if i > 0 {
			t.line("")
		}
		t.file(f)
	}
	return t.out.Flush()
}

type textWriter struct {
	words
	out *tabwriter.Writer
}

// line writes one line; tabs separate cells. Errors come with Flush.
func (t textWriter) line(format string, args ...any) {
	_, _ = fmt.Fprintf(t.out, format+"\n", args...)
}

// head ends the columns before and writes a heading.
func (t textWriter) head(text string) {
	t.line("")
	t.line("%s", strings.ToUpper(text))
}

func (t textWriter) file(f File) {
	t.line("%s", plain(f.Path))
	if f.Refusal != nil {
		t.refusal(*f.Refusal)
		return
	}
	t.facts(f)
	t.findings(f)
	t.head(t.t("verdicts"))
	for _, v := range f.Verdicts {
		t.line("  %s\t%s", t.t("grade."+v.Grade), t.verdict(v))
	}
	t.controls(f)
	t.journals(f)
	t.classes(f)
}

func (t textWriter) refusal(r Refusal) {
	t.line("  %s: %s.", t.t("refused"), plain(r.Problem))
	if len(r.Missing) > 0 {
		t.line("  %s: %s", t.t("missing"), plain(strings.Join(r.Missing, ", ")))
	}
	t.line("  → %s.", plain(r.Advice))
}

func (t textWriter) facts(f File) {
	t.line("  %s\t%s", t.t("what"), t.shape(f))
	if len(f.Parts) > 0 {
		t.line("  %s\t%s", t.t("parts"), plain(strings.Join(f.Parts, ", ")))
	}
	t.line("  %s\t%s; %s", t.t("encoding"), f.Charset, t.t("separator", f.Separator, f.LineEnd))
	t.line("  %s\t%s", t.t("size"), t.t("bytes", t.Int(f.Size)))
	t.line("  %s\t%s", t.t("rows"), t.t("rows.detail", t.Int(f.Lines), t.Int(f.Rows), t.Int(f.Rejects), t.Int(f.Blank), t.Int(f.Profile.Entries)))
	t.line("  %s\t%s", t.t("period"), t.t("period.detail", t.date(f.FirstDate), t.date(f.LastDate), t.date(f.FiscalYearStart)))
	p := f.Profile
	t.line("  %s\t%s", t.t("balance"), t.t("balance.detail", t.Format.Text(p.Debit), t.Format.Text(p.Credit), t.Format.Text(p.Debit-p.Credit)))
	customers, suppliers := parties(f)
	t.line("  %s\t%s", t.t("third"), t.t("third.detail", t.Int(customers), t.Int(suppliers)))
	due := t.t("due.none")
	if f.DueDate != "" {
		due = t.t("due.column", plain(f.DueDate))
	}
	t.line("  %s\t%s", t.t("due"), due)
	for _, warning := range f.Warnings {
		t.line("  %s\t%s", t.t("warnings"), plain(t.note(warning)))
	}
}

// parties counts customers and suppliers.
func parties(f File) (customers, suppliers int64) {
	for _, s := range f.Profile.Sides {
		if s.Side == "customer" {
			customers = s.Counterparties
		} else {
			suppliers = s.Counterparties
		}
	}
	return customers, suppliers
}

func (t textWriter) findings(f File) {
	t.head(t.t("findings"))
	t.line("  %s", t.t("summary", f.count(audit.Error), f.count(audit.Warn), f.count(audit.Info)))
	if len(f.Findings) == 0 {
		t.line("  %s", t.t("clean"))
	}
	for _, found := range f.Findings {
		t.line("")
		stake := ""
		if found.Stake > 0 {
			stake = "; " + t.t("stake.detail", t.Format.Text(found.Stake))
		}
		t.line("  %s %s: %s", t.t("severity."+found.Severity), found.ID, t.sentence(found.Check))
		t.line("  %s%s", t.t("found", t.Int(found.Count)), stake)
		shown := found.Sample[:min(len(found.Sample), TextSample)]
		for _, o := range shown {
			t.line("    %s\t%s\t%s\t%s", t.place(o), plain(o.Column), plain(cut(o.Value, 60)), t.amount(o))
		}
		if rest := found.Count - int64(len(shown)); rest > 0 {
			t.line("    %s", t.t("more", t.Int(rest)))
		}
		t.line("    → %s", t.advice(found.Check))
	}
}

func (w words) place(o audit.Offence) string {
	if o.Line == 0 {
		return w.t("whole_file")
	}
	return w.t("line", o.Line)
}

func (w words) amount(o audit.Offence) string {
	if !o.HasAmount {
		return ""
	}
	return w.Text(o.Amount)
}

func (t textWriter) controls(f File) {
	t.head(t.t("controls"))
	t.line("  %s\t%s\t%s\t%s\t%s\t%s", t.t("account"), t.t("side"), t.t("lines"), t.t("third"), t.t("solde"), t.t("lettered"))
	for _, c := range f.Profile.Controls {
		t.line("  %s\t%s\t%s\t%s\t%s\t%s", c.Family, t.t("side."+c.Side), t.Int(c.Lines), t.Int(c.Counterparties),
			t.Format.Text(c.Balance), t.percent(share(c.Lettered, c.Turnover)))
	}
	t.line("  %s\t\t\t\t%s", t.t("receivables"), t.Format.Text(receivables(f)))
}

// receivables is what a balance sheet shows under customers.
func receivables(f File) (sum int64) {
	for _, c := range f.Profile.Controls {
		if c.Side == "customer" {
			sum += c.Balance
		}
	}
	return sum
}

func share(part, whole int64) int64 { return verdict("", "", part, whole).Share }

func (t textWriter) journals(f File) {
	t.head(t.t("journals"))
	t.line("  %s\t\t%s\t%s\t%s\t%s", t.t("journal"), t.t("entries"), t.t("lines"), t.t("debit"), t.t("credit"))
	for _, j := range f.Profile.Journals {
		t.line("  %s\t%s\t%s\t%s\t%s\t%s", plain(j.Code), plain(cut(j.Label, 32)), t.Int(j.Entries), t.Int(j.Lines),
			t.Format.Text(j.Debit), t.Format.Text(j.Credit))
	}
}

func (t textWriter) classes(f File) {
	t.head(t.t("classes"))
	t.line("  %s\t%s\t%s\t%s\t%s", t.t("class"), t.t("lines"), t.t("debit"), t.t("credit"), t.t("solde"))
	for _, c := range f.Profile.Classes {
		t.line("  %s\t%s\t%s\t%s\t%s", plain(c.Class), t.Int(c.Lines), t.Format.Text(c.Debit), t.Format.Text(c.Credit), t.Format.Text(c.Debit-c.Credit))
	}
}

// plain keeps a text of an extract from moving the cursor or the columns.
func plain(text string) string {
	return strings.Map(func(r rune) rune {
		if r < ' ' || r >= 0x7F && r < 0xA0 {
			return ' '
		}
		return r
	}, text)
}

func cut(text string, most int) string {
	runes := []rune(text)
	if len(runes) <= most {
		return text
	}
	return string(runes[:most-1]) + "…"
}
