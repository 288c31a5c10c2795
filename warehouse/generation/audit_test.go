package generation

import (
	"slices"
	"testing"

	"github.com/encours/encours/warehouse/landing"
)

// TestAuditScopes: what was audited before under the same rules is kept by dataset
// of an entity, as a whole; anything else is audited again.
func TestAuditScopes(t *testing.T) {
	ledger := func(id, entity string) landing.Batch {
		return landing.Batch{ID: id, EntityID: entity, Dataset: landing.LedgerDataset}
	}
	invoices := landing.Batch{ID: "i1", EntityID: "A", Dataset: "invoices"}
	rules := Manifest{AuditHash: "rules", ModelsHash: "models", RefHashes: map[string]string{"ref_x": "1"}}
	with := func(change func(*Manifest)) *Manifest {
		m := rules
		m.Batches = []string{"a1", "b1", "i1"}
		change(&m)
		return &m
	}
	same := func(*Manifest) {}
	for _, c := range []struct {
		name          string
		previous      *Manifest
		live          []landing.Batch
		kept, changed []string
	}{
		{"first build", nil, []landing.Batch{ledger("a1", "A")}, nil, []string{"A/ledger_entries"}},
		{"nothing new", with(same), []landing.Batch{ledger("a1", "A"), ledger("b1", "B"), invoices},
			[]string{"i1", "a1", "b1"}, nil},
		{"a year more", with(same), []landing.Batch{ledger("a1", "A"), ledger("b1", "B"), ledger("a2", "A"), invoices},
			[]string{"i1", "b1"}, []string{"A/ledger_entries"}},
		{"a later cut", with(same), []landing.Batch{ledger("b1", "B"), ledger("a2", "A"), invoices},
			[]string{"i1", "b1"}, []string{"A/ledger_entries"}},
		{"a year less", with(func(m *Manifest) { m.Batches = []string{"a1", "a2"} }), []landing.Batch{ledger("a1", "A")},
			nil, []string{"A/ledger_entries"}},
		{"other rules", with(func(m *Manifest) { m.AuditHash = "others" }), []landing.Batch{ledger("a1", "A")}, nil, []string{"A/ledger_entries"}},
		{"other models", with(func(m *Manifest) { m.ModelsHash = "others" }), []landing.Batch{ledger("a1", "A")}, nil, []string{"A/ledger_entries"}},
		{"other reference", with(func(m *Manifest) { m.RefHashes = nil }), []landing.Batch{ledger("a1", "A")}, nil, []string{"A/ledger_entries"}},
	} {
		t.Run(c.name, func(t *testing.T) {
			known := []landing.Batch{ledger("a1", "A"), ledger("b1", "B"), ledger("a2", "A"), invoices}
			b := builder{manifest: rules, previous: c.previous, live: c.live, known: known}
			kept, changed := b.auditScopes()
			if !slices.Equal(kept, c.kept) && len(kept)+len(c.kept) > 0 || !slices.Equal(changed, c.changed) {
				t.Errorf("kept %v and audited %v, want %v and %v", kept, changed, c.kept, c.changed)
			}
		})
	}
}
