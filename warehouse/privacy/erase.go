package privacy

import (
	"context"
	"crypto/sha256"
	"database/sql"
	"encoding/hex"
	"errors"
	"fmt"
	"regexp"
	"slices"
	"strings"
	"unicode/utf8"

	sqlfiles "github.com/encours/encours/sql"
	"github.com/encours/encours/warehouse/duck"
	"github.com/encours/encours/warehouse/landing"
)

// ErrNobody says that no extract knows the counterparty.
var ErrNobody = errors.New("no extract knows this counterparty")

// Erased stands where a text that must not be empty was erased.
const Erased = "(erased)"

// Person is a counterparty that is to be erased, with what it is known by.
type Person struct {
	EntityID  string
	Code      string   // of the customer or supplier
	Codes     []string // the code as the extracts write it, whatever its letters
	Pseudonym string   // what stands in the place of the code from then on
	SIREN     string   // "": not known
	Names     []string // as they are written, the longest first
}

// Digest recognises the code of a person who was erased where it comes again, without
// keeping it.
func Digest(salt, entity, code string) string {
	sum := sha256.Sum256([]byte(salt + "\x00" + entity + "\x00" + strings.ToUpper(strings.TrimSpace(code))))
	return hex.EncodeToString(sum[:])
}

// columns by what they hold of a person.
var (
	codeColumns   = []string{"counterparty_id", "aux_account", "parent_id", "account_number"}
	numberColumns = []string{"siren", "siret", "vat_number", "duns", "predecessor_siret", "successor_siret", "subject_id"}
	ownColumns    = []string{
		"name", "aux_label", "street", "postal_code", "city", "region", "email", "phone", "website", "role",
		"last_name", "usage_name", "first_name", "usual_name", "usual_name_1", "usual_name_2", "usual_name_3", "acronym",
		"sign_1", "sign_2", "sign_3", "address_complement", "street_number", "street_repetition", "street_type", "street_name",
		"city_abroad", "commune_code", "cedex_code", "details", "report_url", "url",
	}
	textColumns = []string{"label", "account_label", "comment", "subject", "reference", "reason", "result", "document_ref"}
	nameColumns = []string{"aux_label", "name", "last_name", "first_name", "usage_name"}
)

// shortestName is the shortest part of a name that is looked for in texts.
const shortestName = 4

// Landing is the landing zone with what it takes to change it.
type Landing struct {
	DB   *sql.DB
	Zone *landing.Zone
}

// Find gathers what a counterparty is known by, over every batch. It returns ErrNobody
// where none has it.
func (l Landing) Find(ctx context.Context, batches []landing.Batch, entity, code string) (Person, error) {
	p := Person{EntityID: entity, Code: code}
	found := false
	numbers := map[string]bool{}
	for _, b := range batches {
		columns, err := columnsOf(b.Dataset)
		if err != nil {
			return p, err
		}
		hit := p.byCode(b, columns)
		if hit == "" {
			continue
		}
		code := "counterparty_id"
		switch {
		case b.Dataset == landing.LedgerDataset:
			code = "coalesce(aux_account, account)"
		case !slices.Contains(columns, code):
			code = "account_number"
		}
		values := []string{"coalesce(max(1), 0)", "coalesce(string_agg(distinct trim(" + code + "), chr(31)), '')"}
		for _, group := range [][]string{nameColumns, {"siren", "siret"}} {
			for _, column := range group {
				if slices.Contains(columns, column) {
					values = append(values, "coalesce(string_agg(distinct "+duck.Ident(column)+", chr(31)), '')")
				} else {
					values = append(values, "''")
				}
			}
		}
		var written string
		into := make([]string, len(values)-2)
		pointers := []any{new(int64), &written}
		for i := range into {
			pointers = append(pointers, &into[i])
		}
		query := "select " + strings.Join(values, ", ") + " from read_parquet(" + duck.Text(l.Zone.Path(b)) + ") where " + hit
		if err := l.DB.QueryRowContext(ctx, query).Scan(pointers...); err != nil {
			return p, fmt.Errorf("look for %q in batch %s: %w", p.Code, b.ID, err)
		}
		for _, text := range strings.Split(written, "\x1f") {
			if text != "" && !slices.Contains(p.Codes, text) {
				p.Codes = append(p.Codes, text)
			}
		}
		found = found || *pointers[0].(*int64) > 0
		for i, text := range into {
			for _, value := range strings.Split(text, "\x1f") {
				value = strings.TrimSpace(value)
				switch {
				case value == "" || value == Erased:
				case i < len(nameColumns):
					p.Names = append(p.Names, value)
				default:
					if digits := onlyDigits(value); len(digits) >= 9 {
						numbers[digits[:9]] = true
					}
				}
			}
		}
	}
	if !found {
		return p, ErrNobody
	}
	if len(numbers) == 1 {
		for number := range numbers {
			p.SIREN = number
		}
	}
	slices.SortFunc(p.Names, func(a, b string) int { return len(b) - len(a) })
	p.Names = slices.Compact(p.Names)
	return p, nil
}

