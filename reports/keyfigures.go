package reports

import (
	"context"
	"database/sql"
	"fmt"
	"strings"
	"time"
)

// keyFigureMonths is how many month ends the page of the key figures shows.
const keyFigureMonths = 13

// Units of a key figure.
const (
	UnitAmount = "amount"
	UnitDays   = "days"
	UnitRatio  = "ratio"
	UnitNumber = "number"
	UnitCount  = "count"
)

// Figure is a number in ten-thousandths, whatever its unit; Valid is false where
// it is not known.
type Figure struct {
	TenThousandths int64
	Valid          bool
}

// Scan reads a DECIMAL, rounded to ten-thousandths; NULL is not valid.
func (f *Figure) Scan(src any) (err error) {
	*f = Figure{Valid: src != nil}
	if f.Valid {
		f.TenThousandths, _, err = fixed(src, ratioPlaces)
	}
	return err
}

// Less returns the difference of two figures, not valid where one is not.
func (f Figure) Less(other Figure) Figure {
	if !f.Valid || !other.Valid {
		return Figure{}
	}
	return Figure{TenThousandths: f.TenThousandths - other.TenThousandths, Valid: true}
}

// Amount is a figure whose unit is UnitAmount.
func (f Figure) Amount() Amount { return Amount(f.Days().Hundredths) }

// Days is a figure whose unit is UnitDays.
func (f Figure) Days() Days {
	half := int64(50)
	if f.TenThousandths < 0 {
		half = -half
	}
	return Days{Hundredths: (f.TenThousandths + half) / 100, Valid: f.Valid}
}

// Ratio is a figure whose unit is UnitRatio.
func (f Figure) Ratio() Ratio { return Ratio{BasisPoints: f.TenThousandths, Valid: f.Valid} }

// KeyFigure is one measure at one month end beside what it is compared with.
type KeyFigure struct {
	Date                                  time.Time
	Measure, Unit                         string
	Value, MonthBefore, YearBefore        Figure
	Target                                Figure // not valid: the project gives none
	HasVerdict, IsTargetMet, IsFloorValue bool   // HasVerdict: there are a target and a value
}

// KeyFigures are the measures of a selection at the last month ends.
type KeyFigures struct {
	Months   []time.Time   // latest first; the as-of date stands for its month
	Measures [][]KeyFigure // in their order; each holds one KeyFigure per month of Months
	Bridges  []DSOBridge   // of the as-of date; none for suppliers
}

// DSOBridge tells why the simple DSO moved from one date to the as-of date. The
// steps add up to the change exactly.
type DSOBridge struct {
	ComparedWith string // month_before or year_before
	From         time.Time
	FromDays     Days
	Steps        []DSOStep
	Movers       []DSOMover // the customers that moved it most, the largest first
}

// DSOStep is one effect and the DSO once it is in.
type DSOStep struct {
	Effect      string // mix, sales, overdue, not_due, credits
	Days, Level Days
}

// KeyFigures returns the monthly measures of the selection. For suppliers these
// are those of payables, without targets and bridges. Months is empty where the
// selection has nothing at the as-of date.
func (v *View) KeyFigures(ctx context.Context) (*KeyFigures, error) {
	return figure(ctx, v, "key figures", "", func() (*KeyFigures, error) {
		made := &KeyFigures{}
		if err := v.readKeyFigures(ctx, made); err != nil {
			return nil, err
		}
		if v.selection.Side == Customer {
			if err := v.readBridges(ctx, made); err != nil {
				return nil, err
			}
			if err := v.readMovers(ctx, made); err != nil {
				return nil, err
			}
		}
		return made, nil
	})
}

