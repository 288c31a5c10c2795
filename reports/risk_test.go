package reports

import (
	"context"
	"reflect"
	"testing"
	"time"
)

// TestScoreOfOneIsThatOfTheList: the page of a counterparty reads less than the list,
// at the date of the generation and at another; the figures are the same, and the
// points add up.
func TestScoreOfOneIsThatOfTheList(t *testing.T) {
	ctx := context.Background()
	for _, asOf := range []time.Time{{}, time.Date(2025, 10, 15, 0, 0, 0, 0, time.UTC)} {
		view := open(t, Selection{AsOf: asOf})
		risks, err := view.Risks(ctx, RiskFilter{})
		if err != nil || len(risks.Rows) == 0 {
			t.Fatalf("%d rows: %v", len(risks.Rows), err)
		}
		for _, row := range risks.Rows {
			score, err := view.Score(ctx, row.Entity, row.Side, row.ID)
			if err != nil || score == nil {
				t.Fatalf("score of %s: %v", row.ID, err)
			}
			if !reflect.DeepEqual(score.RiskRow, row) {
				t.Errorf("at %s the page says %+v, the list %+v", day(asOf), score.RiskRow, row)
			}
			sum := Days{Valid: len(score.Factors) > 0}
			for _, f := range score.Factors {
				sum.Hundredths += f.Earned.Hundredths
			}
			if sum != row.Score {
				t.Errorf("%s: points %v, score %v", row.ID, sum, row.Score)
			}
		}
		if _, err := view.Risks(ctx, RiskFilter{Class: "F"}); err == nil {
			t.Error("a class F is accepted")
		}
	}
}
