package sample_test

import (
	"context"
	"fmt"
	"testing"

	"github.com/encours/encours/ingest/sample"
)

func BenchmarkGenerate(b *testing.B) {
	for _, invoices := range []int{10_000, 100_000} {
		b.Run(fmt.Sprint(invoices), func(b *testing.B) {
			b.ReportAllocs()
			var lines int64
			for b.Loop() {
				summary, err := sample.Generate(
					context.Background(), b.TempDir(), sample.Options{Invoices: invoices, Seed: 1}, nil)
				if err != nil {
					b.Fatal(err)
				}
				lines += summary.Lines
			}
			b.ReportMetric(float64(lines)/b.Elapsed().Seconds(), "lines/s")
		})
	}
}
