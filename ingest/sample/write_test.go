package sample_test

import (
	"context"
	"os"
	"strconv"
	"testing"

	"github.com/encours/encours/ingest/sample"
)

// TestWriteSample writes a sample to look at:
//
//	ENCOURS_SAMPLE_DIR=/tmp/demo go test -run TestWriteSample ./ingest/sample/
//
// ENCOURS_SAMPLE_INVOICES asks for so many invoices without bad lines; without it
// the sample is that of the demonstration.
func TestWriteSample(t *testing.T) {
	dir := os.Getenv("ENCOURS_SAMPLE_DIR")
	if dir == "" {
		t.Skip("ENCOURS_SAMPLE_DIR names no folder to write a sample to")
	}
	opt := sample.Demo()
	if text := os.Getenv("ENCOURS_SAMPLE_INVOICES"); text != "" {
		n, err := strconv.Atoi(text)
		if err != nil {
			t.Fatal(err)
		}
		opt = sample.Options{Invoices: n, Seed: 1}
	}
	summary, err := sample.Generate(context.Background(), dir, opt, nil)
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range summary.Files {
		t.Logf("%s: %d lines, %d entries, %d invoices, %v", f.Path, f.Lines, f.Entries, f.Invoices, f.Balances)
	}
	t.Logf("%d lines, %d invoices", summary.Lines, summary.Invoices)
}
