package landing

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"github.com/encours/encours/warehouse/duck"
	"github.com/encours/encours/warehouse/durable"
)

// erasedPrefix marks the rows and the manifest that are about to take the place of
// those of a batch.
const erasedPrefix = ".erased-"

// noteErased counts in a manifest the rows from which a person was erased.
const noteErased = "erased_rows"

// Rewrite puts the rows of a select in the place of those of a committed batch: the
// one change that landing knows, for the erasure of a person. selects reads
// read_parquet of the path that it is given and keeps rows and columns as they are in
// number, name and type. rows is how many of them it changes. A crash leaves the batch
// as it was, or the next Sweep completes it. Sweep comes first: it
// proves that the lock of the project is held.
func (z *Zone) Rewrite(ctx context.Context, db *sql.DB, b Batch, rows int64, selects func(path string) string) (err error) {
	if !z.isHeld {
		return errors.New("rewrite a batch: the lock of the project is needed")
	}
	defer func() {
		if err != nil {
			err = fmt.Errorf("rewrite batch %q: %w", b.ID, err)
		}
	}()
	temp := filepath.Join(z.dir(b.Dataset), tempPrefix+b.ID+".parquet")
	defer func() { err = errors.Join(err, removeIfThere(temp)) }()
	statement := fmt.Sprintf("copy (%s) to %s (%s)", selects(z.Path(b)), duck.Text(temp), parquetOptions)
	if _, err := db.ExecContext(ctx, statement); err != nil {
		return err
	}
	var before, after string
	if err := db.QueryRowContext(ctx, shapeOf(z.Path(b))).Scan(&before); err != nil {
		return err
	}
	if err := db.QueryRowContext(ctx, shapeOf(temp)).Scan(&after); err != nil {
		return err
	}
	if before != after {
		return fmt.Errorf("internal error: it had %s and would have %s", before, after)
	}
	if b.ParquetSize, err = fileSize(temp); err != nil {
		return err
	}
	notes := map[string]string{noteErased: fmt.Sprint(rows)}
	for name, text := range b.Notes {
		if name == noteErased {
			var earlier int64
			_, _ = fmt.Sscan(text, &earlier) // a note that somebody changed counts as none
			text = fmt.Sprint(earlier + rows)
		}
		notes[name] = text
	}
	b.Notes = notes
	manifest, err := json.MarshalIndent(b, "", "  ")
	if err != nil {
		return err
	}
	if err := durable.Sync(temp); err != nil {
		return err
	}
	if err := os.Rename(temp, z.erasedPath(b, ".parquet")); err != nil {
		return err
	}
	// from here on the change is decided: whoever comes next completes it
	if err := writeWhole(z.erasedPath(b, ".tmp"), z.erasedPath(b, ".json"), append(manifest, '\n')); err != nil {
		return err
	}
	return z.finishRewrite(b.Dataset, b.ID)
}

// shapeOf is a query for rows, names and types of a file.
func shapeOf(path string) string {
	file := "read_parquet(" + duck.Text(path) + ")"
	return "select (select count(*) from " + file + ") || ' rows of ' || (select string_agg(column_name || ' ' || column_type, ', ') from (describe select * from " + file + "))"
}

func (z *Zone) erasedPath(b Batch, ext string) string {
	return filepath.Join(z.dir(b.Dataset), erasedPrefix+b.ID+ext)
}

// finishRewrites completes what a crash interrupted, and removes what was not decided.
func (z *Zone) finishRewrites() error {
	files, err := filepath.Glob(filepath.Join(globText(z.data), "landing", "*", erasedPrefix+"*"))
	if err != nil {
		return err
	}
	decided := map[string]bool{}
	for _, path := range files {
		if id, ok := strings.CutSuffix(filepath.Base(path), ".json"); ok {
			decided[id] = true
			if err := z.finishRewrite(filepath.Base(filepath.Dir(path)), strings.TrimPrefix(id, erasedPrefix)); err != nil {
				return fmt.Errorf("finish rewritten batches: %w", err)
			}
		}
	}
	for _, path := range files {
		base := filepath.Base(path)
		if id := strings.TrimSuffix(base, filepath.Ext(base)); !decided[id] {
			if err := removeIfThere(path); err != nil {
				return fmt.Errorf("finish rewritten batches: %w", err)
			}
		}
	}
	return nil
}

// finishRewrite moves rows and manifest into place.
func (z *Zone) finishRewrite(dataset, id string) error {
	b := Batch{Dataset: dataset, ID: id}
	if err := os.Rename(z.erasedPath(b, ".parquet"), z.Path(b)); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	if err := os.Rename(z.erasedPath(b, ".json"), z.manifestPath(dataset, id)); err != nil {
		return err
	}
	return durable.Sync(z.dir(dataset))
}

// RewriteRejects leaves a text out of the rejects of a batch: of those that keep
// returns false for, value and line stay empty. It returns how many there are.
func (z *Zone) RewriteRejects(ctx context.Context, db *sql.DB, b Batch, condition string, args ...any) (changed int64, err error) {
	if !z.isHeld {
		return 0, errors.New("rewrite rejects: the lock of the project is needed")
	}
	if b.Rejects == 0 {
		return 0, nil
	}
	path := z.rejectsPath(b.ID)
	file := "read_parquet(" + duck.Text(path) + ")"
	if err := db.QueryRowContext(ctx, "select count(*) from "+file+" where "+condition, args...).Scan(&changed); err != nil || changed == 0 {
		return changed, err
	}
	temp := filepath.Join(z.rejectsDir(), tempPrefix+b.ID+".parquet")
	defer func() { err = errors.Join(err, removeIfThere(temp)) }()
	statement := fmt.Sprintf(`copy (select * replace (
		case when %[1]s then null else value end as value, case when %[1]s then '' else raw end as raw,
		case when %[1]s then 'erased' else message end as message) from %[2]s) to %[3]s (format parquet, compression zstd)`,
		condition, file, duck.Text(temp))
	if _, err := db.ExecContext(ctx, statement, args...); err != nil {
		return changed, fmt.Errorf("rewrite rejects of batch %q: %w", b.ID, err)
	}
	if err := durable.Sync(temp); err != nil {
		return changed, err
	}
	if err := os.Rename(temp, path); err != nil {
		return changed, err
	}
	return changed, durable.Sync(z.rejectsDir())
}
