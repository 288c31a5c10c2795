// Package graph reads the SQL models, finds out which relation reads which from
// the syntax tree of the SQL itself, and puts them in order.
//
// Invariant: a graph that loads has no cycle, reads only relations that exist,
// keeps its layers (staging reads landing; marts read intermediate and marts;
// nothing reads upwards) and calls nothing whose result depends on the clock,
// on chance or on the number of threads.
package graph

import (
	"context"
	"crypto/sha256"
	"database/sql"
	"encoding/hex"
	"errors"
	"fmt"
	"io/fs"
	"path"
	"slices"
	"strings"

	sqlfiles "github.com/encours/encours/sql"
)

// Layers in the order in which data flows.
var layers = []string{"staging", "intermediate", "marts", "checks"}

// Model is one SQL file: a relation, or a check.
type Model struct {
	Name   string // file name without .sql
	Layer  string // staging, intermediate, marts or checks
	Path   string // in the file system it was read from
	SQL    string // the file, a single SELECT
	Header Header
	Reads  []string // leaves and models that it reads, sorted
}

// Graph is a set of models in an order in which each can be built.
type Graph struct {
	Models []Model // staging, intermediate and marts, each after what it reads
	Checks []Model // by name
	Leaves []string
	byName map[string]Model
	// landing holds the leaves whose rows stay in the landing zone: a build reads
	// them there.
	landing []string
}

// Load reads the models under the folders staging, intermediate, marts and
// checks of fsys. leaves are the relations that are there before any model: the
// landing tables, the settings of the project and the reference tables. db is
// used for its parser only. All problems of all files are returned together.
func Load(ctx context.Context, db *sql.DB, fsys fs.FS, leaves []string) (*Graph, error) {
	landing, err := sqlfiles.Datasets()
	if err != nil {
		return nil, err
	}
	g := &Graph{Leaves: slices.Sorted(slices.Values(leaves)), byName: map[string]Model{}, landing: landing}
	var problems []error
	broken := map[string]bool{} // what reads these is not blamed for it
	for _, layer := range layers {
		files, err := fs.Glob(fsys, path.Join(layer, "*.sql"))
		if err != nil {
			return nil, fmt.Errorf("list models: %w", err)
		}
		for _, file := range files {
			model, err := read(ctx, db, fsys, layer, file)
			if err != nil {
				problems = append(problems, fmt.Errorf("%s: %w", file, err))
				broken[strings.TrimSuffix(path.Base(file), ".sql")] = true
				continue
			}
			if other, twice := g.byName[model.Name]; twice || slices.Contains(g.Leaves, model.Name) {
				problems = append(problems, fmt.Errorf("%s: the name %s is taken by %s", file, model.Name, other.Path))
				continue
			}
			g.byName[model.Name] = model
		}
	}
	for _, model := range g.byName {
		problems = append(problems, g.breaches(model, broken)...)
	}
	if err := errors.Join(sorted(problems)...); err != nil {
		return nil, err
	}
	return g, g.order()
}

func sorted(problems []error) []error {
	slices.SortFunc(problems, func(a, b error) int { return strings.Compare(a.Error(), b.Error()) })
	return problems
}

func read(ctx context.Context, db *sql.DB, fsys fs.FS, layer, file string) (Model, error) {
	text, err := fs.ReadFile(fsys, file)
	if err != nil {
		return Model{}, err
	}
	m := Model{Name: strings.TrimSuffix(path.Base(file), ".sql"), Layer: layer, Path: file, SQL: string(text)}
	if m.Header, err = ParseHeader(m.SQL); err != nil {
		return Model{}, err
	}
	if missing := m.Header.missing(layer); len(missing) > 0 {
		return Model{}, fmt.Errorf("the header lacks %s", strings.Join(missing, ", "))
	}
	statement, err := Parse(ctx, db, m.SQL)
	if err != nil {
		return Model{}, err
	}
	m.Reads = statement.Reads
	return m, errors.Join(lint(m, statement)...)
}

