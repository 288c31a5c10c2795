package reports

import (
	"encoding/base64"
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/encours/encours/warehouse/state"
)

// TestAccountsOfABookWithoutAny: a project without a CRM has no account and no change, and
// is read by who may read every entity alone.
func TestAccountsOfABookWithoutAny(t *testing.T) {
	b, err := sharedBooks()
	if err != nil {
		t.Fatal(err)
	}
	book := NewAccountBook(t.TempDir(), func() time.Time { return b.loaded })
	t.Cleanup(func() {
		if err := book.Close(); err != nil {
			t.Error(err)
		}
	})
	service := NewService(b.pool, Options{Zone: b.zone, TempDir: b.limits.TempDir, Accounts: book})
	id, err := b.store.CurrentID()
	if err != nil {
		t.Fatal(err)
	}
	if has, err := book.Has(t.Context(), id); has || err != nil {
		t.Errorf("before anything is recorded: %v, %v", has, err)
	}
	all := []string{"ALPHA", "BETA", "CHUR", "NONE"}
	first, err := service.AccountChanges(t.Context(), ChangesRequest{Limit: 1, Entities: all})
	if err != nil || len(first.Accounts) != 0 || first.Accounts == nil || first.HasMore || first.IsReset || first.AsOf != "2024-12-31" || first.KnownAt != nil || first.Versions.Generation != id {
		t.Fatalf("%+v, %v", first, err)
	}
	if has, err := book.Has(t.Context(), id); !has || err != nil {
		t.Errorf("who asks first records: %v, %v", has, err)
	}
	if err := service.RecordAccounts(t.Context()); err != nil {
		t.Error(err)
	}
	if again, err := service.AccountChanges(t.Context(), ChangesRequest{Cursor: first.Next, Limit: 1, Entities: all}); err != nil || again.Next != first.Next {
		t.Errorf("%+v, %v", again, err)
	}
	if _, err := service.CRMAccount(t.Context(), AccountRequest{IDs: []string{"A1", "' or true --"}, Entities: all}); !errors.Is(err, ErrNotFound) {
		t.Errorf("an account that there is not: %v", err)
	}
	for _, few := range [][]string{nil, {"ALPHA"}, {"ALPHA", "BETA", "CHUR", "OTHER"}} {
		if _, err := service.CRMAccount(t.Context(), AccountRequest{IDs: []string{"A1"}, Entities: few}); !errors.Is(err, ErrOtherEntities) {
			t.Errorf("an account by who may read %v: %v", few, err)
		}
		if _, err := service.AccountChanges(t.Context(), ChangesRequest{Limit: 1, Entities: few}); !errors.Is(err, ErrOtherEntities) {
			t.Errorf("changes by who may read %v: %v", few, err)
		}
	}
}

func TestCursorsAreWhole(t *testing.T) {
	cursor := state.AccountCursor{Feed: "0123456789abcdef", Mark: "fedcba9876543210", Base: 1, Head: 3, At: 2}
	text := writeCursor(cursor)
	if got, err := readCursor(text); err != nil || got != cursor {
		t.Errorf("%+v, %v", got, err)
	}
	if got, err := readCursor(""); err != nil || got != (state.AccountCursor{}) {
		t.Errorf("the beginning: %+v, %v", got, err)
	}
	packed := base64.RawURLEncoding.EncodeToString
	for name, bad := range map[string]string{
		"cut": text[:len(text)-3], "longer": text + "AA", "padded": text + "=", "a space": " " + text, "no base64": "é", "zero": packed(nil) + "A",
		"another form": packed([]byte("2 a b 1 1 1")), "a letter": packed([]byte("1 a b x 1 1")), "too few": packed([]byte("1 a b 1 1")),
		"a plus": packed([]byte("1 a b +1 1 1")), "more": packed([]byte("1 a b 1 1 1 1")), "two lines": packed([]byte("1 a b 1 1 1\n")),
		"too large": packed([]byte("1 a b 99999999999999999999 1 1")), "SQL": packed([]byte("1 ' or 1=1 1 1")), "long": strings.Repeat("A", 2000),
	} {
		if got, err := readCursor(bad); !errors.Is(err, ErrBadCursor) {
			t.Errorf("%s: %+v, %v", name, got, err)
		}
	}
}
