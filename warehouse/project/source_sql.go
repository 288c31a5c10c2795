package project

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"time"

	"github.com/goccy/go-yaml/ast"

	schema "github.com/encours/encours/sql"
)

// KindSQL is the kind of a source that is a database.
const KindSQL = "sql"

// SQL says how a database is read: where it is, and one query per dataset. No
// secret is part of it.
type SQL struct {
	Driver         string
	ConnectionEnv  string // name of an environment variable that holds the connection string
	ConnectionFile string // file that holds it
	Path           string // of an SQLite file
	Timeout        time.Duration
	Queries        []SQLQuery
}

// SQLQuery is one query of a database.
type SQLQuery struct {
	Dataset    string
	File       string
	Mode       string // ModeFull or ModeDelta
	Watermark  string // column, for ModeDelta
	From       string // the first mark; empty: before everything
	Overlap    string // duration or number as written; empty: the default
	Keep       []string
	AllowEmpty bool
}

const (
	driverSQLite  = "sqlite"
	secretAdvice  = "a password or a connection string does not belong in encours.yaml, which others can read: put it into an environment variable and name that by connection_env, or into a file that only you can read and name that by connection_file"
	sqlTimeout    = time.Hour
	environmentOf = `^[A-Za-z_][A-Za-z0-9_]{0,127}$`
)

var (
	environmentForm = regexp.MustCompile(environmentOf)
	secretKeys      = []string{"password", "passwd", "pwd", "pass", "secret", "dsn", "connection", "connection_string", "url", "user", "username", "token"}
)

// isSecretKey tells whether a key looks as if its value were a secret.
func isSecretKey(key string) bool {
	return slices.Contains(secretKeys, strings.ToLower(strings.ReplaceAll(key, "-", "_")))
}

// looksSecret tells whether a text looks like a connection string.
func looksSecret(text string) bool {
	lower := strings.ToLower(text)
	return strings.Contains(text, "://") || strings.Contains(text, "@") || strings.Contains(lower, "password=") || strings.Contains(lower, "pwd=")
}

// keys read the keys that only a database has.
func (s *SQL) keys() map[string]func(node) {
	s.Timeout = sqlTimeout
	return map[string]func(node){
		"driver": func(n node) { n.oneOf(&s.Driver, "postgres", "mysql", driverSQLite, "sqlserver", "oracle") },
		"connection_env": func(n node) {
			if text, ok := n.text(); ok && !environmentForm.MatchString(text) { // the value may be the secret itself
				n.problem("this is not the name of an environment variable (letters, digits and _); %s", secretAdvice)
				return
			}
			s.ConnectionEnv, _ = n.text()
		},
		"connection_file": func(n node) { s.ConnectionFile = n.place() },
		"path":            func(n node) { s.Path = n.place() },
		"timeout":         func(n node) { s.Timeout = n.duration(time.Second, 24*time.Hour) },
		"queries":         func(n node) { n.list(func(item node) { s.readQuery(item) }) },
	}
}

// sound tells whether reading finds no problem: only then is it worth while to look
// at what keys say together.
func (n node) sound(read func()) bool {
	before := len(n.doc.problems)
	read()
	return len(n.doc.problems) == before
}

// requiredOf lists the keys that the kind of a source needs.
func requiredOf(item node) []string {
	entries, _ := entriesOf(item.value)
	for _, entry := range entries {
		if key, _ := scalar(entry.Key); key != "kind" {
			continue
		}
		switch kind, _ := scalar(entry.Value); {
		case kind == KindSQL:
			return neededBySQL(entries)
		case IsShaped(kind):
			return nil
		case IsPulled(kind):
			return []string{"url"}
		case kind == "table":
			return neededByTable(entries)
		}
	}
	return []string{"entity"}
}

// neededByTable leaves the entity out where the rows belong to none, such as the
// accounts of a CRM or the rates of a central bank. What a preset reads is known to
// the reader alone, which asks for the entity then.
func neededByTable(entries []*ast.MappingValueNode) []string {
	for _, e := range entries {
		key, _ := scalar(e.Key)
		value, _ := scalar(e.Value)
		if key == "preset" || key == "dataset" && value != "" && !BelongsToEntity(value) {
			return nil
		}
	}
	return []string{"entity"}
}

// neededBySQL leaves the entity out where the rows of every query belong to none.
func neededBySQL(entries []*ast.MappingValueNode) []string {
	groupOnly := false
	for _, e := range entries {
		list, ok := e.Value.(*ast.SequenceNode)
		if key, _ := scalar(e.Key); key != "queries" || !ok {
			continue
		}
		groupOnly = !slices.ContainsFunc(list.Values, func(query ast.Node) bool {
			keys, _ := entriesOf(query)
			return !slices.ContainsFunc(keys, func(e *ast.MappingValueNode) bool {
				key, _ := scalar(e.Key)
				dataset, _ := scalar(e.Value)
				return key == "dataset" && !BelongsToEntity(dataset)
			})
		})
	}
	if groupOnly {
		return []string{"driver", "queries"}
	}
	return []string{"entity", "driver", "queries"}
}

// BelongsToEntity says whether the rows of a dataset are those of one entity.
func BelongsToEntity(dataset string) bool {
	table, err := schema.Schema(dataset)
	if err != nil {
		return true
	}
	_, ok := table.Column("entity_id")
	return ok
}

