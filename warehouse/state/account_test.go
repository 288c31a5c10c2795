package state

import (
	"errors"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
)

// versions are accounts of one source: "a1" is account a with the content 1.
func versions(texts ...string) (accounts []AccountVersion) {
	for _, text := range texts {
		accounts = append(accounts, AccountVersion{AccountKey{"sf", text[:1]}, "digest " + text[1:]})
	}
	return accounts
}

func recordAccounts(t *testing.T, s *Store, generation string, texts ...string) {
	t.Helper()
	last, err := s.RecordedAccounts(t.Context())
	if err == nil {
		err = s.RecordAccounts(t.Context(), last, generation, noon, versions(texts...))
	}
	if err != nil {
		t.Fatal(err)
	}
}

// changesFrom reads a page as text: "-a" is an account that is gone.
func changesFrom(t *testing.T, s *Store, from AccountCursor, limit int) (string, AccountPage) {
	t.Helper()
	page, err := s.AccountChanges(t.Context(), from, limit)
	if err != nil {
		t.Fatal(err)
	}
	var ids []string
	for _, c := range page.Changes {
		ids = append(ids, map[bool]string{true: "-"}[c.IsRemoved]+c.ID)
	}
	return strings.Join(ids, " "), page
}

// TestAccountChanges: without a cursor everything, then what is new, changed or gone,
// once, also over several recordings.
func TestAccountChanges(t *testing.T) {
	s := openStore(t, t.TempDir())
	if got, page := changesFrom(t, s, AccountCursor{}, 10); got != "" || page.Generation != "" || page.HasMore {
		t.Fatalf("before anything is recorded: %q %+v", got, page)
	}
	recordAccounts(t, s, "000001-a", "a1", "b1", "c1")
	got, page := changesFrom(t, s, AccountCursor{}, 10)
	if got != "a b c" || page.Generation != "000001-a" || page.HasMore {
		t.Fatalf("everything: %q %+v", got, page)
	}
	first := page.Next
	recordAccounts(t, s, "000002-b", "a1", "b1", "c1")
	if got, page := changesFrom(t, s, first, 10); got != "" || page.Generation != "000002-b" || page.Next.At != first.At {
		t.Errorf("a recording without a change: %q %+v", got, page)
	}
	recordAccounts(t, s, "000003-c", "a1", "b2", "d1")
	if got, _ := changesFrom(t, s, first, 10); got != "b d -c" {
		t.Errorf("since the first: %q", got)
	}
	_, page = changesFrom(t, s, first, 10)
	third := page.Next
	if got, page := changesFrom(t, s, third, 10); got != "" || page.Next != third {
		t.Errorf("nothing twice: %q %+v", got, page)
	}
	recordAccounts(t, s, "000004-d", "a1", "b3", "c1")
	recordAccounts(t, s, "000005-e", "a2", "b3")
	for name, c := range map[string]struct {
		from AccountCursor
		want string
	}{
		"from the first over four recordings": {first, "b a -c"}, // d came and went
		"from the third":                      {third, "b -d a -c"},
		"everything without what is gone":     {AccountCursor{}, "b a"},
	} {
		if got, _ := changesFrom(t, s, c.from, 10); got != c.want {
			t.Errorf("%s: %q, want %q", name, got, c.want)
		}
		// the same in pages of one
		var ids []string
		for from, more := c.from, true; more; {
			got, page := changesFrom(t, s, from, 1)
			if got != "" {
				ids = append(ids, got)
			}
			from, more = page.Next, page.HasMore
		}
		if got := strings.Join(ids, " "); got != c.want {
			t.Errorf("%s one by one: %q, want %q", name, got, c.want)
		}
	}
	// back to an older generation, which serves again
	recordAccounts(t, s, "000001-a", "a1", "b1", "c1")
	if got, _ := changesFrom(t, s, third, 10); got != "-d a b c" {
		t.Errorf("an older generation serves again: %q", got)
	}
}