// breaches returns what a model reads and may not read.
func (g *Graph) breaches(m Model, broken map[string]bool) []error {
	var out []error
	for _, name := range m.Reads {
		source, isModel := g.byName[name]
		switch {
		case !isModel && !broken[name] && !slices.Contains(g.Leaves, name):
			out = append(out, fmt.Errorf("%s reads %q, which is neither a model nor a landing, settings or reference table", m.Path, name))
		case isModel && source.Layer == "checks":
			out = append(out, fmt.Errorf("%s reads the check %s", m.Path, source.Path))
		case isModel && slices.Index(layers, source.Layer) > slices.Index(layers, m.Layer):
			out = append(out, fmt.Errorf("%s (%s) reads %s (%s): nothing reads a later layer", m.Path, m.Layer, source.Path, source.Layer))
		case m.Layer != "staging" && slices.Contains(g.landing, name):
			out = append(out, fmt.Errorf("%s reads the landing table %s: only staging does", m.Path, name))
		}
	}
	return out
}

// order sorts the models so that each comes after what it reads; ties by name.
func (g *Graph) order() error {
	placed := map[string]bool{}
	var waiting []Model
	for _, m := range g.byName {
		if m.Layer == "checks" {
			g.Checks = append(g.Checks, m)
			continue
		}
		waiting = append(waiting, m)
	}
	byName := func(a, b Model) int { return strings.Compare(a.Name, b.Name) }
	slices.SortFunc(g.Checks, byName)
	slices.SortFunc(waiting, byName)
	for len(waiting) > 0 {
		i := slices.IndexFunc(waiting, func(m Model) bool {
			return !slices.ContainsFunc(m.Reads, func(name string) bool {
				_, isModel := g.byName[name]
				return isModel && !placed[name]
			})
		})
		if i < 0 {
			var names []string
			for _, m := range waiting {
				names = append(names, m.Path)
			}
			return fmt.Errorf("these models read one another in a circle: %s", strings.Join(names, ", "))
		}
		placed[waiting[i].Name] = true
		g.Models = append(g.Models, waiting[i])
		waiting = slices.Delete(waiting, i, i+1)
	}
	return nil
}

// IsBuildOnly says that a model does not outlive the build: a scratch table, or a
// view that reads the landing zone or something that does not outlive the build.
func (g *Graph) IsBuildOnly(name string) bool {
	m, ok := g.byName[name]
	switch {
	case !ok:
		return slices.Contains(g.landing, name)
	case m.Header.Materialized == Table:
		return false
	case m.Header.Materialized == Scratch:
		return true
	}
	return slices.ContainsFunc(m.Reads, g.IsBuildOnly)
}

// Expired returns the scratch tables that nothing reads any more once the first
// built models are there: no later model and no check, directly or through views.
// They can be dropped.
func (g *Graph) Expired(built int) []string {
	wanted := map[string]bool{}
	for _, m := range slices.Concat(g.Models[built:], g.Checks) {
		for _, name := range m.Reads {
			g.want(name, wanted)
		}
	}
	var out []string
	for _, m := range g.Models[:built] {
		if m.Header.Materialized == Scratch && !wanted[m.Name] {
			out = append(out, m.Name)
		}
	}
	return out
}

// want marks a relation, and what a view reads in turn.
func (g *Graph) want(name string, wanted map[string]bool) {
	if wanted[name] {
		return
	}
	wanted[name] = true
	if m, ok := g.byName[name]; ok && m.Header.Materialized == View {
		for _, read := range m.Reads {
			g.want(read, wanted)
		}
	}
}

// Model returns a model or check by name.
func (g *Graph) Model(name string) (Model, bool) {
	m, ok := g.byName[name]
	return m, ok
}

// Marts returns the marts in build order.
func (g *Graph) Marts() []Model {
	var out []Model
	for _, m := range g.Models {
		if m.Layer == "marts" {
			out = append(out, m)
		}
	}
	return out
}

// Downstream returns, in build order, every model that reads the relation,
// directly or through others. The models it names are those that a session with
// another value of that relation must make anew.
func (g *Graph) Downstream(name string) []Model {
	touched := map[string]bool{name: true}
	var out []Model
	for _, m := range g.Models {
		if slices.ContainsFunc(m.Reads, func(r string) bool { return touched[r] }) {
			touched[m.Name] = true
			out = append(out, m)
		}
	}
	return out
}

// Fingerprint is a hash of every model and check.
func (g *Graph) Fingerprint() string {
	sum := sha256.New()
	for _, m := range slices.Concat(g.Models, g.Checks) {
		fmt.Fprintf(sum, "%s\x00%s\x00", m.Path, m.SQL)
	}
	return hex.EncodeToString(sum.Sum(nil))
}
