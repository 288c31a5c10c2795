package main

import (
	"bufio"
	"context"
	"io"
	"strings"

	"github.com/encours/encours/ingest/sirene"
	"github.com/encours/encours/warehouse/duck"
)

// condition keeps the records of a SIREN that is looked for, and those that may bear a
// name that is.
func (s *stockScan) condition(stock *sirene.Stock) string {
	switch stock.Dataset {
	case sirene.Successions:
		return "(" + s.isWanted(stock, "predecessor_siret", 9) + " or " + s.isWanted(stock, "successor_siret", 9) + ")"
	case sirene.LegalUnits:
		if s.wanted.names > 0 {
			return "(" + s.isWanted(stock, "siren", 0) + " or " + s.isNamed(stock) + ")"
		}
	}
	return s.isWanted(stock, "siren", 0)
}

// isWanted compares the number of a column with those that are looked for; head is how
// many of its digits count, 0 for all.
func (s *stockScan) isWanted(stock *sirene.Stock, field string, head int) string {
	name, numeric, _ := stock.Column(field)
	column := duck.Ident(name)
	switch {
	case head > 0:
		return "left(lpad(" + column + "::varchar, 14, '0'), " + "9) in (select siren from wanted_sirens)"
	case numeric:
		return column + " in (select siren::bigint from wanted_sirens)"
	case stock.Format == sirene.CSV:
		return "lpad(" + column + ", 9, '0') in (select siren from wanted_sirens)"
	}
	return column + " in (select siren from wanted_sirens)"
}

// valueOf is the value of a field as text, null where the file has none or where it is not
// published.
func valueOf(stock *sirene.Stock, field string) string {
	name, _, ok := stock.Column(field)
	if !ok {
		return "null::varchar"
	}
	return duck.Ident(name)
}

// isNamed keeps the records that named has found, and those that placed has.
func (s *stockScan) isNamed(stock *sirene.Stock) string {
	test := strings.ReplaceAll(s.isWanted(stock, "siren", 0), "from wanted_sirens", "from named")
	if s.hasPlaced() {
		test += " or " + s.isPlaced(stock)
	}
	return "(" + test + ")"
}

// named finds the legal units of which every word of a name is of names that are looked
// for. The words are compared here and not in SQL, which takes a hundred times longer
// for the millions of names that are none of them; the few that are left are compared in
// full afterwards.
func (s *stockScan) named(ctx context.Context) error {
	words := sirene.Words{}
	rows, err := s.conn.QueryContext(ctx, "select word from wanted_words")
	if err != nil {
		return err
	}
	defer rows.Close()
	for rows.Next() {
		var word string
		if err := rows.Scan(&word); err != nil {
			return err
		}
		words[word] = struct{}{}
	}
	if err := rows.Err(); err != nil {
		return err
	}
	names := []string{"lpad(" + valueOf(s.stock, "siren") + "::varchar, 9, '0')", valueOf(s.stock, "name"), "concat(" + valueOf(s.stock, "last_name") + ", ' ', " + valueOf(s.stock, "first_name") + ")"}
	for _, other := range []string{"acronym", "usual_name_1", "usual_name_2", "usual_name_3"} {
		names = append(names, valueOf(s.stock, other))
	}
	if _, _, ok := s.stock.Column("usage_name"); ok {
		names = append(names, "case when "+valueOf(s.stock, "usage_name")+" is not null then concat("+valueOf(s.stock, "usage_name")+", ' ', "+valueOf(s.stock, "first_name")+") end")
	}
	var found []string
	if err := s.run(ctx, s.stock, false, func(ctx context.Context, from string) error {
		return duck.PipeFrom(ctx, func(pipe string) error {
			_, err := s.conn.ExecContext(ctx, "copy (select "+strings.Join(names, ", ")+" from "+from+") to "+duck.Text(pipe)+
				" (format csv, header false, delimiter '\x1f', quote '\x1e', escape '\x1e', nullstr '')")
			return err
		}, func(in io.Reader) error {
			found, err = words.Find(in)
			return err
		})
	}); err != nil {
		return err
	}
	if _, err := s.conn.ExecContext(ctx, "create or replace temp table named (siren varchar)"); err != nil {
		return err
	}
	return duck.PipeTo(ctx, func(w io.Writer) error {
		out := bufio.NewWriter(w)
		for _, siren := range found {
			if _, err := out.WriteString(siren + "\n"); err != nil {
				return err
			}
		}
		return out.Flush()
	}, func(pipe string) error {
		_, err := s.conn.ExecContext(ctx, "insert into named select siren from read_csv("+duck.Text(pipe)+
			", delim = '\x1f', quote = '', escape = '', new_line = '\\n', header = false, auto_detect = false, columns = {'siren': 'varchar'})")
		return err
	})
}

