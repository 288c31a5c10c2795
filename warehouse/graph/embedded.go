package graph

import (
	"context"
	"database/sql"
	"fmt"

	sqlfiles "github.com/encours/encours/sql"
)

// Embedded loads the models that the program carries. Their leaves are the
// tables of sql/schema: landing, settings, parameters and reference tables.
func Embedded(ctx context.Context, db *sql.DB) (*Graph, error) {
	tables, err := sqlfiles.Schemas()
	if err != nil {
		return nil, err
	}
	var leaves []string
	for _, table := range tables {
		leaves = append(leaves, table.Name)
	}
	g, err := Load(ctx, db, sqlfiles.Files, leaves)
	if err != nil {
		return nil, fmt.Errorf("load models: %w", err)
	}
	return g, nil
}
