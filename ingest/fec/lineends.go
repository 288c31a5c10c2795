package fec

import (
	"bytes"
	"fmt"
	"strings"
)

// lineEnds counts the line ends of a stream by kind.
type lineEnds struct {
	lf, crlf, crcrlf, cr int64
	run                  int64 // CRs just before the next byte
}

// scan reads a block. Files without CR are counted without looking at each
// line.
func (e *lineEnds) scan(b []byte) {
	i := 0
	if e.run > 0 {
		i = e.crRun(b, 0)
	}
	for i < len(b) {
		n := bytes.IndexByte(b[i:], '\r')
		if n < 0 {
			e.lf += countByte(b[i:], '\n')
			return
		}
		e.lf += countByte(b[i:i+n], '\n')
		i = e.crRun(b, i+n)
	}
}

// crRun counts the CRs from an index on and the line end that they belong to.
func (e *lineEnds) crRun(b []byte, i int) int {
	for i < len(b) && b[i] == '\r' {
		e.run++
		i++
	}
	if i == len(b) {
		return i
	}
	if b[i] != '\n' {
		e.flush()
		return i
	}
	if e.run == 1 {
		e.crlf++
	} else {
		e.crcrlf++
		e.cr += e.run - 2
	}
	e.run = 0
	return i + 1
}

// flush counts CRs that no LF follows.
func (e *lineEnds) flush() {
	e.cr += e.run
	e.run = 0
}

// String names the kind of line end, or all kinds with their number.
func (e *lineEnds) String() string {
	var kinds []string
	for _, k := range []struct {
		name string
		n    int64
	}{{"LF", e.lf}, {"CRLF", e.crlf}, {"CR CR LF", e.crcrlf}, {"CR", e.cr}} {
		if k.n > 0 {
			kinds = append(kinds, fmt.Sprintf("%s %d", k.name, k.n))
		}
	}
	switch len(kinds) {
	case 0:
		return "none"
	case 1:
		return kinds[0][:strings.LastIndexByte(kinds[0], ' ')]
	}
	return "mixed (" + strings.Join(kinds, ", ") + ")"
}

func countByte(b []byte, c byte) int64 {
	return int64(bytes.Count(b, []byte{c}))
}
