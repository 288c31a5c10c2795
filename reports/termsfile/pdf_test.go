package termsfile

import (
	"bytes"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/encours/encours/reports/pdffile"
)

// TestPublishedRowAsPDF draws the row that BPCE prints on one landscape page.
func TestPublishedRowAsPDF(t *testing.T) {
	if _, err := exec.LookPath("pdftotext"); err != nil {
		if os.Getenv("CI") == "true" {
			t.Fatal("pdftotext is missing: install poppler-utils")
		}
		t.Skip("pdftotext is missing: install poppler-utils to read the pages")
	}
	half := Half{Base: 1_990_822_500, Contractual: Sum{Count: 400}, Excluded: Sum{Count: 12, Amount: 3_456_78}}
	for i, amount := range []int64{1_769_237_100, 78_288_500, 77_501_000, 69_019_400, -3_223_500, 221_585_400} {
		half.Cells = append(half.Cells, Cell{Sum: Sum{Count: int64(215 + i), Amount: amount}, BasisPoints: amount / 199_082, HasRatio: true})
	}
	for no, title := range map[int]string{1: "Nombre de factures concernées", 2: "Nombre cumulé de factures concernées"} {
		day := time.Date(2024, 12, 31, 0, 0, 0, 0, time.UTC)
		d := pdffile.Document{
			Title: "Délais de paiement", Head: []string{"Au 31/12/2024"}, PageOf: "Page {current} sur {total}", Landscape: true,
			Created: day, Blocks: Blocks(Sheet{Entity: "B", Name: "Banque", Currency: "EUR", From: day, To: day, No: no, Halves: [2]Half{half, half}, IsProved: true}),
		}
		file := filepath.Join(t.TempDir(), "x.pdf")
		var out bytes.Buffer
		if err := pdffile.Write(d, &out); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(file, out.Bytes(), 0o600); err != nil {
			t.Fatal(err)
		}
		raw, err := exec.Command("pdftotext", "-layout", file, "-").Output()
		if err != nil {
			t.Fatal(err)
		}
		text := strings.NewReplacer("\u00a0", " ", "\u202f", " ").Replace(string(raw))
		for _, want := range []string{"17 692 371,00", "782 885,00", "775 010,00", "690 194,00", "(32 235,00)", "2 215 854,00"} {
			if strings.Count(text, want) != 2 {
				t.Errorf("table %d: %d times %s, want one in each half:\n%s", no, strings.Count(text, want), want, text)
			}
		}
		flat := strings.Join(strings.Fields(text), " ")
		for _, want := range []string{"Page 1 sur 1", "11,13 %", "(0,16 %)", "[x] Délais contractuels", "[ ] Délais légaux", "3 456,78", "215", "220", strings.Fields(title)[1]} {
			if !strings.Contains(flat, want) {
				t.Errorf("table %d: no %q in\n%s", no, want, flat)
			}
		}
		if strings.Contains(flat, " 217 ") {
			t.Errorf("table %d: the count of a grey cell is shown", no)
		}
	}
}
