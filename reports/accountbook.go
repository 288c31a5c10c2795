package reports

import (
	"context"
	"database/sql"
	"encoding/base64"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/encours/encours/warehouse/session"
	"github.com/encours/encours/warehouse/state"
)

// accountTries is how often changes are asked for again where the generation moves on.
const accountTries = 5

// AccountBook keeps across generations which accounts of a CRM changed, in the state file
// of a project. It is safe for concurrent use, also by several processes.
type AccountBook struct {
	file  *state.File
	clock func() time.Time
}

// NewAccountBook returns the book of a data folder. It touches nothing until it is used.
func NewAccountBook(dataDir string, clock func() time.Time) *AccountBook {
	return &AccountBook{file: state.In(dataDir), clock: clock}
}

// Close closes the state file.
func (b *AccountBook) Close() error { return b.file.Close() }

// Has says whether the accounts of a generation were recorded last.
func (b *AccountBook) Has(ctx context.Context, generation string) (bool, error) {
	store, err := b.file.Existing(ctx)
	if errors.Is(err, state.ErrNone) {
		return false, nil
	}
	if err != nil {
		return false, err
	}
	last, err := store.RecordedAccounts(ctx)
	return last == generation, err
}

// ChangesRequest asks for what changed of the accounts of a CRM.
type ChangesRequest struct {
	Cursor   string // where the answer before ended; "": everything
	Limit    int    // accounts of one answer
	Entities []string
}

// AccountChanges is a part of what changed, in the order in which it did.
type AccountChanges struct {
	AccountBasis
	IsReset  bool            `json:"reset"` // the cursor was lost: everything comes again
	Accounts []AccountChange `json:"accounts"`
	HasMore  bool            `json:"has_more"`
	Next     string          `json:"next_cursor"`
}

// AccountChange is an account as it is now, or one that is gone.
type AccountChange struct {
	AccountKey
	IsRemoved bool `json:"removed"`
	*AccountFigures
}

// RecordAccounts keeps which accounts of a CRM changed with the current generation, once.
// A generation that was built for an earlier known-at day is none of the project's course
// and is left out, as is one that an older program built without accounts.
func (s *Service) RecordAccounts(ctx context.Context) (err error) {
	book := s.options.Accounts
	if book == nil {
		return nil
	}
	store, err := book.file.Open(ctx)
	if err != nil {
		return err
	}
	last, err := store.RecordedAccounts(ctx)
	if err != nil {
		return err
	}
	// pinned after the look into the book, so that an older generation never goes over a newer one
	pinned, err := s.pin(ctx)
	if errors.Is(err, ErrNoGeneration) {
		return nil
	}
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, pinned.Release()) }()
	err = book.record(ctx, store, last, pinned)
	if errors.Is(err, state.ErrChangedMeanwhile) {
		return nil // by who saw what serves now
	}
	return err
}

// record keeps the accounts of a generation, where last is another one.
func (b *AccountBook) record(ctx context.Context, store *state.Store, last string, pinned *session.Generation) error {
	manifest := pinned.Manifest()
	if manifest.KnownAt != nil || manifest.ID == last {
		return nil
	}
	own, release, err := pinned.Session(ctx, manifest.AsOf.Time)
	if err != nil {
		return err
	}
	defer release()
	if ok, err := tellsAccounts(ctx, pinned, own); err != nil || !ok {
		return err
	}
	var accounts []state.AccountVersion
	err = own.Query(ctx, func(rows *sql.Rows) error {
		var a state.AccountVersion
		err := rows.Scan(&a.Source, &a.ID, &a.Digest)
		accounts = append(accounts, a)
		return err
	}, "select source, crm_id, md5(cast(to_json(listed) as varchar)) from ("+accountRows+"\n) as listed order by source, crm_id")
	if err != nil {
		return fmt.Errorf("read accounts of generation %q: %w", manifest.ID, err)
	}
	return store.RecordAccounts(ctx, last, manifest.ID, b.clock(), accounts)
}

