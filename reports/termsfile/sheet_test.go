package termsfile

import (
	"testing"
	"time"

	"github.com/xuri/excelize/v2"
)

// TestPublishedRow draws the row that BPCE prints: a credit note makes a cell
// negative, and the total leaves out the first column.
func TestPublishedRow(t *testing.T) {
	amounts := []int64{1_769_237_100, 78_288_500, 77_501_000, 69_019_400, -3_223_500, 221_585_400}
	half := Half{Base: 1_990_822_500}
	for _, amount := range amounts {
		half.Cells = append(half.Cells, Cell{Sum: Sum{Count: 3, Amount: amount}, BasisPoints: amount / 200_000, HasRatio: amount != 221_585_400})
	}
	day := time.Date(2024, 12, 31, 0, 0, 0, 0, time.UTC)
	file := excelize.NewFile()
	for _, no := range []int{1, 2} {
		s := Sheet{
			Entity: "AN_ENTITY_WITH_THE_LONGEST_NAME1", Name: "Banque", Currency: "EUR", IsTaxExcluded: true,
			From: day, To: day, No: no, Halves: [2]Half{half, half},
		}
		for range 2 { // names that are cut stay apart
			if err := Draw(file, s); err != nil {
				t.Fatal(err)
			}
		}
	}
	if got := len(file.GetSheetList()); got != 5 {
		t.Errorf("%d sheets: %v", got, file.GetSheetList())
	}
	sheet := file.GetSheetList()[1]
	for at, want := range map[string]string{
		"B8": "17,692,371.00", "C8": "782,885.00", "D8": "775,010.00", "E8": "690,194.00", "F8": "(32,235.00)", "G8": "2,215,854.00",
		"B7": "3", "G7": "3", "F9": "(0.16%)", "G9": "n. c.",
		"A17": "Factures exclues (B) : litigieuses – reçues 0, 0,00\u00a0€ – émises 0, 0,00\u00a0€ ; non comptabilisées – reçues 0, 0,00\u00a0€ – émises 0, 0,00\u00a0€.",
	} {
		if got, err := file.GetCellValue(sheet, at); err != nil || got != want {
			t.Errorf("%s: %q, %v, want %q", at, got, err, want)
		}
	}
	for grey, want := range map[string]bool{"C7": true, "F7": true, "B7": false, "B10": true, "H9": true, "H10": false} {
		id, err := file.GetCellStyle(sheet, grey)
		if err != nil {
			t.Fatal(err)
		}
		style, err := file.GetStyle(id)
		if err != nil || (len(style.Fill.Color) == 1 && style.Fill.Color[0] == "BFBFBF") != want {
			t.Errorf("%s grey is not %t: %+v, %v", grey, want, style.Fill, err)
		}
	}
}
