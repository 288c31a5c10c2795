package reports

import (
	"context"
	"database/sql"
	"fmt"
	"strings"

	"github.com/xuri/excelize/v2"

	"github.com/encours/encours/reports/termsfile"
)

func paymentTermsDefinitions() []definition {
	return []definition{
		{
			Definition: Definition{
				Name: "payment-terms-report", TitleEN: "Payment terms (D. 441-6)", TitleFR: "Délais de paiement (D. 441-6)",
				Question: "How late are the invoices received and issued, as the management report must say?",
			},
			query: (*View).termsReport, isTerms: true, draw: drawTerms, document: (*View).termsDocument,
		},
		{
			Definition: Definition{
				Name: "payment-terms-invoices", TitleEN: "Invoices of the payment-terms table", TitleFR: "Factures du tableau des délais de paiement",
				Question: "Which invoices stand in the payment-terms table, and in which cell?",
			},
			query: (*View).termsInvoicesReport, isTerms: true,
		},
		{
			Definition: Definition{
				Name: "payment-terms-breaches", TitleEN: "Terms beyond the legal cap", TitleFR: "Délais convenus au-delà du plafond légal",
				Question: "Which agreed payment terms does the law not allow?",
			},
			query: (*View).termsBreachesReport, isTerms: true,
		},
	}
}

// termsReport has one row per entity, table, side, line and column.
func (v *View) termsReport(filter AgeingFilter) (query, error) {
	terms, err := v.complete(filter.Terms)
	if err != nil {
		return query{}, err
	}
	condition, args := v.qualityScope()
	return query{
		selects: `
select
    entity_id,
    table_no,
    side,
    tax,
    line_order,
    line_code,
    bucket_order,
    bucket,
    fiscal_year_start_date,
    invoice_count,
    invoice_amount,
    base_amount,
    invoice_ratio,
from mart_payment_terms_report
where tax = $tax and ` + condition,
		order: "listed.entity_id, listed.table_no, listed.side desc, listed.line_order, listed.bucket_order",
		args:  append(args, sql.Named("tax", terms.Tax)),
	}, nil
}

// termsInvoicesReport has one row per table and invoice in it.
func (v *View) termsInvoicesReport(filter AgeingFilter) (query, error) {
	terms, err := v.complete(filter.Terms)
	if err != nil {
		return query{}, err
	}
	condition, args := v.qualityScope()
	conditions := []string{strings.ReplaceAll(condition, "entity_id", "listed_items.entity_id")}
	only := func(column, name string, value any) {
		conditions = append(conditions, fmt.Sprintf("listed_items.%s = $%s", column, name))
		args = append(args, sql.Named(name, value))
	}
	if terms.Table != 0 {
		only("table_no", "table", terms.Table)
	}
	if terms.Side != "" {
		only("side", "terms_side", terms.Side)
	}
	if terms.Line != "" {
		only("line_code", "line", terms.Line)
	}
	switch terms.Bucket {
	case "":
	case "total":
		conditions = append(conditions, "listed_items.bucket <> '0'")
	default:
		only("bucket", "bucket", terms.Bucket)
	}
	return query{
		selects: fmt.Sprintf(termsInvoicesSQL, terms.Tax, strings.Join(conditions, " and ")),
		order:   "listed.entity_id, listed.table_no, listed.side desc, listed.line_code desc, listed.late_days, listed.item_id",
		args:    args, totals: []string{"invoice_amount"},
	}, nil
}

const termsInvoicesSQL = `
select
    listed_items.entity_id,
    cast(listed_items.table_no as integer) as table_no,
    listed_items.side,
    accounts.counterparty_id,
    coalesce(names.counterparty_name, accounts.counterparty_id) as counterparty_name,
    listed_items.item_key %% 1000000000000000 as item_id,
    items.document_ref,
    cast(items.item_type as varchar) as item_type,
    items.issue_date,
    items.due_date,
    cast(items.due_date_source as varchar) as due_date_source,
    case when items.closed_on <= params.as_of then items.closed_on end as settled_date,
    listed_items.line_code,
    listed_items.bucket,
    listed_items.late_days,
    listed_items.terms_basis,
    listed_items.%[1]s_tax_amount as invoice_amount,
    '%[1]s' as tax,
    listed_items.is_tax_estimated,
    accounts.is_intercompany,
from int_payment_terms_items as listed_items
cross join params
inner join int_items as items on items.item_key = listed_items.item_key
inner join int_accounts as accounts on accounts.account_key = items.account_key
left join dim_counterparties as names
    on names.entity_id = accounts.entity_id
    and names.side = accounts.side
    and names.counterparty_id = accounts.counterparty_id
where %[2]s`

