package reports

import (
	"context"
	"database/sql"
	"encoding/json"
	"fmt"
	"maps"
	"regexp"
	"slices"
	"strings"
	"time"
	"unicode/utf8"
)

// How much a look-up lists.
const (
	lookupCandidates = 5
	lookupParties    = 50
	lookupText       = 200 // runes of one thing that is told
)

// LookupRequest is what is known of somebody with whom an account may be opened; "" is
// what is not known. A name or a number is needed.
type LookupRequest struct {
	Name       string
	Number     string // SIREN, SIRET or VAT number as it was typed
	Street     string
	PostalCode string
	City       string
	Company    string         // SIREN of the candidate to be shown in full; "": the likely one
	Register   *RegisterFound // of companies that the warehouse does not hold; nil: nothing was looked for
}

// RegisterFound are records of the register, by the fields of the datasets legal_units
// and establishments.
type RegisterFound struct {
	Units, Establishments []map[string]string
	Unread                []string // files that are no stock files: they were not searched
}

// Lookup is what is known of somebody who has no account yet.
type Lookup struct {
	SIREN       string // of the number or of the candidate that the rules accept; "": not known
	Method      string // as match_method of int_identities; "": not identified
	Probability Ratio
	IsKnown     bool             // the register knows the number
	IsDoubtful  bool             // under a name that is not alike
	Faults      []NumberFault    // what is wrong with the number
	Candidates  []LookupMatch    // of the register, the best first
	Company     *LookupCompany   // the chosen or likely one; nil: none
	Parties     []LookupParty    // own customers and suppliers that may be the same, or of its group; the first of them
	PartyCount  int              // all of them
	Accounts    []LookupAccount  // of the CRM
	Exposures   []CurrencyAmount // of the customers of the company and its group
	HasRegister bool             // companies of the register are loaded
}

// NumberFault says what is wrong with a number: digits lost, length or key.
type NumberFault struct {
	Kind  string // siren, siret or vat
	Fault string
}

// LookupMatch is a company that it may be.
type LookupMatch struct {
	Rank                       int64
	SIREN, SIRET               string
	Name, PostalCode, City     string
	LegalForm, State           string // State: A or C
	Probability                int64  // millionths
	Reasons                    []MatchBits
	Verdict                    string
	LegalStatus, LegalEvent    string
	Severity                   int64 // 0: nothing weighs
	ExternalClass              string
	OwnCustomers, OwnSuppliers int64
}

// LookupCompany is a company in full.
type LookupCompany struct {
	SIREN, Name, LegalFormEN, LegalFormFR, Activity, Headcount, State string
	Street, PostalCode, City                                          string
	Created, Since                                                    time.Time // Since: of its state
	Legal                                                             *Legal
	External                                                          *External
}

// LookupParty is a customer or supplier of one's own. Why says what makes it one to look
// at: siren, group (same parent), a rule of ref_duplicate_rules, or similar_name.
type LookupParty struct {
	Entity, Side, ID, Name, PostalCode, City, SIREN, Currency string
	Why, WhyEN, WhyFR, Value                                  string
	RiskClass, GroupID                                        string
	Open, Overdue                                             Amount
	Exposure                                                  sql.Null[Amount] // of customers; not valid where a rate is missing
}

// LookupAccount is an account of the CRM.
type LookupAccount struct {
	Source, ID, Name, City, Owner, Type, Link, Why string
}

// CurrencyAmount is a sum in one currency.
type CurrencyAmount struct {
	Currency string
	Amount   Amount
}

// Check refuses what cannot be looked up: neither name nor number, or texts that are too
// long. The error wraps ErrBadSelection.
func (r LookupRequest) Check() error {
	for _, text := range []string{r.Name, r.Number, r.Street, r.PostalCode, r.City} {
		if utf8.RuneCountInString(text) > lookupText || !utf8.ValidString(text) {
			return fmt.Errorf("look up: a text is longer than %d characters or is none: %w", lookupText, ErrBadSelection)
		}
	}
	if strings.TrimSpace(r.Name) == "" && strings.TrimSpace(r.Number) == "" {
		return fmt.Errorf("look up: a name or a number is needed: %w", ErrBadSelection)
	}
	if r.Company != "" && !sirenForm.MatchString(r.Company) {
		return fmt.Errorf("look up company %q: %w", r.Company, ErrBadSelection)
	}
	return nil
}