// place reads a path, which is not a connection string.
func (n node) place() string {
	text, ok := n.text()
	if ok && looksSecret(text) {
		n.problem("this is not a path; %s", secretAdvice)
		return ""
	}
	return text
}

var overlapForm = regexp.MustCompile(`^([0-9]{1,18}|([0-9]+(\.[0-9]+)?(h|m|s|ms))+)$`)

func (s *SQL) readQuery(item node) {
	q := SQLQuery{Mode: ModeFull}
	fine := item.sound(func() { q.read(item, s.Queries) })
	switch {
	case fine && q.Mode == ModeDelta && q.Watermark == "":
		item.problem("mode delta needs a watermark: the column of the result that grows with every change")
	case fine && q.Mode == ModeFull && q.Watermark+q.From+q.Overlap != "":
		item.problem("watermark, from and overlap go with mode: delta")
	}
	s.Queries = append(s.Queries, q)
}

func (q *SQLQuery) read(item node, before []SQLQuery) {
	item.record(map[string]func(node){
		"dataset": func(n node) { q.readDataset(n, before) },
		"file":    func(n node) { q.File, _ = n.text() },
		"mode":    func(n node) { n.oneOf(&q.Mode, ModeFull, ModeDelta) },
		"watermark": func(n node) {
			q.Watermark, _ = n.text()
		},
		"from": func(n node) { q.From, _ = n.text() },
		"overlap": func(n node) {
			n.matching(overlapForm, "an overlap: a duration such as 2h, or a whole number where the watermark is one", &q.Overlap)
		},
		"keep": func(n node) {
			n.list(func(item node) {
				if name, ok := item.text(); ok {
					q.Keep = append(q.Keep, name)
				}
			})
		},
		"allow_empty": func(n node) {
			var word string
			n.oneOf(&word, "true", "false")
			q.AllowEmpty = word == "true"
		},
	}, "dataset", "file")
}

func (q *SQLQuery) readDataset(n node, before []SQLQuery) {
	names, err := schema.Datasets()
	if err != nil {
		n.problem("%v", err)
		return
	}
	names = slices.DeleteFunc(names, func(name string) bool { return name == "ledger_entries" })
	n.oneOf(&q.Dataset, names...)
	if q.Dataset != "" && slices.ContainsFunc(before, func(o SQLQuery) bool { return o.Dataset == q.Dataset }) {
		n.problem("dataset %q stands twice: join the queries by union all, or make a source of its own", q.Dataset)
	}
}

// checkSQL checks what the keys of a database must say together.
func (p *Project) checkSQL(item node, s Source) {
	if len(s.Paths) > 0 {
		item.problem("paths are of files; a database has queries")
	}
	places := 0
	for _, place := range []string{s.SQL.ConnectionEnv, s.SQL.ConnectionFile, s.SQL.Path} {
		if place != "" {
			places++
		}
	}
	switch {
	case s.SQL.Driver == "":
	case s.SQL.Driver == driverSQLite && (s.SQL.Path == "" || places != 1):
		item.problem("an SQLite database is named by path, and by nothing else")
	case s.SQL.Driver != driverSQLite && (s.SQL.Path != "" || places != 1):
		item.problem("a database is named by connection_env or connection_file, by one of them")
	}
}

// checkUnused checks that a source of files has none of the keys of a database.
func (s *SQL) checkUnused(item node) {
	if s.Driver+s.ConnectionEnv+s.ConnectionFile+s.Path != "" || len(s.Queries) > 0 {
		item.problem("driver, connection_env, connection_file, path and queries go with kind: %s", KindSQL)
	}
}

// QueryFile is the path of the file of a query.
func (p *Project) QueryFile(q SQLQuery) string { return p.resolve(q.File) }

// Connection is the connection string of a database, and where it comes from in
// words. getenv reads the environment. A file that others than its owner can read
// is an error, as is a place that holds nothing.
func (p *Project) Connection(s Source, getenv func(string) string) (dsn, origin string, err error) {
	switch {
	case s.SQL.Path != "":
		path := p.resolve(s.SQL.Path)
		return path, "the file " + path, nil
	case s.SQL.ConnectionEnv != "":
		origin = "the environment variable " + s.SQL.ConnectionEnv
		dsn = strings.TrimSpace(getenv(s.SQL.ConnectionEnv))
	default:
		path := p.resolve(s.SQL.ConnectionFile)
		origin = "the file " + path
		if dsn, err = readSecret(path); err != nil {
			return "", "", fmt.Errorf("source %q: connection_file %q: %w", s.Name, filepath.Base(path), err)
		}
	}
	if dsn == "" {
		return "", "", fmt.Errorf("source %q: %s is empty: put the connection string of the database there", s.Name, origin)
	}
	return dsn, origin, nil
}

const maxSecret = 64 << 10

// readSecret reads a file that only its owner can read.
func readSecret(path string) (string, error) {
	info, err := os.Stat(path)
	if err != nil {
		return "", err
	}
	switch {
	case !info.Mode().IsRegular():
		return "", errors.New("it is not a file")
	case info.Mode().Perm()&0o077 != 0:
		return "", fmt.Errorf("others can read it (mode %04o): run chmod 600 %s", info.Mode().Perm(), path)
	case info.Size() > maxSecret:
		return "", errors.New("it is too large for a connection string")
	}
	text, err := os.ReadFile(path)
	return strings.TrimSpace(string(text)), err
}
