package reports

import (
	"errors"
	"maps"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/encours/encours/reports/money"
)

// pagesOf returns the text of each page of a PDF, with plain spaces.
func pagesOf(t *testing.T, raw []byte) []string {
	t.Helper()
	if _, err := exec.LookPath("pdftotext"); err != nil {
		if os.Getenv("CI") == "true" {
			t.Fatal("pdftotext is missing: install poppler-utils")
		}
		t.Skip("pdftotext is missing: install poppler-utils to read the pages")
	}
	file := filepath.Join(t.TempDir(), "x.pdf")
	if err := os.WriteFile(file, raw, 0o600); err != nil {
		t.Fatal(err)
	}
	out, err := exec.Command("pdftotext", "-layout", "-enc", "UTF-8", file, "-").Output()
	if err != nil {
		t.Fatal(err)
	}
	return strings.Split(strings.TrimSuffix(plainSpaces(string(out)), "\f"), "\f")
}

func plainSpaces(text string) string {
	return strings.NewReplacer("\u00a0", " ", "\u202f", " ").Replace(text)
}

// hundredths reads 1234.50 without a float.
func hundredths(t *testing.T, text string) int64 {
	t.Helper()
	var value int64
	for _, r := range strings.TrimPrefix(text, "-") {
		if r >= '0' && r <= '9' {
			value = value*10 + int64(r-'0')
		}
	}
	if strings.HasPrefix(text, "-") {
		value = -value
	}
	if plain(Amount(value)) != text {
		t.Fatalf("%q is no amount", text)
	}
	return value
}

// The figures of the pack are those of its CSV, to the cent, in both languages.
func TestKPIPackSaysWhatItsRowsSay(t *testing.T) {
	for _, c := range []struct{ name, entity, lang, page string }{
		{"group in French", "", "fr", "Page 1 sur 4"},
		{"entity in English", "ALPHA", "en", "Page 1 of 4"},
		{"no ledger", "NONE", "en", "Page 1 of 1"},
	} {
		t.Run(c.name, func(t *testing.T) {
			v := open(t, Selection{Entity: c.entity})
			filter := AgeingFilter{Language: c.lang}
			pages := pagesOf(t, export(t, v, "kpi-pack", PDF, filter))
			if !strings.Contains(pages[0], c.page) {
				t.Fatalf("no %q on page 1:\n%s", c.page, pages[0])
			}
			_, records := parts(t, export(t, v, "kpi-pack", "csv", filter))
			w := wordsOf(c.lang, "EUR")
			if len(records) == 1 {
				if !strings.Contains(pages[0], w.t("pack.empty")[:40]) {
					t.Errorf("the empty pack does not say so:\n%s", pages[0])
				}
				return
			}
			last := records[len(records)-1]
			for i, name := range records[0] {
				switch name {
				case "receivable_amount", "overdue_amount", "unallocated_credit_amount", "doubtful_amount":
					want := plainSpaces(w.With(hundredths(t, last[i]), "EUR"))
					if !strings.Contains(pages[0], want) {
						t.Errorf("%s is %s in the CSV, and %s is not on page 1:\n%s", name, last[i], want, pages[0])
					}
				}
			}
			for i, page := range pages {
				for _, want := range []string{w.date(v.Meta().AsOf), w.date(v.Meta().KnownOn), v.Meta().Generation, v.proofLine(w)} {
					if !strings.Contains(page, plainSpaces(want)) {
						t.Errorf("page %d does not say %q", i+1, want)
					}
				}
			}
			if reconciled := plainSpaces(w.amount(v.Meta().Proof.Ledger)); !strings.Contains(pages[3], reconciled) {
				t.Errorf("page 4 does not hold the ledger %s", reconciled)
			}
		})
	}
}

