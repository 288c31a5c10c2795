package main

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"io"
	"path/filepath"
	"slices"
	"strconv"
	"strings"

	"github.com/encours/encours/ingest"
	"github.com/encours/encours/ingest/sirene"
	"github.com/encours/encours/ingest/stream"
	"github.com/encours/encours/warehouse/duck"
	"github.com/encours/encours/warehouse/landing"
	"github.com/encours/encours/warehouse/project"
)

// Notes of a batch of the register.
const (
	noteWanted = "wanted"       // digest of what was looked for
	noteRead   = "records_read" // of the stock file, kept or not
	noteStock  = "format"
)

// stockLoad is one file of the register.
type stockLoad struct {
	path    string
	source  project.Source
	project *project.Project
	beside  *stockFiles
}

// stockFiles are all files of a source, which are read with one another: of the names
// in one and the places in the other a company is recognised.
type stockFiles struct {
	stocks  []*sirene.Stock
	digests map[string]string // by path
}

// order is the order in which the datasets load: establishments, periods and
// successions are those of legal units that were kept.
var order = []string{sirene.LegalUnits, sirene.Establishments, sirene.Periods, sirene.Successions}

// stockLoads lists the files of a source, legal units first. What a file is refused
// for is told when it is its turn.
func stockLoads(p *project.Project, s project.Source) ([]load, error) {
	paths, err := p.Files(s)
	if err != nil {
		return nil, err
	}
	beside := &stockFiles{digests: map[string]string{}}
	rank := map[string]int{}
	for _, path := range paths {
		rank[path] = len(order)
		stocks, err := sirene.Inspect(context.Background(), path)
		if err != nil {
			continue
		}
		beside.stocks = append(beside.stocks, stocks...)
		for _, stock := range stocks {
			rank[path] = min(rank[path], slices.Index(order, stock.Dataset))
		}
	}
	slices.SortStableFunc(paths, func(a, b string) int { return rank[a] - rank[b] })
	var loads []load
	for _, path := range paths {
		loads = append(loads, stockLoad{path: path, source: s, project: p, beside: beside})
	}
	return loads, nil
}

func (load stockLoad) name() string { return load.path }

// run reads what is looked for out of every stock file of the file.
func (load stockLoad) run(ctx context.Context, a *app, zone *landing.Zone, db *sql.DB) (result loaded, err error) {
	stocks, err := sirene.Inspect(ctx, load.path)
	if err != nil {
		return result, err
	}
	slices.SortStableFunc(stocks, func(a, b *sirene.Stock) int {
		return slices.Index(order, a.Dataset) - slices.Index(order, b.Dataset)
	})
	for i, stock := range stocks {
		if !ingest.Blocks(load.source.Blocks).Takes(stock.Dataset) {
			result.unchanged = fmt.Sprintf("it has nothing of the blocks %s", ingest.Blocks(load.source.Blocks))
			continue
		}
		if i > 0 {
			result.say(a, load.path)
		}
		if result, err = load.one(ctx, a, zone, db, stock); err != nil {
			return result, err
		}
	}
	return result, nil
}

func (load stockLoad) one(ctx context.Context, a *app, zone *landing.Zone, db *sql.DB, stock *sirene.Stock) (result loaded, err error) {
	conn, err := db.Conn(ctx)
	if err != nil {
		return result, err
	}
	defer func() { err = errors.Join(err, conn.Close()) }()
	digest, err := load.beside.digest(ctx, a, stock.Path)
	if err != nil {
		return result, err
	}
	// every record carries its line: to keep their order would hold much of the file
	if _, err := conn.ExecContext(ctx, "set preserve_insertion_order = false"); err != nil {
		return result, err
	}
	scan := stockScan{load: load, app: a, conn: conn, stock: stock, everything: load.source.Register.Rows == project.RowsAll}
	looked := project.RowsAll
	if !scan.everything {
		if looked, err = scan.prepare(ctx, zone); err != nil {
			return result, err
		}
		if scan.wanted.sirens+scan.wanted.names == 0 {
			result.unchanged = "nothing is looked for yet: no customer, account, rating or cover that is loaded carries a SIREN, a SIRET, a VAT number or a name; load those first"
			return result, nil
		}
	}
	batches, err := zone.Batches(ctx)
	if err != nil {
		return result, err
	}
	blocks := ingest.Blocks(load.source.Blocks)
	if same := lastSame(batches, stock.Dataset, load.source.Name, load.source.EntityID, digest); same != nil && same.Notes[noteWanted] == looked && same.Notes[noteBlocks] == blocks.String() {
		result.same = same
		return result, nil
	}
	columns, err := fields(stock.Dataset)
	if err != nil {
		return result, err
	}
	columns = blocks.Fields(stock.Dataset, columns)
	if err := scan.keep(ctx); err != nil {
		return result, err
	}
	var stats ingest.ShapedStats
	staged, first, err := stage(ctx, zone, db, landing.Table{
		Dataset: stock.Dataset, EntityID: load.source.EntityID, Source: load.source.Name,
		SourcePath: load.path, SHA256: digest, Size: stock.Size, LoadedAt: a.Clock(),
	}, func(w io.Writer, reject func(ingest.Reject) error) (err error) {
		stats, err = scan.rows(ctx, columns, w, blocks.Rejects(columns, reject))
		return err
	})
	if err != nil {
		return result, err
	}
	defer func() { err = errors.Join(err, staged.Discard()) }()
	switch {
	case staged.Rows() == 0 && staged.Rejects() > 0 && (scan.everything || staged.Rejects() > int64(len(scan.unparsed))):
		return result, refuseUnread(staged, load.path, first, fmt.Sprintf("%d records", staged.Rejects()), "")
	case staged.Rows() == 0:
		result.unchanged = fmt.Sprintf("none of its %d records of %s is looked for", scan.read, stock.Dataset)
		if len(scan.unparsed) > 0 {
			result.unchanged += fmt.Sprintf("; %d lines are no records, the first: line %d: %s", len(scan.unparsed), scan.unparsed[0].Line, scan.unparsed[0].Message)
		}
		return result, nil
	}
	if !scan.everything {
		result.remarks = append(result.remarks, fmt.Sprintf("%d of its %d records are kept: those of %d SIRENs and %d names that are looked for",
			staged.Rows(), scan.read, scan.wanted.sirens, scan.wanted.names))
	}
	notes := map[string]string{noteWanted: looked, noteRead: strconv.FormatInt(scan.read, 10), noteStock: stock.Format, "file": stock.Name()}
	if len(blocks) > 0 {
		notes[noteBlocks] = blocks.String()
	}
	result.batch, err = staged.Commit(landing.Facts{
		Mode: landing.Delta, FirstDate: datePointer(stats.First), LastDate: datePointer(stats.Last), ExtractDate: datePointer(load.source.ExtractDate.Time),
		Notes:       notes,
		ToolVersion: version,
	})
	return result, err
}

