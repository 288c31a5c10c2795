package generation

import (
	"context"
	"database/sql"
	"errors"

	"github.com/encours/encours/warehouse/project"
)

// insertTargets fills the targets of the key figures and the customers whose
// receivables are sold.
func insertTargets(ctx context.Context, conn *sql.Conn, p *project.Project) error {
	var targets, factored [][]any
	for _, t := range p.Targets {
		targets = append(targets, []any{t.Entity, t.Measure, t.Value, t.IsCeiling})
	}
	for _, rule := range p.Factored {
		for _, pattern := range rule.Counterparties {
			factored = append(factored, []any{
				orNull(rule.Entity), pattern, projectDate(rule.Since), projectDate(rule.Until),
			})
		}
	}
	return errors.Join(
		insertRows(ctx, conn, "project_targets", targets),
		insertRows(ctx, conn, "project_factored", factored),
	)
}

func projectDate(d project.Date) any {
	if d.IsZero() {
		return nil
	}
	return d.String()
}
