package main

import (
	"archive/zip"
	"bytes"
	"compress/gzip"
	"context"
	"database/sql"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"golang.org/x/text/encoding/charmap"
	"golang.org/x/text/encoding/unicode"

	"github.com/encours/encours/warehouse/duck"
)

// shapeNames are the columns of the ledger that is written in many shapes, the
// last one beyond those of the law.
var shapeNames = append(strings.Split(strings.TrimSuffix(header, "\n"), "\t"), "DateEcheance")

// Columns of shapeNames.
const (
	atDate, atPieceDate, atLabel, atDebit, atCredit, atMatchingDate, atValid, atForeign, atDue = 3, 9, 10, 11, 12, 14, 15, 16, 18
)

// shapeLedger generates lines with accents, lettering, foreign currency, negative
// amounts, separators of other shapes and quotation marks inside texts. What the
// XML form keeps once per entry is the same on its lines.
func shapeLedger() [][]string {
	lines := [][]string{}
	add := func(entry int, day, label, matching, matched, account, aux, debit, credit, foreign, currency, due string) {
		auxLabel := ""
		if aux != "" {
			auxLabel = "Société " + aux + " & Fils <Noël>"
		}
		lines = append(lines, []string{
			"VE", "Journal des ventes", fmt.Sprintf("VE%05d", entry), day, account, "Compte n° " + account, aux, auxLabel,
			fmt.Sprintf("FA%05d", entry), day, label, debit, credit, matching, matched, day, foreign, currency, due,
		})
	}
	labels := []string{
		`Facture réglée à 30 jours; échéance "ferme"`, "Règlement reçu par chèque 100 €", "Avoir | remise accordée",
		`"Entre guillemets"`, "D'août à décembre", "Frais; port | emballage",
	}
	for entry := range 60 {
		day := fmt.Sprintf("2024%02d%02d", entry/5+1, entry%28+1)
		due := fmt.Sprintf("2024%02d28", entry/5+1)
		amount := fmt.Sprintf("%d,%02d", 7+entry*entry*4129, entry*37%100)
		if entry%7 == 3 {
			amount = "-" + amount
		}
		matching, matched := "", ""
		if entry%3 == 0 {
			matching, matched = string(rune('a'+entry%26))+"A", "20241231"
		}
		foreign, currency := "", ""
		if entry%4 == 1 {
			foreign, currency = fmt.Sprintf("%d,%02d", 3+entry*12345, entry), "USD"
		}
		customer := fmt.Sprintf("C%03d", entry%9)
		label := labels[entry%len(labels)]
		add(entry, day, label, matching, matched, "411000", customer, amount, "0,00", foreign, currency, due)
		add(entry, day, label, matching, matched, "707000", "", "0,00", amount, "", "", "")
	}
	return lines
}

// shape is one way to write the ledger.
type shape struct {
	name  string
	files map[string][]byte // by name
	args  []string
	warns string // part of a warning that must be given
}

// textForm writes lines in the text form.
func textForm(lines [][]string, sep, end string, names []string) []byte {
	var b strings.Builder
	for _, line := range append([][]string{names}, lines...) {
		b.WriteString(strings.Join(line, sep) + end)
	}
	return []byte(b.String())
}

// each returns a copy of the lines with every value changed.
func each(lines [][]string, change func(column int, value string) string) [][]string {
	out := make([][]string, len(lines))
	for i, line := range lines {
		out[i] = slices.Clone(line)
		for k, value := range line {
			out[i][k] = change(k, value)
		}
	}
	return out
}

func isAmount(column int) bool {
	return column == atDebit || column == atCredit || column == atForeign
}

func isDate(column int) bool {
	return column == atDate || column == atPieceDate || column == atMatchingDate || column == atValid || column == atDue
}

// amounts changes the amounts that are given: number and sign.
func amounts(lines [][]string, change func(sign, digits string) string) [][]string {
	return each(lines, func(column int, value string) string {
		if !isAmount(column) || value == "" {
			return value
		}
		digits := strings.TrimPrefix(value, "-")
		return change(value[:len(value)-len(digits)], digits)
	})
}

// thousands sets the digits before the comma apart by threes.
func thousands(digits, mark string) string {
	whole, cents, _ := strings.Cut(digits, ",")
	for i := len(whole) - 3; i > 0; i -= 3 {
		whole = whole[:i] + mark + whole[i:]
	}
	return whole + "," + cents
}