func (v *View) readKeyFigures(ctx context.Context, made *KeyFigures) error {
	query, args := v.keyFiguresQuery()
	at := map[string]int{}
	err := v.session.Query(ctx, func(rows *sql.Rows) error {
		var f KeyFigure
		var isMet sql.NullBool
		err := rows.Scan(&f.Date, &f.Measure, &f.Unit, &f.Value, &f.MonthBefore, &f.YearBefore, &f.Target, &isMet, &f.IsFloorValue)
		f.HasVerdict, f.IsTargetMet = isMet.Valid, isMet.Bool
		if len(made.Months) == 0 || !made.Months[len(made.Months)-1].Equal(f.Date) {
			made.Months = append(made.Months, f.Date)
		}
		i, known := at[f.Measure]
		if !known {
			i = len(made.Measures)
			at[f.Measure] = i
			made.Measures = append(made.Measures, nil)
		}
		made.Measures[i] = append(made.Measures[i], f)
		return err
	}, query, args...)
	if err == nil && len(made.Months) > 0 && !made.Months[0].Equal(v.selection.AsOf) {
		made.Months, made.Measures = nil, nil
	}
	return err
}

// keyFiguresQuery gives a row per month end, the latest first, and measure in its
// order.
func (v *View) keyFiguresQuery() (string, []any) {
	since := time.Date(v.selection.AsOf.Year(), v.selection.AsOf.Month()-keyFigureMonths+1, 1, 0, 0, 0, 0, time.UTC)
	start := sql.Named("since", since.Format(time.DateOnly))
	if v.selection.Side == Customer {
		mart, condition, args := v.from("mart_kpi_comparisons", "mart_group_kpi_comparisons", false)
		return fmt.Sprintf(keyFiguresSQL, mart, condition), append(args, start)
	}
	mart, condition, args := v.from("mart_payables_kpis_monthly", "mart_group_payables_kpis_monthly", false)
	return fmt.Sprintf(payablesFiguresSQL, strings.Join(payableEntries(), ",\n        "), mart, condition), append(args, start)
}

const keyFiguresSQL = `
select
    month_end_date, measure, unit, value, month_before_value, year_before_value, target_value,
    is_target_met, is_countback_floor,
from %s
where %s and month_end_date >= cast($since as date)
order by month_end_date desc, measure_order`

// payableMeasures are the measures of mart_payables_kpis_monthly and their units.
var payableMeasures = [][2]string{
	{"purchases_amount", UnitAmount}, {"payable_amount", UnitAmount}, {"overdue_amount", UnitAmount},
	{"unallocated_credit_amount", UnitAmount},
	{"dpo_countback_days", UnitDays}, {"dpo_simple_days", UnitDays}, {"best_possible_dpo_days", UnitDays},
	{"average_days_delinquent", UnitDays}, {"days_to_pay", UnitDays}, {"days_late", UnitDays}, {"turnover_days", UnitDays},
	{"overdue_ratio", UnitRatio}, {"lettering_coverage_ratio", UnitRatio}, {"top10_ratio", UnitRatio},
	{"turnover_ratio", UnitNumber}, {"herfindahl_index", UnitNumber}, {"effective_counterparty_count", UnitNumber},
	{"counterparty_count", UnitCount},
}

func payableEntries() []string {
	var entries []string
	for i, m := range payableMeasures {
		entries = append(entries, fmt.Sprintf("{'no': %d, 'measure': '%s', 'unit': '%s', 'value': cast(%s as decimal(20, 6))}", i, m[0], m[1], m[0]))
	}
	return entries
}

const payablesFiguresSQL = `
with
entries as materialized (
    select month_end_date, is_countback_floor, unnest([
        %s
    ]) as entry
    from %s
    where %s
)
select
    entries.month_end_date, entries.entry.measure, entries.entry.unit, entries.entry.value,
    month_before.entry.value, year_before.entry.value, null, null,
    coalesce(entries.is_countback_floor and entries.entry.measure = 'dpo_countback_days', false),
from entries
left join entries as month_before
    on month_before.month_end_date = date_trunc('month', entries.month_end_date) - interval 1 day
    and month_before.entry.no = entries.entry.no
left join entries as year_before
    on year_before.month_end_date = last_day(entries.month_end_date - interval 12 month)
    and year_before.entry.no = entries.entry.no
where entries.month_end_date >= cast($since as date)
order by entries.month_end_date desc, entries.entry.no`

