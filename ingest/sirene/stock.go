// Package sirene reads the stock files of the register of companies (Sirene, INSEE):
// legal units, establishments, the history of legal units and successions, as CSV, also
// compressed, or Parquet. Columns are found by their names, in any order and case, and
// columns that are not known do not matter.
//
// Invariant: a file is read whole or refused by the name of what it lacks; of what is
// kept of it every record becomes a row or a reject. Which records are kept is the
// business of the caller, as whole files are too large to be landed.
package sirene

import (
	"context"
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"

	"github.com/parquet-go/parquet-go"

	"github.com/encours/encours/ingest"
	"github.com/encours/encours/ingest/archive"
)

// Formats of a stock file.
const (
	CSV     = "csv"
	Parquet = "parquet"
)

// Stock is one stock file, whose header has been read.
type Stock struct {
	Path    string
	Label   string // as messages name it: the file, or the archive with the file in it
	Dataset string
	Format  string
	Columns []string // of the file, in its order, as it writes them
	Records int64    // of a Parquet file; of a CSV -1 until it is read
	Size    int64    // of the file on disk

	Delimiter byte // of a CSV
	places    []place
	at        []int // column of each place, -1: the file has none
	numeric   []bool
	member    archive.Member
}

// Inspect finds the stock files in a file: one, or those of a ZIP archive. What it
// refuses is an *ingest.RefusedError.
func Inspect(ctx context.Context, path string) ([]*Stock, error) {
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	info, err := os.Stat(path)
	if err != nil {
		return nil, fmt.Errorf("read stock file: %w", err)
	}
	if ok, err := isParquet(path); err != nil {
		return nil, err
	} else if ok {
		stock, err := inspectParquet(path, info.Size())
		if err != nil {
			return nil, err
		}
		return []*Stock{stock}, nil
	}
	members, _, err := use(path).Members(path)
	if err != nil {
		return nil, err
	}
	var found []*Stock
	for _, m := range members {
		stock, err := inspectCSV(m, info.Size())
		if err != nil {
			return nil, err
		}
		found = append(found, stock)
	}
	return found, nil
}

func use(path string) archive.Use {
	return archive.Use{
		One: "stock file of Sirene", Content: "records", Sheet: "Load the CSV or the Parquet file that INSEE publishes",
		Refuse: func(r archive.Refusal) error {
			return &ingest.RefusedError{Path: r.Path, Problem: r.Problem, Advice: r.Advice, Reason: "archive"}
		},
	}
}

const parquetMagic = "PAR1"

func isParquet(path string) (bool, error) {
	in, err := os.Open(path)
	if err != nil {
		return false, fmt.Errorf("read stock file: %w", err)
	}
	defer in.Close()
	magic := make([]byte, len(parquetMagic))
	if _, err := io.ReadFull(in, magic); err != nil && !errors.Is(err, io.EOF) && !errors.Is(err, io.ErrUnexpectedEOF) {
		return false, fmt.Errorf("read stock file: %w", err)
	}
	return string(magic) == parquetMagic, nil
}

func inspectParquet(path string, size int64) (_ *Stock, err error) {
	in, err := os.Open(path)
	if err != nil {
		return nil, fmt.Errorf("read stock file: %w", err)
	}
	defer in.Close()
	file, err := openParquet(in, size)
	if err != nil {
		return nil, &ingest.RefusedError{
			Path: path, Reason: "parquet.damaged", Problem: fmt.Sprintf("it is a damaged Parquet file (%v)", err), Advice: "Download it again",
		}
	}
	s := &Stock{Path: path, Label: path, Format: Parquet, Records: file.NumRows(), Size: size}
	var numeric []bool
	for _, c := range file.Root().Columns() {
		if !c.Leaf() || c.Repeated() {
			continue
		}
		s.Columns = append(s.Columns, c.Name())
		kind := c.Type().Kind()
		numeric = append(numeric, kind == parquet.Int32 || kind == parquet.Int64)
	}
	if err := s.bind(); err != nil {
		return nil, err
	}
	s.numeric = make([]bool, len(s.places))
	for i, at := range s.at {
		s.numeric[i] = at >= 0 && numeric[at]
	}
	return s, nil
}

// openParquet turns a panic over a damaged footer into an error.
func openParquet(in *os.File, size int64) (file *parquet.File, err error) {
	defer func() {
		if what := recover(); what != nil {
			err = fmt.Errorf("%v", what)
		}
	}()
	return parquet.OpenFile(in, size, parquet.SkipPageIndex(true), parquet.SkipBloomFilters(true))
}

