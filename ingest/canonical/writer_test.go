package canonical_test

import (
	"bytes"
	"testing"

	"github.com/encours/encours/ingest"
	"github.com/encours/encours/ingest/canonical"
)

func TestWriter(t *testing.T) {
	fields := []ingest.Field{{Name: "siren", Type: "varchar", Required: true}, {Name: "day", Type: "date"}, {Name: "amount", Type: "decimal(18, 2)"}}
	var out bytes.Buffer
	var rejects []ingest.Reject
	w, err := canonical.NewWriter(&out, fields, func(r ingest.Reject) error {
		rejects = append(rejects, r)
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	for i, values := range []map[string]any{
		{"siren": "552032534", "amount": 12.5},
		{"siren": "552032534", "day": "not a day"},
		{"day": "2026-01-31"},
		{"siren": " 356000000 ", "day": "2026-01-31"},
	} {
		if err := w.Write(ingest.Reject{File: "notices.json", Line: int64(i + 1), Raw: "raw"}, values); err != nil {
			t.Fatal(err)
		}
	}
	if err := w.Write(ingest.Reject{}, map[string]any{"color": "red"}); err == nil {
		t.Error("a name that is no field is taken")
	}
	if err := w.Flush(); err != nil {
		t.Fatal(err)
	}
	if got, want := out.String(), "1\x1f552032534\x1f\x1f12.5\n4\x1f356000000\x1f2026-01-31\x1f\n"; got != want {
		t.Errorf("got %q, want %q", got, want)
	}
	if w.Rows != 2 || w.Rejects != 2 || len(rejects) != 2 || rejects[0].Column != "day" || rejects[0].Value != "not a day" || rejects[0].Line != 2 ||
		rejects[1].Column != "siren" || rejects[1].Reason != "value.missing" || rejects[1].Raw != "raw" {
		t.Errorf("%d rows, %d rejects: %+v", w.Rows, w.Rejects, rejects)
	}
}
