package generation

import (
	"bytes"
	"context"
	"crypto/sha256"
	"database/sql"
	"encoding/csv"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"github.com/encours/encours/warehouse/project"
)

// mostProblems is how many problems of a list are named at once.
const mostProblems = 20

// Columns of a list of sold documents.
var (
	factoredColumns  = []string{"entity_id", "counterparty_id", "document_ref", "factored_on", "returned_on"}
	factoredRequired = []string{"entity_id", "document_ref", "factored_on"}
)

// factoredList is a file that lists sold documents, as encours.yaml names it.
type factoredList struct {
	name, sha256 string
	rows         [][]any // line, then factoredColumns
}

// readFactored reads the lists of sold documents of a project. Its error names
// every problem with file, line and column.
func readFactored(p *project.Project) ([]factoredList, error) {
	var lists []factoredList
	var problems []error
	for _, rule := range p.Factored {
		if rule.Documents == "" {
			continue
		}
		path := rule.Documents
		if !filepath.IsAbs(path) {
			path = filepath.Join(p.Dir, path)
		}
		text, err := os.ReadFile(path)
		if err != nil {
			return nil, fmt.Errorf("read the list of sold documents %q, which encours.yaml names: %w", rule.Documents, err)
		}
		entities := map[string]bool{}
		for _, e := range p.Entities {
			entities[e.ID] = true
		}
		reader := factoredReader{file: path, entities: entities}
		list := factoredList{name: rule.Documents, rows: reader.read(text)}
		sum := sha256.Sum256(text)
		list.sha256 = hex.EncodeToString(sum[:])
		problems = append(problems, reader.problems...)
		lists = append(lists, list)
	}
	if more := len(problems) - mostProblems; more > 0 {
		problems = append(problems[:mostProblems], fmt.Errorf("and %d more", more))
	}
	return lists, errors.Join(problems...)
}

// factoredReader reads one list and collects what is wrong in it.
type factoredReader struct {
	file     string
	entities map[string]bool
	csv      *csv.Reader
	problems []error
}

func (r *factoredReader) problem(line, column int, format string, args ...any) {
	r.problems = append(r.problems, fmt.Errorf("%s:%d:%d: %s", r.file, line, column, fmt.Sprintf(format, args...)))
}

// read gives the rows of a text with commas, or with semicolons where the header
// has them.
func (r *factoredReader) read(text []byte) (rows [][]any) {
	text = bytes.TrimPrefix(text, []byte("\ufeff"))
	r.csv = csv.NewReader(bytes.NewReader(text))
	if first, _, _ := bytes.Cut(text, []byte("\n")); bytes.ContainsRune(first, ';') {
		r.csv.Comma = ';'
	}
	header, err := r.csv.Read()
	if err != nil {
		r.problem(1, 1, "there is no header line: write %s", strings.Join(factoredColumns, ","))
		return nil
	}
	at := r.header(header)
	if len(r.problems) > 0 {
		return nil
	}
	for {
		record, err := r.csv.Read()
		if errors.Is(err, io.EOF) {
			return rows
		}
		var malformed *csv.ParseError
		if errors.As(err, &malformed) {
			r.problem(malformed.Line, malformed.Column, "%v: give the line the %d columns of the header, with quotes in pairs", malformed.Err, len(header))
			if !errors.Is(err, csv.ErrFieldCount) {
				return rows
			}
			continue
		}
		if row := r.row(at, record); row != nil {
			rows = append(rows, row)
		}
	}
}

// header tells where each of factoredColumns stands, -1 where it is missing.
func (r *factoredReader) header(names []string) (at []int) {
	for i, name := range names {
		names[i] = strings.ToLower(strings.TrimSpace(name))
		_, column := r.csv.FieldPos(i)
		if !slices.Contains(factoredColumns, names[i]) {
			r.problem(1, column, "column %q is not known: the columns are %s", name, strings.Join(factoredColumns, ", "))
		} else if slices.Contains(names[:i], names[i]) {
			r.problem(1, column, "column %q stands twice: keep one", name)
		}
	}
	for _, name := range factoredColumns {
		at = append(at, slices.Index(names, name))
		if at[len(at)-1] < 0 && slices.Contains(factoredRequired, name) {
			r.problem(1, 1, "column %q is missing: add it", name)
		}
	}
	return at
}

// row reads a line; nil where something is wrong in it.
func (r *factoredReader) row(at []int, record []string) []any {
	before := len(r.problems)
	line, _ := r.csv.FieldPos(0)
	row := []any{line}
	dates := map[string]time.Time{}
	for i, name := range factoredColumns {
		if at[i] < 0 {
			row = append(row, nil)
			continue
		}
		value := strings.TrimSpace(record[at[i]])
		_, column := r.csv.FieldPos(at[i])
		switch {
		case value == "" && slices.Contains(factoredRequired, name):
			r.problem(line, column, "%s is empty: fill it in, or take the line out", name)
		case value == "":
			row = append(row, nil)
			continue
		case name == "entity_id" && !r.entities[value]:
			r.problem(line, column, "no entity is called %q: write an identifier of encours.yaml", value)
		case strings.HasSuffix(name, "_on"):
			date, err := time.Parse(time.DateOnly, value)
			if err != nil {
				r.problem(line, column, "%s: %q is not a date: write YYYY-MM-DD", name, value)
			}
			if dates[name] = date; name == "returned_on" && err == nil && date.Before(dates["factored_on"]) {
				r.problem(line, column, "returned_on %s is before factored_on: exchange them", value)
			}
		}
		row = append(row, value)
	}
	if len(r.problems) > before {
		return nil
	}
	return row
}

func insertFactoredDocuments(ctx context.Context, conn *sql.Conn, lists []factoredList) error {
	var rows [][]any
	for _, list := range lists {
		for _, row := range list.rows {
			line, entity, counterparty, document, sold, returned := row[0], row[1], row[2], row[3], row[4], row[5]
			rows = append(rows, []any{list.name, line, entity, counterparty, document, sold, returned})
		}
	}
	return insertRows(ctx, conn, "project_factored_documents", rows)
}