func (v *View) readBridges(ctx context.Context, made *KeyFigures) error {
	mart, condition, args := v.from("mart_dso_bridge", "mart_group_dso_bridge", false)
	return v.session.Query(ctx, func(rows *sql.Rows) error {
		var bridge DSOBridge
		var step DSOStep
		err := rows.Scan(&bridge.ComparedWith, &bridge.From, &bridge.FromDays, &step.Effect, &step.Days, &step.Level)
		if n := len(made.Bridges); n == 0 || made.Bridges[n-1].ComparedWith != bridge.ComparedWith {
			made.Bridges = append(made.Bridges, bridge)
		}
		last := &made.Bridges[len(made.Bridges)-1]
		last.Steps = append(last.Steps, step)
		return err
	}, fmt.Sprintf(`
select compared_with, from_date, from_days, effect, effect_days, level_days
from %s
where %s and month_end_date = cast($as_of as date)
order by compared_with, effect_order`, mart, condition), append(args, sql.Named("as_of", day(v.selection.AsOf)))...)
}

// keyFigureDefinitions are the reports of the key figures.
func keyFigureDefinitions() []definition {
	return []definition{
		{
			Definition: Definition{
				Name: "key-figures", TitleEN: "Key figures compared", TitleFR: "Indicateurs comparés",
				Question: "How does each key figure compare with a month and a year before, and with its target?",
			},
			query: (*View).keyFiguresReport,
		},
		{
			Definition: Definition{
				Name: "dso-bridge", TitleEN: "Why DSO moved", TitleFR: "Variation du DSO",
				Question: "Why did the simple DSO of customers move between two month ends?",
			},
			query: (*View).bridgeReport,
		},
		{
			Definition: Definition{
				Name: "dso-customers", TitleEN: "Customers that moved DSO", TitleFR: "Clients à l’origine de la variation du DSO",
				Question: "Which customers moved the simple DSO, by their weight in sales or by paying later?",
			},
			query: (*View).moversReport,
		},
		{
			Definition: Definition{
				Name: "factored-documents", TitleEN: "Sold documents", TitleFR: "Factures cédées",
				Question: "Which documents are sold to a factor or discounted, and which lines of the list do not count?",
			},
			query: (*View).factoredDocumentsReport,
		},
	}
}

// keyFiguresReport has one row per month end and measure. For suppliers, who have
// no targets, it has the monthly figures of payables instead.
func (v *View) keyFiguresReport(filter AgeingFilter) (query, error) {
	if v.selection.Side == Supplier {
		return v.kpisReport(filter)
	}
	mart, condition, args := v.from("mart_kpi_comparisons", "mart_group_kpi_comparisons", false)
	return query{
		selects: fmt.Sprintf(`
select
    entity_id,
    month_end_date,
    measure,
    measure_order,
    unit,
    value,
    month_before_value,
    month_change_value,
    year_before_value,
    year_change_value,
    target_value,
    target_gap_value,
    is_target_met,
    is_countback_floor,
from %s
where %s`, mart, condition),
		order: "listed.entity_id, listed.month_end_date, listed.measure_order", args: args,
	}, nil
}

// bridgeReport has one row per pair of month ends and effect. Suppliers have no
// DSO: for them it has no row.
func (v *View) bridgeReport(AgeingFilter) (query, error) {
	mart, condition, args := v.from("mart_dso_bridge", "mart_group_dso_bridge", false)
	if v.selection.Side == Supplier {
		condition += " and false"
	}
	return query{
		selects: fmt.Sprintf(`
select
    entity_id,
    month_end_date,
    compared_with,
    effect,
    effect_order,
    from_date,
    from_days,
    effect_days,
    level_days,
from %s
where %s`, mart, condition),
		order: "listed.entity_id, listed.month_end_date, listed.compared_with, listed.effect_order", args: args,
	}, nil
}

// lettering reads how much of the credits of twelve months is matched at the as-of
// date; not valid where there was no credit.
func (v *View) lettering(ctx context.Context) (Ratio, error) {
	return figure(ctx, v, "lettering coverage", "", func() (ratio Ratio, err error) {
		mart, condition, args := v.from("mart_lettering_coverage", "mart_group_lettering_coverage", true)
		err = v.session.Query(ctx, func(rows *sql.Rows) error { return rows.Scan(&ratio) },
			fmt.Sprintf("select lettering_coverage_ratio from %s where %s", mart, condition), args...)
		return ratio, err
	})
}
