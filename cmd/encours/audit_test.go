package main

import (
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/encours/encours/warehouse/audit"
)

// auditName is a file name of the legal form with a SIREN whose key holds.
const auditName = "732829320FEC20241231.txt"

// block is an invoice and its payment, lettered; a fault edits it. rows are
// records of 18 fields, or of another number where that is the fault; an empty one
// is a blank line.
type block struct {
	rows [][]string
	skip int // numbers left out before its invoice
}

// field returns the value of a column of a row for reading and writing.
func (b *block) field(row int, column string) *string {
	return &b.rows[row][slices.Index(strings.Split(strings.TrimSpace(header), "\t"), column)]
}

// extra adds a copy of the first row with one value changed.
func (b *block) extra(column, value string) {
	b.rows = append(b.rows, slices.Clone(b.rows[0]))
	*b.field(len(b.rows)-1, column) = value
}

// fault is one thing that is wrong with a file. lines are rows of its block, -1
// stands for the file, -2 for the header.
type fault struct {
	name  string
	edit  func(*block)
	wants map[string][]int
}

func faults() []fault {
	set := func(row int, column, value string) func(*block) {
		return func(b *block) { *b.field(row, column) = value }
	}
	add := func(column, value string) func(*block) {
		return func(b *block) { b.extra(column, value) }
	}
	both := func(edits ...func(*block)) func(*block) {
		return func(b *block) {
			for _, edit := range edits {
				edit(b)
			}
		}
	}
	return []fault{
		{"a line with fewer fields", func(b *block) { b.rows = append(b.rows, []string{"VE", "Ventes"}) }, map[string][]int{"T04": {4}}},
		{"a blank line", func(b *block) { b.rows = append(b.rows, nil) }, map[string][]int{"T05": {4}}},
		{"no account label", set(1, "CompteLib", ""), map[string][]int{"T06": {1}}},
		{"no entry number", add("EcritureNum", ""), map[string][]int{"T06": {4}}},
		{"no document reference", set(1, "PieceRef", ""), map[string][]int{"T07": {1}}},
		{"an account of letters", set(1, "CompteNum", "7X7000"), map[string][]int{"T08": {1}}},
		{"a decimal dot", set(1, "Credit", "100.00"), map[string][]int{"T09": {1}}},
		{"a thousands mark", both(set(0, "Debit", "1 000,00"), set(1, "Credit", "1000,00"), set(2, "Debit", "1000,00"), set(3, "Credit", "1000,00")),
			map[string][]int{"T09": {0}}},
		{"three decimals", add("Debit", "1,005"), map[string][]int{"T09R": {4}}},
		{"month 13", add("EcritureDate", "20241301"), map[string][]int{"T10": {4}}},
		{"a date with marks", set(1, "PieceDate", "2024-03-01"), map[string][]int{"T10F": {1}}},
		{"a year of another century", add("EcritureDate", "18240301"), map[string][]int{"T11": {4}}},
		{"debit and credit on a line", both(set(0, "Debit", "150,00"), set(0, "Credit", "50,00")), map[string][]int{"T12": {0}}},
		{"bytes that are no text", add("EcritureLib", "caf\xff\xfe"), map[string][]int{"T14": {4}}},
		{"entries that do not balance", both(set(1, "Credit", "90,00"), set(2, "Debit", "90,00")), map[string][]int{"C01": {0, 2}}},
		{"a rejected line of an entry", set(1, "PieceDate", "20241350"), map[string][]int{"T10": {1}}},
		{"two references in an entry", set(1, "PieceRef", "ZZ"), map[string][]int{"C02": {0}}},
		{"two dates in an entry", set(1, "EcritureDate", "20240302"), map[string][]int{"C02": {0}}},
		{"a gap in the numbers", func(b *block) { b.skip = 3 }, map[string][]int{"C04": {0}}},
		{"an entry after the year", both(set(2, "EcritureDate", "20250110"), set(3, "EcritureDate", "20250110")), map[string][]int{"C05": {2, 3}}},
		{"a document dated long after", both(set(0, "PieceDate", "20240601"), set(1, "PieceDate", "20240601")), map[string][]int{"C05": {0, 1}}},
		{"a lettered group that is not zero", both(set(2, "Debit", "60,00"), set(3, "Credit", "60,00")), map[string][]int{"C06": {0}}},
		{"a lettering code without a date", set(3, "DateLet", ""), map[string][]int{"C07": {3}}},
		{"a line twice", func(b *block) {
			*b.field(0, "Debit") = "50,00"
			b.rows = slices.Insert(b.rows, 1, slices.Clone(b.rows[0]))
		}, map[string][]int{"C10": {1}}},
		{"a currency amount without currency", set(1, "Montantdevise", "110,00"), map[string][]int{"V01": {1}}},
		{"a wrong SIREN", set(0, "CompAuxLib", "DUPONT SIREN 732 829 321"), map[string][]int{"I01": {0}}},
		{"a wrong SIRET", set(1, "EcritureLib", "Facture SIRET: 73282932000075"), map[string][]int{"I02": {1}}},
		{"a wrong VAT number", set(1, "EcritureLib", "Facture TVA FR45732829320"), map[string][]int{"I03": {1}}},
	}
}

