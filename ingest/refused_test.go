package ingest

import (
	"strings"
	"testing"
)

func TestRefusedError(t *testing.T) {
	for _, c := range []struct {
		name string
		err  RefusedError
		want string
	}{
		{"problem and advice", RefusedError{Path: "a.csv", Problem: "it is empty", Advice: "Export it again"},
			"a.csv is refused: it is empty. Export it again."},
		{"line", RefusedError{Path: "a.csv", Line: 7, Problem: "13 is no month"}, "a.csv:7 is refused: 13 is no month."},
		{"columns", RefusedError{Path: "a.txt", Problem: "its header is not that of a FEC", Missing: []string{"Debit", "Credit"}, Found: []string{"Datum", `a"b`}},
			`a.txt is refused: its header is not that of a FEC. Missing: Debit, Credit. Its columns are: "Datum", "a\"b".`},
	} {
		t.Run(c.name, func(t *testing.T) {
			if got := c.err.Error(); got != c.want {
				t.Errorf("got  %s\nwant %s", got, c.want)
			}
		})
	}
}

func TestQuoteNames(t *testing.T) {
	got := QuoteNames(append([]string{strings.Repeat("é", 40)}, make([]string, 61)...))
	if want := `"` + strings.Repeat("é", 30) + `…", "", `; !strings.HasPrefix(got, want) || !strings.HasSuffix(got, `"", and 2 more`) {
		t.Errorf("got %s", got)
	}
}

func TestCut(t *testing.T) {
	for _, c := range []struct {
		name, text string
		most       int
		want       string
	}{
		{"short", "abc", 3, "abc"},
		{"long", "abcd", 3, "abc…"},
		{"inside a character", "aé", 2, "a…"},
		{"nothing fits", "é", 1, "…"},
	} {
		t.Run(c.name, func(t *testing.T) {
			if got := Cut(c.text, c.most); got != c.want {
				t.Errorf("got %q, want %q", got, c.want)
			}
		})
	}
}
