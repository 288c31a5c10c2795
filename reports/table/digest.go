package table

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"hash"
	"io"
	"maps"
	"slices"
	"strings"
)

// Names of the facts by which an export is verified.
const (
	FactReport  = "encours_report"
	FactRows    = "rows"
	FactSums    = "sums"
	FactColumns = "columns"
	FactDigest  = "rows_sha256"
	FactSeal    = "manifest_sha256"
)

// RowHash is the SHA-256 of rows as texts: every value in double quotes, a double
// quote in it doubled, an absent value empty, commas between them and a line feed
// after each row. Texts are as in a CSV export (see Table.Neutral), numbers have
// the decimals of their column, dates are YYYY-MM-DD, booleans true or false.
type RowHash struct {
	sum  hash.Hash
	line strings.Builder
}

// NewRowHash returns the hash of no rows.
func NewRowHash() *RowHash { return &RowHash{sum: sha256.New()} }

// Add takes the next row.
func (h *RowHash) Add(values []string) {
	h.line.Reset()
	for i, value := range values {
		if i > 0 {
			h.line.WriteByte(',')
		}
		h.line.WriteByte('"')
		h.line.WriteString(strings.ReplaceAll(value, `"`, `""`))
		h.line.WriteByte('"')
	}
	h.line.WriteByte('\n')
	io.WriteString(h.sum, h.line.String()) // a hash returns no error
}

// Sum returns the hash in hexadecimal digits.
func (h *RowHash) Sum() string { return hex.EncodeToString(h.sum.Sum(nil)) }

// SumsText writes the totals of the columns that have one: name=sum, one after the
// other.
func SumsText(columns []Column) string {
	var sums []string
	for _, c := range columns {
		if c.Total != "" {
			sums = append(sums, c.Name+"="+c.Total)
		}
	}
	return strings.Join(sums, " ")
}

// ColumnsText writes what the columns are: name=kind, for a decimal with its
// number of decimals, such as open_amount=decimal:2.
func ColumnsText(columns []Column) string {
	var all []string
	for _, c := range columns {
		text := c.Name + "=" + kindNames[c.Kind]
		if c.Kind == Decimal {
			text += fmt.Sprintf(":%d", c.Scale)
		}
		all = append(all, text)
	}
	return strings.Join(all, " ")
}

var kindNames = map[Kind]string{Text: "text", Date: "date", Integer: "integer", Decimal: "decimal", Bool: "boolean"}

// ParseColumns reads what ColumnsText writes.
func ParseColumns(text string) ([]Column, error) {
	var columns []Column
	for _, field := range strings.Fields(text) {
		name, kind, _ := strings.Cut(field, "=")
		c := Column{Name: name, Kind: -1}
		kind, scale, isScaled := strings.Cut(kind, ":")
		for known, word := range kindNames {
			if word == kind {
				c.Kind = known
			}
		}
		if isScaled {
			if _, err := fmt.Sscan(scale, &c.Scale); err != nil {
				return nil, fmt.Errorf("read column %q: %w", field, err)
			}
		}
		if c.Kind < 0 {
			return nil, fmt.Errorf("read column %q: the kind %q is not known", field, kind)
		}
		columns = append(columns, c)
	}
	return columns, nil
}

// Sealed returns the facts with the hash of all of them as a last one, so that a
// date cannot be changed in a file unseen.
func Sealed(facts []Fact) []Fact {
	values := map[string]string{}
	for _, fact := range facts {
		values[fact.Name] = fact.Value
	}
	return append(facts, Fact{Name: FactSeal, Value: Seal(values)})
}

// Seal is the SHA-256 of facts, the seal apart: lines "name: value" in the order of
// the names, control characters as spaces.
func Seal(facts map[string]string) string {
	sum := sha256.New()
	for _, name := range slices.Sorted(maps.Keys(facts)) {
		if name != FactSeal {
			fmt.Fprintf(sum, "%s: %s\n", name, strings.Map(Visible, facts[name]))
		}
	}
	return hex.EncodeToString(sum.Sum(nil))
}

// Visible makes a space of a control character, for strings.Map.
func Visible(r rune) rune {
	if r < 0x20 || r == 0x7f {
		return ' '
	}
	return r
}

// Manifest writes what stands beside a file: its facts, and its name, size and
// hash as further ones.
func Manifest(facts []Fact, file string, size int64, sha256 string) []Fact {
	return append([]Fact{
		{Name: "file", Value: file},
		{Name: "bytes", Value: fmt.Sprint(size), IsNumber: true},
		{Name: "sha256", Value: sha256},
	}, facts...)
}
