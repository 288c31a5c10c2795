package table

import (
	"archive/zip"
	"bytes"
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"
	"time"

	"github.com/parquet-go/parquet-go"
	"github.com/xuri/excelize/v2"
	"golang.org/x/text/encoding/unicode"

	"github.com/encours/encours/ingest"
)

// invoiceFields are a dataset as the program hands it over.
var invoiceFields = []ingest.Field{
	{Name: "side", Type: "varchar", Required: true, Meaning: "customer or supplier", Values: []string{"customer", "supplier"}},
	{Name: "document_id", Type: "varchar", Required: true, Meaning: "number of the invoice"},
	{Name: "instalment", Type: "integer", Required: true, Meaning: "instalment"},
	{Name: "counterparty_id", Type: "varchar", Required: true, Meaning: "code of the customer"},
	{Name: "document_type", Type: "varchar", Required: true, Meaning: "invoice or credit_note", Values: []string{"invoice", "credit_note"}},
	{Name: "issue_date", Type: "date", Required: true, Meaning: "date of the document"},
	{Name: "due_date", Type: "date", Meaning: "due date"},
	{Name: "currency", Type: "varchar"},
	{Name: "amount", Type: "decimal(18, 2)", Required: true, Meaning: "amount including tax"},
	{Name: "amount_excl_tax", Type: "decimal(18, 2)"},
	{Name: "order_ref", Type: "varchar"},
	{Name: "is_disputed", Type: "boolean"},
	{Name: "settled_date", Type: "date"},
	{Name: "payment_terms", Type: "varchar"},
}

// simple maps the columns No, Customer, Date, Amount.
func simple() Spec {
	return Spec{Dataset: "invoices", Columns: map[string]Column{
		"side": {Constant: "customer"}, "document_id": {Column: "No"}, "counterparty_id": {Column: "Customer"},
		"document_type": {Constant: "invoice"}, "issue_date": {Column: "Date"}, "amount": {Column: "Amount"},
	}}
}

func with(s Spec, change func(*Spec)) Spec {
	change(&s)
	return s
}

func save(t testing.TB, name string, content []byte) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), name)
	if err := os.WriteFile(path, content, 0o644); err != nil {
		t.Fatal(err)
	}
	return path
}

// result is what a file became: line, document, customer, date, amount per row, and
// line and reason per reject.
type result struct {
	rows, rejects []string
	stats         Stats
	file          *File
	all           [][]string
}

func load(t testing.TB, path string, spec Spec) (result, error) {
	t.Helper()
	var r result
	f, err := Inspect(context.Background(), path, spec, invoiceFields)
	if err != nil {
		return r, err
	}
	r.file = f
	var out bytes.Buffer
	r.stats, err = f.Convert(context.Background(), &out, func(x ingest.Reject) error {
		r.rejects = append(r.rejects, fmt.Sprintf("%d %s %s", x.Line, x.Column, x.Reason))
		return nil
	}, nil)
	for line := range strings.Lines(out.String()) {
		v := strings.Split(strings.TrimSuffix(line, "\n"), "\x1f")
		r.all = append(r.all, v)
		r.rows = append(r.rows, strings.Join([]string{v[0], v[2], v[4], v[6], v[9]}, " "))
	}
	if err == nil && (int(r.stats.Rows) != len(r.rows) || int(r.stats.Rejects) != len(r.rejects)) {
		t.Errorf("counted %d rows and %d rejects, wrote %d and %d", r.stats.Rows, r.stats.Rejects, len(r.rows), len(r.rejects))
	}
	return r, err
}

// check loads a file and compares its rows and rejects, one per line.
func check(t *testing.T, path string, spec Spec, rows, rejects string) result {
	t.Helper()
	r, err := load(t, path, spec)
	if err != nil {
		t.Fatal(err)
	}
	if got := strings.Join(r.rows, "\n"); got != strings.TrimSpace(rows) {
		t.Errorf("rows\n%s\nwant\n%s", got, rows)
	}
	if got := strings.Join(r.rejects, "\n"); got != strings.TrimSpace(rejects) {
		t.Errorf("rejects\n%s\nwant\n%s", got, rejects)
	}
	return r
}

