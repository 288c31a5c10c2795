package reports

// creditLossDefinitions are the reports on expected losses and provisions.
func creditLossDefinitions() []definition {
	return []definition{
		{
			Definition: Definition{
				Name: "expected-credit-loss", TitleEN: "Expected credit loss", TitleFR: "Pertes de crédit attendues",
				Question: "Which loss is to be expected on what customers owe?",
			},
			query: (*View).expectedLossReport,
		},
		{
			Definition: Definition{
				Name: "provisions", TitleEN: "Provisions on customers", TitleFR: "Dépréciations des créances",
				Question: "Are the doubtful receivables covered by provisions, and what was lost this year?",
			},
			query: (*View).provisionsReport,
		},
		{
			Definition: Definition{
				Name: "doubtful-customers", TitleEN: "Doubtful customers", TitleFR: "Clients douteux",
				Question: "Which customers are doubtful, and is each covered?",
			},
			query: (*View).doubtfulReport,
		},
		{
			Definition: Definition{
				Name: "doubtful-documents", TitleEN: "Doubtful documents", TitleFR: "Factures douteuses",
				Question: "What is each doubtful document without tax, and who says so?",
			},
			query: (*View).doubtfulDocumentsReport,
		},
	}
}

// expectedLossReport has one row per cell of the provision matrix. It is about
// customers on either side.
func (v *View) expectedLossReport(AgeingFilter) (query, error) {
	own := `
    loss_ratio,
    forward_looking_factor,
    applied_ratio,
    rate_source,
    expected_loss_amount,`
	if v.selection.Entity == "" {
		own = `
    applied_ratio,
    expected_loss_amount,
    intercompany_exposure_amount,
    intercompany_loss_amount,`
	}
	mart, condition, args := v.from("mart_expected_credit_loss", "mart_group_expected_credit_loss", false)
	return query{
		selects: `
select
    entity_id,
    side,
    segment,
    bucket,
    bucket_order,
    open_amount,
    exposure_amount,
    credit_amount,
    item_count,` + own + `
from ` + mart + `
where ` + condition,
		order: "listed.segment, listed.bucket_order",
		args:  args, totals: []string{"open_amount", "exposure_amount", "credit_amount", "item_count", "expected_loss_amount"},
	}, nil
}

// provisionsReport has one row per entity.
func (v *View) provisionsReport(AgeingFilter) (query, error) {
	condition, args := v.customerScope()
	return query{
		selects: `
select
    entity_id,
    fiscal_year_start_date,
    doubtful_amount,
    told_tax_amount,
    vat_ratio,
    doubtful_excl_tax_amount,
    allowance_amount,
    coverage_ratio,
    uncovered_amount,
    opening_allowance_amount,
    charge_amount,
    reversal_amount,
    other_allowance_amount,
    write_off_amount,
    write_off_vat_amount,
    required_amount,
    shortfall_amount,
from mart_provisions
where ` + condition,
		order: "listed.entity_id", args: args,
		totals: []string{
			"doubtful_amount", "doubtful_excl_tax_amount", "allowance_amount", "charge_amount", "reversal_amount",
			"write_off_amount", "write_off_vat_amount",
		},
	}, nil
}

// doubtfulDocumentsReport has one row per item on account 416.
func (v *View) doubtfulDocumentsReport(AgeingFilter) (query, error) {
	condition, args := v.customerScope()
	if v.selection.Entity == "" {
		condition += " and not is_intercompany"
	}
	return query{
		selects: `
select
    entity_id,
    counterparty_id,
    item_id,
    document_ref,
    tax_source,
    vat_ratio,
    open_amount,
    open_excl_tax_amount,
from mart_doubtful_documents
where ` + condition,
		order: "listed.entity_id, listed.counterparty_id, listed.item_id", args: args,
		totals: []string{"open_amount", "open_excl_tax_amount"},
	}, nil
}

// doubtfulReport has one row per doubtful customer.
func (v *View) doubtfulReport(AgeingFilter) (query, error) {
	condition, args := v.customerScope()
	if v.selection.Entity == "" {
		condition += " and not is_intercompany"
	}
	return query{
		selects: `
select
    entity_id,
    counterparty_id,
    doubtful_amount,
    doubtful_excl_tax_amount,
    allowance_amount,
    coverage_ratio,
    required_amount,
    is_intercompany,
from mart_doubtful_customers
where ` + condition,
		order: "listed.entity_id, listed.counterparty_id", args: args,
		totals: []string{"doubtful_amount", "doubtful_excl_tax_amount"},
	}, nil
}
