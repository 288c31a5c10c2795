package graph

import (
	"context"
	"database/sql"
	"fmt"
	"io/fs"
	"path"
	"strings"
	"sync"

	sqlfiles "github.com/encours/encours/sql"
)

// Embedded loads the models that the program carries. They never change, so that
// they are parsed once in the life of the program. The graph is not to be changed.
func Embedded(ctx context.Context, db *sql.DB) (*Graph, error) {
	embedded.Lock()
	defer embedded.Unlock()
	if embedded.graph == nil {
		g, err := From(ctx, db, sqlfiles.Files)
		if err != nil {
			return nil, err
		}
		embedded.graph = g
	}
	return embedded.graph, nil
}

// embedded keeps the graph of the files that the program carries.
var embedded struct {
	sync.Mutex
	graph *Graph
}

// From loads the models of a tree like that of the folder sql. Their leaves are
// the tables of its folder schema: landing, settings, parameters and reference
// tables.
func From(ctx context.Context, db *sql.DB, tree fs.FS) (*Graph, error) {
	files, err := fs.Glob(tree, "schema/*.sql")
	if err != nil {
		return nil, fmt.Errorf("list tables: %w", err)
	}
	var leaves []string
	for _, file := range files {
		leaves = append(leaves, strings.TrimSuffix(path.Base(file), ".sql"))
	}
	g, err := Load(ctx, db, tree, leaves)
	if err != nil {
		return nil, fmt.Errorf("load models: %w", err)
	}
	return g, nil
}
