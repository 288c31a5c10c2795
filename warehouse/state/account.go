package state

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"
)

// accountTables keep which accounts of a CRM changed when. Each change takes the next
// sequence number; an account keeps its first and its last one. A recording is a generation
// that began to serve, with the last number then; by its mark a cursor is known that was
// given before the file was put back from a copy. The feed has an identifier of its own.
const accountTables = `
create table account_feed (id text not null) strict;
insert into account_feed values (lower(hex(randomblob(8))));
create table account_recordings (
    number integer primary key,
    mark text not null unique default (lower(hex(randomblob(8)))),
    generation text not null,
    sequence integer not null,
    recorded_at text not null
) strict;
create table account_versions (
    source text not null,
    crm_id text not null,
    digest text not null,
    sequence integer not null unique,
    first_sequence integer not null,
    is_removed integer not null,
    primary key (source, crm_id)
) strict;`

// What keeps a cursor from being one of this feed.
var (
	ErrForeignCursor = errors.New("the cursor is of another project")
	ErrUnknownMark   = errors.New("the cursor is of a recording that is not known")
)

// AccountKey names an account of a CRM.
type AccountKey struct{ Source, ID string }

// AccountVersion is an account as a generation has it: Digest is that of all that is told
// of it.
type AccountVersion struct {
	AccountKey
	Digest string
}

// AccountChange is an account that changed last at Sequence; IsRemoved where it is gone.
type AccountChange struct {
	AccountKey
	Sequence  int64
	IsRemoved bool
}

// AccountCursor is how far a reader of changes has come. It has every change up to At. It
// reads those from Base on that were there at Head and then what came meanwhile; the three
// are the same where it has read to the end. The zero value begins anew.
type AccountCursor struct {
	Feed, Mark     string
	Base, Head, At int64
}

// AccountPage is a part of the changes, in their order, as of the generation.
type AccountPage struct {
	Generation string // "": none is recorded yet
	Changes    []AccountChange
	HasMore    bool
	Next       AccountCursor
}

// RecordedAccounts returns the generation that was recorded last; "": none.
func (s *Store) RecordedAccounts(ctx context.Context) (generation string, err error) {
	err = s.db.QueryRowContext(ctx, "select coalesce((select generation from account_recordings order by number desc limit 1), '')").Scan(&generation)
	if err != nil {
		return "", fmt.Errorf("look for recorded accounts: %w", err)
	}
	return generation, nil
}

// RecordAccounts keeps that a generation has these accounts, all or nothing: those that
// are new, differ from the recording before or are gone take a sequence number each. last
// is the generation that RecordedAccounts returned before this one was read: where another
// was recorded meanwhile it returns ErrChangedMeanwhile and keeps nothing.
func (s *Store) RecordAccounts(ctx context.Context, last, generation string, now time.Time, accounts []AccountVersion) (err error) {
	tx, err := s.db.BeginTx(ctx, nil)
	if err != nil {
		return fmt.Errorf("record accounts: %w", err)
	}
	defer func() {
		if err != nil {
			err = errors.Join(fmt.Errorf("record accounts of generation %q: %w", generation, err), tx.Rollback())
		}
	}()
	var before string
	var sequence int64
	err = tx.QueryRowContext(ctx, "select generation, sequence from account_recordings order by number desc limit 1").Scan(&before, &sequence)
	if err != nil && !errors.Is(err, sql.ErrNoRows) {
		return err
	}
	if before != last {
		return ErrChangedMeanwhile
	}
	known, err := accountsOf(ctx, tx)
	if err != nil {
		return err
	}
	write, err := tx.PrepareContext(ctx, `insert into account_versions (source, crm_id, digest, sequence, first_sequence, is_removed)
		values (?1, ?2, ?3, ?4, ?4, ?5) on conflict (source, crm_id) do update set digest = ?3, sequence = ?4, is_removed = ?5`)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, write.Close()) }()
	for _, change := range changedAccounts(known, accounts) {
		sequence++
		if _, err := write.ExecContext(ctx, change.Source, change.ID, change.Digest, sequence, change.Digest == ""); err != nil {
			return fmt.Errorf("account %q of %q: %w", change.ID, change.Source, err)
		}
	}
	if _, err = tx.ExecContext(ctx, "insert into account_recordings (generation, sequence, recorded_at) values (?, ?, ?)",
		generation, sequence, now.UTC().Format(moment)); err != nil {
		return err
	}
	return tx.Commit()
}

