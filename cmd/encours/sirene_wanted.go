package main

import (
	"context"
	"database/sql"
	"fmt"
	"os"
	"slices"
	"strings"

	"github.com/encours/encours/ingest/sirene"
	sqlfiles "github.com/encours/encours/sql"
	"github.com/encours/encours/warehouse/duck"
	"github.com/encours/encours/warehouse/landing"
	"github.com/encours/encours/warehouse/project"
)

// wanted is what is looked for in the register. Its tables are on one connection:
// wanted_sirens(siren), wanted_names(name_key, token_set, first4, first_token, dept,
// postal_code) and wanted_words(word).
type wanted struct {
	conn   *sql.Conn
	digest string
	sirens int64
	names  int64 // of customers without a number
}

// whereNumbers are the datasets whose rows carry numbers of companies that matter to
// the project: those of notices and of accounts would be every company there is.
var whereNumbers = []string{"counterparties", "crm_accounts", "ratings", "credit_insurance"}

// digitsOf is a number of n digits out of a text, with the zeros that a spreadsheet
// dropped, null where there is none.
func digitsOf(text string, n int) string {
	plain := "regexp_replace(" + text + ", '[ .\u00a0-]', '', 'g')"
	return fmt.Sprintf("case when regexp_full_match(%[1]s, '[0-9]{%[2]d,%[3]d}') then left(lpad(%[1]s, %[3]d, '0'), 9) end", plain, n-1, n)
}

// sirenMacro keeps a number of nine digits whose key holds: who has another one is looked
// for by name. Luhn: every second digit from the right counts double, less 9 past 9.
const sirenMacro = `
create or replace temp macro sound_siren(x) as
    case when list_sum(list_transform(range(1, 10), lambda i: case
        when i % 2 = 1 then cast(x[i] as integer)
        else (2 * cast(x[i] as integer)) // 10 + (2 * cast(x[i] as integer)) % 10
    end)) % 10 = 0 then x end`

// collectWanted reads from the landing zone, and from the list of the source, which
// companies are looked for: by number, and by name where there is no number.
func collectWanted(ctx context.Context, conn *sql.Conn, zone *landing.Zone, p *project.Project, s project.Source) (*wanted, error) {
	batches, err := zone.Batches(ctx)
	if err != nil {
		return nil, err
	}
	var statements []string
	paths := map[string][]string{}
	for _, b := range landing.Live(batches) {
		paths[b.Dataset] = append(paths[b.Dataset], duck.Text(zone.Path(b)))
	}
	for _, dataset := range whereNumbers {
		if len(paths[dataset]) > 0 {
			statements = append(statements, partiesOf(dataset, paths[dataset]))
		}
	}
	if ledgers := paths[landing.LedgerDataset]; len(ledgers) > 0 {
		statements = append(statements, ledgerParties(ledgers, len(paths["counterparties"]) > 0, paths["counterparties"]))
	}
	for _, e := range p.Entities {
		if e.SIREN != "" {
			statements = append(statements, "insert into parties values (null, null, "+duck.Text(e.SIREN)+")")
		}
	}
	listed, err := listedSirens(p, s)
	if err != nil {
		return nil, err
	}
	for chunk := range slices.Chunk(listed, 1000) {
		statements = append(statements, "insert into parties values (null, null, '"+strings.Join(chunk, "'), (null, null, '")+"')")
	}
	return newWanted(ctx, conn, func() error { return execAll(ctx, conn, statements) })
}

func execAll(ctx context.Context, conn *sql.Conn, statements []string) error {
	for _, statement := range statements {
		if _, err := conn.ExecContext(ctx, statement); err != nil {
			return err
		}
	}
	return nil
}

// newWanted makes the tables of what is looked for out of parties(name, postal_code,
// siren), which fill fills.
func newWanted(ctx context.Context, conn *sql.Conn, fill func() error) (*wanted, error) {
	err := execAll(ctx, conn, []string{
		sirene.NameMacros,
		sirenMacro,
		"create or replace temp table wanted_sirens (siren varchar)",
		"create or replace temp table parties (name varchar, postal_code varchar, siren varchar)",
	})
	if err == nil {
		err = fill()
	}
	if err != nil {
		return nil, fmt.Errorf("find out what to look for in the register: %w", err)
	}
	err = execAll(ctx, conn, []string{
		"insert into wanted_sirens select distinct siren from parties where siren is not null",
		`create or replace temp table wanted_names as
			select distinct name_key(name) as name_key, name_token_set(name) as token_set, left(name_key(name), 4) as first4,
				split_part(name_key(name), ' ', 1) as first_token,
				left(postal_code, 2) as dept, postal_code,
			from (select distinct name, case when regexp_full_match(trim(postal_code), '[0-9]{4,5}') then lpad(trim(postal_code), 5, '0') end as postal_code
				from parties where siren is null and name is not null)
			where length(name_key(name)) >= 2`,
		`create or replace temp table wanted_words as
			select distinct unnest(string_split(token_set, ' ')) as word from wanted_names
			union select unnest(string_split(` + duck.Text(sirene.LegalForms()) + `, '|'))`,
	})
	if err != nil {
		return nil, fmt.Errorf("find out what to look for in the register: %w", err)
	}
	w := &wanted{conn: conn}
	return w, w.count(ctx)
}

