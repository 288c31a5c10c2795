package webtest

import (
	"context"
	"time"

	"github.com/encours/encours/reports"
)

// Legal implements web.View: C0100 of ALPHA is in a procedure, nobody else is known.
func (v *view) Legal(_ context.Context, entity, _, id string) (*reports.Legal, error) {
	if v.fake.ViewErr != nil {
		return nil, v.fake.ViewErr
	}
	if v.fake.Empty || entity != "ALPHA" || id != "C0100" {
		return nil, nil
	}
	day := func(month time.Month, day int) time.Time { return time.Date(2025, month, day, 0, 0, 0, 0, time.UTC) }
	return &reports.Legal{
		Siren: "552081317", Status: "in procedure", Severity: 10, Procedure: "liquidation", Opened: day(time.March, 3), Published: day(time.March, 14),
		LastAccounts: day(time.January, 31), IsLate: true, EventCount: 40, ChangeCount: 1,
		Events: []reports.LegalNotice{
			{ID: "A202500511", Role: "subject", Event: "liquidation", LabelEN: "liquidation", LabelFR: "liquidation judiciaire", Nature: "<b>Jugement</b> d'ouverture",
				URL: "https://www.bodacc.fr/a", Published: day(time.March, 14), Date: day(time.March, 3), Severity: 10},
			{ID: "A202500400", Role: "subject", Event: "other", LabelEN: "other notice", LabelFR: "autre annonce", URL: "javascript:alert(1)", Published: day(time.February, 1), Severity: 1},
		},
		Changes: []reports.CompanyChange{{Kind: "address", Old: "69001 LYON", New: "75008 PARIS", Source: "sirene", Date: day(time.April, 1), Known: day(time.April, 2)}},
	}, nil
}
