package ingest

import (
	"slices"
	"strings"
)

// The blocks of data about companies: groups of fields of which a project chooses
// those that come in.
const (
	BlockIdentity   = "identity"   // who the company is: names, numbers, addresses
	BlockActivity   = "activity"   // what it does, and in which legal form
	BlockSize       = "size"       // how many work for it
	BlockEvents     = "events"     // what happened to it
	BlockFinancials = "financials" // its accounts
	BlockScores     = "scores"     // what agencies and insurers think of it
)

var blockNames = []string{BlockIdentity, BlockActivity, BlockSize, BlockEvents, BlockFinancials, BlockScores}

// BlockNames lists the blocks.
func BlockNames() []string { return slices.Clone(blockNames) }

// blockKeys are the columns by which rows are told apart, or without which there is
// none: they come in with every block.
var blockKeys = columnsOf(map[string]string{
	"crm_accounts":         "crm_id name account_number erp_entity_id parent_crm_id owner_id owner_name siren siret vat_number duns modified_on is_deleted",
	"legal_units":          "siren",
	"establishments":       "siret siren",
	"legal_unit_periods":   "siren valid_from valid_to",
	"successions":          "predecessor_siret successor_siret succession_date",
	"legal_events":         "notice_id siren role notice_type corrects_id published_on",
	"ratings":              "provider subject_id rating_date siren vat_number duns counterparty_id erp_entity_id",
	"credit_insurance":     "policy_id counterparty_id siren limit_amount valid_from",
	"financial_ratios":     "siren closing_date accounts_type",
	"financial_statements": "siren closing_date accounts_type",
})

// blockColumns are the other columns, by dataset and block.
var blockColumns = map[string]map[string][]string{
	"crm_accounts": columnsOf(map[string]string{
		BlockIdentity:   "street postal_code city region country phone email website",
		BlockActivity:   "account_type industry",
		BlockSize:       "employees",
		BlockEvents:     "created_on",
		BlockFinancials: "annual_revenue currency",
		BlockScores:     "payment_terms credit_limit",
	}),
	"legal_units": columnsOf(map[string]string{
		BlockIdentity: "diffusion_status name acronym usual_name_1 usual_name_2 usual_name_3 last_name usage_name first_name head_office_nic is_purged updated_on",
		BlockActivity: "legal_form_code naf_code naf_nomenclature naf25_code",
		BlockSize:     "headcount_band headcount_year company_category is_employer",
		BlockEvents:   "legal_state state_since created_on",
	}),
	"establishments": columnsOf(map[string]string{
		BlockIdentity: "diffusion_status is_head_office sign_1 sign_2 sign_3 usual_name address_complement street_number street_repetition " +
			"street_type street_name postal_code city city_abroad commune_code cedex_code country updated_on",
		BlockActivity: "naf_code",
		BlockSize:     "headcount_band is_employer",
		BlockEvents:   "state state_since created_on",
	}),
	"legal_unit_periods": columnsOf(map[string]string{
		BlockIdentity: "name last_name head_office_nic",
		BlockActivity: "legal_form_code naf_code",
		BlockSize:     "is_employer",
		BlockEvents:   "legal_state",
	}),
	"successions": columnsOf(map[string]string{
		BlockEvents: "is_head_office_transfer is_economic_continuity processed_on",
	}),
	"legal_events": columnsOf(map[string]string{
		BlockIdentity:   "name is_person postal_code city",
		BlockEvents:     "bulletin issue notice_number event_date family nature details court price_amount url",
		BlockFinancials: "closing_date deposit_type is_confidential",
	}),
	"ratings": columnsOf(map[string]string{
		BlockIdentity:   "name country",
		BlockEvents:     "status collective_event event_date privilege_social_amount privilege_tax_amount",
		BlockFinancials: "last_accounts_date sales net_income equity",
		BlockScores:     "score_raw scale_min scale_max score_100 class limit_amount limit_currency payment_delay_days report_url",
	}),
	"credit_insurance": columnsOf(map[string]string{
		BlockScores: "currency quota_ratio valid_to cover_status declaration_days requested_amount reason",
	}),
	"financial_ratios": columnsOf(map[string]string{
		BlockFinancials: "sales gross_margin ebitda ebit net_income debt_percent liquidity_percent age_percent equity_percent " +
			"working_capital_percent interest_cover_percent cash_flow_percent repayment_ratio ebitda_percent pretax_percent " +
			"working_capital_days inventory_days customer_days supplier_days confidentiality",
	}),
	"financial_statements": columnsOf(map[string]string{
		BlockFinancials: "published_on currency months sales purchases value_added personnel_cost ebitda ebit financial_charges net_income " +
			"total_assets current_assets inventory receivables cash equity retained_earnings permanent_capital total_debt financial_debt " +
			"current_liabilities market_equity is_listed is_industrial is_confidential",
	}),
}

func columnsOf(texts map[string]string) map[string][]string {
	columns := make(map[string][]string, len(texts))
	for name, text := range texts {
		columns[name] = strings.Fields(text)
	}
	return columns
}

// HasBlocks says whether the columns of a dataset belong to blocks.
func HasBlocks(dataset string) bool { return blockColumns[dataset] != nil }

// BlockOf is the block of a column; empty for a key. ok is false where the dataset
// has no blocks or no such column.
func BlockOf(dataset, column string) (block string, ok bool) {
	if slices.Contains(blockKeys[dataset], column) {
		return "", true
	}
	for block, columns := range blockColumns[dataset] {
		if slices.Contains(columns, column) {
			return block, true
		}
	}
	return "", false
}

// Blocks are those that a source chose; none at all means every one.
type Blocks []string

// Takes says whether anything of a dataset is chosen: whether one of its blocks is. A
// dataset without blocks is taken.
func (b Blocks) Takes(dataset string) bool {
	if len(b) == 0 || !HasBlocks(dataset) {
		return true
	}
	for block := range blockColumns[dataset] {
		if slices.Contains(b, block) {
			return true
		}
	}
	return false
}

// Column says whether a column comes in: a key does, whatever is chosen.
func (b Blocks) Column(dataset, column string) bool {
	if len(b) == 0 || !HasBlocks(dataset) {
		return true
	}
	block, ok := BlockOf(dataset, column)
	return ok && (block == "" || slices.Contains(b, block))
}

// Fields marks those fields of a dataset that do not come in.
func (b Blocks) Fields(dataset string, fields []Field) []Field {
	fields = slices.Clone(fields)
	for i := range fields {
		fields[i].LeftOut = !b.Column(dataset, fields[i].Name)
	}
	return fields
}

// Rejects passes rejects on without what was not chosen: a record is never kept as it
// stands, nor a value or a message about a column that does not come in. fields are
// those that Fields marked; without any, the reader names only columns that come in.
func (b Blocks) Rejects(fields []Field, reject func(Reject) error) func(Reject) error {
	if len(b) == 0 {
		return reject
	}
	return func(r Reject) error {
		r.Raw = ""
		if len(fields) > 0 && r.Column != "" && !slices.ContainsFunc(fields, func(f Field) bool { return f.Name == r.Column && !f.LeftOut }) {
			r.Value = ""
			r.Message = "the value cannot be read; it is not kept, as the blocks of the source leave its column out or do not name it"
		}
		return reject(r)
	}
}

// String joins the names, in their order.
func (b Blocks) String() string {
	sorted := slices.Clone(b)
	slices.SortFunc(sorted, func(x, y string) int { return slices.Index(blockNames, x) - slices.Index(blockNames, y) })
	return strings.Join(slices.Compact(sorted), ", ")
}