const longestHeader = 1 << 20

func inspectCSV(m archive.Member, size int64) (_ *Stock, err error) {
	in, err := m.Open()
	if err != nil {
		return nil, err
	}
	head, err := firstLine(in)
	if closeErr := in.Close(); err == nil {
		err = closeErr
	}
	if err != nil {
		return nil, &ingest.RefusedError{Path: m.Label, Reason: "header.unknown", Problem: err.Error(), Advice: "Give a stock file of Sirene, as CSV or Parquet"}
	}
	s := &Stock{Path: m.Path, Label: m.Label, Format: CSV, Records: -1, Size: size, member: m, Delimiter: ','}
	for _, other := range []byte{';', '\t', '|'} {
		if strings.Count(head, string(other)) > strings.Count(head, string(s.Delimiter)) {
			s.Delimiter = other
		}
	}
	reader := csv.NewReader(strings.NewReader(head))
	reader.Comma, reader.LazyQuotes = rune(s.Delimiter), true
	if s.Columns, err = reader.Read(); err != nil {
		return nil, &ingest.RefusedError{Path: m.Label, Line: 1, Reason: "header.unknown", Problem: "its first line is no header", Advice: "Give a stock file of Sirene, as CSV or Parquet"}
	}
	for i := range s.Columns {
		s.Columns[i] = strings.TrimSpace(s.Columns[i])
	}
	return s, s.bind()
}

// firstLine reads the header, without the byte order mark.
func firstLine(in io.Reader) (string, error) {
	head, chunk := []byte(nil), make([]byte, 4096)
	for len(head) < longestHeader {
		n, err := in.Read(chunk)
		head = append(head, chunk[:n]...)
		if i := strings.IndexByte(string(head), '\n'); i >= 0 {
			head = head[:i]
			break
		}
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			return "", err
		}
	}
	text := strings.TrimRight(strings.TrimPrefix(string(head), "\ufeff"), "\r")
	switch {
	case strings.TrimSpace(text) == "":
		return "", errors.New("it is empty")
	case len(head) >= longestHeader, strings.ContainsRune(text, 0):
		return "", errors.New("it is no text")
	}
	return text, nil
}

// bind finds the columns of the layout.
func (s *Stock) bind() (err error) {
	folded := map[string]int{}
	for i, name := range s.Columns {
		key := strings.ToLower(strings.TrimSpace(name))
		if _, twice := folded[key]; !twice {
			folded[key] = i
		}
	}
	if s.Dataset, err = classify(s.Label, folded); err != nil {
		var refused *ingest.RefusedError
		if errors.As(err, &refused) {
			refused.Found = s.Columns
		}
		return err
	}
	s.places = layouts()[s.Dataset]
	s.at, s.numeric = make([]int, len(s.places)), make([]bool, len(s.places))
	var missing []string
	for i, p := range s.places {
		at, ok := folded[strings.ToLower(p.column)]
		if s.at[i] = at; !ok {
			s.at[i] = -1
			if p.needed {
				missing = append(missing, p.column)
			}
		}
	}
	if len(missing) > 0 {
		return &ingest.RefusedError{
			Path: s.Label, Line: 1, Reason: "header.missing", Missing: missing, Found: s.Columns,
			Problem: fmt.Sprintf("its header lacks a column that %s must have", stockName(s.Dataset)),
			Advice:  "Download the file again from INSEE, or export it with all of its columns",
		}
	}
	return nil
}

// stockName is what INSEE calls the file of a dataset.
func stockName(dataset string) string {
	return map[string]string{
		LegalUnits: "StockUniteLegale", Establishments: "StockEtablissement",
		Periods: "StockUniteLegaleHistorique", Successions: "StockEtablissementLiensSuccession",
	}[dataset]
}

// Fields are those of the dataset that the file gives, in the order in which Rows
// takes them.
func (s *Stock) Fields() []string {
	var names []string
	for i, p := range s.places {
		if s.at[i] >= 0 {
			names = append(names, p.field)
		}
	}
	return names
}

// Column is the column of the file that gives a field, and whether it holds whole
// numbers rather than text; ok is false where the file has none.
func (s *Stock) Column(field string) (name string, numeric, ok bool) {
	for i, p := range s.places {
		if p.field == field && s.at[i] >= 0 {
			return s.Columns[s.at[i]], s.numeric[i], true
		}
	}
	return "", false, false
}

// Name is what messages call the file.
func (s *Stock) Name() string { return filepath.Base(s.Label) }