// LooksLikeNumber says whether a text is meant as the number of a company: eight digits or
// more, as a spreadsheet drops zeros, behind two letters where it is a VAT number.
func LooksLikeNumber(text string) bool {
	return numberForm.MatchString(strings.NewReplacer(" ", "", "\u00a0", "", ".", "", "-", "").Replace(text))
}

var (
	numberForm = regexp.MustCompile(`^(?:[A-Za-z]{2}[0-9A-Za-z]{0,2})?[0-9]{8,14}$`)
	sirenForm  = regexp.MustCompile(`^[0-9]{9}$`)
	signs      = regexp.MustCompile(`[^0-9A-Za-z]`)
)

// numbers tells a number by its shape: a VAT number begins with letters, a SIRET has 13
// digits or more.
func (r LookupRequest) numbers() (siren, siret, vat string) {
	plain := signs.ReplaceAllString(r.Number, "")
	switch {
	case plain == "":
	case plain[0] > '9':
		vat = r.Number
	case len(plain) >= 13:
		siret = r.Number
	default:
		siren = r.Number
	}
	return siren, siret, vat
}

// Lookup finds out who somebody is, by the models that identify customers, and what is
// known of that company: one's own customers and suppliers that may be the same, accounts
// of the CRM, legal status, external scores, and the exposure to it and its group.
func (v *View) Lookup(ctx context.Context, r LookupRequest) (*Lookup, error) {
	if err := r.Check(); err != nil {
		return nil, err
	}
	found := &Lookup{}
	if _, ok := v.generation.Manifest().Relation("int_match_candidates"); !ok {
		return found, nil
	}
	l := looking{View: v, LookupRequest: r, found: found}
	for _, step := range []func(context.Context) error{l.readRegister, l.identify, l.weigh, l.describe, l.own, l.inCRM} {
		if err := step(ctx); err != nil {
			return nil, err
		}
	}
	return found, nil
}

// subjectNo is the rank of somebody who is no counterparty.
const subjectNo = "0"

// looking is one look-up on its way.
type looking struct {
	*View
	LookupRequest
	found *Lookup
	told  map[string]string // records of the register that were given, as a query, by dataset
	rows  []any             // they
	names string            // model of the names that can be compared
}

// leaves are the tables of counterparties with nobody in them but the one who is looked
// up, and the register with the companies that were found beside it.
func (l *looking) leaves() map[string]string {
	leaves := map[string]string{
		"int_counterparty_keys": "select cast(" + subjectNo + " as bigint) as counterparty_no, cast(0 as bigint) as entity_no, '' as entity_id, 'customer' as side, '' as counterparty_id",
		"int_accounts":          "select * from " + builtTable + "int_accounts where false",
		"int_account_names": "select cast(0 as bigint) as entity_no, '' as account, '' as aux_account, '' as aux_label, cast(0 as bigint) as aux_line_key, '' as account_label," +
			" cast(0 as bigint) as account_line_key where false",
		"stg_erp__counterparties": "select * from " + builtTable + "stg_erp__counterparties where false\nunion all by name\n" +
			"select cast(0 as bigint) as entity_no, '' as entity_id, 'customer' as side, '' as counterparty_id, nullif(trim($name), '') as name, $siren as siren, $siret as siret, $vat as vat_number," +
			" nullif(trim($street), '') as street, nullif(trim($postal), '') as postal_code, nullif(trim($city), '') as city",
	}
	for dataset := range registerKeys {
		leaves["stg_sirene__"+dataset] = l.register(dataset)
	}
	// the names of the warehouse are comparable already, only new ones are made so
	leaves["int_match_names"] = "select * from " + builtTable + "int_match_names\nunion\nselect * from (\nwith int_account_names as (" +
		leaves["int_account_names"] + "),\nstg_erp__counterparties as (" + leaves["stg_erp__counterparties"] + "),\nstg_sirene__legal_units as (" +
		l.told["legal_units"] + "),\nstg_sirene__establishments as (" + l.told["establishments"] + ")\nselect * from (\n" + l.names + "\n))"
	return leaves
}

