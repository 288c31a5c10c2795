package reports

import (
	"testing"
)

// The customers of the group at 31 December owe 1,300.00, 300.10 and 250.00: shares
// of 1,850.10 are 0.7027, 0.1622 and 0.1351; squares x 10,000 add up to 5,383.08, or
// 1.86 customers of equal size.
func TestConcentrationOfTheGroup(t *testing.T) {
	c, err := open(t, Selection{}).Concentration(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	if c.Count != 3 || c.Positive != 185010 || c.Herfindahl.Hundredths != 538308 || c.Effective.Hundredths != 186 {
		t.Errorf("concentration %+v", c)
	}
	if first := c.Rows[0]; first.Entity != "ALPHA" || first.ID != "C1" || first.Open != 130000 || first.Share.BasisPoints != 7027 {
		t.Errorf("first %+v", first)
	}
	if last := c.Rows[2]; last.Entity != "BETA" || last.Cumulated.BasisPoints != 10000 {
		t.Errorf("last %+v", last)
	}
}

// At 30 November C1 owes 1,000.00 of 1 October, due 31 October: not due at 31 October
// and 30 days late a month later; nothing else was open at 31 October.
func TestRollRatesAndCohorts(t *testing.T) {
	v := open(t, Selection{Entity: "ALPHA", AsOf: on("2024-12-15")})
	rolls, err := v.RollRates(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	if len(rolls.Months) != 1 || len(rolls.Rates) != 8 {
		t.Fatalf("%d months, %d steps", len(rolls.Months), len(rolls.Rates))
	}
	if m := rolls.Months[0]; !m.Date.Equal(on("2024-11-30")) || m.From != "not_due" || m.FromAmount != 100000 || m.ToAmount != 100000 || m.Roll.BasisPoints != 10000 {
		t.Errorf("month %+v", m)
	}
	if r := rolls.Rates[1]; r.From != "1-30" || r.To != "31-60" || r.Roll.Valid || r.Loss.Valid {
		t.Errorf("step %+v", r)
	}
	cells, err := v.BillingCohorts(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	want := []CohortCell{
		{Date: on("2024-10-31"), AfterDays: 0, Invoiced: 100000, Sales: 100000, Unpaid: 100000, Share: Ratio{10000, true}},
		{Date: on("2024-10-31"), AfterDays: 30, Invoiced: 100000, Sales: 100000, Unpaid: 100000, Share: Ratio{10000, true}},
		{Date: on("2024-11-30"), AfterDays: 0, Invoiced: 30010, Sales: 30010, Unpaid: 30010, Share: Ratio{10000, true}},
	}
	if len(cells) != len(want) {
		t.Fatalf("cells %+v", cells)
	}
	for i := range want {
		if cells[i] != want[i] {
			t.Errorf("cell %+v, want %+v", cells[i], want[i])
		}
	}
}

func TestAgeingViewsOfNothing(t *testing.T) {
	v := open(t, Selection{Entity: "NONE"})
	rolls, err := v.RollRates(t.Context())
	if err != nil || len(rolls.Rates)+len(rolls.Months) > 0 {
		t.Errorf("roll rates %+v, %v", rolls, err)
	}
	if cells, err := v.BillingCohorts(t.Context()); err != nil || len(cells) > 0 {
		t.Errorf("cohorts %+v, %v", cells, err)
	}
	if c, err := v.Concentration(t.Context()); err != nil || len(c.Rows) > 0 || c.Effective.Valid {
		t.Errorf("concentration %+v, %v", c, err)
	}
}