func TestStatement(t *testing.T) {
	v := open(t, Selection{Entity: "ALPHA"})
	for _, lang := range Languages() {
		filter := AgeingFilter{Counterparty: "C1", Language: lang}
		text := strings.Join(pagesOf(t, export(t, v, "statement", PDF, filter)), "")
		facts, records := parts(t, export(t, v, "statement", "csv", filter))
		if facts["filters"] != "counterparty=C1&entity=ALPHA&side=customer" || len(records) != 4 {
			t.Fatalf("facts %v, %d records", facts, len(records))
		}
		w, sum := wordsOf(lang, "EUR"), int64(0)
		for _, r := range records[1:] {
			for i, name := range records[0] {
				if name == "open_amount" {
					value := hundredths(t, r[i])
					sum += value
					if !strings.Contains(text, plainSpaces(w.Text(value))) {
						t.Errorf("%s is not in the statement:\n%s", w.Text(value), text)
					}
				}
			}
		}
		// 1000.00 + 500.00 − 200.00
		if money.Plain(sum) != "1300.00" || !strings.Contains(text, plainSpaces(w.money(Amount(sum)))) {
			t.Errorf("total %s:\n%s", money.Plain(sum), text)
		}
		if total := plainSpaces(w.money(v.Meta().Proof.Ledger)); strings.Contains(text, total) {
			t.Errorf("the statement tells its reader the whole receivable, %s", total)
		}
	}
}

func TestStatementsThatAreNot(t *testing.T) {
	for name, c := range map[string]struct {
		sel  Selection
		code string
		want error
	}{
		"nobody named":        {Selection{Entity: "ALPHA"}, "", ErrBadSelection},
		"nobody of that code": {Selection{Entity: "ALPHA"}, "C99", ErrNotFound},
		"other side":          {Selection{Entity: "ALPHA", Side: Supplier}, "C1", ErrNotFound},
		"two entities":        {Selection{}, "C1", ErrBadSelection},
	} {
		t.Run(name, func(t *testing.T) {
			path := filepath.Join(t.TempDir(), "x.pdf")
			err := WriteFile(t.Context(), open(t, c.sel), "statement", PDF, AgeingFilter{Counterparty: c.code}, path)
			if !errors.Is(err, c.want) {
				t.Errorf("error %v, want %v", err, c.want)
			}
			if _, err := os.Stat(path); !errors.Is(err, os.ErrNotExist) {
				t.Errorf("a file was left: %v", err)
			}
		})
	}
	v := open(t, Selection{})
	if text := strings.Join(pagesOf(t, export(t, v, "statement", PDF, AgeingFilter{Counterparty: "C3"})), ""); !strings.Contains(text, "No item is open") {
		t.Errorf("a settled account:\n%s", text)
	}
}

func TestFormatsOfReports(t *testing.T) {
	for _, d := range Definitions() {
		hasPDF := strings.Contains(strings.Join(FormatsOf(d.Name), " "), PDF)
		if want := slices.Contains([]string{"kpi-pack", "statement", "payment-terms-report", "reminder"}, d.Name); hasPDF != want {
			t.Errorf("%s: PDF %v", d.Name, hasPDF)
		}
	}
	err := (&FormatError{"open-items", PDF}).Error()
	if !strings.Contains(err, "csv, xlsx, parquet, arrow, json") || strings.Contains(err, "json, pdf") {
		t.Error(err)
	}
}

func TestDocumentTextsAreInBothLanguages(t *testing.T) {
	all := documentTexts()
	maps.Copy(all, chaseTexts())
	for key, pair := range all {
		if pair[0] == "" || pair[1] == "" {
			t.Errorf("%s: %q", key, pair)
		}
		for _, place := range []string{"{0}", "{1}", "{2}", "{3}", "{current}", "{total}"} {
			if strings.Contains(pair[0], place) != strings.Contains(pair[1], place) {
				t.Errorf("%s: one language lacks %s", key, place)
			}
		}
	}
	for _, side := range []string{Customer, Supplier} {
		v := open(t, Selection{Entity: "ALPHA", Side: side})
		for _, lang := range Languages() {
			text := strings.Join(pagesOf(t, export(t, v, "kpi-pack", PDF, AgeingFilter{Language: lang})), "")
			if i := strings.IndexByte(text, '['); i >= 0 {
				t.Errorf("a key without a text: %.60s", text[i:])
			}
		}
	}
}
