package webtest

import (
	"context"
	"database/sql"
	"time"

	"github.com/encours/encours/reports"
)

// matches are invented: a customer with two candidates, and one that was accepted.
func matches() []reports.MatchRow {
	bits := func(values ...int64) (reasons []reports.MatchBits) {
		for i, name := range []string{"name", "place", "street", "form", "activity", "state"} {
			if i < len(values) {
				reasons = append(reasons, reports.MatchBits{Name: name, Thousandth: values[i], Valid: true})
				continue
			}
			reasons = append(reasons, reports.MatchBits{Name: name})
		}
		return reasons
	}
	noted := time.Date(2026, time.January, 15, 8, 0, 0, 0, time.UTC)
	return []reports.MatchRow{
		{
			Entity: "ALPHA", Side: reports.Customer, ID: "C0100", Rank: 1, SIREN: "552081317",
			Own: reports.MatchParty{Name: "Dupont & Fils", PostalCode: "75001", City: "Paris"}, Candidate: reports.MatchParty{Name: "DUPONT ET FILS SARL", PostalCode: "75001", City: "PARIS"},
			LegalForm: "5499", State: "A", Method: "name", Probability: 912_345, HasProbability: true, Margin: sql.NullInt64{Int64: 4000, Valid: true},
			Reasons: bits(9_500, 6_200, -500, -1_200), Verdict: "review", Open: 1_234_567, Currency: "EUR", IsBuilt: true,
		},
		{
			Entity: "ALPHA", Side: reports.Customer, ID: "C0100", Rank: 2, SIREN: "404833048", SIRET: "40483304800022",
			Own: reports.MatchParty{Name: "Dupont & Fils", PostalCode: "75001", City: "Paris"}, Candidate: reports.MatchParty{Name: "DUPONT", PostalCode: "69001", City: "LYON"},
			State: "C", Method: "name", Probability: 120_000, HasProbability: true, Reasons: bits(3_000, -7_000), Verdict: "rejected", Open: 1_234_567, Currency: "EUR", IsBuilt: true,
		},
		{
			Entity: "ALPHA", Side: reports.Customer, ID: "C0114", Rank: 1, SIREN: "216901231",
			Own: reports.MatchParty{Name: "Ville de Lyon"}, Candidate: reports.MatchParty{Name: "COMMUNE DE LYON", PostalCode: "69001", City: "LYON"},
			State: "A", Method: "name", Probability: 999_990, HasProbability: true, Reasons: bits(5_000), Verdict: "review", Open: 9_015, Currency: "EUR",
			Decision: "accept", By: "Anne", Note: "called them", On: noted, Seen: 7, DecidedAs: "OLD114",
			History: []reports.MatchEvent{{Decision: "reject", By: "Bruno", At: noted.AddDate(0, 0, -1)}, {Decision: "accept", By: "Anne", Note: "called them", At: noted}},
		},
	}
}

// Matches implements web.View.
func (v *view) Matches(_ context.Context, filter reports.MatchFilter) (*reports.Matches, error) {
	if v.fake.ViewErr != nil {
		return nil, v.fake.ViewErr
	}
	made := &reports.Matches{HasMatching: !v.fake.Older, CanDecide: true}
	for _, row := range matches() {
		if v.fake.Empty || v.fake.Older || v.sel.Side != row.Side || v.sel.Entity != "" && v.sel.Entity != row.Entity {
			continue
		}
		made.All++
		if row.Decision == "" && row.Verdict == "review" {
			made.Undecided++
		}
		if !row.IsBuilt {
			made.Unbuilt++
		}
		if (filter.Verdict == "" || filter.Verdict == row.Verdict) && (!filter.Undecided || row.Decision == "") && (filter.Customer == "" || filter.Customer == row.ID) {
			made.Rows = append(made.Rows, row)
		}
	}
	made.Count = int64(len(made.Rows))
	return made, nil
}