// register is a table of the register with the records that were given.
func (l *looking) register(dataset string) string {
	return "select * from " + builtTable + "stg_sirene__" + dataset + "\nunion all by name\n" + l.told[dataset]
}

// registerKeys are the keys of the tables of the register.
var registerKeys = map[string]string{"legal_units": "siren", "establishments": "siret"}

// readRegister makes the records that were given readable, but for those the warehouse
// holds.
func (l *looking) readRegister(ctx context.Context) error {
	models, err := l.generation.Models(ctx)
	if err != nil {
		return err
	}
	model, ok := models.Model("int_match_names")
	if !ok {
		return fmt.Errorf("look up: internal error: no names can be compared")
	}
	l.names = strings.TrimRight(strings.TrimSpace(model.SQL), ";")
	l.told = map[string]string{}
	given := map[string][]map[string]string{}
	if l.Register != nil {
		given["legal_units"], given["establishments"] = l.Register.Units, l.Register.Establishments
	}
	for dataset, key := range registerKeys {
		table := "stg_sirene__" + dataset
		if len(given[dataset]) == 0 {
			l.told[dataset] = "select * from " + builtTable + table + " where false"
			continue
		}
		types := map[string]string{}
		err := l.session.Query(ctx, func(rows *sql.Rows) error {
			var name, kind string
			err := rows.Scan(&name, &kind)
			types[name] = kind
			return err
		}, "select column_name, data_type from duckdb_columns() where database_name = 'warehouse' and table_name = $table", sql.Named("table", table))
		if err != nil {
			return err
		}
		structure, err := json.Marshal([]map[string]string{types})
		if err != nil {
			return fmt.Errorf("look up: %w", err)
		}
		rows, err := json.Marshal(given[dataset])
		if err != nil {
			return fmt.Errorf("look up: %w", err)
		}
		l.told[dataset] = "select told.* from (select unnest(from_json($" + dataset + ", '" + string(structure) + "'), recursive := true)) as told" +
			" anti join " + builtTable + table + " as held on held." + key + " = told." + key
		l.rows = append(l.rows, sql.Named(dataset, string(rows)))
	}
	return nil
}

// asked are what the leaves are bound to.
func (l *looking) asked(more ...any) []any {
	siren, siret, vat := l.numbers()
	args := []any{sql.Named("name", l.Name), sql.Named("siren", siren), sql.Named("siret", siret), sql.Named("vat", vat),
		sql.Named("street", l.Street), sql.Named("postal", l.PostalCode), sql.Named("city", l.City)}
	return append(append(args, l.rows...), more...)
}