// tells ranks a batch by how much it tells of a person by its code.
func tells(b landing.Batch) int {
	return slices.Index([]string{landing.LedgerDataset, "crm_accounts", "counterparties"}, b.Dataset)
}

// Change is what an erasure did to a batch.
type Change struct {
	Batch         landing.Batch
	Rows, Rejects int64
}

// Erase takes a person out of the batches: its code becomes the pseudonym, what else
// says who it is stays empty, and its names go from the texts of its entries. Amounts,
// dates and documents stay: the ledger still proves them.
//
// What tells who a person is goes last, so that an interrupted erasure finds it again.
func (l Landing) Erase(ctx context.Context, batches []landing.Batch, p Person) (changes []Change, err error) {
	batches = slices.Clone(batches)
	slices.SortStableFunc(batches, func(a, b landing.Batch) int { return tells(a) - tells(b) })
	for _, b := range batches {
		columns, err := columnsOf(b.Dataset)
		if err != nil {
			return changes, err
		}
		change := Change{Batch: b}
		if hit := p.hit(b, columns); hit != "" {
			if change.Rows, err = l.rewrite(ctx, b, columns, hit, p); err != nil {
				return changes, err
			}
		}
		if condition := p.inText("concat_ws(' ', value, raw)", true); condition != "" && (b.EntityID == p.EntityID || b.EntityID == "group") {
			if change.Rejects, err = l.Zone.RewriteRejects(ctx, l.DB, b, condition); err != nil {
				return changes, err
			}
		}
		if change.Rows+change.Rejects > 0 {
			changes = append(changes, change)
		}
	}
	return changes, nil
}

func (l Landing) rewrite(ctx context.Context, b landing.Batch, columns []string, hit string, p Person) (rows int64, err error) {
	file := "read_parquet(" + duck.Text(l.Zone.Path(b)) + ")"
	if err := l.DB.QueryRowContext(ctx, "select count(*) from "+file+" where "+hit).Scan(&rows); err != nil || rows == 0 {
		return 0, err
	}
	return rows, l.Zone.Rewrite(ctx, l.DB, b, rows, func(path string) string {
		return p.selects(b.Dataset, columns, hit, "read_parquet("+duck.Text(path)+")")
	})
}

// selects is the file of a batch without the person.
func (p Person) selects(dataset string, columns []string, hit, file string) string {
	contract, err := sqlfiles.Schema(dataset)
	if err != nil {
		return "select error(" + duck.Text(err.Error()) + ")"
	}
	var changes []string
	change := func(column, when, text string) {
		changes = append(changes, "case when "+when+" then "+text+" else "+duck.Ident(column)+" end as "+duck.Ident(column))
	}
	pseudonym := duck.Text(p.Pseudonym)
	for _, column := range columns {
		c, ok := contract.Column(column)
		if !ok {
			continue
		}
		empty := "null"
		if c.NotNull {
			empty = duck.Text(Erased)
		}
		switch {
		case slices.Contains(codeColumns, column):
			change(column, isCode(column, p.Code), pseudonym)
		case slices.Contains(numberColumns, column):
			if c.NotNull {
				empty = pseudonym
			}
			change(column, hit, empty)
		case dataset == landing.LedgerDataset && column == "account":
			// the code of a customer may be its account, such as 411DUPONT
			change(column, isCode(column, p.Code)+" and aux_account is null and regexp_matches(account, '[^0-9]')",
				"regexp_extract(account, '^[0-9]*') || "+pseudonym)
		case slices.Contains(ownColumns, column):
			change(column, hit, empty)
		case slices.Contains(textColumns, column) && p.pattern() != "":
			changes = append(changes, p.cleaned(dataset, column, file))
		case column == "extra":
			change(column, hit, "null")
		}
	}
	return "select * replace (" + strings.Join(changes, ", ") + ") from " + file
}

// cleaned is a text without the names of the person; in an entry of the ledger that is
// the person's, without the parts of them either, as the bank writes them.
func (p Person) cleaned(dataset, column, file string) string {
	without := func(pattern string) string {
		return "regexp_replace(" + duck.Ident(column) + ", " + duck.Text(pattern) + ", " + duck.Text(Erased) + ", 'gi')"
	}
	text := without(p.pattern())
	if parts := p.parts(); dataset == landing.LedgerDataset && parts != "" {
		const entry = "(journal_code, entry_number, entry_date)"
		text = "case when " + entry + " in (select " + entry + " from " + file + " where " + isCode("aux_account", p.Code) + " or aux_account is null and " +
			isCode("account", p.Code) + ") then " + without(p.pattern()+"|"+parts) + " else " + text + " end"
	}
	return text + " as " + duck.Ident(column)
}

// parts finds the longer words of the names.
func (p Person) parts() string {
	var all []string
	for _, name := range p.Names {
		for _, word := range strings.Fields(name) {
			if word = regexp.QuoteMeta(word); utf8.RuneCountInString(word) >= shortestName && !slices.Contains(all, word) {
				all = append(all, word)
			}
		}
	}
	return strings.Join(all, "|")
}

