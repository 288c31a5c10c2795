package webtest

import (
	"context"
	"time"

	"github.com/encours/encours/reports"
)

// Currencies implements web.View: an entity in CHF, and two currencies of documents
// of which one has no rate.
func (v *view) Currencies(context.Context) (*reports.Currencies, error) {
	if v.fake.ViewErr != nil {
		return nil, v.fake.ViewErr
	}
	if v.fake.Empty {
		return &reports.Currencies{IsWhole: true}, nil
	}
	return &reports.Currencies{
		Members: []reports.CurrencyMember{
			{Entity: "ALPHA", Currency: "EUR", Own: 10_000, Group: 10_000, HasGroup: true, Closing: 10_000, HasClosing: true,
				Historic: 10_000, HasHistoric: true, Fixed: 10_000, HasFixed: true},
			{Entity: "CHUR", Currency: "CHF", Own: 90_000, Group: 100_000, HasGroup: true, Closing: 100_000, HasClosing: true,
				Historic: 95_833, HasHistoric: true, Difference: 4_167},
		},
		Differences: []reports.CurrencyDifference{
			{Entity: "ALPHA", EntityCurrency: "EUR", Currency: "USD", Items: 2, Documents: 12_000, Booked: 11_000, Closing: 10_000,
				Differences: -1_000, HasRate: true, Quoted: day(2025, time.June, 27)},
			{Entity: "ALPHA", EntityCurrency: "EUR", Currency: "XAF", Items: 1, Documents: 65_596, Booked: 100},
		},
		Whole: 110_000, IsWhole: true,
	}, nil
}
