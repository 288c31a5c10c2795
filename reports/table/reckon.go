package table

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"hash"
)

// reckoning counts CSV records, adds up their columns and hashes them as RowHash
// hashes their rows, without reading the values: it puts the quotes where there are
// none.
type reckoning struct {
	sum    hash.Hash
	count  int64
	sums   []*Sum // by column; nil where it has none
	out    []byte
	at     position
	column int
	value  []byte // what there is so far of a value that is added up
}

// position is where in a value the bytes were cut.
type position int

const (
	valueBegins position = iota
	unquoted
	quoted
	quoteSeen // inside quotes: their end, or the first of two
)

func newReckoning(columns []Column) *reckoning {
	r := &reckoning{sum: sha256.New(), sums: make([]*Sum, len(columns))}
	for i, c := range columns {
		if c.Adds {
			r.sums[i] = &Sum{Scale: c.Scale}
		}
	}
	return r
}

func (r *reckoning) digest() string { return hex.EncodeToString(r.sum.Sum(nil)) }

// Write takes the next bytes of the records.
func (r *reckoning) Write(p []byte) (int, error) {
	r.out = r.out[:0]
	for i := 0; i < len(p); {
		switch r.at {
		case valueBegins:
			r.out = append(r.out, '"')
			r.at = unquoted
			if p[i] == '"' {
				r.at = quoted
				i++
			}
		case unquoted:
			end := i
			for end < len(p) && p[end] != ',' && p[end] != '\n' {
				end++
			}
			r.take(p[i:end])
			i = end
			if i < len(p) {
				r.end(p[i])
				i++
			}
		case quoted:
			end := bytes.IndexByte(p[i:], '"')
			if end < 0 {
				end = len(p) - i
			} else {
				r.at = quoteSeen
			}
			r.take(p[i : i+end])
			i = min(i+end+1, len(p))
		case quoteSeen:
			if p[i] == '"' {
				r.out = append(r.out, '"', '"')
				r.at = quoted
			} else {
				r.end(p[i])
			}
			i++
		}
	}
	r.sum.Write(r.out) // a hash returns no error
	return len(p), nil
}

// take goes on with a value.
func (r *reckoning) take(part []byte) {
	r.out = append(r.out, part...)
	if r.column < len(r.sums) && r.sums[r.column] != nil {
		r.value = append(r.value, part...)
	}
}

// end ends a value, and with a line end a row.
func (r *reckoning) end(by byte) {
	r.out = append(r.out, '"', by)
	r.at = valueBegins
	if r.column < len(r.sums) && r.sums[r.column] != nil {
		r.sums[r.column].Add(r.value)
		r.value = r.value[:0]
	}
	r.column++
	if by == '\n' {
		r.column = 0
		r.count++
	}
}
