package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"path/filepath"
	"slices"
	"strings"

	"github.com/encours/encours/ingest"
	"github.com/encours/encours/ingest/identifier"
	"github.com/encours/encours/ingest/sirene"
	"github.com/encours/encours/reports"
	"github.com/encours/encours/warehouse/duck"
	"github.com/encours/encours/warehouse/project"
)

// registerSearch looks companies up in the stock files of a project, of which the
// warehouse holds only what concerns those it knows. One search runs at a time.
type registerSearch struct {
	latest
	app  *app
	turn chan struct{}
}

func newRegisterSearch(a *app, p *project.Project) *registerSearch {
	r := &registerSearch{app: a, turn: make(chan struct{}, 1)}
	r.use(p)
	return r
}

// HasFiles says whether there are stock files to be searched.
func (r *registerSearch) HasFiles() bool {
	p := r.current()
	return slices.ContainsFunc(p.Sources, func(s project.Source) bool { return isSearched(p, s) })
}

// isSearched: a source whose rows are all loaded has nothing that the warehouse has not.
func isSearched(p *project.Project, s project.Source) bool {
	if s.Kind != project.KindSirene || s.Register.Rows == project.RowsAll {
		return false
	}
	paths, err := p.Files(s)
	return err == nil && len(paths) > 0
}

// Find reads who may be meant out of the stock files: by its number, else by its name,
// with its establishments.
func (r *registerSearch) Find(ctx context.Context, ask reports.LookupRequest) (found *reports.RegisterFound, err error) {
	select {
	case r.turn <- struct{}{}:
		defer func() { <-r.turn }()
	case <-ctx.Done():
		return nil, ctx.Err()
	}
	p := r.current()
	db, err := duck.Open(ctx, "", ingestLimits(p), false)
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, db.Close()) }()
	conn, err := db.Conn(ctx)
	if err != nil {
		return nil, fmt.Errorf("search the register: %w", err)
	}
	defer func() { err = errors.Join(err, conn.Close()) }()
	number, _ := companyNumber(ask.Number)
	found = &reports.RegisterFound{}
	for _, source := range p.Sources {
		if !isSearched(p, source) {
			continue
		}
		scan := stockScan{load: stockLoad{source: source, project: p, beside: &stockFiles{}}, app: r.app, conn: conn}
		scan.wanted, err = newWanted(ctx, conn, func() error {
			_, err := conn.ExecContext(ctx, "insert into parties values (nullif(trim(?), ''), nullif(trim(?), ''), nullif(?, ''))", ask.Name, ask.PostalCode, number)
			return err
		})
		if err != nil {
			return nil, err
		}
		if scan.wanted.sirens+scan.wanted.names == 0 {
			return found, nil
		}
		paths, err := p.Files(source)
		if err != nil {
			return nil, err
		}
		for _, path := range paths {
			stocks, err := sirene.Inspect(ctx, path)
			if refused, ok := errors.AsType[*ingest.RefusedError](err); ok {
				r.app.say("warning: not searched: %v", refused)
				found.Unread = append(found.Unread, filepath.Base(path))
				continue
			}
			if err != nil {
				return nil, err
			}
			scan.load.beside.stocks = append(scan.load.beside.stocks, stocks...)
		}
		units, err := scan.records(ctx, sirene.LegalUnits)
		if err != nil {
			return nil, err
		}
		// establishments are those of the units that were found
		if err := scan.wanted.narrow(ctx, units); err != nil {
			return nil, err
		}
		places, err := scan.records(ctx, sirene.Establishments)
		if err != nil {
			return nil, err
		}
		found.Units, found.Establishments = append(found.Units, units...), append(found.Establishments, places...)
	}
	return found, nil
}

// companyNumber is the SIREN of a number whose key holds.
func companyNumber(text string) (string, bool) {
	if number, ok := sirene.SIREN(text); ok {
		return number, true
	}
	if plain := identifier.Plain(text); identifier.IsVAT(plain) && strings.HasPrefix(strings.ToUpper(plain), "FR") {
		return plain[len(plain)-9:], true
	}
	return "", false
}

// records reads what is looked for out of the stock files of a dataset, by field.
func (s *stockScan) records(ctx context.Context, dataset string) (all []map[string]string, err error) {
	for _, stock := range s.load.beside.stocks {
		if stock.Dataset != dataset || !ingest.Blocks(s.load.source.Blocks).Takes(dataset) {
			continue
		}
		found, err := s.recordsOf(ctx, stock)
		if err != nil {
			return nil, err
		}
		all = append(all, found...)
	}
	return all, nil
}

func (s *stockScan) recordsOf(ctx context.Context, stock *sirene.Stock) (found []map[string]string, err error) {
	s.stock = stock
	columns, err := fields(stock.Dataset)
	if err != nil {
		return nil, err
	}
	columns = ingest.Blocks(s.load.source.Blocks).Fields(stock.Dataset, columns)
	if err := s.keep(ctx); err != nil {
		return nil, err
	}
	var stream bytes.Buffer
	if _, err := s.rows(ctx, columns, &stream, func(ingest.Reject) error { return nil }); err != nil {
		return nil, err
	}
	for line := range strings.Lines(stream.String()) {
		values := strings.Split(strings.TrimSuffix(line, "\n"), "\x1f")
		row := map[string]string{}
		for i, column := range columns {
			if i+1 < len(values) && values[i+1] != "" {
				row[column.Name] = values[i+1]
			}
		}
		found = append(found, row)
	}
	return found, nil
}

// narrow leaves of what is looked for the numbers of these units.
func (w *wanted) narrow(ctx context.Context, units []map[string]string) error {
	sirens := make([]string, len(units))
	for i, unit := range units {
		sirens[i] = unit["siren"]
	}
	if _, err := w.conn.ExecContext(ctx, "create or replace temp table wanted_sirens as select unnest(string_split(?, ',')) as siren", strings.Join(sirens, ",")); err != nil {
		return fmt.Errorf("search the register: %w", err)
	}
	w.names = 0
	return nil
}
