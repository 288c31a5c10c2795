// Package state keeps what is neither an extract nor a figure: the tokens by which
// other programs send data, the credit decisions that were made, what became of alerts
// and which accounts of a CRM changed when. It is a SQLite file, data/state.db, that only its owner can read.
//
// Invariant: no secret is kept. Of a token there is the SHA-256 digest, and the
// token itself has 256 random bits, so that the digest cannot be turned back by
// trying. Time comes from the caller; moments are kept to the second, in UTC.
package state

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"io/fs"
	"net/url"
	"os"
	"path/filepath"

	_ "modernc.org/sqlite" // the driver
)

// FileName is the name of the file in the data folder.
const FileName = "state.db"

// ErrNone says that a project has no state yet.
var ErrNone = errors.New("the project has no state file")

// Store is an open state file. It is safe for concurrent use, and other processes
// may have the same file open.
type Store struct{ db *sql.DB }

// migrations bring the file from one version to the next; PRAGMA user_version is
// the number of those that it has been through. Never change one: add another.
const tokensTable = `
create table tokens (
    id text primary key,
    name text not null,
    digest blob not null,
    datasets text not null,
    entities text not null,
    sources text not null,
    created_at text not null,
    expires_at text,
    last_used_at text,
    revoked_at text
) strict;
create unique index tokens_in_force on tokens (name) where revoked_at is null;`

func migrations() []string {
	return []string{tokensTable, decisionsTable, alertsTables, erasuresTable, reviewTables, accountTables}
}

// Open opens the state file of a data folder and creates it where it is missing.
// The caller closes it.
func Open(ctx context.Context, dataDir string) (*Store, error) {
	if err := os.MkdirAll(dataDir, 0o755); err != nil {
		return nil, fmt.Errorf("open state: %w", err)
	}
	path := filepath.Join(dataDir, FileName)
	file, err := os.OpenFile(path, os.O_RDWR|os.O_CREATE, 0o600)
	if err != nil {
		return nil, fmt.Errorf("open state: %w", err)
	}
	if err := file.Close(); err != nil {
		return nil, fmt.Errorf("open state: %w", err)
	}
	return open(ctx, path)
}

// OpenExisting opens the state file of a data folder, or returns ErrNone where
// there is none.
func OpenExisting(ctx context.Context, dataDir string) (*Store, error) {
	path := filepath.Join(dataDir, FileName)
	if _, err := os.Stat(path); errors.Is(err, fs.ErrNotExist) {
		return nil, ErrNone
	} else if err != nil {
		return nil, fmt.Errorf("open state: %w", err)
	}
	return open(ctx, path)
}

func open(ctx context.Context, path string) (*Store, error) {
	settings := url.Values{"_pragma": {"busy_timeout(5000)", "journal_mode(wal)", "synchronous(full)"}, "_txlock": {"immediate"}}
	name := (&url.URL{Scheme: "file", Opaque: (&url.URL{Path: path}).EscapedPath(), RawQuery: settings.Encode()}).String()
	db, err := sql.Open("sqlite", name)
	if err != nil {
		return nil, fmt.Errorf("open state %q: %w", path, err)
	}
	db.SetMaxOpenConns(4)
	s := &Store{db: db}
	if err := s.migrate(ctx); err != nil {
		return nil, errors.Join(fmt.Errorf("open state %q: %w", path, err), db.Close())
	}
	return s, nil
}

// Close closes the file.
func (s *Store) Close() error { return s.db.Close() }

// migrate brings the file to the version of this program.
func (s *Store) migrate(ctx context.Context) (err error) {
	var now int
	if err := s.db.QueryRowContext(ctx, "pragma user_version").Scan(&now); err != nil {
		return err
	}
	if now == len(migrations()) { // to look is no reason to wait for a writer
		return nil
	}
	tx, err := s.db.BeginTx(ctx, nil)
	if err != nil {
		return err
	}
	defer func() {
		if err != nil {
			err = errors.Join(err, tx.Rollback())
		}
	}()
	var version int
	if err := tx.QueryRowContext(ctx, "pragma user_version").Scan(&version); err != nil {
		return err
	}
	steps := migrations()
	if version > len(steps) {
		return fmt.Errorf("it was written by a newer program (version %d, this one knows %d): update encours", version, len(steps))
	}
	for _, step := range steps[version:] {
		if _, err := tx.ExecContext(ctx, step); err != nil {
			return err
		}
	}
	if _, err := tx.ExecContext(ctx, fmt.Sprintf("pragma user_version = %d", len(steps))); err != nil {
		return err
	}
	return tx.Commit()
}
