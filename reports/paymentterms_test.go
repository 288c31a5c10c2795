package reports

import (
	"bytes"
	"errors"
	"fmt"
	"strings"
	"testing"

	"github.com/xuri/excelize/v2"
)

// At 31 December 2024 ALPHA has received S1 (400.00, 52 days) and issued F1
// (1,000.00, 61 days) and F3 (300.10, 1 day); the credit of 200.00 is left out, F2
// and F5 are not due. F4 of 50.00 was paid before it was due.
func TestPaymentTerms(t *testing.T) {
	all, err := open(t, Selection{Entity: "ALPHA"}).PaymentTerms(t.Context(), "")
	if err != nil || len(all) != 1 {
		t.Fatalf("%d entities: %v", len(all), err)
	}
	of := all[0]
	if of.Name != "Alpha SAS" || of.Currency != "EUR" || of.Tax != TaxIncluded || day(of.FiscalYearStart) != "2024-01-01" {
		t.Errorf("head %+v", of)
	}
	amounts := func(h TermsHalf) (text string) {
		for _, cell := range h.Cells {
			text += fmt.Sprintf("%s:%d:%s ", cell.Bucket, cell.Count, plain(cell.Amount))
		}
		return text
	}
	for _, c := range []struct {
		name, got, want string
	}{
		{"received", amounts(of.Tables[0].Received), "0:0:0.00 1-30:0:0.00 31-60:1:400.00 61-90:0:0.00 91+:0:0.00 total:1:400.00 "},
		{"issued", amounts(of.Tables[0].Issued), "0:0:0.00 1-30:1:300.10 31-60:0:0.00 61-90:1:1000.00 91+:0:0.00 total:2:1300.10 "},
		{"late in the year", amounts(of.Tables[1].Issued), "0:0:0.00 1-30:1:300.10 31-60:0:0.00 61-90:1:1000.00 91+:0:0.00 total:2:1300.10 "},
		{"left out", plain(of.Tables[0].Issued.Line("left_out").Amount), "-200.00"},
		{"not due", plain(of.Tables[0].Issued.Line("not_due").Amount), "1200.00"},
	} {
		if c.got != c.want {
			t.Errorf("%s: %s, want %s", c.name, c.got, c.want)
		}
	}
	// sales of 1,000 + 300.10 + 50 + 700 + 500 = 2,550.10: 1,300.10 of them 50.98 %
	if half := of.Tables[0].Issued; half.Total().Ratio.BasisPoints != 5098 || plain(half.Base) != "2550.10" {
		t.Errorf("share of the turnover %+v of %s", half.Total().Ratio, plain(half.Base))
	}
	if every, err := open(t, Selection{}).PaymentTerms(t.Context(), TaxExcluded); err != nil || len(every) != 3 || every[2].Currency != "CHF" {
		t.Errorf("the group lists %d entities: %v", len(every), err)
	}
}

func TestPaymentTermsInvoicesAreTheirCell(t *testing.T) {
	for name, c := range map[string]struct {
		filter TermsFilter
		want   string
	}{
		"a column":     {TermsFilter{Table: 1, Side: Customer, Line: "late", Bucket: "61-90"}, "1 1000.00"},
		"the total":    {TermsFilter{Table: 1, Side: Customer, Line: "late", Bucket: "total"}, "2 1300.10"},
		"received":     {TermsFilter{Table: 2, Side: Supplier, Line: "late"}, "1 400.00"},
		"left out":     {TermsFilter{Table: 1, Side: Customer, Line: "left_out"}, "1 -200.00"},
		"nothing":      {TermsFilter{Table: 1, Side: Customer, Line: "disputed"}, "0 0.00"},
		"without tax":  {TermsFilter{Table: 1, Side: Supplier, Tax: TaxExcluded}, "1 400.00"},
		"every column": {TermsFilter{Table: 1}, "4 1500.10"},
	} {
		t.Run(name, func(t *testing.T) {
			found, err := open(t, Selection{Entity: "ALPHA"}).PaymentTermsInvoices(t.Context(), c.filter)
			if err != nil {
				t.Fatal(err)
			}
			if got := fmt.Sprint(found.Count, " ", plain(found.Total)); got != c.want || int64(len(found.Rows)) != found.Count {
				t.Errorf("%s in %d rows, want %s", got, len(found.Rows), c.want)
			}
		})
	}
	for _, bad := range []TermsFilter{{Tax: "ttc"}, {Table: 3}, {Side: "x"}, {Line: "legal"}, {Bucket: "91"}} {
		if _, err := open(t, Selection{}).PaymentTermsInvoices(t.Context(), bad); !errors.Is(err, ErrBadSelection) {
			t.Errorf("%+v: %v", bad, err)
		}
	}
}