func refused(t *testing.T, path string, spec Spec, wants ...string) {
	t.Helper()
	_, err := load(t, path, spec)
	if err == nil {
		t.Fatalf("accepted, want %q", wants)
	}
	for _, want := range wants {
		if !strings.Contains(err.Error(), want) {
			t.Errorf("error %q, want %q", err, want)
		}
	}
}

const twoRows = "2 F1 000123 2024-01-31 1234.56\n3 F2 C2 2024-02-01 -5.00"

// swapped exchanges the bytes of each pair.
func swapped(s string) string {
	b := []byte(s)
	for i := 0; i+1 < len(b); i += 2 {
		b[i], b[i+1] = b[i+1], b[i]
	}
	return string(b)
}

func TestCSV(t *testing.T) {
	plain := "No,Customer,Date,Amount\nF1,000123,2024-01-31,1234.56\nF2,C2,2024-02-01,-5.00\n"
	utf16, err := unicode.UTF16(unicode.LittleEndian, unicode.UseBOM).NewEncoder().String(plain)
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		name, text    string
		spec          Spec
		rows, rejects string
	}{
		{"comma", plain, simple(), twoRows, ""},
		{"UTF-16", utf16, simple(), twoRows, ""},
		{"UTF-16, big end first", "\xfe\xff" + swapped(utf16[2:]), simple(), twoRows, ""},
		{"UTF-16 with half a character", strings.Replace(utf16, "F\x001\x00", "F\x00\x3d\xd8", 1), simple(), "3 F2 C2 2024-02-01 -5.00", "2  charset.invalid"},
		{"byte order mark", "\ufeff" + plain, simple(), twoRows, ""},
		{"CRLF", strings.ReplaceAll(plain, "\n", "\r\n"), simple(), twoRows, ""},
		{"CR alone", strings.ReplaceAll(plain, "\n", "\r"), simple(), twoRows, ""},
		{"no last line end", strings.TrimSuffix(plain, "\n"), simple(), twoRows, ""},
		{"semicolons and decimal commas", "No;Customer;Date;Amount\nF1;000123;31/01/2024;1 234,56 €\nF2;C2;01/02/2024;5,00-\n", simple(), twoRows, ""},
		{"tabs", strings.ReplaceAll(plain, ",", "\t"), simple(), twoRows, ""},
		{"another delimiter", strings.ReplaceAll(plain, ",", "¦"), with(simple(), func(s *Spec) { s.Delimiter = "¦" }), twoRows, ""},
		{"another quote", strings.ReplaceAll(plain, "F1", "'F1'"), with(simple(), func(s *Spec) { s.Quote = "'" }), twoRows, ""},
		{"header of another case, further down", "Report of 2024\n\n NO ,customer,DATE,  amount,\nF1,C1,2024-01-31,1\n", simple(), "4 F1 C1 2024-01-31 1", ""},
		{"quoted line end and delimiter", "No,Customer,Date,Amount\n\"F\n1\",\"C,\"\"1\"\"\",2024-01-31,1\nF2,C2,2024-01-31,2\n", simple(),
			"2 F 1 C,\"1\" 2024-01-31 1\n4 F2 C2 2024-01-31 2", ""},
		{"too few and too many fields", "No,Customer,Date,Amount\nF1,C1,2024-01-31\nF2,C2,2024-01-31,1,5\nF3,C3,2024-01-31,3,,\n\n", simple(),
			"4 F3 C3 2024-01-31 3", "2  fields.count\n3  fields.count"},
		{"a quote that is not closed", "No,Customer,Date,Amount\nF1,\"C1,2024-01-31,1\nF2,C2,2024-01-31,2\n", simple(),
			"3 F2 C2 2024-01-31 2", "2  quote.open"},
		{"text behind a quote", "No,Customer,Date,Amount\nF1,\"C\"1,2024-01-31,1\nF2,C2,2024-01-31,2\n", simple(),
			"3 F2 C2 2024-01-31 2", "2  quote.misplaced"},
		{"bytes that are no text", "No,Customer,Date,Amount\nF1,C\xe9\xe9,2024-01-31,1\nFé2,Cé,2024-01-31,2\nFé3,é,2024-01-31,3\n", with(simple(), func(s *Spec) { s.Charset = "utf-8" }),
			"3 Fé2 Cé 2024-01-31 2\n4 Fé3 é 2024-01-31 3", "2  charset.invalid"},
		{"windows-1252", "No,Customer,Date,Amount\nF1,Soci\xe9t\xe9,2024-01-31,1\n", simple(), "2 F1 Société 2024-01-31 1", ""},
		{"bad values", "No,Customer,Date,Amount\n,C1,2024-01-31,1\nF2,C2,2023-02-29,1\nF3,C3,2024-01-31,1.2.3\nF4,C4,2024-01-31,12345678901234567\nF5,C5,,1\nF6,C6,2024-01-31,\nF7,C7,2024-01-31,1.5\n",
			simple(), "8 F7 C7 2024-01-31 1.5",
			"2 No value.missing\n3 Date date.invalid\n4 Amount number.invalid\n5 Amount number.range\n6 Date value.missing\n7 Amount value.missing"},
		{"footer", plain + "Total,,,1229.56\n", with(simple(), func(s *Spec) { s.SkipFooter = 1 }), twoRows, ""},
		{"rows matching", plain + "Total,,,1229.56\n", with(simple(), func(s *Spec) { s.SkipRowsMatching = []string{"^Total"} }), twoRows, ""},
		{"stop at blank", plain + "\nTotal,,,1229.56\n", with(simple(), func(s *Spec) { s.StopAtBlank = true }), twoRows, ""},
	} {
		t.Run(c.name, func(t *testing.T) { check(t, save(t, "a.csv", []byte(c.text)), c.spec, c.rows, c.rejects) })
	}
}

