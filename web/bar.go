package web

import (
	"slices"
	"strconv"
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
		part := segment{Bucket: bucket, Class: bucketClass(buckets, bucket.Name), Start: width(start, total), Width: width(debit, total)}
		if total > 0 {
			part.Share = reports.Ratio{BasisPoints: basisPoints(debit, total), Valid: true}
		}
		start += debit
		all = append(all, part)
	}
	return all
}

// overdueClasses are the colours of what is overdue, from light to dark.
const overdueClasses = 5

// bucketClass names the colour of a bucket in the stylesheet. However many buckets a
// project has, what is not due has the first colour, the overdue ones the next five
// from light to dark, and what has no known age the last.
func bucketClass(buckets []reports.Bucket, name string) string {
	overdue, at := 0, -1
	buckets = byInvoiceDate(buckets)
	for _, bucket := range buckets {
		switch {
		case bucket.Name == name && bucket.IsUnknown:
			return "age-u"
		case bucket.Name == name && !bucket.IsOverdue && overdue == 0:
			return "age-0"
		case bucket.Name == name && !bucket.IsOverdue:
			return "age-u"
		case bucket.Name == name:
			at = overdue
		}
		if bucket.IsOverdue {
			overdue++
		}
	}
	switch {
	case at < 0:
		return "age-u"
	case overdue <= overdueClasses:
		return "age-" + strconv.Itoa(at+1)
	}
	return "age-" + strconv.Itoa(1+at*(overdueClasses-1)/(overdue-1))
}

// byInvoiceDate colours buckets of which none is overdue, those by invoice date, as
// if all but the first were.
func byInvoiceDate(buckets []reports.Bucket) []reports.Bucket {
	if slices.ContainsFunc(buckets, func(b reports.Bucket) bool { return b.IsOverdue }) {
		return buckets
	}
	made := slices.Clone(buckets)
	for i := range made {
		made[i].IsOverdue = i > 0 && !made[i].IsUnknown
	}
	return made
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