// AccountChanges returns what changed of the accounts since the cursor, with the figures
// of the generation that serves: new ones, changed ones and those that are gone, each
// once. It needs the book of the options, and records what is not recorded yet. It returns
// ErrNoGeneration, ErrNoAccounts, ErrOtherEntities, ErrKnownAt, ErrBadCursor or ErrMovedOn.
func (s *Service) AccountChanges(ctx context.Context, ask ChangesRequest) (*AccountChanges, error) {
	from, err := readCursor(ask.Cursor)
	if err != nil {
		return nil, err
	}
	store, err := s.options.Accounts.file.Open(ctx)
	if err != nil {
		return nil, err
	}
	for range accountTries {
		made, err := s.accountChanges(ctx, store, from, ask)
		if made != nil || err != nil {
			return made, err
		}
	}
	return nil, ErrMovedOn
}

// accountChanges is nil where another generation was recorded meanwhile.
func (s *Service) accountChanges(ctx context.Context, store *state.Store, from state.AccountCursor, ask ChangesRequest) (_ *AccountChanges, err error) {
	last, err := store.RecordedAccounts(ctx)
	if err != nil {
		return nil, err
	}
	pinned, err := s.pin(ctx)
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, pinned.Release()) }()
	own, release, err := s.accountsOf(ctx, pinned, ask.Entities)
	if err != nil {
		return nil, err
	}
	defer release()
	if pinned.Manifest().KnownAt != nil {
		return nil, ErrKnownAt
	}
	err = s.options.Accounts.record(ctx, store, last, pinned)
	if errors.Is(err, state.ErrChangedMeanwhile) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	made := &AccountChanges{AccountBasis: accountBasis(pinned), Accounts: []AccountChange{}}
	page, err := store.AccountChanges(ctx, from, ask.Limit)
	if errors.Is(err, state.ErrUnknownMark) {
		made.IsReset = true
		page, err = store.AccountChanges(ctx, state.AccountCursor{}, ask.Limit)
	}
	if errors.Is(err, state.ErrForeignCursor) {
		return nil, ErrBadCursor
	}
	if err != nil || page.Generation != pinned.Manifest().ID {
		return nil, err
	}
	made.HasMore, made.Next = page.HasMore, writeCursor(page.Next)
	made.Accounts, err = changedAccounts(ctx, own, page.Changes)
	return made, err
}

// changedAccounts reads the figures of accounts, in their order.
func changedAccounts(ctx context.Context, own *session.Session, changes []state.AccountChange) ([]AccountChange, error) {
	list := make([]AccountChange, len(changes))
	at := map[AccountKey]int{}
	var args []any
	for i, change := range changes {
		list[i] = AccountChange{AccountKey: AccountKey(change.AccountKey), IsRemoved: change.IsRemoved}
		if !change.IsRemoved {
			at[list[i].AccountKey] = i
			args = append(args, change.Source, change.ID)
		}
	}
	if len(args) == 0 {
		return list, nil
	}
	err := own.Query(ctx, func(rows *sql.Rows) error {
		var key AccountKey
		var figures AccountFigures
		err := figures.scan(rows, &key)
		list[at[key]].AccountFigures = &figures
		delete(at, key)
		return err
	}, "select * from ("+accountRows+"\n) as listed semi join (values (?, ?)"+strings.Repeat(", (?, ?)", len(args)/2-1)+
		") as wanted (source, crm_id) on wanted.source = listed.source and wanted.crm_id = listed.crm_id", args...)
	if err == nil && len(at) > 0 {
		err = fmt.Errorf("%d accounts that were recorded are not there", len(at))
	}
	if err != nil {
		return nil, fmt.Errorf("read changed accounts: %w", err)
	}
	return list, nil
}

// cursorForm is what a cursor holds; the number before it is that of the form.
const cursorForm = "1 %s %s %d %d %d"

func writeCursor(c state.AccountCursor) string {
	return base64.RawURLEncoding.EncodeToString(fmt.Appendf(nil, cursorForm, c.Feed, c.Mark, c.Base, c.Head, c.At))
}

// readCursor reads what writeCursor wrote; "" is the beginning.
func readCursor(text string) (c state.AccountCursor, err error) {
	if text == "" {
		return c, nil
	}
	raw, err := base64.RawURLEncoding.DecodeString(text)
	if err == nil {
		_, err = fmt.Sscanf(string(raw), cursorForm, &c.Feed, &c.Mark, &c.Base, &c.Head, &c.At)
	}
	if err != nil || writeCursor(c) != text {
		return state.AccountCursor{}, fmt.Errorf("read cursor: %w", ErrBadCursor)
	}
	return c, nil
}