// digest is that of the bytes of a file, made once.
func (f *stockFiles) digest(ctx context.Context, a *app, path string) (string, error) {
	if made, ok := f.digests[path]; ok {
		return made, nil
	}
	size := int64(0)
	for _, stock := range f.stocks {
		if stock.Path == path {
			size = stock.Size
		}
	}
	bar := a.newBar(size, true, filepath.Base(path))
	defer bar.finish()
	made, _, err := stream.Digest(ctx, path, bar.set)
	if err == nil {
		f.digests[path] = made
	}
	return made, err
}

// stockScan reads one stock file through DuckDB.
type stockScan struct {
	load       stockLoad
	app        *app
	conn       *sql.Conn
	stock      *sirene.Stock
	everything bool
	wanted     *wanted
	unparsed   []ingest.Reject
	read       int64
}

// prepare finds out what is looked for and returns the digest of it.
func (s *stockScan) prepare(ctx context.Context, zone *landing.Zone) (string, error) {
	var err error
	if s.wanted, err = collectWanted(ctx, s.conn, zone, s.load.project, s.load.source); err != nil {
		return "", err
	}
	looked := s.wanted.digest
	if s.stock.Dataset != sirene.LegalUnits {
		if err := s.wanted.addLanded(ctx, zone); err != nil {
			return "", err
		}
		return s.wanted.digest, nil
	}
	for _, other := range s.load.beside.stocks {
		if s.wanted.names > 0 && other.Dataset == sirene.Establishments {
			digest, err := s.load.beside.digest(ctx, s.app, other.Path)
			if err != nil {
				return "", err
			}
			looked += " " + digest[:16]
		}
	}
	return looked, nil
}

// addLanded adds the legal units that were kept, for what is told of them elsewhere.
func (w *wanted) addLanded(ctx context.Context, zone *landing.Zone) error {
	batches, err := zone.Batches(ctx)
	if err != nil {
		return err
	}
	var paths []string
	for _, b := range landing.Live(batches) {
		if b.Dataset == sirene.LegalUnits {
			paths = append(paths, duck.Text(zone.Path(b)))
		}
	}
	if len(paths) == 0 {
		return nil
	}
	_, err = w.conn.ExecContext(ctx, "insert into wanted_sirens select distinct siren from read_parquet(["+strings.Join(paths, ", ")+
		"], union_by_name = true) where siren not in (select siren from wanted_sirens)")
	if err != nil {
		return fmt.Errorf("find out what to look for in the register: %w", err)
	}
	return w.count(ctx)
}

// keep fills the table of the records that are kept. With everything, nothing is held.
func (s *stockScan) keep(ctx context.Context) error {
	if s.everything {
		return nil
	}
	if s.stock.Dataset == sirene.LegalUnits && s.wanted.names > 0 {
		if err := s.placed(ctx); err != nil {
			return err
		}
		if err := s.named(ctx); err != nil {
			return fmt.Errorf("read %q: %w", s.stock.Label, err)
		}
	}
	err := s.run(ctx, s.stock, true, s.exec(func(from string) string {
		return "create or replace temp table kept as select " + strings.Join(s.values(s.stock), ", ") + " from " + from + " where " + s.condition(s.stock)
	}))
	if err != nil {
		return err
	}
	if exact := s.exact(); exact != "" {
		if _, err := s.conn.ExecContext(ctx, exact); err != nil {
			return fmt.Errorf("read %q: %w", s.stock.Label, err)
		}
	}
	return nil
}