func TestRefusedFiles(t *testing.T) {
	head := "No,Customer,Date,Amount\n"
	for _, c := range []struct {
		name, file, text string
		spec             Spec
		wants            []string
	}{
		{"empty", "a.csv", "", simple(), []string{"it is empty"}},
		{"header only", "a.csv", head, simple(), []string{"no record"}},
		{"missing column", "a.csv", "No,Client,Date,Amount\nF1,C,2024-01-31,1\n", simple(), []string{`lacks columns that the mapping names: "Customer"`, `"No", "Client", "Date", "Amount"`}},
		{"column twice", "a.csv", "No,Customer,Date,Amount,amount\nF1,C,2024-01-31,1,2\n", simple(), []string{`"Amount" stands 2 times`}},
		{"ambiguous dates", "a.csv", head + "F1,C,03/04/2024,1\nF2,C,05/05/2024,1\n", simple(), []string{`line 2: "03/04/2024"`, "2024-04-03 as DD/MM/YYYY", "2024-03-04 as MM/DD/YYYY"}},
		{"mixed dates", "a.csv", head + "F1,C,23/01/2024,1\nF2,C,01/23/2024,1\n", simple(), []string{"mixes orders", `line 3: "01/23/2024" is not DD/MM/YYYY`, `line 2: "23/01/2024" is not MM/DD/YYYY`}},
		{"declared the wrong way", "a.csv", head + "F1,C,01/02/2024,1\nF2,C,23/01/2024,1\n", with(simple(), func(s *Spec) { s.Dates = []string{"MM/DD/YYYY"} }), []string{"a.csv:3", `"23/01/2024" cannot be a date written MM/DD/YYYY`}},
		{"ambiguous numbers", "a.csv", head + "F1,C,2024-01-31,1.234\n", simple(), []string{"can be read as 1.234 or as 1234"}},
		{"mixed numbers", "b.csv", "No;Customer;Date;Amount\nF1;C;2024-01-31;1.5\nF2;C;2024-01-31;1,5\n", simple(), []string{"mixes decimal dots (line 2", "decimal commas (line 3"}},
		{"a workbook named csv", "a.csv", "PK\x03\x04xxxx", simple(), []string{"an Excel workbook"}},
		{"not a workbook", "a.xlsx", "hello", simple(), []string{"not a workbook"}},
		{"not Parquet", "a.parquet", "hello", simple(), []string{"not a Parquet file"}},
		{"no known name", "a.dat", head, simple(), []string{"Give the key format"}},
		{"object without a path", "a.json", `{"meta":{},"items":[]}`, simple(), []string{"name the list by the key records", `"meta", "items"`}},
		{"JSON cut short", "a.json", `[{"No":"F1","Customer":"C","Date":"2024-01-31","Amount":1},{"No":`, simple(), []string{"record 2"}},
		{"no such field", "a.csv", head, with(simple(), func(s *Spec) { s.Columns = map[string]Column{"colour": {Column: "x"}} }), []string{`no field "colour"`, "document_id (number of the invoice)"}},
	} {
		t.Run(c.name, func(t *testing.T) { refused(t, save(t, c.file, []byte(c.text)), c.spec, c.wants...) })
	}
}

