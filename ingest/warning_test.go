package ingest

import (
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
)

var (
	verb = regexp.MustCompile(`%[a-z]`)
	used = regexp.MustCompile(`ingest\.Warn\(\s*"([^"]*)"`)
)

// TestWarningsInBothLanguages: each has both sentences, with the same arguments in the
// same order and without a full stop.
func TestWarningsInBothLanguages(t *testing.T) {
	for code, pair := range warnings() {
		for i, text := range pair {
			if text == "" || strings.HasSuffix(text, ".") || strings.TrimSpace(text) != text {
				t.Errorf("%s: text %d is %q", code, i, text)
			}
		}
		if en, fr := verb.FindAllString(pair[0], -1), verb.FindAllString(pair[1], -1); !slices.Equal(en, fr) {
			t.Errorf("%s: English takes %q, French %q", code, en, fr)
		}
		if pair[0] == pair[1] {
			t.Errorf("%s is not translated", code)
		}
	}
}

// TestWarningsAreUsed: the code gives no warning that is not in the catalogue, and the
// catalogue has none that no code gives.
func TestWarningsAreUsed(t *testing.T) {
	given := map[string]bool{}
	for _, folder := range []string{"fec", "../cmd/encours"} {
		files, err := filepath.Glob(filepath.Join(folder, "*.go"))
		if err != nil || len(files) == 0 {
			t.Fatal(folder, err)
		}
		for _, file := range files {
			text, err := os.ReadFile(file)
			if err != nil {
				t.Fatal(err)
			}
			for _, m := range used.FindAllStringSubmatch(string(text), -1) {
				given[m[1]] = true
				if !slices.Contains(WarningCodes(), m[1]) {
					t.Errorf("%s gives %q, which is not in the catalogue", file, m[1])
				}
			}
		}
	}
	for _, code := range WarningCodes() {
		if !given[code] {
			t.Errorf("nothing gives %q", code)
		}
	}
}

func TestWarningText(t *testing.T) {
	w := Warn("blank.separators", 3)
	if w.Text("en") != "3 lines hold nothing but separators and were passed over" || !strings.HasPrefix(w.Text("fr"), "3 lignes ne contiennent") {
		t.Errorf("%+v", w)
	}
	w.Part = "p1.txt"
	if got := English([]Warning{w}); len(got) != 1 || !strings.HasPrefix(got[0], "p1.txt: 3 lines") || !strings.HasPrefix(w.Text("fr"), "p1.txt : 3 lignes") {
		t.Errorf("%q, %q", got, w.Text("fr"))
	}
}
