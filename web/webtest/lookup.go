package webtest

import (
	"context"
	"database/sql"
	"time"

	"github.com/encours/encours/reports"
)

// Lookup implements web.View: "Dupont" may be two companies, of which the first is a
// customer; a number is known, anybody else is not.
func (v *view) Lookup(_ context.Context, ask reports.LookupRequest) (*reports.Lookup, error) {
	if v.fake.ViewErr != nil {
		return nil, v.fake.ViewErr
	}
	v.fake.LookedUp = append(v.fake.LookedUp, ask)
	if v.fake.Empty {
		return &reports.Lookup{}, nil
	}
	company := &reports.LookupCompany{
		SIREN: "404833048", Name: "DUPONT <TRANSPORTS>", LegalFormEN: "SARL (limited)", LegalFormFR: "SARL", Activity: "49.41A", State: "A",
		Created: time.Date(1996, time.January, 1, 0, 0, 0, 0, time.UTC), Street: "12 RUE DE LYON", PostalCode: "38000", City: "GRENOBLE",
		Legal: &reports.Legal{Siren: "404833048", Status: "in procedure", Severity: 9, Procedure: "recovery", Opened: time.Date(2025, time.March, 3, 0, 0, 0, 0, time.UTC)},
		External: &reports.External{Ratings: []reports.ExternalRating{
			{Provider: "dnb", Date: time.Date(2025, time.March, 3, 0, 0, 0, 0, time.UTC), Score: reports.Days{Hundredths: 7100, Valid: true}, Class: "B", IsCounted: true},
		}},
	}
	switch {
	case ask.Number != "":
		return &reports.Lookup{HasRegister: true, SIREN: "404833048", Method: "siren", Probability: reports.Ratio{BasisPoints: 8000, Valid: true}, IsKnown: true, IsDoubtful: true,
			Faults: []reports.NumberFault{{Kind: "vat", Fault: "key"}}, Company: company}, nil
	case ask.Name != "Dupont":
		return &reports.Lookup{HasRegister: true}, nil
	}
	bits := []reports.MatchBits{{Name: "name", Thousandth: 12_000, Valid: true}, {Name: "place", Thousandth: -2_000, Valid: true}, {Name: "street"}}
	return &reports.Lookup{
		HasRegister: true,
		Candidates: []reports.LookupMatch{
			{Rank: 1, SIREN: "404833048", Name: "DUPONT <TRANSPORTS>", PostalCode: "38000", City: "GRENOBLE", LegalForm: "SARL", State: "A", Probability: 912_345, Reasons: bits,
				Verdict: "review", LegalStatus: "in procedure", Severity: 9, ExternalClass: "B", OwnCustomers: 1, OwnSuppliers: 2},
			{Rank: 2, SIREN: "552081317", Name: "DUPONT", PostalCode: "75001", City: "PARIS", State: "C", Probability: 12, Reasons: bits, Verdict: "rejected"},
		},
		Company: company,
		Parties: []reports.LookupParty{
			{Entity: "ALPHA", Side: reports.Customer, ID: "C0100", Name: "Dupont & fils", City: "Grenoble", Currency: "EUR", Why: "siren", RiskClass: "C",
				Open: 150_000, Overdue: 50_000, Exposure: sql.Null[reports.Amount]{V: 160_000, Valid: true}},
			{Entity: "ALPHA", Side: reports.Supplier, ID: "F7", Name: "Dupond", Currency: "EUR", Why: "name_city", WhyEN: "same name and city", WhyFR: "même nom et même ville", Value: "DUPOND, GRENOBLE"},
		},
		PartyCount: 52,
		Accounts:   []reports.LookupAccount{{Source: "sales", ID: "001A", Name: "Dupont", City: "Grenoble", Owner: "Anne", Type: "Prospect", Link: "none", Why: "similar_name"}},
		Exposures:  []reports.CurrencyAmount{{Currency: "EUR", Amount: 160_000}},
	}, nil
}
