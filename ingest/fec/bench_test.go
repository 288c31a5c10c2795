package fec

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"testing"

	"github.com/encours/encours/ingest"
)

// ledger writes a clean tab-separated FEC of about size bytes; accents puts
// UTF-8 letters in the labels of one line in four.
func ledger(size int, accents bool) []byte {
	var b bytes.Buffer
	b.WriteString(legalHeader + "\n")
	for i := 0; b.Len() < size; i++ {
		client, what := i%997, "Facture"
		if accents && i%4 == 0 {
			what = "Règlement reçu"
		}
		amount := fmt.Sprintf("%d,%02d", i*7919%90000, i%100)
		day := fmt.Sprintf("2024%02d%02d", i/3000%12+1, i/100%28+1)
		fmt.Fprintf(&b, "VE\tJournal des ventes\tVE%07d\t%s\t411000\tClients\tC%05d\tClient numero %d SARL\tFA%07d\t%s\t%s FA%07d\t%s\t0,00\tAB%d\t%s\t%s\t\t\n",
			i/3, day, client, client, i/3, day, what, i/3, amount, i%50, day, day)
	}
	return b.Bytes()
}

func BenchmarkConvert(b *testing.B) {
	for _, bench := range []struct {
		name    string
		accents bool
	}{{"ascii", false}, {"utf-8", true}} {
		data := ledger(32<<20, bench.accents)
		f, err := inspect(context.Background(), "bench", bytes.NewReader(data), Options{})
		if err != nil {
			b.Fatal(err)
		}
		b.Run(bench.name, func(b *testing.B) {
			b.SetBytes(int64(len(data)))
			b.ReportAllocs()
			for b.Loop() {
				stats, err := f.convert(context.Background(), bytes.NewReader(data), io.Discard,
					func(r ingest.Reject) error { return fmt.Errorf("%+v", r) }, nil)
				if err != nil || stats.Rows == 0 {
					b.Fatal(stats, err)
				}
			}
		})
	}
}

func BenchmarkInspect(b *testing.B) {
	for _, bench := range []struct {
		name    string
		accents bool
	}{{"ascii", false}, {"utf-8", true}} {
		data := ledger(64<<20, bench.accents)
		b.Run(bench.name, func(b *testing.B) {
			b.SetBytes(int64(len(data)))
			for b.Loop() {
				if _, err := inspect(context.Background(), "bench", bytes.NewReader(data), Options{}); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}