// signed writes the ledger with Montant and Sens.
func signed(lines [][]string, debit, credit string) ([][]string, []string) {
	out := each(lines, func(_ int, v string) string { return v })
	for _, line := range out {
		if line[atCredit] == "0,00" {
			line[atCredit] = debit
		} else {
			line[atDebit], line[atCredit] = line[atCredit], credit
		}
	}
	names := slices.Clone(shapeNames)
	names[atDebit], names[atCredit] = "Montant", "Sens"
	return out, names
}

// quoted writes every value, or those for which must says so, in quotation marks.
func quoted(must func(value string) bool) func(int, string) string {
	return func(_ int, value string) string {
		if !must(value) {
			return value
		}
		return `"` + strings.ReplaceAll(value, `"`, `""`) + `"`
	}
}

func always(string) bool { return true }

func reordered(line []string) []string {
	out := slices.Clone(line)
	slices.Reverse(out)
	return out
}

func compressed(t *testing.T, data []byte) []byte {
	t.Helper()
	var b bytes.Buffer
	w := gzip.NewWriter(&b)
	if _, err := w.Write(data); err != nil {
		t.Fatal(err)
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// zipped makes an archive of pairs of name and content.
func zipped(t *testing.T, pairs ...any) []byte {
	t.Helper()
	var b bytes.Buffer
	w := zip.NewWriter(&b)
	for i := 0; i < len(pairs); i += 2 {
		f, err := w.Create(pairs[i].(string))
		if err != nil {
			t.Fatal(err)
		}
		if _, err := f.Write(pairs[i+1].([]byte)); err != nil {
			t.Fatal(err)
		}
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func inCharset(t *testing.T, c *charmap.Charmap, data []byte) []byte {
	t.Helper()
	out, err := c.NewEncoder().Bytes(data)
	if err != nil {
		t.Fatal(err)
	}
	return out
}

// wideText writes a text in UTF-16 with its byte order mark.
func wideText(t *testing.T, order unicode.Endianness, data []byte) []byte {
	t.Helper()
	out, err := unicode.UTF16(order, unicode.UseBOM).NewEncoder().Bytes(data)
	if err != nil {
		t.Fatal(err)
	}
	return out
}

// TestTwentyShapes: the same ledger in every shape gives the same landed rows.
func TestTwentyShapes(t *testing.T) {
	shapes := shapesOf(t, shapeLedger())
	if len(shapes) < 20 {
		t.Fatalf("only %d shapes", len(shapes))
	}
	db, err := duck.Open(context.Background(), "", duck.Limits{MemoryBytes: 256e6, Threads: 1, TempDir: t.TempDir(), TempBytes: 256e6}, false)
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	reference := ""
	outer := t // whose folders stay until all shapes are compared
	for _, s := range shapes {
		t.Run(s.name, func(t *testing.T) {
			dir := newProject(outer, "    fiscal_years: [2024-01-01]\n")
			args := append([]string{"ingest", "--project", dir, "--kind", "fec"}, s.args...)
			for name, data := range s.files {
				args = append(args, writeFile(t, dir, name, string(data)))
			}
			r := run(t, args...)
			if r.code != exitDone || !strings.Contains(r.err, "120 lines loaded, 0 rejected") || !strings.Contains(r.err, s.warns) {
				t.Fatalf("exit %d, want 120 lines and %q\n%s", r.code, s.warns, r.err)
			}
			landed, err := filepath.Glob(filepath.Join(dir, "data", "landing", "ledger_entries", "*.parquet"))
			if err != nil || len(landed) != 1 {
				t.Fatalf("batches %v, %v", landed, err)
			}
			if reference == "" {
				reference = landed[0]
			}
			if n := differing(t, db, reference, landed[0]); n != 0 {
				t.Errorf("%d rows differ from those of the first shape", n)
			}
		})
	}
}

// differing counts the rows of two landed files that the other one has not, apart
// from where they come from.
func differing(t *testing.T, db *sql.DB, a, b string) (n int) {
	t.Helper()
	const columns = "select columns(c -> c not in ('source_line', 'source_part', 'batch_id', 'source_file')) from read_parquet("
	one, other := columns+duck.Text(a)+")", columns+duck.Text(b)+")"
	statement := fmt.Sprintf("select count(*) from ((%s except all %s) union all (%s except all %s))", one, other, other, one)
	if err := db.QueryRow(statement).Scan(&n); err != nil {
		t.Fatal(err)
	}
	return n
}

// one is a shape of one file.
func one(name string, data []byte, warns string) shape {
	return shape{name: name, files: map[string][]byte{"ledger.txt": data}, warns: warns}
}

func shapesOf(t *testing.T, lines [][]string) []shape {
	tab := func(l [][]string) []byte { return textForm(l, "\t", "\n", shapeNames) }
	plain := tab(lines)
	end := func(to string) []byte { return bytes.ReplaceAll(plain, []byte("\n"), []byte(to)) }
	noMark := func(mark string) [][]string { // texts without the separator of the shape cannot be told from it otherwise
		return each(lines, quoted(func(v string) bool { return strings.Contains(v, mark) || strings.HasPrefix(v, `"`) }))
	}
	sides, sidesNames := signed(lines, "D", "c")
	ones, onesNames := signed(lines, " +1 ", " -1 ")
	pad := each(lines, func(_ int, v string) string { return "  " + v + strings.Repeat(" ", 12) })
	third := len(lines) / 3
	part := func(i int) []byte { return tab(lines[i*third : (i+1)*third]) }
	parts := map[string][]byte{"ledger_part1.txt": part(0), "ledger_part2.txt": part(1), "ledger_part3.txt": part(2)}
	all := []shape{
		one("tab, UTF-8, LF", plain, ""),
		one("pipe, minimal quotes", textForm(noMark("|"), "|", "\n", shapeNames), "quotation marks"),
		one("semicolon, all quoted", textForm(each(lines, quoted(always)), ";", "\n", each([][]string{shapeNames}, quoted(always))[0]), "semicolon"),
		one("tab, all quoted but the header", tab(each(lines, quoted(always))), "quotation marks"),
		one("BOM", append([]byte("\xef\xbb\xbf"), plain...), ""),
		one("ISO 8859-15", inCharset(t, charmap.ISO8859_15, plain), "0 rejected; entity ACME, fiscal year from 2024-01-01, entries 2024-01-01 to 2024-12-"),
		one("windows-1252", inCharset(t, charmap.Windows1252, plain), "windows-1252"),
		one("UTF-16, little end first", wideText(t, unicode.LittleEndian, plain), "utf-16le; the law asks for"),
		one("UTF-16, big end first, CRLF", wideText(t, unicode.BigEndian, end("\r\n")), "utf-16be"),
		one("CP850", inCharset(t, charmap.CodePage858, plain), "cp850"),
		one("CRLF", end("\r\n"), ""),
		one("CR", end("\r"), ""),
		one("CR CR LF", end("\r\r\n"), ""),
		one("trailing separator", end("\t\n"), ""),
		one("padded", tab(pad), ""),
		one("padded by no-break spaces", tab(each(lines, func(_ int, v string) string { return "\u00a0" + v + "\u202f" })), ""),
		one("zero-padded amounts", tab(amounts(lines, func(s, d string) string { return s + strings.Repeat("0", 15-len(d)) + d })), ""),
		one("decimal dot", tab(amounts(lines, func(s, d string) string { return s + strings.Replace(d, ",", ".", 1) })), ""),
		one("trailing sign", tab(amounts(lines, func(s, d string) string { return d + s })), ""),
		one("narrow no-break thousands", tab(amounts(lines, func(s, d string) string { return s + thousands(d, "\u202f") })), ""),
		one("no-break thousands, ISO 8859-15", inCharset(t, charmap.ISO8859_15,
			tab(amounts(lines, func(s, d string) string { return s + thousands(d, "\u00a0") }))), ""),
		one("no-break thousands, CP850", inCharset(t, charmap.CodePage858,
			tab(amounts(lines, func(s, d string) string { return s + thousands(d, "\u00a0") }))), "cp850"),
		one("Montant and Sens, D and C", textForm(sides, "\t", "\n", sidesNames), ""),
		one("Montant and Sens, +1 and -1", textForm(ones, "\t", "\n", onesNames), ""),
		one("dates with separators", tab(each(lines, func(k int, v string) string {
			if !isDate(k) || v == "" || k == atDue { // extra columns are kept as they are written
				return v
			}
			return v[6:] + "/" + v[4:6] + "/" + v[:4]
		})), ""),
		{name: "gzip", files: map[string][]byte{"ledger.txt.gz": compressed(t, plain)}},
		{name: "gzip of UTF-16", files: map[string][]byte{"ledger.txt.gz": compressed(t, wideText(t, unicode.LittleEndian, plain))}, warns: "utf-16le"},
		{name: "XML in UTF-16", files: map[string][]byte{"ledger.xml": wideText(t, unicode.BigEndian,
			bytes.Replace(xmlLedger(lines, false), []byte("UTF-8"), []byte("UTF-16"), 1))}, warns: "utf-16be"},
		{name: "zip", files: map[string][]byte{"ledger.zip": zipped(t, "notice.pdf", []byte("%PDF"), "ledger.txt", plain)}, warns: "notice.pdf"},
		{name: "zip of three parts", files: map[string][]byte{"ledger.zip": zipped(t, "p3.txt", part(2), "p1.txt", part(0), "p2.txt", part(1))}},
		{name: "three parts by name", files: parts},
		{name: "three parts by option", args: []string{"--parts"}, files: map[string][]byte{"b.txt": part(1), "a.txt": part(0), "c.txt": part(2)}},
		{name: "XML", files: map[string][]byte{"ledger.xml": xmlLedger(lines, false)}},
		{name: "XML in ISO 8859-15 on one line, gzip", files: map[string][]byte{"ledger.xml.gz": compressed(t, inCharset(t, charmap.ISO8859_15,
			bytes.ReplaceAll(bytes.Replace(xmlLedger(lines, true), []byte("UTF-8"), []byte("ISO-8859-15"), 1), []byte("\n"), nil)))}, warns: "numbered in their order"},
	}
	backward := each(lines, func(_ int, v string) string { return v })
	for i := range backward {
		backward[i] = reordered(backward[i])
	}
	return append(all, one("columns in another order", textForm(backward, "\t", "\n", reordered(shapeNames)), ""))
}

// xmlLedger writes the ledger by the schema VII-1; asSides with Montant and Sens.
func xmlLedger(lines [][]string, asSides bool) []byte {
	escape := strings.NewReplacer("&", "&amp;", "<", "&lt;", ">", "&gt;").Replace
	var b strings.Builder
	element := func(name, value string) {
		if value != "" {
			fmt.Fprintf(&b, "<%s>%s</%s>\n", name, escape(value), name)
		}
	}
	day := func(v string) string {
		if v == "" {
			return ""
		}
		return v[:4] + "-" + v[4:6] + "-" + v[6:]
	}
	dot := func(v string) string { return strings.Replace(v, ",", ".", 1) }
	b.WriteString("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<comptabilite><exercice>\n<DateCloture>2024-12-31</DateCloture>\n<journal>\n")
	element(shapeNames[0], lines[0][0])
	element(shapeNames[1], lines[0][1])
	for i, l := range lines {
		if i == 0 || l[2] != lines[i-1][2] {
			if i > 0 {
				b.WriteString("</ecriture>\n")
			}
			b.WriteString("<ecriture>\n")
			for _, k := range []int{2, 3, 10, 8, 9, 13, 14, 15} {
				if isDate(k) {
					element(shapeNames[k], day(l[k]))
				} else {
					element(shapeNames[k], l[k])
				}
			}
		}
		b.WriteString("<ligne>\n")
		for _, k := range []int{4, 5, 6, 7} {
			element(shapeNames[k], l[k])
		}
		element(shapeNames[16], dot(l[16]))
		element(shapeNames[17], l[17])
		name, sense, value := "Debit", "d", l[atDebit]
		if value == "0,00" {
			name, sense, value = "Credit", "-1", l[atCredit]
		}
		if asSides {
			element("Montant", dot(value))
			element("Sens", sense)
		} else {
			element(name, dot(value))
		}
		element(shapeNames[18], l[18])
		b.WriteString("</ligne>\n")
	}
	b.WriteString("</ecriture>\n</journal></exercice></comptabilite>\n")
	return []byte(b.String())
}

// TestPartsDoNotCollide: lines of two parts with the same number are two items,
// each with its part; a set is replaced as a whole.
func TestPartsDoNotCollide(t *testing.T) {
	dir := newProject(t, "    fiscal_years: [2024-01-01]\n")
	first := writeFile(t, dir, "acme_part1.txt", header+invoice(1, "20240115", "C1", "FA1", "100,00"))
	second := writeFile(t, dir, "acme_part2.txt", header+invoice(2, "20240215", "C2", "FA2", "40,00")+"VE\tx\t9\tbad\n")
	r := run(t, "ingest", "--project", dir, "--kind", "fec", second, first)
	if r.code != exitRejects || !strings.Contains(r.err, "4 lines loaded, 1 rejected") {
		t.Fatalf("exit %d\n%s", r.code, r.err)
	}
	if out := must(t, "rejects", "--project", dir); !strings.Contains(out, "acme_part2.txt:4") {
		t.Errorf("the reject does not name its part:\n%s", out)
	}
	must(t, "build", "--project", dir)
	got := fmt.Sprint(query(t, dir, "", "select item_id, source_part, source_line, open_amount from fct_items order by item_id"))
	if want := "[[202401000000002 1 2 100.00] [202401010000002 2 2 40.00]]"; got != want {
		t.Errorf("items %s, want %s", got, want)
	}
	refuse(t, exitFailed, "part 1 is not there", "ingest", "--project", dir, "--kind", "fec", second)
	if err := os.Remove(second); err != nil {
		t.Fatal(err)
	}
	must(t, "ingest", "--project", dir, "--kind", "fec", first)
	must(t, "build", "--project", dir)
	if got := balance(t, dir); got != "100.00" {
		t.Errorf("the set of two parts was not replaced by that of one: %s", got)
	}
}

// TestCashBasisBook: a book of receipts and payments is landed whole, with its
// columns, and everything says that it cannot tell what customers owe.
func TestCashBasisBook(t *testing.T) {
	dir := newProject(t, "    fiscal_years: [2024-01-01]\n")
	text := strings.TrimSuffix(header, "\n") + "\tDateRglt\tModeRglt\tNatOp\tIdClient\n" +
		"\t\t1\t20240305\t\tHonoraires\t\t\tR1\t20240305\tConsultation\t0,00\t60,00\t\t\t20240305\t\t\t20240303\tCB\tsoins\tP7\n" +
		"\t\t1\t20240305\t\tBanque\t\t\tR1\t20240305\tConsultation\t60,00\t0,00\t\t\t20240305\t\t\t20240303\tCB\t\t\n"
	r := run(t, "ingest", "--project", dir, "--kind", "fec", writeFile(t, dir, "book.txt", text))
	const says = "cannot tell what customers owe"
	if r.code != exitDone || !strings.Contains(r.err, "2 lines loaded, 0 rejected") || !strings.Contains(r.err, says) {
		t.Fatalf("exit %d\n%s", r.code, r.err)
	}
	if out := must(t, "status", "--project", dir); !strings.Contains(out, says) {
		t.Errorf("status does not say it:\n%s", out)
	}
	r = run(t, "build", "--project", dir)
	if r.code != exitDone || !strings.Contains(must(t, "status", "--project", dir), "no line on an account of customers") {
		t.Errorf("the build does not warn: exit %d\n%s", r.code, r.err)
	}
	if got := query(t, dir, "", "select count(*) from fct_items")[0][0]; got != "0" {
		t.Errorf("%s items", got)
	}
}

// TestClosingDateOfXML: where nothing else tells the fiscal year, DateCloture does.
func TestClosingDateOfXML(t *testing.T) {
	dir := newProject(t, "")
	data := xmlLedger(shapeLedger()[10:], false)
	path := writeFile(t, dir, "ledger.xml", strings.Replace(string(data), "2024-12-31", "2025-01-31", 1))
	if r := run(t, "ingest", "--project", dir, "--kind", "fec", path); r.code != exitDone || !strings.Contains(r.err, "fiscal year from 2024-02-01") {
		t.Errorf("exit %d\n%s", r.code, r.err)
	}
	other := writeFile(t, dir, "other.xml", strings.Replace(string(data), "2024-12-31", "2021-01-31", 1))
	refuse(t, exitFailed, "the start of its fiscal year cannot be told", "ingest", "--project", dir, "--kind", "fec", "--source", "x", other)
}

// TestPartsOfASource: parts: true makes the files of a source one ledger.
func TestPartsOfASource(t *testing.T) {
	dir := newProject(t, "    fiscal_years: [2024-01-01]\nsources:\n  - {name: c, kind: fec, entity: ACME, paths: [\"*.txt\"], parts: true}\n")
	writeFile(t, dir, "february.txt", header+invoice(2, "20240215", "C2", "FA2", "40,00"))
	writeFile(t, dir, "april.txt", header+invoice(1, "20240415", "C1", "FA1", "100,00"))
	r := run(t, "run", "--project", dir)
	if r.code != exitDone || !strings.Contains(r.err, "4 lines loaded, 0 rejected") {
		t.Fatalf("exit %d\n%s", r.code, r.err)
	}
	if got := balance(t, dir); got != "140.00" {
		t.Errorf("balance %s", got)
	}
	if r := run(t, "ingest", "--project", dir); r.code != exitDone || !strings.Contains(r.err, "already loaded") {
		t.Errorf("the same parts again: exit %d\n%s", r.code, r.err)
	}
}