// identify finds the companies that it may be.
func (l *looking) identify(ctx context.Context) error {
	with, err := l.supposed(ctx, l.leaves(),
		[]string{"int_identifiers", "int_match_subjects", "int_match_numbers", "int_match_candidates", "int_identities"}, "int_identifiers", "int_match_candidates", "int_identities")
	if err != nil {
		return err
	}
	return l.session.Query(ctx, func(rows *sql.Rows) error {
		var m LookupMatch
		var faults [3]string
		var bits [5]sql.NullInt64
		err := rows.Scan(text(&l.found.SIREN), text(&l.found.Method), &l.found.Probability, &l.found.IsKnown, &l.found.IsDoubtful,
			text(&faults[0]), text(&faults[1]), text(&faults[2]), &l.found.HasRegister,
			number(&m.Rank), text(&m.SIREN), text(&m.SIRET), text(&m.Name), text(&m.PostalCode), text(&m.City), text(&m.LegalForm), text(&m.State),
			number(&m.Probability), &bits[0], &bits[1], &bits[2], &bits[3], &bits[4], text(&m.Verdict))
		for i, name := range []string{"name", "place", "street", "form", "state"} {
			m.Reasons = append(m.Reasons, MatchBits{name, bits[i].Int64, bits[i].Valid})
		}
		if m.SIREN != "" {
			l.found.Candidates = append(l.found.Candidates, m)
		}
		l.found.Faults = nil
		for i, kind := range []string{"siren", "siret", "vat"} {
			if faults[i] != "" {
				l.found.Faults = append(l.found.Faults, NumberFault{kind, faults[i]})
			}
		}
		return err
	}, with+fmt.Sprintf(`
select
    identities.siren, identities.match_method, identities.match_probability, coalesce(identities.is_registered, false),
    coalesce(identities.is_name_doubtful, false), numbers.siren_fault, numbers.siret_fault, numbers.vat_fault,
    exists (select 1 from stg_sirene__legal_units), candidates.rank_no, candidates.siren, candidates.siret,
    candidates.candidate_name, candidates.candidate_postal_code, candidates.candidate_city,
    coalesce(forms.form_fr, candidates.candidate_form), candidates.candidate_state,
    cast(candidates.match_probability * 1000000 as bigint), cast(candidates.name_bits * 1000 as bigint),
    cast(candidates.place_bits * 1000 as bigint), cast(candidates.street_bits * 1000 as bigint),
    cast(candidates.form_bits * 1000 as bigint), cast(candidates.state_bits * 1000 as bigint), candidates.verdict,
from (select %s as counterparty_no) as subject
left join int_identities as identities on identities.counterparty_no = subject.counterparty_no
left join int_identifiers as numbers on numbers.counterparty_no = subject.counterparty_no
left join int_match_candidates as candidates
    on candidates.counterparty_no = subject.counterparty_no
    and candidates.rank_no <= %d
left join ref_legal_forms as forms on forms.legal_form_code = candidates.candidate_form
order by candidates.rank_no`, subjectNo, lookupCandidates), l.asked()...)
}

// chosen is the company to be shown in full: the one that the reader chose, the one that
// is identified, else the best candidate that the rules do not reject.
func (l *looking) chosen() string {
	switch {
	case l.Company != "":
		return l.Company
	case l.found.SIREN != "":
		return l.found.SIREN
	case len(l.found.Candidates) > 0 && l.found.Candidates[0].Verdict != "rejected":
		return l.found.Candidates[0].SIREN
	}
	return ""
}

// sirens are the companies that are looked at, the chosen one first.
func (l *looking) sirens() (list []string) {
	add := func(siren string) {
		if siren != "" && !slices.Contains(list, siren) {
			list = append(list, siren)
		}
	}
	add(l.chosen())
	add(l.found.SIREN)
	for _, m := range l.found.Candidates {
		add(m.SIREN)
	}
	return list
}

// companies are leaves by which each company stands for a customer whose code is its
// SIREN.
func (l *looking) companies() map[string]string {
	list := "(select unnest(string_split($sirens, ',')) as siren)"
	key := "cast(siren as bigint) as counterparty_no"
	leaves := map[string]string{
		"int_counterparty_keys":   "select " + key + ", cast(0 as bigint) as entity_no, '' as entity_id, 'customer' as side, siren as counterparty_id from " + list,
		"int_customer_codes":      "select * from " + builtTable + "int_customer_codes where false",
		"stg_erp__counterparties": "select * from " + builtTable + "stg_erp__counterparties where false",
		"dim_counterparties":      "select * from " + builtTable + "dim_counterparties where false",
		// what several extracts tell of a unit is not kept; the history of the register is
		"stg_sirene__legal_unit_versions": "select '' as siren, 0 as batch_no, current_date as known_on, '' as name, '' as legal_form_code, '' as naf_code," +
			" '' as naf_nomenclature, '' as headcount_band, '' as head_office_nic where false",
		"int_identities": "select " + key + ", '' as entity_id, 'customer' as side, siren as counterparty_id, siren, cast(null as varchar) as siret," +
			" 'siren' as match_method, cast(1 as decimal(9, 6)) as match_probability, true as is_registered, false as is_name_doubtful from " + list,
	}
	for dataset := range registerKeys {
		leaves["stg_sirene__"+dataset] = l.register(dataset)
	}
	return leaves
}

