package web

import (
	"slices"
	"time"

	"github.com/encours/encours/reports"
	"github.com/encours/encours/reports/money"
)

// segment is a part of a stacked bar that the server draws itself, so that it
// stands without a script and in print. Start and Width are per cent as text.
type segment struct {
	reports.Bucket
	Class        string // of its colour
	Start, Width string
	Share        reports.Ratio
	URL          string // of the ageing narrowed to the bucket
}

// ageBar is the bar with what its legend needs.
type ageBar struct {
	Segments []segment
	Currency string
	Credits  reports.Amount // without their sign: not drawn, said below the bar
	IsEmpty  bool
}

func newAgeBar(layout Layout, buckets []reports.Bucket) ageBar {
	bar := ageBar{Segments: segments(buckets), Currency: layout.Currency(), IsEmpty: true}
	for i, part := range bar.Segments {
		bar.Credits -= part.Credit
		bar.IsEmpty = bar.IsEmpty && part.Debit <= 0
		bar.Segments[i].URL = layout.Filtered("/ageing", "bucket", part.Name)
	}
	return bar
}

// segments draws the open debits of the buckets: credits would need a bar
// below zero and are told beside it.
func segments(buckets []reports.Bucket) []segment {
	var total, start reports.Amount
	for _, bucket := range buckets {
		total += max(bucket.Debit, 0)
	}
	var all []segment
	for _, bucket := range buckets {
		debit := max(bucket.Debit, 0)
		part := segment{Bucket: bucket, Class: bucketClass(bucket.Name), Start: width(start, total), Width: width(debit, total)}
		if total > 0 {
			part.Share = reports.Ratio{BasisPoints: basisPoints(debit, total), Valid: true}
		}
		start += debit
		all = append(all, part)
	}
	return all
}

// bucketClass names the colour of a bucket in the stylesheet.
func bucketClass(bucket string) string {
	if i := slices.Index(bucketNames, bucket); i >= 0 {
		return []string{"age-0", "age-1", "age-2", "age-3", "age-4", "age-5", "age-u"}[i]
	}
	return "age-u"
}

// width is part ÷ whole in per cent with two decimals, for an SVG attribute.
func width(part, whole reports.Amount) string {
	if whole <= 0 || part <= 0 {
		return "0"
	}
	return money.Plain(basisPoints(part, whole))
}

// basisPoints is part ÷ whole for 0 ≤ part ≤ whole, without overflow.
func basisPoints(part, whole reports.Amount) int64 {
	for part > 1<<48 {
		part, whole = part>>8, whole>>8
	}
	return (int64(part)*10_000 + int64(whole)/2) / int64(whole)
}

func isoText(t time.Time) string {
	if t.IsZero() {
		return ""
	}
	return t.Format(isoDate)
}
