// Package verify reads an export back and compares it with what it says of itself.
//
// Invariant: nothing is believed: rows are counted, sums added up and hashes
// computed anew from the file, without DuckDB and in bounded memory; what cannot
// be compared is said, never passed over.
package verify

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strconv"
	"strings"

	"github.com/encours/encours/reports/table"
)

// ErrNoManifest says that a file says nothing of itself.
var ErrNoManifest = errors.New("it says nothing of itself: it is no export of encours, or its head was cut off")

// Check is one comparison.
type Check struct {
	Name string // rows, sum of NAME, hash of the rows, hash of the file, manifest beside the file
	Want string // as the file or its manifest says
	Got  string // as it is
	OK   bool
}

// Result is what was found out about one file.
type Result struct {
	Facts  map[string]string // what the file says of itself
	Checks []Check
}

// OK says that every comparison came out equal.
func (r Result) OK() bool {
	for _, c := range r.Checks {
		if !c.OK {
			return false
		}
	}
	return true
}

// export is a file that is open for reading.
type export struct {
	facts map[string]string
	// rows calls each with every row in its order: the values as texts, as RowHash
	// takes them. The slice is valid during the call only.
	rows    func(ctx context.Context, columns []table.Column, each func([]string)) error
	columns []string // as the file names them; nil where it has no row
}

// File verifies a file by its ending. manifestEnding makes the name of the manifest
// beside it. It returns an error wrapping ErrNoManifest for a file that has no
// facts, and another for one that cannot be read to its end.
func File(ctx context.Context, path, manifestEnding string) (Result, error) {
	format := strings.ToLower(strings.TrimPrefix(filepath.Ext(path), "."))
	if format == "pdf" {
		return pdfFile(path, manifestEnding)
	}
	open, ok := map[string]func(*os.File) (export, error){
		"csv": openCSV, "json": openJSON, "xlsx": openXLSX, "parquet": openParquet, "arrow": openArrow,
	}[format]
	if !ok {
		return Result{}, fmt.Errorf("verify %q: the ending is not one of csv, xlsx, parquet, arrow, json, pdf", path)
	}
	file, err := os.Open(path)
	if err != nil {
		return Result{}, fmt.Errorf("verify: %w", err)
	}
	defer file.Close() // it was only read
	e, err := open(file)
	if err != nil {
		return Result{}, fmt.Errorf("verify %q: %w", path, err)
	}
	result := Result{Facts: e.facts}
	if result.Checks, err = e.check(ctx); err != nil {
		return result, fmt.Errorf("verify %q: %w", path, err)
	}
	beside, err := besideChecks(file, path+manifestEnding, e.facts)
	if err != nil {
		return result, fmt.Errorf("verify %q: %w", path, err)
	}
	result.Checks = append(result.Checks, beside...)
	return result, nil
}

// check compares the rows with the facts.
func (e export) check(ctx context.Context) ([]Check, error) {
	for _, name := range []string{table.FactReport, table.FactRows, table.FactColumns, table.FactDigest, table.FactSeal} {
		if e.facts[name] == "" {
			return nil, fmt.Errorf("%w (no %s)", ErrNoManifest, name)
		}
	}
	columns, err := table.ParseColumns(e.facts[table.FactColumns])
	if err != nil {
		return nil, err
	}
	var names []string
	for _, c := range columns {
		names = append(names, c.Name)
	}
	seal := table.Seal(e.facts)
	checks := []Check{{"hash of the manifest", e.facts[table.FactSeal], seal, e.facts[table.FactSeal] == seal}}
	if got := strings.Join(e.columns, " "); e.columns != nil {
		want := strings.Join(names, " ")
		checks = append(checks, Check{"columns", want, got, want == got})
		if want != got {
			return checks, nil // values cannot be told apart
		}
	}
	sums, err := parseSums(e.facts[table.FactSums], columns)
	if err != nil {
		return nil, err
	}
	rows, hash := int64(0), table.NewRowHash()
	err = e.rows(ctx, columns, func(values []string) {
		rows++
		hash.Add(values)
		for i := range sums {
			sums[i].Add([]byte(values[sums[i].column]))
		}
	})
	if err != nil {
		return nil, err
	}
	got := strconv.FormatInt(rows, 10)
	checks = append(checks, Check{"rows", e.facts[table.FactRows], got, got == e.facts[table.FactRows]})
	for _, s := range sums {
		checks = append(checks, Check{"sum of " + s.name, s.want, s.text(), s.want == s.text()})
	}
	want := e.facts[table.FactDigest]
	return append(checks, Check{"hash of the rows", want, hash.Sum(), want == hash.Sum()}), nil
}

// besideChecks compares the file with the manifest beside it, where there is one.
func besideChecks(file *os.File, path string, facts map[string]string) ([]Check, error) {
	text, err := os.ReadFile(path)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	beside, err := objectFacts(text)
	if err != nil {
		return nil, fmt.Errorf("read manifest %q: %w", path, err)
	}
	if _, err := file.Seek(0, io.SeekStart); err != nil {
		return nil, err
	}
	sum := sha256.New()
	size, err := io.Copy(sum, file)
	if err != nil {
		return nil, err
	}
	got, bytes := hex.EncodeToString(sum.Sum(nil)), strconv.FormatInt(size, 10)
	checks := []Check{
		{"bytes of the file", beside["bytes"], bytes, beside["bytes"] == bytes},
		{"hash of the file", beside["sha256"], got, beside["sha256"] == got},
	}
	for name, want := range facts {
		// a line of CSV holds no line ends
		if said, ok := beside[name]; !ok || strings.Map(table.Visible, said) != strings.Map(table.Visible, want) {
			checks = append(checks, Check{"manifest beside the file: " + name, said, want, false})
		}
	}
	return checks, nil
}

// objectFacts reads a JSON object of texts and numbers.
func objectFacts(text []byte) (map[string]string, error) {
	var values map[string]any
	decoder := json.NewDecoder(strings.NewReader(string(text)))
	decoder.UseNumber()
	if err := decoder.Decode(&values); err != nil {
		return nil, err
	}
	facts := map[string]string{}
	for name, value := range values {
		facts[name] = fmt.Sprint(value)
	}
	return facts, nil
}
