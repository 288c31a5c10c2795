package auditfile

import (
	"bytes"
	"encoding/json"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/encours/encours/warehouse/audit"
)

// book is the audit of one file with a finding of each severity.
func book() Report {
	found := func(id, severity string, count int64) audit.Finding {
		return audit.Finding{
			Check: audit.Check{ID: id, Severity: severity, Sentence: "A <b>sentence</b>.", SentenceFR: "Une phrase.", Advice: "Do it.", AdviceFR: "Faites."},
			Count: count, Lines: count, Stake: 123_456,
			Sample: []audit.Offence{{Line: 7, Column: "Debit", Value: "\x1b[31m<script>", Amount: -5, HasAmount: true}, {}},
		}
	}
	f := File{
		Path: "x.txt", Name: "x.txt", Entity: "E", Rows: 10, Lines: 11, Rejects: 1, Separator: "tab", LineEnd: "LF",
		FirstDate: time.Date(2024, 1, 1, 0, 0, 0, 0, time.UTC), LastDate: time.Date(2024, 6, 30, 0, 0, 0, 0, time.UTC),
		Profile: audit.Profile{
			Debit: 100_000, Credit: 99_000, Unbalanced: 1_000,
			Months: []audit.Month{{Month: time.Date(2024, 1, 1, 0, 0, 0, 0, time.UTC), Debit: 1 << 60}, {Month: time.Date(2024, 2, 1, 0, 0, 0, 0, time.UTC), Debit: 1 << 59}},
			Sides:  []audit.Side{{Side: "customer", Counterparties: 3, Documents: 1000, Open: 1000, OpenDue: 820, OpenDocument: 1000, Payments: 10}},
		},
		Findings: []audit.Finding{found("C01", audit.Error, 5), found("T07", audit.Warn, 2), found("C06", audit.Info, 2)},
	}
	f.Verdicts = Verdicts(f)
	return Report{Files: []File{f}}
}

// TestVerdicts: shares are cut and never rounded up; what cannot be judged is said.
func TestVerdicts(t *testing.T) {
	got := map[string]Verdict{}
	for _, v := range book().Files[0].Verdicts {
		got[v.ID] = v
	}
	for id, want := range map[string]Verdict{
		"ageing_due":      {Grade: Partly, Share: 8200},
		"ageing_document": {Grade: Reliable, Share: 10_000},
		"dso":             {Grade: Weak, Share: 1666},
		"lettering":       {Grade: None, Share: 0},
		"reconciliation":  {Grade: Partly, Share: 9900}, // a rejected line: not the whole ledger
	} {
		if v := got[id]; v.Grade != want.Grade || v.Share != want.Share {
			t.Errorf("%s: %s %d, want %s %d", id, v.Grade, v.Share, want.Grade, want.Share)
		}
	}
	if v := verdict("x", "", 999_999, 1_000_000); v.Share != 9999 {
		t.Errorf("share %d, want 9999", v.Share)
	}
	if text := wordsOf("en").verdict(got["ageing_due"]); text != "Ageing by due date, customers: reliable for 82.0% of the open amount (8.20 of 10.00)" {
		t.Error(text)
	}
	cash := book().Files[0]
	cash.IsCashBasis = true
	for _, v := range Verdicts(cash) {
		if v.ID != "reconciliation" && v.Grade != None {
			t.Errorf("cash basis: %s is %s", v.ID, v.Grade)
		}
	}
	if Verdicts(File{Refusal: &Refusal{}}) != nil {
		t.Error("a refused file has verdicts")
	}
}

// TestFormatsInBothLanguages: no text is missing, nothing of an extract acts on the
// terminal or the page, equal reports give equal bytes.
func TestFormatsInBothLanguages(t *testing.T) {
	missing := regexp.MustCompile(`\[[a-z_.]+\]|\{\d\}|%!`)
	for name, write := range map[string]func(*bytes.Buffer, string) error{
		"text": func(b *bytes.Buffer, lang string) error { return Text(b, book(), lang) },
		"json": func(b *bytes.Buffer, lang string) error { return JSON(b, book(), lang) },
		"html": func(b *bytes.Buffer, lang string) error { return HTML(b, book(), lang) },
	} {
		for _, lang := range Languages() {
			t.Run(name+" "+lang, func(t *testing.T) {
				var first, second bytes.Buffer
				if err := write(&first, lang); err != nil {
					t.Fatal(err)
				}
				if err := write(&second, lang); err != nil || first.String() != second.String() {
					t.Errorf("a second writing differs: %v", err)
				}
				out := first.String()
				if found := missing.FindString(out); found != "" {
					t.Errorf("a text is missing: %s", found)
				}
				if strings.Contains(out, "\x1b") || name == "html" && strings.Contains(out, "<script") {
					t.Error("a value of the extract is not made harmless")
				}
				if want := map[string]string{"en": "Do it.", "fr": "Faites."}[lang]; !strings.Contains(out, want) {
					t.Errorf("no %q", want)
				}
				if strings.Index(out, "C01") > strings.Index(out, "C06") {
					t.Error("an observation stands before an error")
				}
			})
		}
	}
}

// TestJSONAmounts: amounts are numbers with two decimals, exactly.
func TestJSONAmounts(t *testing.T) {
	var out bytes.Buffer
	if err := JSON(&out, book(), "en"); err != nil {
		t.Fatal(err)
	}
	if !json.Valid(out.Bytes()) || !strings.Contains(out.String(), `"stake": 1234.56`) || !strings.Contains(out.String(), `"amount": -0.05`) {
		t.Error(out.String())
	}
}

// TestBars: bars stay in their box, also for the largest amounts, and in proportion.
func TestBars(t *testing.T) {
	b := wordsOf("en").monthBars(book().Files[0])
	if len(b.Bars) != 2 || b.Bars[0].Height != monthHeight || b.Bars[1].Height != monthHeight/2 {
		t.Errorf("%+v", b)
	}
	for _, value := range []int64{-5, 0, 1, 1 << 62} {
		if got := scaled(value, 1<<40, 100); got < 0 || got > 100 {
			t.Errorf("scaled(%d) = %d", value, got)
		}
	}
}