// ledgerOf writes one block per fault into a FEC, clean but for the faults, and says
// what an audit has to find: lines by check.
func ledgerOf(all []fault) (text string, wants map[string][]int) {
	var rows [][]string
	wants = map[string][]int{}
	number := 0
	for i, f := range all {
		b := newBlock(i)
		if f.edit != nil {
			f.edit(b)
		}
		number += 1 + b.skip
		for _, row := range b.rows {
			if len(row) == 18 && row[2] != "" {
				row[2] = strconv.Itoa(number)
				if row[0] == "BQ" {
					row[2] = strconv.Itoa(i + 1)
				}
			}
		}
		for check, lines := range f.wants {
			for _, line := range lines {
				wants[check] = append(wants[check], len(rows)+line+2)
			}
		}
		rows = append(rows, b.rows...)
	}
	lines := []string{strings.TrimSuffix(header, "\n")}
	for _, row := range rows {
		lines = append(lines, strings.Join(row, "\t"))
	}
	return strings.Join(lines, "\n") + "\n", wants
}

// newBlock is an invoice of 100 and its payment; the identifiers in it hold.
func newBlock(i int) *block {
	customer, ref := fmt.Sprintf("C%d", i), fmt.Sprintf("FA%d", i)
	row := func(journal, label, account, name, aux, auxName, day, debit, credit, code string) []string {
		lettered := ""
		if code != "" {
			lettered = "20240315"
		}
		return []string{journal, label, "?", day, account, name, aux, auxName, ref, day, "Réf " + ref + " SIRET 35600000049837",
			debit, credit, code, lettered, day, "", ""}
	}
	code := fmt.Sprintf("A%d", i)
	return &block{rows: [][]string{
		row("VE", "Ventes", "411000", "Créances", customer, "Société é SIREN 732829320", "20240301", "100,00", "0,00", code),
		row("VE", "Ventes", "707000", "Ventes", "", "", "20240301", "0,00", "100,00", ""),
		row("BQ", "Banque", "512000", "Banque", "", "", "20240315", "100,00", "0,00", ""),
		row("BQ", "Banque", "411000", "Créances", customer, "Société é TVA FR44732829320", "20240315", "0,00", "100,00", code),
	}}
}

// audited runs an audit and returns the lines of its findings by check; all of them,
// as no finding of these files has more than the places that JSON carries.
func audited(t *testing.T, args ...string) map[string][]int {
	t.Helper()
	var report struct {
		Files []struct {
			Findings []struct {
				Check  string
				Count  int
				Places []struct{ Line int } `json:"first_places"`
			}
		}
	}
	if err := json.Unmarshal([]byte(must(t, append([]string{"audit", "--format", "json"}, args...)...)), &report); err != nil {
		t.Fatal(err)
	}
	found := map[string][]int{}
	for _, file := range report.Files {
		for _, finding := range file.Findings {
			if finding.Count != len(finding.Places) {
				t.Errorf("%s: %d places of %d", finding.Check, len(finding.Places), finding.Count)
			}
			for _, place := range finding.Places {
				found[finding.Check] = append(found[finding.Check], place.Line)
			}
		}
	}
	return found
}

// auditCounts counts the findings of an audit by check.
func auditCounts(t *testing.T, paths ...string) map[string]int {
	t.Helper()
	var report struct {
		Files []struct {
			Findings []struct {
				Check string
				Count int
			}
		}
	}
	if err := json.Unmarshal([]byte(must(t, append([]string{"audit", "--format", "json"}, paths...)...)), &report); err != nil {
		t.Fatal(err)
	}
	counts := map[string]int{}
	for _, file := range report.Files {
		for _, finding := range file.Findings {
			counts[finding.Check] += finding.Count
		}
	}
	return counts
}

func same(t *testing.T, found, wants map[string][]int) {
	t.Helper()
	for _, check := range slices.Sorted(maps.Keys(wants)) {
		slices.Sort(wants[check])
		if !slices.Equal(found[check], wants[check]) {
			t.Errorf("%s: found lines %v, want %v", check, found[check], wants[check])
		}
	}
	for _, check := range slices.Sorted(maps.Keys(found)) {
		if wants[check] == nil {
			t.Errorf("false alarm %s: lines %v", check, found[check])
		}
	}
}

// TestAuditFindsEachFault: each fault by itself is found with its line, and nothing
// else is.
func TestAuditFindsEachFault(t *testing.T) {
	dir := t.TempDir()
	for _, f := range faults() {
		t.Run(f.name, func(t *testing.T) {
			text, wants := ledgerOf([]fault{{}, f, {}})
			same(t, audited(t, writeFile(t, t.TempDir(), auditName, text)), wants)
		})
	}
	t.Run("clean", func(t *testing.T) {
		text, _ := ledgerOf([]fault{{}, {}, {}})
		path := writeFile(t, dir, auditName, text)
		same(t, audited(t, path), nil)
		if out := must(t, "audit", path); !strings.Contains(out, "Nothing stands against loading this file.") {
			t.Error(out)
		}
	})
}

