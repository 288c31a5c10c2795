package fec

import (
	"fmt"
	"strings"
	"unicode"

	"golang.org/x/text/encoding/charmap"

	"github.com/encours/encours/ingest"
)

// Classes of the bytes around a byte from 0x80 up.
const (
	classOther = iota
	classLower
	classUpper
	classDigit
	classHigh
	classes
)

func classOf(c byte) int {
	switch {
	case c >= 'a' && c <= 'z':
		return classLower
	case c >= 'A' && c <= 'Z':
		return classUpper
	case c >= '0' && c <= '9':
		return classDigit
	case c >= 0x80:
		return classHigh
	}
	return classOther
}

// askedFor is the evidence of a charset that the caller names.
const askedFor = "as asked for"

// charsetChoice is the charset of a file, and why.
type charsetChoice struct {
	charset  Charset
	evidence string
	warnings []ingest.Warning
}

// chooseCharset decides by, in this order: what the caller asks for, a byte
// order mark, UTF-8 where at least most characters are well formed (a line that
// is not is then rejected), else the 8-bit charset in which the bytes read best
// as French.
func chooseCharset(asked Charset, s *survey) charsetChoice {
	e := &s.bytes
	switch {
	case asked != Auto && asked != "":
		return charsetChoice{charset: asked, evidence: askedFor}
	case strings.HasPrefix(string(s.head), utf8BOM):
		return charsetChoice{charset: UTF8, evidence: "byte order mark"}
	case e.high == 0:
		return charsetChoice{charset: UTF8, evidence: "only ASCII characters"}
	case e.broken == 0:
		return charsetChoice{charset: UTF8, evidence: fmt.Sprintf("%d characters beyond ASCII, all well-formed UTF-8", e.sequences)}
	case e.sequences > e.broken:
		return charsetChoice{
			charset:  UTF8,
			evidence: fmt.Sprintf("%d well-formed UTF-8 characters, %d broken ones", e.sequences, e.broken),
			warnings: []ingest.Warning{ingest.Warn("charset.broken", e.broken)},
		}
	}
	return bestEightBit(e)
}

func bestEightBit(e *byteEvidence) charsetChoice {
	best, second := 0, -1
	var scores [3]int64
	var texts []string
	for i, m := range charsetMaps {
		scores[i] = e.score(m.table)
		texts = append(texts, fmt.Sprintf("%s %d", m.name, scores[i]))
		switch {
		case i == 0:
		case scores[i] > scores[best]:
			best, second = i, best
		case second < 0 || scores[i] > scores[second]:
			second = i
		}
	}
	m := charsetMaps[best]
	c := charsetChoice{charset: m.name}
	c.evidence = fmt.Sprintf("%d bytes beyond ASCII, not UTF-8; French reading scores: %s; the first reads %q",
		e.high, strings.Join(texts, ", "), strings.ToValidUTF8(newDecoder(m.name).text(e.sample), "?"))
	if scores[best] <= 0 || scores[best]-scores[second] < e.differing(best, second) {
		c.warnings = append(c.warnings, ingest.Warn("charset.uncertain", m.name))
	}
	if e.sequences*10 > e.broken {
		c.warnings = append(c.warnings, ingest.Warn("charset.mixed", e.sequences))
	}
	return c
}

// lawful says that the law knows other charsets, where it does.
func (c charsetChoice) lawful() []ingest.Warning {
	if c.evidence == askedFor || c.charset == UTF8 || c.charset == ISO885915 {
		return nil
	}
	return []ingest.Warning{ingest.Warn("charset.unlawful", c.charset)}
}

// differing counts the bytes of this file that two charsets read differently.
func (e *byteEvidence) differing(i, j int) (n int64) {
	for b := range e.around {
		if charsetMaps[i].table.DecodeByte(byte(0x80+b)) != charsetMaps[j].table.DecodeByte(byte(0x80+b)) {
			n += e.seen(b)
		}
	}
	return n
}

func (e *byteEvidence) seen(b int) (n int64) {
	for _, row := range e.around[b] {
		for _, k := range row {
			n += k
		}
	}
	return n
}

// score adds up how well each byte reads in a charset where it stands.
func (e *byteEvidence) score(table *charmap.Charmap) (total int64) {
	for b := range e.around {
		r := table.DecodeByte(byte(0x80 + b))
		for before, row := range e.around[b] {
			for after, n := range row {
				if n > 0 {
					total += n * int64(plausible(r, before, after))
				}
			}
		}
	}
	return total
}

const (
	frenchLower = "àâäçéèêëîïôöùûüÿœæ"
	frenchUpper = "ÀÂÄÇÉÈÊËÎÏÔÖÙÛÜŸŒ"
)

// plausible rates a character between two neighbours in a French ledger, from
// -12 (never) to 3 (just what one expects).
func plausible(r rune, before, after int) int {
	letter := func(c int) bool { return c == classLower || c == classUpper || c == classHigh }
	switch {
	case r == unicode.ReplacementChar || (r >= 0x80 && r < 0xA0):
		return -12
	case r >= 0x2500 && r < 0x2600: // box drawing
		return -4
	case strings.ContainsRune(frenchLower, r):
		return plausibleLower(r, before, after)
	case strings.ContainsRune(frenchUpper, r):
		return plausibleUpper(before, after)
	case r == '°' || r == '²' || r == '³' || r == '½' || r == '…':
		if (letter(before) || before == classDigit) && !letter(after) {
			return 3
		}
		return -2
	case r == '€':
		if letter(before) && letter(after) {
			return -2
		}
		return 2
	case r == '’':
		if letter(before) && letter(after) {
			return 3
		}
		return 0
	case r == '“' || r == '”' || r == '«' || r == '»' || r == '–' || r == '—':
		if letter(before) && letter(after) {
			return -2
		}
		return 1
	case r == '\u00A0':
		return 1
	case strings.ContainsRune("§®©™µ·±£´", r):
		return 0
	case unicode.IsLetter(r):
		return plausibleForeign(r, before, after)
	}
	return -2
}

func plausibleLower(r rune, before, after int) int {
	switch {
	case before == classLower || after == classLower:
		return 3
	case before == classUpper || after == classUpper:
		return 0
	case before == classHigh || after == classHigh:
		return 1
	case r == 'à' && before == classOther && after == classOther:
		return 2
	}
	return -1
}

func plausibleUpper(before, after int) int {
	switch {
	case before == classLower:
		return -3
	case before == classUpper || after == classUpper || after == classLower:
		return 2
	case before == classHigh || after == classHigh:
		return 0
	}
	return -1
}

func plausibleForeign(r rune, before, after int) int {
	switch {
	case unicode.IsUpper(r) && before == classLower, unicode.IsLower(r) && before == classUpper:
		return -3
	case unicode.IsLower(r) && before == classLower && after == classLower:
		return 0
	case unicode.IsUpper(r) && before == classUpper && after == classUpper:
		return 0
	}
	return -1
}