// termsBreachesReport has one row per invoice whose agreed term is beyond the cap.
func (v *View) termsBreachesReport(filter AgeingFilter) (query, error) {
	terms, err := v.complete(filter.Terms)
	if err != nil {
		return query{}, err
	}
	condition, args := v.qualityScope()
	condition = strings.ReplaceAll(condition, "entity_id", "breaches.entity_id")
	if terms.Side != "" {
		condition += " and breaches.side = $terms_side"
		args = append(args, sql.Named("terms_side", terms.Side))
	}
	return query{
		selects: `
select
    breaches.entity_id,
    breaches.side,
    breaches.counterparty_id,
    coalesce(names.counterparty_name, breaches.counterparty_id) as counterparty_name,
    breaches.item_id,
    breaches.document_ref,
    breaches.issue_date,
    breaches.due_date,
    breaches.cap_date,
    breaches.due_date_source,
    breaches.category,
    breaches.article,
    breaches.term_days,
    breaches.beyond_days,
    breaches.invoice_amount,
    breaches.open_amount,
    breaches.is_intercompany,
from mart_payment_terms_breaches as breaches
left join dim_counterparties as names
    on names.entity_id = breaches.entity_id
    and names.side = breaches.side
    and names.counterparty_id = breaches.counterparty_id
where ` + condition,
		order: "listed.side desc, listed.beyond_days desc, listed.entity_id, listed.item_id",
		args:  args, totals: []string{"invoice_amount", "open_amount"},
	}, nil
}

// drawTerms draws tables I and II of each entity in the layout of the law.
func drawTerms(ctx context.Context, v *View, filter AgeingFilter) func(*excelize.File) error {
	return func(file *excelize.File) error {
		all, err := v.PaymentTerms(ctx, filter.Terms.Tax)
		if err != nil {
			return err
		}
		for _, of := range all {
			both, err := v.proofs(ctx, of.Entity)
			if err != nil {
				return err
			}
			isProved := both[Supplier].Status == Proved && both[Customer].Status == Proved
			for _, t := range of.Tables {
				if err := termsfile.Draw(file, v.termsSheet(of, t, isProved)); err != nil {
					return fmt.Errorf("draw table %d of %q: %w", t.No, of.Entity, err)
				}
			}
		}
		return nil
	}
}

func (v *View) termsSheet(of PaymentTerms, t TermsTable, isProved bool) termsfile.Sheet {
	made := termsfile.Sheet{
		Entity: of.Entity, Name: of.Name, Currency: of.Currency, IsTaxExcluded: of.Tax == TaxExcluded,
		From: of.FiscalYearStart, To: v.selection.AsOf, No: t.No,
		IsProved: isProved,
	}
	for i, half := range t.Halves() {
		line := func(code string) termsfile.Sum {
			sum := half.Line(code)
			return termsfile.Sum{Count: sum.Count, Amount: int64(sum.Amount)}
		}
		h := termsfile.Half{
			Base: int64(half.Base), Excluded: line("excluded"), Disputed: line("disputed"), Unbooked: line("unbooked"),
			Contractual: line("contractual"), Legal: line("legal"), TaxEstimated: line("tax_estimated"),
			LeftOut: line("left_out"), Undated: line("undated"),
		}
		for _, cell := range half.Cells {
			h.Cells = append(h.Cells, termsfile.Cell{
				Sum:         termsfile.Sum{Count: cell.Count, Amount: int64(cell.Amount)},
				BasisPoints: cell.Ratio.BasisPoints, HasRatio: cell.Ratio.Valid,
			})
		}
		made.Halves[i] = h
	}
	return made
}
