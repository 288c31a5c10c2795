package generation

import (
	"context"
	"database/sql"
	"errors"
	"fmt"

	"github.com/encours/encours/warehouse/project"
)

// termsValues are the columns of terms from terms_code on, as project_terms and
// extract_terms have them.
func termsValues(t project.Terms) []any {
	paymentDay := func(i int) any {
		if i < len(t.PaymentDays) {
			return t.PaymentDays[i]
		}
		return nil
	}
	var discountDays any
	if t.Discount.Percent != "" {
		discountDays = t.Discount.Days
	}
	return []any{
		t.Code, string(t.Kind), t.Days, t.PlusDays, paymentDay(0), paymentDay(1),
		orNull(t.InstalmentText()), orNull(t.Discount.Percent), discountDays,
	}
}

// FillExtractTerms fills extract_terms: every text of payment terms that the extracts
// carry and persons set, read by the grammar of encours.yaml in both readings of "end of month".
// A text that is not understood stays, with nulls.
func FillExtractTerms(ctx context.Context, conn *sql.Conn) error {
	texts, err := extractTerms(ctx, conn)
	if err != nil {
		return fmt.Errorf("read payment terms of the extracts: %w", err)
	}
	var rows [][]any
	for _, text := range texts {
		for _, reading := range []project.EndOfMonth{project.DaysFirst, project.MonthFirst} {
			row := []any{string(reading), text}
			if terms, err := project.ParseTerms(text, reading); err == nil {
				row = append(row, termsValues(terms)...)
			} else {
				row = append(row, make([]any, len(termsValues(terms)))...)
			}
			rows = append(rows, row)
		}
	}
	return insertRows(ctx, conn, "extract_terms", rows)
}

func extractTerms(ctx context.Context, conn *sql.Conn) (texts []string, err error) {
	rows, err := conn.QueryContext(ctx, `
		select distinct payment_terms
		from (
			select payment_terms from counterparties
			union all select payment_terms from invoices
			union all select value from attribute_overrides where attribute = 'payment_terms'
		)
		where payment_terms is not null
		order by payment_terms`)
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, rows.Close()) }()
	for rows.Next() {
		var text string
		if err := rows.Scan(&text); err != nil {
			return nil, err
		}
		texts = append(texts, text)
	}
	return texts, rows.Err()
}
