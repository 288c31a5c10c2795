package webtest

import (
	"context"
	"time"

	"github.com/encours/encours/reports"
)

// PaymentTerms implements web.View: table I of a company with the row that BPCE
// prints on its received half, table II with half of it.
func (v *view) PaymentTerms(_ context.Context, tax string) ([]reports.PaymentTerms, error) {
	if v.fake.ViewErr != nil {
		return nil, v.fake.ViewErr
	}
	if tax == "" {
		tax = reports.TaxIncluded
	}
	var all []reports.PaymentTerms
	for _, entity := range v.Meta().Entities {
		if v.sel.Entity != "" && v.sel.Entity != entity.ID {
			continue
		}
		made := reports.PaymentTerms{
			Entity: entity.ID, Name: entity.Name, Currency: entity.Currency, Tax: tax,
			FiscalYearStart: time.Date(v.sel.AsOf.Year(), 1, 1, 0, 0, 0, 0, time.UTC),
		}
		for no := range 2 {
			made.Tables = append(made.Tables, reports.TermsTable{
				No: no + 1, Received: v.termsHalf(reports.Supplier, no+1), Issued: v.termsHalf(reports.Customer, no+1),
			})
		}
		all = append(all, made)
	}
	return all, nil
}

func (v *view) termsHalf(side string, no int) reports.TermsHalf {
	half := reports.TermsHalf{Side: side, Base: 1_990_822_500, Lines: map[string]reports.TermsSum{}}
	amounts := []reports.Amount{1_769_237_100, 78_288_500, 77_501_000, 69_019_400, -3_223_500, 221_585_400}
	counts := []int64{215, 60, 40, 30, 301, 431}
	for i, bucket := range reports.TermsBuckets() {
		cell := reports.TermsCell{Bucket: bucket}
		if !v.fake.Empty {
			cell.Count, cell.Amount = counts[i], amounts[i]/reports.Amount(no)
			cell.Ratio = ratio(cell.Amount, half.Base)
		}
		half.Cells = append(half.Cells, cell)
	}
	if v.fake.Empty {
		half.Base = 0
		return half
	}
	half.Lines["excluded"] = reports.TermsSum{Count: 3, Amount: 55_000}
	half.Lines["disputed"] = reports.TermsSum{Count: 2, Amount: 50_000}
	half.Lines["unbooked"] = reports.TermsSum{Count: 1, Amount: 5_000}
	half.Lines["contractual"] = reports.TermsSum{Count: 646, Amount: 1_990_822_500}
	half.Lines["left_out"] = reports.TermsSum{Count: 4, Amount: -7_000}
	return half
}

// PaymentTermsInvoices implements web.View.
func (v *view) PaymentTermsInvoices(_ context.Context, filter reports.TermsFilter) (*reports.TermsInvoices, error) {
	if v.fake.ViewErr != nil {
		return nil, v.fake.ViewErr
	}
	made := &reports.TermsInvoices{Tax: filter.Tax}
	if filter.Tax == "" {
		made.Tax = reports.TaxIncluded
	}
	if v.fake.Empty {
		return made, nil
	}
	made.Count, made.Total = 431, 221_585_400
	made.Rows = []reports.TermsInvoice{{
		Entity: "ALPHA", Side: reports.Customer, CounterpartyID: "C0100", Name: "Client Cent", ItemID: 3, DocumentRef: "F-3",
		Type: "invoice", IssueDate: v.sel.AsOf.AddDate(0, -3, 0), DueDate: v.sel.AsOf.AddDate(0, 0, -31), LateDays: 31,
		Line: "late", Bucket: "31-60", Amount: 120_000, IsTaxEstimated: true,
	}}
	return made, nil
}

// PaymentTermsBreaches implements web.View.
func (v *view) PaymentTermsBreaches(context.Context) ([]reports.TermsBreaches, error) {
	if v.fake.ViewErr != nil {
		return nil, v.fake.ViewErr
	}
	made := []reports.TermsBreaches{{Side: reports.Supplier}, {Side: reports.Customer}}
	if !v.fake.Empty {
		made[0].Count, made[0].Counterparties = 1, 1
		made[0].Rows = []reports.TermsBreach{{
			Entity: "ALPHA", Side: reports.Supplier, CounterpartyID: "F001", Name: "Transports Un", ItemID: 3, DocumentRef: "T-1",
			IssueDate: v.sel.AsOf.AddDate(0, -3, 0), DueDate: v.sel.AsOf.AddDate(0, -1, 0), CapDate: v.sel.AsOf.AddDate(0, -2, 0),
			DueDateSource: "extract_column", Category: "transport", Article: "L. 441-11 II", TermDays: 61, BeyondDays: 31,
			Amount: 50_000, Open: 50_000, Currency: "EUR",
		}}
	}
	return made, nil
}
