package webtest

import (
	"context"

	"github.com/encours/encours/reports"
)

// Identity implements web.View.
func (v *view) Identity(context.Context, string, string, string) (*reports.Identity, error) {
	if v.fake.ViewErr != nil || v.fake.Empty {
		return &reports.Identity{}, v.fake.ViewErr
	}
	return &reports.Identity{
		Method: "siren", Probability: reports.Ratio{BasisPoints: 9950, Valid: true},
		Attributes: []reports.Attribute{
			{Name: "name", Value: "Atelier Test", Source: "erp"},
			{Name: "postal_code", Value: "75001", Source: "erp", Others: "sirene: 69002", IsConflict: true},
		},
		Duplicates: []reports.Duplicate{{Entity: "ALPHA", ID: "C0101", Name: "ATELIER TEST", RuleEN: "the same company (SIREN)", RuleFR: "la même entreprise (SIREN)", Value: "552081317"}},
	}, nil
}
