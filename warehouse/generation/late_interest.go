package generation

import (
	"context"
	"database/sql"
	"errors"

	"github.com/encours/encours/warehouse/project"
)

// insertLateInterest fills what encours.yaml says of late interest: one row per
// rule and pattern, in the order of the file.
func insertLateInterest(ctx context.Context, conn *sql.Conn, p *project.Project) error {
	var rules, insolvencies [][]any
	for i, rule := range p.LateInterest {
		for _, pattern := range rule.Counterparties {
			rules = append(rules, []any{
				i + 1, orNull(rule.Entity), orNull(rule.Side), globPattern(pattern), orNull(rule.Rate), orNull(rule.Regime),
			})
		}
	}
	for _, rule := range p.Insolvencies {
		for _, pattern := range rule.Counterparties {
			insolvencies = append(insolvencies, []any{
				orNull(rule.Entity), orNull(rule.Side), globPattern(pattern), rule.OpenedOn.String(),
				publishedOn(rule),
			})
		}
	}
	return errors.Join(
		insertRows(ctx, conn, "project_late_interest", rules),
		insertRows(ctx, conn, "project_insolvencies", insolvencies),
	)
}

// publishedOn is the day on which a judgment was published, if the project tells it.
func publishedOn(rule project.Insolvency) any {
	if rule.PublishedOn.IsZero() {
		return nil
	}
	return rule.PublishedOn.String()
}