// exact leaves of the table of kept records those that are looked for; empty where all
// are.
func (s *stockScan) exact() string {
	if s.stock.Dataset != sirene.LegalUnits || s.wanted.names == 0 {
		return ""
	}
	has := map[string]bool{}
	for _, name := range s.stock.Fields() {
		has[name] = true
	}
	names := []string{"name", "last_name || ' ' || first_name"}
	for _, other := range []string{"usual_name_1", "usual_name_2", "usual_name_3"} {
		if has[other] {
			names = append(names, other)
		}
	}
	if has["usage_name"] {
		names = append(names, "usage_name || ' ' || first_name")
	}
	tests := []string{"lpad(siren, 9, '0') in (select siren from wanted_sirens)"}
	for _, n := range names {
		tests = append(tests, "name_token_set("+n+") in (select token_set from wanted_names)")
	}
	if has["acronym"] {
		tests = append(tests, "name_key(acronym) in (select name_key from wanted_names)")
	}
	if s.hasPlaced() {
		tests = append(tests, "lpad(siren, 9, '0') in (select siren from placed)")
	}
	return "create or replace temp table kept as select * from kept where " + strings.Join(tests, " or ")
}

// establishments are the stock files beside this one that tell where companies are.
func (s *stockScan) establishments() []*sirene.Stock {
	var out []*sirene.Stock
	for _, other := range s.load.beside.stocks {
		if other.Dataset == sirene.Establishments {
			out = append(out, other)
		}
	}
	return out
}

func (s *stockScan) hasPlaced() bool { return len(s.establishments()) > 0 }

func (s *stockScan) isPlaced(stock *sirene.Stock) string {
	return strings.ReplaceAll(s.isWanted(stock, "siren", 0), "from wanted_sirens", "from placed")
}

// placed finds the legal units that have the beginning of a name that is looked for and
// an establishment where its bearer is: the first four characters of the name in the
// department, or its first word under the postal code.
func (s *stockScan) placed(ctx context.Context) error {
	if !s.hasPlaced() {
		return nil
	}
	unit := s.stock
	names := []string{valueOf(unit, "name"), valueOf(unit, "last_name") + " || ' ' || " + valueOf(unit, "first_name"), valueOf(unit, "usual_name_1")}
	siren := "lpad(" + valueOf(unit, "siren") + "::varchar, 9, '0')"
	begins := "regexp_matches(n, '^(?:[A-Z0-9]{1,3}(?: |$)|(?:" + sirene.LegalForms() + ") |.{0,3}[^A-Z0-9 ])')"
	err := s.run(ctx, unit, false, s.exec(func(from string) string {
		return "create or replace temp table beginnings as select distinct siren, left(k, 4) as first4, split_part(k, ' ', 1) as first_token from (" +
			"select siren, name_key(n) as k from (select siren, n from (select " + siren + " as siren, unnest([" + strings.Join(names, ", ") + "]) as n from " + from + ")" +
			" where n is not null and (left(n, 4) in (select first4 from wanted_names) or " + begins + ")))" +
			" where left(k, 4) in (select first4 from wanted_names where dept is not null)" +
			" or split_part(k, ' ', 1) in (select first_token from wanted_names where dept is not null)"
	}))
	if err != nil {
		return err
	}
	if _, err := s.conn.ExecContext(ctx, "create or replace temp table placed (siren varchar)"); err != nil {
		return err
	}
	for _, other := range s.establishments() {
		siren, postal := "lpad("+valueOf(other, "siren")+"::varchar, 9, '0')", "lpad("+valueOf(other, "postal_code")+"::varchar, 5, '0')"
		err := s.run(ctx, other, false, s.exec(func(from string) string {
			return "insert into placed select distinct b.siren from (select " + siren + " as siren, " + postal + " as postal_code from " + from + ") as e" +
				" inner join beginnings as b on b.siren = e.siren" +
				" where (b.first4, left(e.postal_code, 2)) in (select (first4, dept) from wanted_names where dept is not null)" +
				" or (b.first_token, e.postal_code) in (select (first_token, postal_code) from wanted_names where dept is not null)"
		}))
		if err != nil {
			return err
		}
	}
	return nil
}
