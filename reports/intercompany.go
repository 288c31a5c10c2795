package reports

import (
	"context"
	"database/sql"
	"fmt"
)

// withoutSisters narrows a condition on a relation with entity_id and counterparty_id:
// for the group, intercompany counterparties are left out.
func (v *View) withoutSisters(relation, side, condition string) string {
	if v.selection.Entity != "" {
		return condition
	}
	return condition + " and not " + sisters(relation, side)
}

// onlySisters is what withoutSisters leaves out.
func (v *View) onlySisters(relation, side, condition string) string {
	if v.selection.Entity != "" {
		return condition + " and false"
	}
	return condition + " and " + sisters(relation, side)
}

func sisters(relation, side string) string {
	return fmt.Sprintf(`exists (
        select 1 from dim_counterparties as sisters
        where
            sisters.is_intercompany
            and sisters.side = '%[2]s'
            and sisters.entity_id = %[1]s.entity_id
            and sisters.counterparty_id = %[1]s.counterparty_id
    )`, relation, side)
}

// leftOut adds a column up over the rows of a mart that figures of the group leave
// out because they are between its entities; 0 for an entity.
func (v *View) leftOut(ctx context.Context, mart, column, condition string, args []any) (Amount, error) {
	return figure(ctx, v, mart+" left out", column+condition, func() (amount Amount, err error) {
		err = v.session.Query(ctx, func(rows *sql.Rows) error { return rows.Scan(&amount) },
			fmt.Sprintf("select cast(coalesce(sum(%s), 0) as decimal(18, 2)) from %s where %s", column, mart, condition), args...)
		return amount, err
	})
}

func (v *View) disputesLeftOut(ctx context.Context) (Amount, error) {
	condition, args := v.entityScope()
	return v.leftOut(ctx, "mart_disputes", "in_dispute_amount", v.onlySisters("mart_disputes", Customer, condition), args)
}

func (v *View) promisesLeftOut(ctx context.Context) (Amount, error) {
	condition, args := v.entityScope()
	return v.leftOut(ctx, "mart_promises", "promised_amount", v.onlySisters("mart_promises", Customer, condition), args)
}

func (v *View) deductionsLeftOut(ctx context.Context) (Amount, error) {
	within := v.scope()
	return v.leftOut(ctx, "mart_counterparty_deductions", "deduction_amount",
		v.onlySisters("mart_counterparty_deductions", v.selection.Side, within.condition), within.args)
}

func (v *View) exposureLeftOut(ctx context.Context) (Amount, error) {
	condition, args := v.entityScope()
	return v.leftOut(ctx, "mart_exposure", "exposure_amount", v.onlySisters("mart_exposure", Customer, condition), args)
}
