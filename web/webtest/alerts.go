package webtest

import (
	"context"
	"slices"
	"time"

	"github.com/encours/encours/reports"
)

// alerts are invented: a limit, a jump that was acknowledged, the data of an entity, and
// one that has ended.
func alerts() []reports.AlertRow {
	value := func(number int64) reports.AlertValue { return reports.AlertValue{Number: number, Valid: true} }
	noted := time.Date(2026, time.January, 15, 8, 0, 0, 0, time.UTC)
	seen := reports.AlertEvent{At: noted.AddDate(0, 0, -1), AsOf: day(2025, time.December, 30), Kind: "seen"}
	rows := []reports.AlertRow{
		{
			Key: "00000000000000a1", Entity: "ALPHA", Side: reports.Customer, ID: "C0100", Name: "Dupont & Fils", Rule: "LIMIT_EXCEEDED", Severity: 8,
			Event: day(2025, time.December, 20), Unit: "amount", Old: value(100_000_000), New: value(125_000_000), AtStake: 250_000,
			Sentence: reports.Reason{EN: "The credit limit of 10,000.00 EUR is exceeded", FR: "La limite de crédit de 10 000,00 EUR est dépassée"},
			State:    reports.AlertNew, FirstSeen: LastDate, LastSeen: LastDate,
		},
		{
			Key: "00000000000000a2", Entity: "ALPHA", Side: reports.Customer, ID: "C0114", Name: "Ville de Lyon", Rule: "OVERDUE_JUMP", Severity: 6,
			Event: day(2025, time.December, 11), Unit: "ratio", Old: value(1_000), New: value(3_500), AtStake: 9_015,
			Sentence: reports.Reason{EN: "The share overdue went from 10 % to 35 %", FR: "La part échue est passée de 10 % à 35 %"},
			State:    reports.AlertAcknowledged, FirstSeen: seen.AsOf, LastSeen: LastDate, Note: "rappellera", Author: "Anne", Changed: noted,
			History: []reports.AlertEvent{seen, {At: noted, Kind: "acknowledged", Author: "Anne", Note: "rappellera"}},
		},
		{
			Key: "00000000000000a3", Entity: "BETA", Side: reports.Customer, Rule: "STALE_DATA", Severity: 5, Event: day(2025, time.October, 1), Unit: "days",
			New: value(910_000), Sentence: reports.Reason{EN: "Nothing has been booked for 91 days", FR: "Aucune écriture depuis 91 jours"},
			State: reports.AlertOpen, FirstSeen: seen.AsOf, LastSeen: LastDate,
		},
		{
			Key: "00000000000000a4", Entity: "ALPHA", Side: reports.Customer, ID: "C0100", Rule: "SCORE_DROP", Severity: 7, Event: day(2025, time.October, 31),
			Unit: "class", Old: value(20_000), New: value(30_000), AtStake: 100_000,
			Sentence: reports.Reason{EN: "The risk class went from B to C", FR: "La classe de risque est passée de B à C"},
			State:    reports.AlertEnded, FirstSeen: day(2025, time.November, 30), LastSeen: day(2025, time.November, 30),
		},
	}
	for i := range rows {
		rows[i].IsRecorded = true
	}
	return rows
}

// Alerts implements web.View.
func (v *view) Alerts(_ context.Context, filter reports.AlertFilter) (*reports.Alerts, error) {
	if v.fake.ViewErr != nil {
		return nil, v.fake.ViewErr
	}
	made := &reports.Alerts{HasStates: v.sel.AsOf.Equal(LastDate) && v.fake.StatesErr == nil, StatesErr: v.fake.StatesErr}
	counts := map[string]int64{}
	for _, row := range alerts() {
		gone := row.State == reports.AlertEnded || row.State == reports.AlertClosed
		if v.fake.Empty || v.sel.Side != row.Side || v.sel.Entity != "" && v.sel.Entity != row.Entity || gone && !made.HasStates {
			continue
		}
		counts[row.State]++
		if !made.HasStates {
			row.State, row.IsRecorded, filter.State = "", false, reports.AlertAll
		}
		if (filter.Rule == "" || filter.Rule == row.Rule) && row.Severity >= int64(filter.Severity) &&
			(filter.State == reports.AlertAll || filter.State == row.State || filter.State == "" && !gone) {
			made.Rows = append(made.Rows, row)
			made.Rules = append(made.Rules, reports.AlertCount{Name: row.Rule, Count: 1})
		}
	}
	slices.SortStableFunc(made.Rows, func(a, b reports.AlertRow) int { return int(b.Severity - a.Severity) })
	for _, state := range reports.AlertStates() {
		if made.HasStates && state != reports.AlertAll {
			made.States = append(made.States, reports.AlertCount{Name: state, Count: counts[state]})
		}
	}
	made.Count = int64(len(made.Rows))
	return made, nil
}