func TestJSON(t *testing.T) {
	records := `{"No":"F1","Customer":"000123","Date":"2024-01-31T10:00:00Z","Amount":1234.56},` + "\n" +
		`{"No":"F2","Customer":"C2","Date":"2024-02-01","Amount":-5.00,"extra":{"deep":[1,2]}}`
	t.Run("list", func(t *testing.T) {
		check(t, save(t, "a.json", []byte("["+records+"]")), simple(), "1 F1 000123 2024-01-31 1234.56\n2 F2 C2 2024-02-01 -5.00", "")
	})
	t.Run("20 MB in one line", func(t *testing.T) {
		one := `{"No":"F1","Customer":"C","Date":"2024-01-31","Amount":1,"text":"` + strings.Repeat("x", 1<<20) + `"}`
		r, err := load(t, save(t, "a.json", []byte("["+strings.Repeat(one+",", 19)+one+"]")), simple())
		if err != nil || r.stats.Rows != 20 {
			t.Errorf("%d rows, %v", r.stats.Rows, err)
		}
	})
	t.Run("path and nested keys", func(t *testing.T) {
		spec := with(simple(), func(s *Spec) {
			s.Records = "data.items"
			s.Columns["counterparty_id"] = Column{Column: "customer.id"}
		})
		check(t, save(t, "a.json", []byte(`{"n":1,"data":{"x":[{}],"items":[{"No":"F1","customer":{"id":7},"Date":"2024-01-31","Amount":"1e2"},{"No":"F2","customer":{"id":"C"},"Date":"2024-01-31","Amount":1.5e2}, 3]}}`)),
			spec, "2 F2 C 2024-01-31 150", "1 Amount number.invalid\n3  json.invalid")
	})
	t.Run("lines", func(t *testing.T) {
		lines := strings.ReplaceAll(records, "},\n", "}\n") + "\n\n{\"No\":\n[1]\nnull\n" + `{"No":"F3","Customer":"C","Date":"2024-01-31","Amount":3} {}` + "\n"
		check(t, save(t, "a.ndjson", []byte(lines)), simple(), "1 F1 000123 2024-01-31 1234.56\n2 F2 C2 2024-02-01 -5.00",
			"4  json.invalid\n5  json.invalid\n6  json.invalid\n7  json.invalid")
	})
}