// TestAuditFindsAllFaultsTogether: a file with one fault of each kind.
func TestAuditFindsAllFaultsTogether(t *testing.T) {
	text, wants := ledgerOf(faults())
	// the file as a whole: name, separator, a column that is missing
	var lines []string
	for line := range strings.Lines(text) {
		fields := strings.Split(strings.TrimSuffix(line, "\n"), "\t")
		if len(fields) == 18 { // Idevise goes
			fields = fields[:17]
		}
		lines = append(lines, strings.Join(fields, ";"))
	}
	wants["T01"], wants["T02"], wants["T03"] = []int{0}, []int{1}, []int{1}
	// without the name nothing tells the end of the year
	dated := wants["C05"]
	wants["C05"] = dated[len(dated)-2:]
	same(t, audited(t, writeFile(t, t.TempDir(), "ledger.txt", strings.Join(lines, "\n")+"\n")), wants)
}

// TestAuditFileFaults: what is wrong with the file as a whole.
func TestAuditFileFaults(t *testing.T) {
	clean, _ := ledgerOf([]fault{{}, {}})
	signed := strings.NewReplacer("Debit\tCredit", "Montant\tSens", "100,00\t0,00", "100,00\tD", "0,00\t100,00", "100,00\t-1").Replace(clean)
	for _, c := range []struct {
		name, file, text string
		args             []string
		wants            map[string][]int
	}{
		{"a name of another form", "ledger.txt", clean, nil, map[string][]int{"T01": {0}}},
		{"a name with a wrong SIREN", "732829321FEC20241231.txt", clean, nil, map[string][]int{"T01": {0}}},
		{"semicolons", auditName, strings.ReplaceAll(clean, "\t", ";"), nil, map[string][]int{"T02": {1}}},
		{"no ValidDate", auditName, strings.Replace(clean, "ValidDate", "Autre", 1), nil, map[string][]int{"T03": {1}}},
		{"Montant and Sens", auditName, signed, nil, nil},
		{"a sense that is none", auditName, signed + strings.Replace(strings.Split(signed, "\n")[1], "\tD\t", "\tX\t", 1) + "\n", nil, map[string][]int{"T13": {10}}},
		{"no sense", auditName, signed + strings.Replace(strings.Split(signed, "\n")[1], "\tD\t", "\t\t", 1) + "\n", nil, map[string][]int{"T13": {10}}},
		{"the file does not balance", auditName, strings.Replace(clean, "0,00\t100,00", "0,00\t90,00", 1), nil, map[string][]int{"C01": {2}, "C03": {0}}},
		{"receivables of the balance sheet", auditName, clean, []string{"--receivables", "0.00"}, nil},
		{"other receivables of the balance sheet", auditName, clean, []string{"--receivables", "12.50"}, map[string][]int{"C09": {0}}},
	} {
		t.Run(c.name, func(t *testing.T) {
			same(t, audited(t, append(c.args, writeFile(t, t.TempDir(), c.file, c.text))...), c.wants)
		})
	}
}

// TestAuditComparesYears: an opening that is not the closing of the year before.
func TestAuditComparesYears(t *testing.T) {
	dir := t.TempDir()
	first, _ := ledgerOf([]fault{{}, {}})
	line := func(account, debit, credit string) string {
		return "AN\tA nouveaux\t1\t20250101\t" + account + "\tCompte\t\t\tAN\t20250101\tA nouveaux\t" + debit + "\t" + credit + "\t\t\t20250101\t\t\n"
	}
	closing := writeFile(t, dir, auditName, first)
	good := header + line("512000", "200,00", "0,00") + line("120000", "0,00", "200,00")
	bad := header + line("512000", "150,00", "0,00") + line("120000", "0,00", "150,00")
	same(t, audited(t, closing, writeFile(t, dir, "732829320FEC20251231.txt", good)), nil)
	same(t, audited(t, closing, writeFile(t, dir, "732829320FEC20251231.txt", bad)), map[string][]int{"C08": {2, 3}})
}

// TestEveryCheckHasAFault: a check that no test brings about would not be missed.
func TestEveryCheckHasAFault(t *testing.T) {
	tested := map[string]bool{
		"T01": true, "T02": true, "T03": true, "T13": true, "C03": true, "C08": true, "C09": true,
		"T15": true, // warehouse/audit
	}
	for _, f := range faults() {
		for check := range f.wants {
			tested[check] = true
		}
	}
	checks, err := audit.Checks()
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range checks {
		if !tested[c.ID] {
			t.Errorf("check %s has no test", c.ID)
		}
		delete(tested, c.ID)
	}
	for check := range tested {
		t.Errorf("there is no check %s", check)
	}
}