// count counts what is looked for and makes its digest, whatever the order.
func (w *wanted) count(ctx context.Context) error {
	err := w.conn.QueryRowContext(ctx, `select
		(select count(*) from wanted_sirens), (select count(*) from wanted_names),
		md5(coalesce((select string_agg(siren, ',' order by siren) from wanted_sirens), '') || '|' ||
			coalesce((select string_agg(name_key || ',' || coalesce(postal_code, ''), ';' order by name_key, postal_code) from wanted_names), ''))`).
		Scan(&w.sirens, &w.names, &w.digest)
	if err != nil {
		return fmt.Errorf("find out what to look for in the register: %w", err)
	}
	return nil
}

// partiesOf reads the numbers, names and postal codes of a dataset.
func partiesOf(dataset string, paths []string) string {
	table, err := sqlfiles.Schema(dataset)
	has := func(name string) bool {
		_, ok := table.Column(name)
		return err == nil && ok
	}
	var numbers []string
	if has("siren") {
		numbers = append(numbers, digitsOf("siren", 9), digitsOf("siren", 14)) // a SIRET stands there too
	}
	if has("siret") {
		numbers = append(numbers, digitsOf("siret", 14))
	}
	if has("vat_number") {
		numbers = append(numbers, `case when regexp_full_match(regexp_replace(upper(vat_number), '[ .-]', '', 'g'), '(?:FR)?[0-9A-Z]{2}[0-9]{9}')
			then right(regexp_replace(vat_number, '[ .-]', '', 'g'), 9) end`)
	}
	name, postal := "null", "null"
	if has("name") && has("postal_code") {
		name, postal = "name", "postal_code"
	}
	for i, number := range numbers {
		numbers[i] = "sound_siren(" + number + ")"
	}
	return "insert into parties select distinct " + name + ", " + postal + ", coalesce(" + strings.Join(append(numbers, "null"), ", ") + ")" +
		" from read_parquet([" + strings.Join(paths, ", ") + "], union_by_name = true)"
}

// ledgerParties reads the names of customers and suppliers of ledgers that no list of
// counterparties tells more of, and numbers that stand in their codes.
func ledgerParties(paths []string, listed bool, counterparties []string) string {
	known := ""
	if listed {
		known = " and not exists (select 1 from read_parquet([" + strings.Join(counterparties, ", ") + "], union_by_name = true) as c" +
			" where c.entity_id = l.entity_id and c.counterparty_id = l.aux_account)"
	}
	return "insert into parties select distinct aux_label, null, sound_siren(" + digitsOf("aux_account", 9) + ")" +
		" from (select distinct entity_id, aux_account, aux_label from read_parquet([" + strings.Join(paths, ", ") + "], union_by_name = true)" +
		" where account[1:2] in ('40', '41') and aux_account is not null) as l where true" + known
}

// listedSirens reads the list of numbers of the source: the first of each line.
func listedSirens(p *project.Project, s project.Source) ([]string, error) {
	if s.Register.Sirens == "" {
		return nil, nil
	}
	text, err := os.ReadFile(p.SirensFile(s))
	if err != nil {
		return nil, fmt.Errorf("source %q: sirens: %w", s.Name, err)
	}
	var out []string
	for i, line := range strings.Split(strings.TrimPrefix(string(text), "\ufeff"), "\n") {
		first, _, _ := strings.Cut(strings.NewReplacer(";", ",", "\t", ",", `"`, "", "\r", "").Replace(line), ",")
		first = strings.NewReplacer(" ", "", "\u00a0", "").Replace(first)
		switch number, ok := sirene.SIREN(first); {
		case ok:
			out = append(out, number)
		case first != "" && i > 0:
			return nil, fmt.Errorf("source %q: %s:%d: %q is not a SIREN: write one of nine digits on each line", s.Name, s.Register.Sirens, i+1, first)
		}
	}
	return out, nil
}