// weigh tells of each candidate its legal status, its class and how many accounts of
// one's own are of it.
func (l *looking) weigh(ctx context.Context) error {
	if len(l.found.Candidates) == 0 {
		return nil
	}
	with, err := l.supposed(ctx, l.companies(), []string{"int_insolvencies", "int_ratings", "int_external_scores"}, "mart_legal_status", "int_external_scores")
	if err != nil {
		return err
	}
	return l.session.Query(ctx, func(rows *sql.Rows) error {
		var siren, status, event, class string
		var severity, customers, suppliers int64
		if err := rows.Scan(&siren, text(&status), text(&event), number(&severity), text(&class), &customers, &suppliers); err != nil {
			return err
		}
		for i, m := range l.found.Candidates {
			if m.SIREN == siren {
				m.LegalStatus, m.LegalEvent, m.Severity, m.ExternalClass, m.OwnCustomers, m.OwnSuppliers = status, event, severity, class, customers, suppliers
				l.found.Candidates[i] = m
			}
		}
		return nil
	}, with+`
select
    companies.siren, status.legal_status, status.event, status.severity, scores.external_class,
    count(own.counterparty_no) filter (where own.side = 'customer'), count(own.counterparty_no) filter (where own.side = 'supplier'),
from (select unnest(string_split($sirens, ',')) as siren) as companies
left join mart_legal_status as status on status.counterparty_id = companies.siren
left join (
    select counterparty_id, arg_max(external_class, rating_date) as external_class
    from int_external_scores
    where rating_date <= $day
    group by counterparty_id
) as scores on scores.counterparty_id = companies.siren
left join `+builtTable+`int_identities as own on own.siren = companies.siren
group by all`, append(l.rows, sql.Named("sirens", strings.Join(l.sirens(), ",")), sql.Named("day", day(l.selection.AsOf)))...)
}

// describe reads the company in full.
func (l *looking) describe(ctx context.Context) error {
	siren := l.chosen()
	if siren == "" {
		return nil
	}
	leaves := l.companies()
	with, err := l.supposed(ctx, leaves, nil, "stg_sirene__legal_units", "stg_sirene__establishments")
	if err != nil {
		return err
	}
	company := &LookupCompany{SIREN: siren}
	args := append([]any{sql.Named("sirens", siren)}, l.rows...)
	err = l.session.Query(ctx, func(rows *sql.Rows) error {
		return rows.Scan(text(&company.Name), text(&company.LegalFormEN), text(&company.LegalFormFR), text(&company.Activity), text(&company.Headcount), text(&company.State),
			date(&company.Created), date(&company.Since), text(&company.Street), text(&company.PostalCode), text(&company.City))
	}, with+`
select
    coalesce(units.name, nullif(trim(concat_ws(' ', units.first_name, units.last_name)), '')),
    coalesce(forms.form_en, units.legal_form_code), coalesce(forms.form_fr, units.legal_form_code), units.naf_code, bands.headcount_band, units.legal_state,
    units.created_on, units.state_since,
    nullif(trim(concat_ws(' ', offices.street_number, offices.street_repetition, offices.street_type, offices.street_name)), ''),
    offices.postal_code, offices.city,
from stg_sirene__legal_units as units
left join stg_sirene__establishments as offices
    on offices.siren = units.siren
    and offices.is_head_office
left join ref_legal_forms as forms on forms.legal_form_code = units.legal_form_code
left join ref_headcount_bands as bands on bands.band_code = units.headcount_band
where units.siren = $sirens
limit 1`, args...)
	if err != nil {
		return err
	}
	with, err = l.supposed(ctx, leaves,
		[]string{"int_insolvencies", "int_company_changes", "int_ratings", "int_external_scores", "mart_ratings", "mart_bankruptcy_scores", "mart_company_accounts"},
		"mart_legal_status", "mart_legal_events", "mart_company_changes", "mart_ratings", "mart_bankruptcy_scores", "mart_company_accounts")
	if err != nil {
		return err
	}
	args = append(args, sql.Named("entity", ""), sql.Named("side", Customer), sql.Named("id", siren))
	if company.Legal, err = l.readLegal(ctx, with, args); err != nil {
		return err
	}
	company.External = &External{}
	for _, read := range []func(context.Context, string, *External, []any) error{l.readRatings, l.readCompanyAccounts, l.readBankruptcyScores} {
		if err := read(ctx, with, company.External, args); err != nil {
			return err
		}
	}
	l.found.Company = company
	return nil
}

