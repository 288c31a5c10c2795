package pdffile

import (
	"bytes"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"
)

// extract returns the text of each page, by pdftotext of poppler.
func extract(t *testing.T, raw []byte) []string {
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
	return strings.Split(strings.TrimSuffix(string(out), "\f"), "\f")
}

func document(blocks ...Block) Document {
	return Document{
		Title: "Encours clients", Subtitle: "Société Éléphant", Head: []string{"Au 31/12/2025", "Connu au 10/01/2026", "Génération abc"},
		Proof: "Prouvé au centime : 1\u202f234,50\u00a0€", IsProved: true, Foot: "Encours", PageOf: "Page {current} sur {total}",
		Created: time.Date(2026, 1, 10, 0, 0, 0, 0, time.UTC), Blocks: blocks,
	}
}

func write(t *testing.T, d Document) []byte {
	t.Helper()
	var out bytes.Buffer
	if err := Write(d, &out); err != nil {
		t.Fatal(err)
	}
	return out.Bytes()
}

func table(rows int) Table {
	made := Table{Columns: []Column{{Title: "Pièce", Width: 60}, {Title: "Ouvert", Width: 40, Right: true}}}
	for i := range rows {
		made.Rows = append(made.Rows, []string{fmt.Sprintf("FA-%05d", i), fmt.Sprintf("%d,00", i)})
	}
	made.Total = []string{"Total", "9,99"}
	return made
}

func TestALongTablePaginatesWithoutLoss(t *testing.T) {
	for name, landscape := range map[string]bool{"upright": false, "landscape": true} {
		t.Run(name, func(t *testing.T) {
			d := document(Heading{"Postes"}, table(500))
			d.Landscape = landscape
			pages := extract(t, write(t, d))
			if len(pages) < 8 {
				t.Fatalf("%d pages", len(pages))
			}
			var found []string
			for i, page := range pages {
				for _, want := range []string{
					"Encours clients", "Au 31/12/2025", "Connu au 10/01/2026", "Génération abc", "Prouvé au centime",
					"Pièce", "Ouvert", fmt.Sprintf("Page %d sur %d", i+1, len(pages)),
				} {
					if !strings.Contains(page, want) {
						t.Errorf("page %d does not say %q", i+1, want)
					}
				}
				found = append(found, regexp.MustCompile(`FA-\d{5}`).FindAllString(page, -1)...)
			}
			for i := range 500 {
				if want := fmt.Sprintf("FA-%05d", i); i >= len(found) || found[i] != want {
					t.Fatalf("row %d is not %s among %d", i, want, len(found))
				}
			}
			if last := pages[len(pages)-1]; !strings.Contains(last, "Total") || !strings.Contains(last, "FA-00499") {
				t.Error("the total stands without the last row")
			}
		})
	}
}

func TestALongNameIsWhole(t *testing.T) {
	words := strings.Repeat("Établissements Éléphant & Œuvre ", 12)
	solid := strings.Repeat("ABCDEFGHIJ", 30)
	d := document(Table{
		Columns: []Column{{Title: "Client", Width: 30}, {Title: "Ouvert", Width: 70, Right: true}},
		Rows:    [][]string{{words, "1,00"}, {solid, "2,00"}},
	})
	text := strings.Join(extract(t, write(t, d)), "")
	if got := strings.Count(text, "Œuvre"); got != 12 {
		t.Errorf("%d times Œuvre, want 12", got)
	}
	var letters strings.Builder
	for _, r := range text[strings.Index(text, "ABC"):] {
		if r >= 'A' && r <= 'J' {
			letters.WriteRune(r)
		}
	}
	if !strings.HasPrefix(letters.String(), solid) {
		t.Errorf("the long word is cut: %q", letters.String())
	}
}