// workbookOf writes rows with excelize, which shares no code with the reader.
func workbookOf(t testing.TB, sheet string, rows ...[]any) string {
	t.Helper()
	f := excelize.NewFile()
	defer f.Close()
	if _, err := f.NewSheet(sheet); err != nil {
		t.Fatal(err)
	}
	for i, cells := range rows {
		for j, value := range cells {
			name, err := excelize.CoordinatesToCellName(j+1, i+1)
			if err != nil {
				t.Fatal(err)
			}
			if value != nil {
				if err := f.SetCellValue(sheet, name, value); err != nil {
					t.Fatal(err)
				}
			}
		}
	}
	path := filepath.Join(t.TempDir(), "a.xlsx")
	if err := f.SaveAs(path); err != nil {
		t.Fatal(err)
	}
	return path
}

func TestXLSX(t *testing.T) {
	dayOf := time.Date(2024, 1, 31, 0, 0, 0, 0, time.UTC)
	path := workbookOf(t, "Balance",
		[]any{"Balance âgée"}, nil, []any{nil, "No", "Customer", "Date", "Amount", "Paid on"},
		[]any{nil, "F1", "000123", dayOf, 1234.56, dayOf}, []any{nil, "F2", 140105686, 45323, 0.1 + 0.2, true},
		nil, []any{nil, "F3", "C3", "31/01/2024", "1 234,5"}, []any{nil, "F4", "C4", dayOf, "x"})
	spec := with(simple(), func(s *Spec) { s.Sheet, s.Keep = "balance", []string{"Paid on"} })
	r := check(t, path, spec, "4 F1 000123 2024-01-31 1234.56\n5 F2 140105686 2024-02-01 0.3\n7 F3 C3 2024-01-31 1234.5", "8 Amount number.invalid")
	if got := r.all[0][len(r.all[0])-1]; got != "2024-01-31" {
		t.Errorf("a kept date is %q", got)
	}
	refused(t, path, with(simple(), func(s *Spec) { s.Sheet = "Other" }), `no sheet "Other"`, `"Sheet1", "Balance"`)
	refused(t, path, with(simple(), func(s *Spec) { s.Sheet, s.HeaderRow = "2", 1 }), `no column "No"`, "Balance âgée")
}

func TestXLSXErrorsAndFormulas(t *testing.T) {
	f := excelize.NewFile()
	defer f.Close()
	for cell, value := range map[string]any{"A1": "No", "B1": "Customer", "C1": "Date", "D1": "Amount", "A2": "F1", "B2": "C", "C2": "2024-01-31"} {
		if err := f.SetCellValue("Sheet1", cell, value); err != nil {
			t.Fatal(err)
		}
	}
	if err := f.SetCellFormula("Sheet1", "D2", "=1+1"); err != nil {
		t.Fatal(err)
	}
	path := filepath.Join(t.TempDir(), "a.xlsx")
	if err := f.SaveAs(path); err != nil {
		t.Fatal(err)
	}
	check(t, path, simple(), "", "2 Amount cell.error")
}