// own finds one's own customers and suppliers that may be the same, and those of their
// groups.
func (l *looking) own(ctx context.Context) error {
	leaves := l.leaves()
	// somebody who might be of any entity, on either side
	leaves["dim_counterparties"] = "select * from " + builtTable + "dim_counterparties\nunion all by name\n" +
		"select entities.entity_id, sides.side, '' as counterparty_id, nullif(trim($name), '') as counterparty_name, nullif($found, '') as siren," +
		" nullif(regexp_replace($siret, '[^0-9]', '', 'g'), '') as siret, nullif(regexp_replace(upper($vat), '[^0-9A-Z]', '', 'g'), '') as vat_number," +
		" nullif(trim($postal), '') as postal_code, nullif(trim($city), '') as city, false as is_intercompany" +
		" from " + builtTable + "project_entities as entities cross join (select unnest(['customer', 'supplier']) as side) as sides"
	with, err := l.supposed(ctx, leaves, []string{"mart_duplicates", "int_identifiers", "int_match_subjects"}, "mart_duplicates", "int_match_names", "int_match_subjects")
	if err != nil {
		return err
	}
	sums := map[string]Amount{}
	err = l.session.Query(ctx, func(rows *sql.Rows) error {
		var p LookupParty
		err := rows.Scan(&p.Entity, &p.Side, &p.ID, text(&p.Name), text(&p.PostalCode), text(&p.City), text(&p.SIREN), &p.Currency,
			&p.Why, text(&p.WhyEN), text(&p.WhyFR), text(&p.Value), text(&p.RiskClass), text(&p.GroupID), &p.Open, &p.Overdue, &p.Exposure)
		if p.Exposure.Valid && p.Side == Customer && (p.Why == "siren" || p.Why == "group") {
			sums[p.Currency] += p.Exposure.V
		}
		l.found.Parties = append(l.found.Parties, p)
		return err
	}, with+fmt.Sprintf(`,
of_company as (
    select entity_id, side, counterparty_id from %[1]sint_identities
    where siren in (select unnest(string_split($sirens, ',')))
),
reasons as (
    select entity_id, side, counterparty_id, 1 as why_no, 'siren' as why, '' as why_en, '' as why_fr, '' as value from of_company
    union all
    select members.entity_id, members.side, members.counterparty_id, 2, 'group', '', '', members.group_id
    from %[1]sdim_counterparties as members
    where (members.entity_id, members.side, coalesce(members.group_id, members.counterparty_id)) in (
        select (parents.entity_id, parents.side, coalesce(parents.group_id, parents.counterparty_id)) from %[1]sdim_counterparties as parents
        inner join of_company
            on of_company.entity_id = parents.entity_id and of_company.side = parents.side and of_company.counterparty_id = parents.counterparty_id
    )
    union all
    select
        case when counterparty_id = '' then other_entity_id else entity_id end, side,
        case when counterparty_id = '' then other_id else counterparty_id end, 3, rule, rule_en, rule_fr, same_value,
    from mart_duplicates
    where (counterparty_id = '') <> (other_id = '')
    union all
    select subjects.entity_id, subjects.side, subjects.counterparty_id, 4, 'similar_name', '', '', ''
    from %[1]sint_match_subjects as subjects
    inner join %[1]sint_match_names as own_names on own_names.raw_name = subjects.name
    cross join int_match_subjects as sought
    inner join int_match_names as sought_names on sought_names.raw_name = sought.name
    where
        (own_names.token_set = sought_names.token_set or jaro_winkler_similarity(own_names.name_key, sought_names.name_key) >= 0.92)
        and coalesce(subjects.dept = sought.dept, true)
),
parties as (
    select * from reasons
    qualify row_number() over (partition by entity_id, side, counterparty_id order by why_no, why) = 1
)
select
    parties.entity_id, parties.side, parties.counterparty_id, known.counterparty_name, known.postal_code, known.city, known.siren, entities.currency,
    parties.why, parties.why_en, parties.why_fr, parties.value, scores.risk_class, known.group_id,
    coalesce(balances.open_amount, 0), coalesce(balances.overdue_amount, 0),
    case when exposures.counterparty_id is null then 0 else exposures.exposure_amount end,
from parties
inner join %[1]sdim_counterparties as known
    on known.entity_id = parties.entity_id and known.side = parties.side and known.counterparty_id = parties.counterparty_id
inner join project_entities as entities on entities.entity_id = parties.entity_id
left join mart_counterparty_balances as balances
    on balances.entity_id = parties.entity_id and balances.side = parties.side and balances.counterparty_id = parties.counterparty_id
left join mart_risk_scores as scores
    on scores.entity_id = parties.entity_id and scores.side = parties.side and scores.counterparty_id = parties.counterparty_id
left join mart_exposure as exposures
    on exposures.entity_id = parties.entity_id and exposures.side = parties.side and exposures.counterparty_id = parties.counterparty_id
order by parties.why_no, abs(coalesce(balances.open_amount, 0)) desc, parties.entity_id, parties.side, parties.counterparty_id`, builtTable),
		l.asked(sql.Named("found", l.chosen()), sql.Named("sirens", l.chosen()))...)
	if err != nil {
		return err
	}
	for _, currency := range slices.Sorted(maps.Keys(sums)) {
		l.found.Exposures = append(l.found.Exposures, CurrencyAmount{currency, sums[currency]})
	}
	if l.found.PartyCount = len(l.found.Parties); l.found.PartyCount > lookupParties {
		l.found.Parties = l.found.Parties[:lookupParties]
	}
	return nil
}

