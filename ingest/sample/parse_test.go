package sample_test

import (
	"bytes"
	"context"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"unicode/utf8"

	"golang.org/x/text/encoding/charmap"

	"github.com/encours/encours/ingest/sample"
)

// row is a ledger line as this test reads it, on its own and without mercy.
type row struct {
	line                              int64
	journal, number, date             string
	account, accountLabel, aux, label string
	ref, piece, code, codeDate, due   string
	debit, credit                     int64
	entry                             string // file, journal and number
}

func (r row) amount() int64 { return r.debit - r.credit }

// party is the counterparty key: the auxiliary code, else the account.
func (r row) party() string {
	if r.aux != "" {
		return r.aux
	}
	return r.account
}

func (r row) in(prefixes ...string) bool {
	for _, p := range prefixes {
		if strings.HasPrefix(r.account, p) {
			return true
		}
	}
	return false
}

// extract is a parsed file; bad holds the physical numbers of unreadable lines.
type extract struct {
	sample.File
	text   string
	header []string
	rows   []row
	bad    []int64
}

func (e *extract) opening(r row) bool { return r.journal == e.rows[0].journal }

// generate writes a sample and reads it back.
func generate(t testing.TB, opt sample.Options) (string, sample.Summary, []*extract) {
	t.Helper()
	dir := t.TempDir()
	summary, err := sample.Generate(context.Background(), dir, opt, nil)
	if err != nil {
		t.Fatal(err)
	}
	var list []*extract
	for _, f := range summary.Files {
		list = append(list, parse(t, dir, f))
	}
	return dir, summary, list
}

// decode reads the bytes of an entity by the charset that the sample gives it.
func decode(t testing.TB, entity string, raw []byte) (text, separator, lineEnd string) {
	t.Helper()
	switch entity {
	case "BETA":
		decoded, err := charmap.ISO8859_15.NewDecoder().Bytes(raw)
		if err != nil {
			t.Fatal(err)
		}
		return string(decoded), "|", "\n"
	case "GAMMA":
		decoded, err := charmap.Windows1252.NewDecoder().Bytes(raw)
		if err != nil {
			t.Fatal(err)
		}
		return string(decoded), "\t", "\r\n"
	}
	if !utf8.Valid(raw) {
		t.Fatalf("%s: not UTF-8", entity)
	}
	return string(raw), "\t", "\n"
}

func parse(t testing.TB, dir string, f sample.File) *extract {
	t.Helper()
	raw, err := os.ReadFile(filepath.Join(dir, filepath.FromSlash(f.Path)))
	if err != nil {
		t.Fatal(err)
	}
	text, separator, lineEnd := decode(t, f.Entity, raw)
	if !strings.HasSuffix(text, lineEnd) || bytes.Count(raw, []byte("\n")) != strings.Count(text, lineEnd) {
		t.Fatalf("%s: line ends are not %q throughout", f.Path, lineEnd)
	}
	lines := strings.Split(strings.TrimSuffix(text, lineEnd), lineEnd)
	e := &extract{File: f, text: text, header: strings.Split(lines[0], separator)}
	for i, line := range lines[1:] {
		r, ok := parseRow(strings.Split(line, separator), len(e.header))
		r.line = int64(i + 2)
		r.entry = f.Path + " " + r.journal + " " + r.number
		if ok {
			e.rows = append(e.rows, r)
		} else {
			e.bad = append(e.bad, r.line)
		}
	}
	return e
}

func parseRow(fields []string, columns int) (row, bool) {
	if len(fields) != columns {
		return row{}, false
	}
	r := row{
		journal: fields[0], number: fields[2], date: fields[3], account: fields[4], accountLabel: fields[5],
		aux: fields[6], ref: fields[8], piece: fields[9], label: fields[10], code: fields[13], codeDate: fields[14],
	}
	if columns > 18 {
		r.due = fields[18]
	}
	var okDebit, okCredit bool
	r.debit, okDebit = parseCents(fields[11])
	r.credit, okCredit = parseCents(fields[12])
	return r, okDebit && okCredit && isDay(r.date) && isDay(r.piece) && isDay(fields[15]) && len(r.account) >= 3
}

func parseCents(text string) (int64, bool) {
	units, cents, ok := strings.Cut(text, ",")
	if !ok || len(cents) != 2 {
		return 0, false
	}
	n, err := strconv.ParseInt(units+cents, 10, 64)
	return n, err == nil
}

func isDay(text string) bool {
	if len(text) != 8 || text[4:6] < "01" || text[4:6] > "12" || text[6:] < "01" || text[6:] > "31" {
		return false
	}
	_, err := strconv.Atoi(text)
	return err == nil
}