func TestParquet(t *testing.T) {
	type record struct {
		No       string
		Customer int64
		Date     time.Time `parquet:",timestamp(microsecond)"`
		Due      int32     `parquet:",date"`
		Amount   int64     `parquet:",decimal(2:18)"`
		Rate     float64
		Disputed *bool
		Tags     []string
	}
	yes := true
	var out bytes.Buffer
	w := parquet.NewGenericWriter[record](&out)
	if _, err := w.Write([]record{
		{"F1", 123, time.Date(2024, 1, 31, 23, 0, 0, 0, time.UTC), 19753, 123456, 0.1, &yes, []string{"a", "b"}},
		{"F2", 7, time.Date(2024, 2, 1, 0, 0, 0, 0, time.UTC), 0, -5, 1e21, nil, nil},
	}); err != nil {
		t.Fatal(err)
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	spec := with(simple(), func(s *Spec) {
		s.Columns["due_date"], s.Columns["is_disputed"] = Column{Column: "Due"}, Column{Column: "Disputed"}
		s.Keep = []string{"Rate"}
	})
	r := check(t, save(t, "a.parquet", out.Bytes()), spec, "1 F1 123 2024-01-31 1234.56\n2 F2 7 2024-02-01 -0.05", "")
	if got := strings.Join(r.all[0][7:], "|"); got != "2024-01-31||1234.56|||true|||0.1" {
		t.Errorf("fields %q", got)
	}
	if !strings.Contains(strings.Join(r.stats.Remarks, ";"), `"Tags`) {
		t.Errorf("remarks %q do not name the repeated column", r.stats.Remarks)
	}
	half := out.Bytes()[:out.Len()/2]
	refused(t, save(t, "a.parquet", half), spec, "Parquet")
}

// TestMapping: each rule of a column.
func TestMapping(t *testing.T) {
	text := "No;Part;Customer;Type;Debit;Credit;D;Flag\n" +
		"F1;a;C1;RV;100,00;;31/01/2024;oui\n" +
		"F2;;C2;RG;;30,50;01/02/2024;\n" +
		"F3;b;C3;XX;1,005;0,001;01/02/2024;non\n"
	base := Spec{Dataset: "invoices", Columns: map[string]Column{
		"side": {Constant: "customer"}, "document_id": {Join: []string{"No", "Part"}, With: "-"}, "counterparty_id": {Column: "Customer"},
		"document_type": {Column: "Type", Values: map[string]string{"rv": "invoice", "RG": "credit_note"}, Otherwise: "invoice"},
		"issue_date":    {Column: "D"}, "amount": {Column: "Debit", Minus: "Credit"},
		"is_disputed": {Column: "Flag", Default: "false"}, "order_ref": {AnyOf: []string{"Order", "Command"}, Optional: true, Default: "none"},
	}}
	path := save(t, "a.csv", []byte(text))
	r := check(t, path, base, "2 F1-a C1 2024-01-31 100.00\n3 F2 C2 2024-02-01 -30.50\n4 F3-b C3 2024-02-01 1.00", "")
	if got := r.all[1]; got[5] != "credit_note" || got[12] != "false" || got[11] != "none" {
		t.Errorf("record %q", got)
	}
	if got := strings.Join(r.stats.Warnings, ";"); got != "amount: 1 values have more than 2 decimals and were rounded half away from zero, by -0.004 in all" {
		t.Errorf("warnings %q", got)
	}
	t.Run("unknown value", func(t *testing.T) {
		spec := base.Over(Spec{})
		spec.Columns["document_type"] = Column{Column: "Type", Values: map[string]string{"RV": "invoice", "RG": "credit_note"}}
		check(t, path, spec, "2 F1-a C1 2024-01-31 100.00\n3 F2 C2 2024-02-01 -30.50", "4 Type value.unknown")
	})
	t.Run("a word that the dataset does not know", func(t *testing.T) {
		spec := base.Over(Spec{})
		spec.Columns["document_type"] = Column{Column: "Type"}
		check(t, path, spec, "", "2 Type value.unknown\n3 Type value.unknown\n4 Type value.unknown")
	})
	t.Run("signs", func(t *testing.T) {
		spec := simple()
		spec.Columns["amount"] = Column{Column: "Amount", NegativeWhen: When{"Kind", []string{"avoir"}}}
		spec.Columns["document_type"] = Column{Column: "Amount", BySign: Signs{"invoice", "credit_note"}, NegativeWhen: When{"Kind", []string{"avoir"}}}
		spec.Columns["amount_excl_tax"] = Column{Column: "Amount", Negate: true}
		r := check(t, save(t, "b.csv", []byte("No,Customer,Date,Amount,Kind\nF1,C,2024-01-31,5.00,Avoir\nF2,C,2024-01-31,6.00,Facture\n")), spec,
			"2 F1 C 2024-01-31 -5.00\n3 F2 C 2024-01-31 6.00", "")
		if r.all[0][5] != "credit_note" || r.all[1][5] != "invoice" || r.all[1][10] != "-6.00" {
			t.Errorf("records %q", r.all)
		}
	})
	t.Run("a credit note that counts as owed", func(t *testing.T) {
		spec := simple()
		spec.Columns["document_type"] = Column{Constant: "credit_note"}
		r := check(t, save(t, "b.csv", []byte("No,Customer,Date,Amount\nF1,C,2024-01-31,5.00\n")), spec, "2 F1 C 2024-01-31 5.00", "")
		if len(r.stats.Warnings) != 1 || !strings.Contains(r.stats.Warnings[0], "1 credit notes have a positive amount") {
			t.Errorf("warnings %q", r.stats.Warnings)
		}
	})
}

// TestReadingsAreSaid: what decides the order of day and month is said.
func TestReadingsAreSaid(t *testing.T) {
	r := check(t, save(t, "a.csv", []byte("No;Customer;Date;Amount\nF1;C;03/04/2024;1,50\nF2;C;23/01/2024;2\n")), simple(),
		"2 F1 C 2024-04-03 1.50\n3 F2 C 2024-01-23 2", "")
	got := strings.Join(r.stats.Remarks, "\n")
	for _, want := range []string{`dates of "Date" are read as DD/MM/YYYY, as line 3: "23/01/2024" shows`, `"Amount" are read with a decimal comma, as line 2`} {
		if !strings.Contains(got, want) {
			t.Errorf("remarks %q, want %q", got, want)
		}
	}
}

// heap is the memory in use after a collection.
func heap() uint64 {
	runtime.GC()
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	return m.TotalAlloc
}

// zipped writes a workbook of raw parts.
func zipped(t testing.TB, parts map[string]func(w *bytes.Buffer)) string {
	t.Helper()
	var out bytes.Buffer
	z := zip.NewWriter(&out)
	for name, write := range parts {
		w, err := z.Create(name)
		if err != nil {
			t.Fatal(err)
		}
		var part bytes.Buffer
		write(&part)
		if _, err := w.Write(part.Bytes()); err != nil {
			t.Fatal(err)
		}
	}
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	return save(t, "a.xlsx", out.Bytes())
}

func sheetParts(sheet func(w *bytes.Buffer)) map[string]func(w *bytes.Buffer) {
	constant := func(s string) func(*bytes.Buffer) { return func(w *bytes.Buffer) { w.WriteString(s) } }
	return map[string]func(w *bytes.Buffer){
		"xl/workbook.xml":            constant(`<workbook xmlns:r="r"><sheets><sheet name="S" r:id="a"/></sheets></workbook>`),
		"xl/_rels/workbook.xml.rels": constant(`<Relationships><Relationship Id="a" Target="worksheets/sheet1.xml"/></Relationships>`),
		"xl/worksheets/sheet1.xml":   sheet,
	}
}

const sheetHead = `<worksheet><sheetData><row r="1"><c t="str"><v>No</v></c><c t="str"><v>Customer</v></c><c t="str"><v>Date</v></c><c t="str"><v>Amount</v></c></row>` +
	`<row r="2"><c t="str"><v>F1</v></c><c t="str"><v>C</v></c><c t="str"><v>2024-01-31</v></c><c><v>1.10</v></c></row>`

// TestBombs: files that unpack to far more than they hold, or that are built to
// exhaust memory, are refused or read within bounds.
func TestBombs(t *testing.T) {
	t.Run("a million empty rows", func(t *testing.T) {
		path := zipped(t, sheetParts(func(w *bytes.Buffer) {
			w.WriteString(sheetHead)
			for i := 3; i <= 1_000_000; i++ {
				fmt.Fprintf(w, `<row r="%d"/>`, i)
			}
			w.WriteString(`</sheetData></worksheet>`)
		}))
		check(t, path, simple(), "2 F1 C 2024-01-31 1.1", "")
	})
	t.Run("one row at the very end", func(t *testing.T) {
		path := zipped(t, sheetParts(func(w *bytes.Buffer) {
			w.WriteString(sheetHead + `<row r="1048576"><c t="str"><v>F2</v></c><c t="str"><v>C</v></c><c t="str"><v>2024-01-31</v></c><c><v>2</v></c></row></sheetData></worksheet>`)
		}))
		check(t, path, simple(), "2 F1 C 2024-01-31 1.1\n1048576 F2 C 2024-01-31 2", "")
	})
	t.Run("a row beyond the last", func(t *testing.T) {
		refused(t, zipped(t, sheetParts(func(w *bytes.Buffer) {
			w.WriteString(sheetHead + `<row r="99999999999"><c><v>1</v></c></row></sheetData></worksheet>`)
		})), simple(), "out of place")
	})
	t.Run("a sheet cut short", func(t *testing.T) {
		refused(t, zipped(t, sheetParts(func(w *bytes.Buffer) { w.WriteString(sheetHead) })), simple(), "damaged after row 2")
	})
	t.Run("entities", func(t *testing.T) {
		refused(t, zipped(t, sheetParts(func(w *bytes.Buffer) {
			w.WriteString(`<!DOCTYPE x [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;">]>` + sheetHead + `<row><c t="str"><v>&b;</v></c></row></sheetData></worksheet>`)
		})), simple(), "damaged")
	})
	t.Run("repetition", func(t *testing.T) {
		before := heap()
		path := zipped(t, sheetParts(func(w *bytes.Buffer) {
			w.WriteString(sheetHead + `<row r="3"><c t="str"><v>`)
			w.Write(bytes.Repeat([]byte("x"), 80<<20))
			w.WriteString(`</v></c></row></sheetData></worksheet>`)
		}))
		packed := heap() - before
		refused(t, path, simple(), "unpacks to far more")
		if used := heap() - before - packed; used > 16<<20 {
			t.Errorf("%d MB allocated for a refusal", used>>20)
		}
	})
	t.Run("one line of 200 MB", func(t *testing.T) {
		path := save(t, "a.csv", []byte("No,Customer,Date,Amount\nF1,C,2024-01-31,1\n"))
		f, err := os.OpenFile(path, os.O_APPEND|os.O_WRONLY, 0)
		if err != nil {
			t.Fatal(err)
		}
		chunk := bytes.Repeat([]byte("y"), 1<<20)
		for range 200 {
			if _, err := f.Write(chunk); err != nil {
				t.Fatal(err)
			}
		}
		if _, err := f.WriteString("\nF2,C,2024-01-31,2\n"); err != nil {
			t.Fatal(err)
		}
		if err := f.Close(); err != nil {
			t.Fatal(err)
		}
		before := heap()
		check(t, path, simple(), "2 F1 C 2024-01-31 1\n4 F2 C 2024-01-31 2", "3  line.too_long")
		if used := heap() - before; used > 40<<20 {
			t.Errorf("%d MB allocated for a line of 200 MB", used>>20)
		}
	})
	t.Run("one string of 40 MB in JSON", func(t *testing.T) {
		text := `[{"No":"` + strings.Repeat("x", 40<<20) + `"}]`
		refused(t, save(t, "a.json", []byte(text)), simple(), "longer than any table needs")
	})
}

func TestCancelled(t *testing.T) {
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	path := save(t, "a.csv", []byte("No,Customer,Date,Amount\nF1,C,2024-01-31,1\n"))
	if _, err := Inspect(ctx, path, simple(), invoiceFields); !errors.Is(err, context.Canceled) {
		t.Errorf("error %v", err)
	}
}