func TestFiguresAndStrangeLetters(t *testing.T) {
	for name, c := range map[string]struct{ text, want string }{
		"narrow space":  {"−1\u202f234\u202f567,89\u00a0€", "−1\u202f234\u202f567,89 €"},
		"ligature":      {"Cœur de Noël", "Cœur de Noël"},
		"no such glyph": {"株式会社 😀 fin", "□□□□ □ fin"},
		"line end":      {"a\tb\nc", "a b c"},
		"bad bytes":     {"a\xffb", "a□b"},
	} {
		t.Run(name, func(t *testing.T) {
			text := strings.Join(extract(t, write(t, document(Paragraph{Text: "«" + c.text + "»"}))), "")
			plain := strings.NewReplacer("\u00a0", " ", "\u202f", " ")
			if !strings.Contains(plain.Replace(text), plain.Replace("«"+c.want+"»")) {
				t.Errorf("%q is not in %q", c.want, text)
			}
		})
	}
}

func TestEqualDocumentsAreEqualFiles(t *testing.T) {
	d := document(Bar{[]Segment{{"#3c6fae", "Non échu", 90}, {"#861a2b", "> 180 j", 10}}}, table(60), Charts{Height: 100, List: []Chart{
		{Title: "Encours", Labels: []string{"janv.", "févr."}, Tick: func(v float64) string { return fmt.Sprint(v) }, Series: []Series{
			{Name: "Encours", Colour: "#a9c6e2", Values: []float64{1, 2}, IsBar: true},
			{Name: "Échu", Colour: "#d4522a", Values: []float64{0.5, 1}, Dashed: true},
		}},
	}})
	first := write(t, d)
	for range 5 {
		if !bytes.Equal(first, write(t, d)) {
			t.Fatal("two files of one document differ")
		}
	}
	for _, date := range []string{"/CreationDate (D:20260110000000", "/ModDate (D:20260110000000"} {
		if !bytes.Contains(first, []byte(date)) {
			t.Errorf("the file does not hold %s", date)
		}
	}
	if fonts := bytes.Count(first, []byte("/FontFile2")); fonts != 2 {
		t.Errorf("%d fonts embedded, want 2", fonts)
	}
}

// full is a writer that takes nothing.
type full struct{}

var errFull = errors.New("the disk is full")

func (full) Write([]byte) (int, error) { return 0, errFull }

func TestWhatIsNotWritten(t *testing.T) {
	charts := Charts{Height: 10, List: []Chart{{Labels: []string{"x"}, Tick: func(float64) string { return "" }}}}
	for name, c := range map[string]struct {
		blocks []Block
		want   string
	}{
		"too long":         {[]Block{Table{Columns: []Column{{"a", 1, false}}, Rows: make([][]string, MostRows+1)}}, "at most"},
		"too many charts":  {[]Block{charts, charts}, "groups of charts"},
		"ragged table":     {[]Block{Table{Columns: []Column{{"a", 1, false}}, Rows: [][]string{{"a", "b"}}}}, "row 1 has 2 cells"},
		"no width":         {[]Block{Table{Columns: []Column{{"a", 0, false}}}}, "no width"},
		"unknown colour":   {[]Block{Bar{[]Segment{{"red", "x", 1}}}}, "#rrggbb"},
		"unknown in chart": {[]Block{Charts{Height: 10, List: []Chart{{Labels: []string{"x"}, Series: []Series{{Colour: "x", Values: []float64{1}}}}}}}, "#rrggbb"},
	} {
		t.Run(name, func(t *testing.T) {
			var out bytes.Buffer
			if err := Write(document(c.blocks...), &out); err == nil || !strings.Contains(err.Error(), c.want) || out.Len() > 0 {
				t.Errorf("error %v, %d bytes written", err, out.Len())
			}
		})
	}
	if err := Write(document(), full{}); !errors.Is(err, errFull) {
		t.Errorf("error %v", err)
	}
}

func TestAShortTableStaysTogether(t *testing.T) {
	pages := extract(t, write(t, document(table(50), Heading{"Deuxième"}, table(10))))
	second := slices.IndexFunc(pages, func(p string) bool { return strings.Contains(p, "Deuxième") })
	if second < 0 || strings.Count(pages[second][strings.Index(pages[second], "Deuxième"):], "FA-") != 10 {
		t.Errorf("the second table is not whole after its heading, on page %d", second+1)
	}
}
