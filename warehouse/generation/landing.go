package generation

import (
	"context"
	"database/sql"
	"fmt"

	sqlfiles "github.com/encours/encours/sql"
	"github.com/encours/encours/warehouse/landing"
	"github.com/encours/encours/warehouse/project"
)

// AttachLanding makes, in an in-memory database of its own, what staging models
// read: the datasets of the landing zone over the batches, the batches themselves,
// the settings of the project and the reference tables. It is for work that looks
// at extracts without a build.
func AttachLanding(ctx context.Context, conn *sql.Conn, p *project.Project, zone *landing.Zone, batches []landing.Batch) error {
	tables, err := sqlfiles.Schemas()
	if err != nil {
		return err
	}
	for _, table := range tables {
		if _, err := conn.ExecContext(ctx, table.Create); err != nil {
			return fmt.Errorf("attach landing zone: %w", err)
		}
	}
	refs, err := references(p.Dir)
	if err != nil {
		return err
	}
	for _, r := range refs {
		if err := r.load(ctx, conn); err != nil {
			return err
		}
	}
	if err := insertSettings(ctx, conn, p, nil); err != nil {
		return err
	}
	if err := insertBatches(ctx, conn, batches); err != nil {
		return err
	}
	return createLanding(ctx, conn, zone, batches)
}