// accountsOf are the digests of the accounts that were recorded; "" is one that is gone.
func accountsOf(ctx context.Context, tx *sql.Tx) (known map[AccountKey]string, err error) {
	rows, err := tx.QueryContext(ctx, "select source, crm_id, digest from account_versions")
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, rows.Close()) }()
	known = map[AccountKey]string{}
	for rows.Next() {
		var key AccountKey
		var digest string
		if err := rows.Scan(&key.Source, &key.ID, &digest); err != nil {
			return nil, err
		}
		known[key] = digest
	}
	return known, rows.Err()
}

// changedAccounts are the accounts that differ from what is known, in the order given, and
// those that are gone, by source and identifier, without a digest.
func changedAccounts(known map[AccountKey]string, accounts []AccountVersion) (changed []AccountVersion) {
	for _, account := range accounts {
		if known[account.AccountKey] != account.Digest {
			changed = append(changed, account)
		}
		delete(known, account.AccountKey)
	}
	gone := len(changed)
	for key, digest := range known {
		if digest != "" {
			changed = append(changed, AccountVersion{AccountKey: key})
		}
	}
	slices.SortFunc(changed[gone:], func(a, b AccountVersion) int {
		if a.Source != b.Source {
			return strings.Compare(a.Source, b.Source)
		}
		return strings.Compare(a.ID, b.ID)
	})
	return changed
}

// AccountChanges reads on from a cursor, at most limit changes. It returns
// ErrForeignCursor for a cursor that this feed did not give, and ErrUnknownMark for one
// that it gave at a recording that the file has lost.
func (s *Store) AccountChanges(ctx context.Context, from AccountCursor, limit int) (page AccountPage, err error) {
	var feed string
	if err := s.db.QueryRowContext(ctx, "select id from account_feed").Scan(&feed); err != nil {
		return page, fmt.Errorf("read feed of accounts: %w", err)
	}
	if from != (AccountCursor{}) {
		if err := s.checkCursor(ctx, feed, from); err != nil {
			return page, err
		}
	}
	// one statement, so that all of it is of one recording
	rows, err := s.db.QueryContext(ctx, `
		with last as (select generation, mark, sequence from account_recordings order by number desc limit 1)
		select last.generation, last.mark, last.sequence, v.source, v.crm_id, v.sequence, v.is_removed
		from last left join account_versions as v on v.sequence > ?2 and not (v.is_removed and v.first_sequence > case
			when v.sequence <= case when ?1 = ?2 then last.sequence else ?3 end then ?1 else ?2 end)
		order by v.sequence limit ?4`, from.Base, from.At, from.Head, limit+1)
	if err != nil {
		return page, fmt.Errorf("read changes of accounts: %w", err)
	}
	defer func() { err = errors.Join(err, rows.Close()) }()
	var last int64
	for rows.Next() {
		var source, id sql.NullString
		var sequence sql.NullInt64
		var isRemoved sql.NullBool
		if err := rows.Scan(&page.Generation, &page.Next.Mark, &last, &source, &id, &sequence, &isRemoved); err != nil {
			return page, fmt.Errorf("read changes of accounts: %w", err)
		}
		if sequence.Valid {
			page.Changes = append(page.Changes, AccountChange{AccountKey{source.String, id.String}, sequence.Int64, isRemoved.Bool})
		}
	}
	page.Next.Feed = feed
	page.Next.Base, page.Next.Head, page.Next.At = last, last, last
	if page.HasMore = len(page.Changes) > limit; page.HasMore {
		page.Changes = page.Changes[:limit]
		page.Next.Base, page.Next.Head, page.Next.At = from.Base, from.Head, page.Changes[limit-1].Sequence
		if from.Base == from.At {
			page.Next.Head = last
		}
	}
	return page, rows.Err()
}

// checkCursor says whether a cursor is one that this feed gave.
func (s *Store) checkCursor(ctx context.Context, feed string, from AccountCursor) error {
	if from.Feed != feed {
		return ErrForeignCursor
	}
	var sequence int64
	err := s.db.QueryRowContext(ctx, "select sequence from account_recordings where mark = ?", from.Mark).Scan(&sequence)
	switch {
	case errors.Is(err, sql.ErrNoRows):
		return ErrUnknownMark
	case err != nil:
		return fmt.Errorf("look for cursor: %w", err)
	case from.Base < 0 || from.Base > from.At || from.Base > from.Head || from.At > sequence || from.Head > sequence:
		return ErrForeignCursor
	}
	return nil
}