// hit is the condition of the rows of a batch that are about the person; "": none can
// be.
func (p Person) hit(b landing.Batch, columns []string) string {
	var any []string
	if code := p.byCode(b, columns); code != "" {
		any = append(any, code)
	}
	if p.SIREN != "" {
		for _, column := range []string{"siren", "siret", "predecessor_siret", "successor_siret", "subject_id"} {
			if slices.Contains(columns, column) {
				any = append(any, "left(regexp_replace("+duck.Ident(column)+", '[^0-9]', '', 'g'), 9) = "+duck.Text(p.SIREN))
			}
		}
	}
	// the other side of an entry, such as the bank, may name the person in its text
	if texts := p.inText("concat_ws(' ', "+strings.Join(present(columns, textColumns), ", ")+")", false); texts != "" && len(present(columns, textColumns)) > 0 && b.EntityID == p.EntityID {
		any = append(any, texts)
	}
	if len(any) == 0 {
		return ""
	}
	return "coalesce(" + strings.Join(any, " or ") + ", false)"
}

// byCode is the condition of the rows with the code of the person.
func (p Person) byCode(b landing.Batch, columns []string) string {
	switch {
	case b.EntityID != p.EntityID && b.EntityID != "group":
		return ""
	case b.Dataset == landing.LedgerDataset:
		return "coalesce(" + isCode("aux_account", p.Code) + " or aux_account is null and " + isCode("account", p.Code) + ", false)"
	}
	var any []string
	for _, column := range []string{"counterparty_id", "account_number"} {
		if slices.Contains(columns, column) {
			condition := isCode(column, p.Code)
			if slices.Contains(columns, "erp_entity_id") {
				condition += " and coalesce(erp_entity_id, " + duck.Text(p.EntityID) + ") = " + duck.Text(p.EntityID)
			}
			any = append(any, condition)
		}
	}
	if len(any) == 0 {
		return ""
	}
	return "coalesce(" + strings.Join(any, " or ") + ", false)"
}

func isCode(column, code string) string {
	return "coalesce(upper(trim(" + duck.Ident(column) + ")) = upper(trim(" + duck.Text(code) + ")), false)"
}

// inText is the condition of a text that holds a name of the person, or its code where
// withCode is set; "" where nothing can be looked for.
func (p Person) inText(text string, withCode bool) string {
	pattern := p.pattern()
	if withCode {
		code := `(^|[^0-9A-Za-z])` + regexp.QuoteMeta(p.Code) + `($|[^0-9A-Za-z])`
		if pattern != "" {
			pattern += "|"
		}
		pattern += code
	}
	if pattern == "" {
		return ""
	}
	return "coalesce(regexp_matches(" + text + ", " + duck.Text(pattern) + ", 'i'), false)"
}

// pattern finds the whole names of the person.
func (p Person) pattern() string {
	var all []string
	for _, name := range p.Names {
		if utf8.RuneCountInString(name) >= shortestName {
			all = append(all, strings.Join(strings.Fields(regexp.QuoteMeta(name)), `\s+`))
		}
	}
	return strings.Join(all, "|")
}

func present(columns, wanted []string) (found []string) {
	for _, column := range wanted {
		if slices.Contains(columns, column) {
			found = append(found, duck.Ident(column))
		}
	}
	return found
}

func columnsOf(dataset string) (columns []string, err error) {
	table, err := sqlfiles.Schema(dataset)
	if err != nil {
		return nil, err
	}
	for _, c := range table.Columns {
		if c.Name != "fiscal_year_start" { // it stands in the manifest
			columns = append(columns, c.Name)
		}
	}
	return columns, nil
}

func onlyDigits(text string) string {
	return strings.Map(func(c rune) rune {
		if c < '0' || c > '9' {
			return -1
		}
		return c
	}, text)
}

// Codes lists, by entity, the codes of customers and suppliers that batches name. Rows
// that belong to no entity are left out.
func (l Landing) Codes(ctx context.Context, batches []landing.Batch) (map[string][]string, error) {
	codes := map[string][]string{}
	for _, b := range batches {
		columns, err := columnsOf(b.Dataset)
		if err != nil {
			return nil, err
		}
		column := "counterparty_id"
		if b.Dataset == landing.LedgerDataset {
			column = "coalesce(aux_account, account)"
		} else if !slices.Contains(columns, column) {
			continue
		}
		if err := l.codes(ctx, b, column, codes); err != nil {
			return nil, fmt.Errorf("list the codes of batch %s: %w", b.ID, err)
		}
	}
	for entity, list := range codes {
		slices.Sort(list)
		codes[entity] = slices.Compact(list)
	}
	return codes, nil
}

func (l Landing) codes(ctx context.Context, b landing.Batch, column string, codes map[string][]string) (err error) {
	rows, err := l.DB.QueryContext(ctx, "select distinct "+column+" as code from read_parquet("+duck.Text(l.Zone.Path(b))+") where code is not null order by code")
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, rows.Close()) }()
	for rows.Next() {
		var code string
		if err := rows.Scan(&code); err != nil {
			return err
		}
		codes[b.EntityID] = append(codes[b.EntityID], code)
	}
	return rows.Err()
}