// values are the line and the fields of a stock file as text, each under its name.
func (s *stockScan) values(stock *sirene.Stock) []string {
	out := []string{lineOf(stock) + " as source_line"}
	for _, name := range stock.Fields() {
		column, _, _ := stock.Column(name)
		out = append(out, duck.Ident(column)+"::varchar as "+duck.Ident(name))
	}
	return out
}

func lineOf(stock *sirene.Stock) string {
	if stock.Format == sirene.Parquet {
		return "file_row_number + 2" // as in a CSV, the header is line 1
	}
	return duck.Ident(lineColumn)
}

// lineColumn is in front of the columns of a CSV; no header of INSEE has such a name.
const lineColumn = "line of the file"

// exec makes a statement over a stock file one that run can use.
func (s *stockScan) exec(statement func(from string) string) func(context.Context, string) error {
	return func(ctx context.Context, from string) error {
		_, err := s.conn.ExecContext(ctx, statement(from))
		return err
	}
}

// run gives use what a statement reads a stock file from, while it can be read. counted
// says that its records count as those that are read.
func (s *stockScan) run(ctx context.Context, stock *sirene.Stock, counted bool, use func(ctx context.Context, from string) error) error {
	if stock.Format == sirene.Parquet {
		if counted {
			s.read = stock.Records
		}
		if err := use(ctx, "read_parquet("+duck.Text(stock.Path)+", file_row_number = true)"); err != nil {
			return fmt.Errorf("read %q: %w", stock.Label, err)
		}
		return nil
	}
	bar := s.app.newBar(-1, true, stock.Name())
	defer bar.finish()
	return duck.PipeTo(ctx, func(w io.Writer) error {
		records, err := stock.Lines(ctx, w, func(r ingest.Reject) error {
			if counted {
				s.unparsed = append(s.unparsed, r)
			}
			return nil
		}, bar.set)
		if counted {
			s.read = records
		}
		return err
	}, func(pipe string) error {
		if err := use(ctx, s.csv(stock, pipe)); err != nil {
			return fmt.Errorf("read %q: %w", stock.Label, err)
		}
		return nil
	})
}

// csv declares the dialect of a stock file; nothing is detected.
func (s *stockScan) csv(stock *sirene.Stock, pipe string) string {
	columns := []string{duck.Text(lineColumn) + ": 'bigint'"}
	seen := map[string]bool{strings.ToLower(lineColumn): true}
	for i, name := range stock.Columns {
		for key := strings.ToLower(name); name == "" || seen[key]; key = strings.ToLower(name) {
			name = "column " + strconv.Itoa(i+1) + " " + name
		}
		seen[strings.ToLower(name)] = true
		columns = append(columns, duck.Text(name)+": 'varchar'")
	}
	return "read_csv(" + duck.Text(pipe) + ", delim = " + duck.Text(string(stock.Delimiter)) + `, quote = '"', escape = '"', new_line = '\n', ` +
		"header = false, nullstr = '', auto_detect = false, strict_mode = true, max_line_size = 4194304, buffer_size = 16777216, columns = {" +
		strings.Join(columns, ", ") + "})"
}

// rows hands the kept records to the reader of the register, which checks them. With
// everything, the file runs through both at once and nothing is held.
func (s *stockScan) rows(ctx context.Context, columns []ingest.Field, w io.Writer, reject func(ingest.Reject) error) (stats ingest.ShapedStats, err error) {
	read := func(ctx context.Context, from string) error {
		return s.stream(ctx, from, func(in io.Reader) (err error) {
			stats, err = s.stock.Rows(ctx, in, columns, w, reject)
			return err
		})
	}
	if s.everything {
		err = s.run(ctx, s.stock, true, func(ctx context.Context, from string) error {
			return read(ctx, "(select "+strings.Join(s.values(s.stock), ", ")+" from "+from+")")
		})
	} else {
		err = read(ctx, "kept")
	}
	for _, r := range s.unparsed {
		if err == nil {
			err = reject(r)
			stats.Rejects++
		}
	}
	return stats, err
}

// stream runs a query whose records come as text to read.
func (s *stockScan) stream(ctx context.Context, from string, read func(io.Reader) error) error {
	clean := []string{"source_line"}
	for _, name := range s.stock.Fields() {
		clean = append(clean, "nullif(translate("+duck.Ident(name)+", chr(9) || chr(10) || chr(13) || chr(30) || chr(31), '     '), '')")
	}
	return duck.PipeFrom(ctx, func(pipe string) error {
		_, err := s.conn.ExecContext(ctx, "copy (select "+strings.Join(clean, ", ")+" from "+from+") to "+duck.Text(pipe)+
			" (format csv, header false, delimiter '\x1f', quote '\x1e', escape '\x1e', nullstr '')")
		return err
	}, read)
}