// inCRM finds the accounts of the CRM that may be the same.
func (l *looking) inCRM(ctx context.Context) error {
	plain := func(text string) string {
		return "trim(regexp_replace(upper(strip_accents(" + text + ")), '[^A-Z0-9]+', ' ', 'g'))"
	}
	return l.session.Query(ctx, func(rows *sql.Rows) error {
		var a LookupAccount
		err := rows.Scan(&a.Source, &a.ID, text(&a.Name), text(&a.City), text(&a.Owner), text(&a.Type), text(&a.Link), &a.Why)
		l.found.Accounts = append(l.found.Accounts, a)
		return err
	}, fmt.Sprintf(`
with numbered as (
    select
        *,
        $siren <> '' and $siren in (
            left(regexp_replace(siren, '[^0-9]', '', 'g'), 9),
            left(regexp_replace(siret, '[^0-9]', '', 'g'), 9),
            right(regexp_replace(vat_number, '[^0-9]', '', 'g'), 9)
        ) as is_number,
    from stg_crm__accounts
    where not coalesce(is_deleted, false)
)
select accounts.source, accounts.crm_id, accounts.name, accounts.city, marts.owner_name, accounts.account_type, marts.link_status,
    case when accounts.is_number then 'siren' else 'similar_name' end,
from numbered as accounts
left join mart_crm_accounts as marts on marts.source = accounts.source and marts.crm_id = accounts.crm_id
where
    accounts.is_number
    or (
        trim($name) <> '' and jaro_winkler_similarity(%s, %s) >= 0.92
        and coalesce(left(accounts.postal_code, 2) = nullif(left(trim($postal), 2), ''), true)
    )
order by accounts.is_number desc, accounts.name, accounts.source, accounts.crm_id
limit %d`, plain("accounts.name"), plain("$name"), lookupParties),
		sql.Named("siren", l.chosen()), sql.Named("name", l.Name), sql.Named("postal", l.PostalCode))
}