// TestAccountCursors: what is no cursor of the feed is refused, and one of a recording
// that was lost with a copy of the file is told apart.
func TestAccountCursors(t *testing.T) {
	dir := t.TempDir()
	s, err := Open(t.Context(), dir)
	if err != nil {
		t.Fatal(err)
	}
	recordAccounts(t, s, "000001-a", "a1", "b1")
	_, page := changesFrom(t, s, AccountCursor{}, 10)
	kept := page.Next
	if _, err := s.db.ExecContext(t.Context(), "vacuum into ?", filepath.Join(dir, "copy.db")); err != nil {
		t.Fatal(err)
	}
	recordAccounts(t, s, "000002-b", "a2", "b1")
	_, page = changesFrom(t, s, kept, 10)
	lost := page.Next
	for name, bad := range map[string]func(*AccountCursor){
		"of another feed": func(c *AccountCursor) { c.Feed = "x" }, "beyond": func(c *AccountCursor) { c.At++ }, "a head beyond": func(c *AccountCursor) { c.Head++ },
		"below zero": func(c *AccountCursor) { c.Base = -1 }, "a base beyond": func(c *AccountCursor) { c.At-- },
	} {
		c := lost
		bad(&c)
		if _, err := s.AccountChanges(t.Context(), c, 10); !errors.Is(err, ErrForeignCursor) {
			t.Errorf("%s: %v", name, err)
		}
	}
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	for _, suffix := range []string{"-wal", "-shm"} {
		if err := os.Remove(filepath.Join(dir, FileName+suffix)); err != nil && !os.IsNotExist(err) {
			t.Fatal(err)
		}
	}
	if err := os.Rename(filepath.Join(dir, "copy.db"), filepath.Join(dir, FileName)); err != nil {
		t.Fatal(err)
	}
	s = openStore(t, dir)
	recordAccounts(t, s, "000003-c", "a3", "b1")
	recordAccounts(t, s, "000004-d", "a3", "b2")
	if got, _ := changesFrom(t, s, kept, 10); got != "a b" {
		t.Errorf("from before the copy: %q", got)
	}
	if _, err := s.AccountChanges(t.Context(), lost, 10); !errors.Is(err, ErrUnknownMark) {
		t.Errorf("a cursor that the copy does not know: %v", err)
	}
}

// TestAccountsAreRecordedInTheirOrder: who saw an older generation does not record it over
// a newer one, and two at once record once.
func TestAccountsAreRecordedInTheirOrder(t *testing.T) {
	dir := t.TempDir()
	stores := []*Store{openStore(t, dir), openStore(t, dir)}
	var group sync.WaitGroup
	var mu sync.Mutex
	refused := 0
	for i := range 6 {
		group.Go(func() {
			err := stores[i%2].RecordAccounts(t.Context(), "", "000002-b", noon, versions("a1", "b1"))
			mu.Lock()
			defer mu.Unlock()
			if errors.Is(err, ErrChangedMeanwhile) {
				refused++
			} else if err != nil {
				t.Error(err)
			}
		})
	}
	group.Wait()
	if got, page := changesFrom(t, stores[0], AccountCursor{}, 10); refused != 5 || got != "a b" || page.Next.At != 2 {
		t.Errorf("%d refused, %q %+v", refused, got, page)
	}
	if err := stores[1].RecordAccounts(t.Context(), "", "000001-a", noon, versions("a0")); !errors.Is(err, ErrChangedMeanwhile) {
		t.Errorf("an older generation: %v", err)
	}
	if got, page := changesFrom(t, stores[0], AccountCursor{}, 10); got != "a b" || page.Generation != "000002-b" {
		t.Errorf("%q %+v", got, page)
	}
}

// TestReadersOfAccountsLoseNothing: whatever is recorded between their pages, readers that
// take over what they are told end with the accounts as they are, and are told of no
// account twice that did not change between.
func TestReadersOfAccountsLoseNothing(t *testing.T) {
	for seed := range uint64(40) {
		random := rand.New(rand.NewPCG(seed, 1))
		s := openStore(t, t.TempDir())
		now := map[string]string{} // content by account
		type reader struct {
			at   AccountCursor
			has  map[string]string
			told map[int64]bool
			more bool
		}
		readers := []*reader{}
		step := func(r *reader) {
			page, err := s.AccountChanges(t.Context(), r.at, 1+random.IntN(4))
			if err != nil {
				t.Fatal(err)
			}
			for _, c := range page.Changes {
				if r.told[c.Sequence] {
					t.Errorf("seed %d: change %d is told twice", seed, c.Sequence)
				}
				r.told[c.Sequence] = true
				if c.IsRemoved {
					delete(r.has, c.ID)
				} else {
					r.has[c.ID] = now[c.ID]
				}
			}
			r.at, r.more = page.Next, page.HasMore
		}
		for n := range 25 {
			for range random.IntN(4) {
				id := string(rune('a' + random.IntN(8)))
				if random.IntN(3) == 0 {
					delete(now, id)
				} else {
					now[id] = fmt.Sprint(random.IntN(3))
				}
			}
			var texts []string
			for id, content := range now {
				texts = append(texts, id+content)
			}
			slices.Sort(texts)
			recordAccounts(t, s, fmt.Sprintf("%06d-x", n), texts...)
			if random.IntN(4) == 0 {
				readers = append(readers, &reader{has: map[string]string{}, told: map[int64]bool{}})
			}
			for _, r := range readers {
				if random.IntN(2) == 0 {
					step(r)
				}
			}
		}
		for i, r := range readers {
			for step(r); r.more; {
				step(r)
			}
			if fmt.Sprint(r.has) != fmt.Sprint(now) {
				t.Errorf("seed %d: reader %d has %v, there are %v", seed, i, r.has, now)
			}
		}
	}
}