func TestPaymentTermsAsXLSX(t *testing.T) {
	v := open(t, Selection{Entity: "ALPHA"})
	file := export(t, v, "payment-terms-report", "xlsx", AgeingFilter{})
	if again := export(t, v, "payment-terms-report", "xlsx", AgeingFilter{}); !bytes.Equal(file, again) {
		t.Error("two exports differ")
	}
	book, err := excelize.OpenReader(bytes.NewReader(file))
	if err != nil {
		t.Fatal(err)
	}
	defer book.Close()
	if sheets := strings.Join(book.GetSheetList(), ", "); sheets != "ALPHA I, ALPHA II, payment-terms-report, About" {
		t.Errorf("sheets %s", sheets)
	}
	for at, want := range map[string]string{
		"A1": "Alpha SAS – Informations sur les délais de paiement des fournisseurs et des clients",
		"A2": "Article D. 441-6 du code de commerce – exercice ouvert le 01/01/2024, situation au 31/12/2024 – montants TTC en EUR",
		"B5": "0 jour\n(indicatif)", "G5": "Total (1 jour\net plus)",
		"A7": "Nombre de factures concernées", "B7": "0", "C7": "", "G7": "1", "M7": "2",
		"A8": "Montant total des factures concernées (TTC)", "D8": "400.00", "G8": "400.00", "I8": "300.10", "K8": "1,000.00", "M8": "1,300.10",
		"A9": "Pourcentage du montant total des achats de l'exercice (TTC)", "G9": "100.00%", "M9": "",
		"A10": "Pourcentage du chiffre d'affaires de l'exercice (TTC)", "G10": "", "M10": "50.98%",
		"A12": "Nombre des factures exclues", "B12": "0", "H13": "0.00",
		"B15": "☒ Délais contractuels : échéances des factures et conditions convenues (1)\n☐ Délais légaux : 30 jours (0)",
	} {
		if got, err := book.GetCellValue("ALPHA I", at); err != nil || got != want {
			t.Errorf("%s: %q, %v, want %q", at, got, err, want)
		}
	}
	if kind, err := book.GetCellType("ALPHA I", "M8"); err != nil || kind != excelize.CellTypeUnset {
		t.Errorf("an amount is no number: %v, %v", kind, err)
	}
	merged, err := book.GetMergeCells("ALPHA I")
	spans := map[string]bool{}
	for _, m := range merged {
		spans[m.GetStartAxis()+":"+m.GetEndAxis()] = true
	}
	for _, span := range []string{"B4:G4", "H4:M4", "A6:M6", "B12:G12", "H13:M13", "B15:G15"} {
		if err != nil || !spans[span] {
			t.Errorf("%s is not merged: %v, %v", span, spans, err)
		}
	}
	facts, records := parts(t, export(t, v, "payment-terms-report", "csv", AgeingFilter{Terms: TermsFilter{Tax: TaxExcluded}}))
	if facts["filters"] != "entity=ALPHA&tax=excl" || len(records) != 57 ||
		!strings.HasPrefix(facts["proof_customer"], "proved ") || !strings.HasPrefix(facts["proof_supplier"], "proved ") {
		t.Errorf("facts %v, %d records", facts, len(records))
	}
}

func TestPaymentTermsBreaches(t *testing.T) {
	sides, err := open(t, Selection{}).PaymentTermsBreaches(t.Context())
	if err != nil || len(sides) != 2 || sides[0].Side != Supplier || sides[0].Count+sides[1].Count != 0 {
		t.Errorf("%+v, %v", sides, err)
	}
}
