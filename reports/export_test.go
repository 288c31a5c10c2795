package reports

import (
	"bytes"
	"encoding/csv"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/parquet-go/parquet-go"
	"github.com/xuri/excelize/v2"

	"github.com/encours/encours/reports/table"
)

func export(t *testing.T, v *View, name, format string, filter AgeingFilter) []byte {
	t.Helper()
	var out bytes.Buffer
	if err := v.Export(t.Context(), name, format, filter, &out); err != nil {
		t.Fatal(err)
	}
	return out.Bytes()
}

// parts splits a CSV export into its facts and its records.
func parts(t *testing.T, file []byte) (facts map[string]string, records [][]string) {
	t.Helper()
	facts = map[string]string{}
	var body []string
	for _, line := range strings.SplitAfter(string(file), "\n") {
		if name, value, ok := strings.Cut(strings.TrimPrefix(strings.Trim(line, "\"\n"), "# "), ": "); ok && strings.HasPrefix(strings.Trim(line, `"`), "# ") {
			facts[name] = value
			continue
		}
		body = append(body, line)
	}
	records, err := csv.NewReader(strings.NewReader(strings.Join(body, ""))).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	return facts, records
}

const ageingCSV = `# encours_report: ageing
# report_version: %s
# project: Groupe d'essai
# as_of: 2024-12-31
# known_at: latest
# known_on: 2025-01-10
# generation: %s
# reference_tables: %s
# currency: EUR
# filters: entity=group&side=customer
# rows: 3
# sums: amount_not_due=750.00 amount_1_30=300.10 amount_31_60=-200.00 amount_61_90=1000.00 amount_91_180=0.00 amount_181_plus=0.00 amount_unknown=0.00 open_amount=1850.10 overdue_amount=1300.10 credit_amount=-200.00 item_count=5
# columns: entity_id=text side=text counterparty_id=text counterparty_name=text is_intercompany=boolean amount_not_due=decimal:2 amount_1_30=decimal:2 amount_31_60=decimal:2 amount_61_90=decimal:2 amount_91_180=decimal:2 amount_181_plus=decimal:2 amount_unknown=decimal:2 open_amount=decimal:2 overdue_amount=decimal:2 credit_amount=decimal:2 oldest_overdue_days=integer item_count=integer open_ratio=decimal:6
# rows_sha256: 80780a96c956948546a80bad35d1c287d8cbf582ae20a229cd6badceb6139cb9
# proof: proved ledger=2550.10 items=2550.10 buckets=2550.10 difference=0.00
# lettering_coverage: 0.2000
# intercompany_left_out: 700.00
# entities_left_out: CHUR (CHF): encours.yaml gives no currency.method
# manifest_sha256: %s
entity_id,side,counterparty_id,counterparty_name,is_intercompany,amount_not_due,amount_1_30,amount_31_60,amount_61_90,amount_91_180,amount_181_plus,amount_unknown,open_amount,overdue_amount,credit_amount,oldest_overdue_days,item_count,open_ratio
ALPHA,customer,C1,Client Un,false,500.00,0.00,-200.00,1000.00,0.00,0.00,0.00,1300.00,1000.00,-200.00,61,3,0.702665
ALPHA,customer,C2,'=cmd|' /C calc'!A0,false,0.00,300.10,0.00,0.00,0.00,0.00,0.00,300.10,300.10,0.00,1,1,0.162207
BETA,customer,C1,Client bêta,false,250.00,0.00,0.00,0.00,0.00,0.00,0.00,250.00,0.00,0.00,0,1,0.135128
`

func wantAgeing(t *testing.T, v *View) string {
	t.Helper()
	q, err := v.ageingReport(AgeingFilter{})
	if err != nil {
		t.Fatal(err)
	}
	want := fmt.Sprintf(ageingCSV, v.reportVersion(q), v.Meta().Generation, v.referenceText(), "")
	facts, _ := parts(t, []byte(want))
	return strings.Replace(want, "# manifest_sha256: ", "# manifest_sha256: "+table.Seal(facts), 1)
}

func TestAgeingAsCSV(t *testing.T) {
	v := open(t, Selection{})
	want := wantAgeing(t, v)
	if got := string(export(t, v, "ageing", "csv", AgeingFilter{})); got != want {
		t.Errorf("got\n%s\nwant\n%s", got, want)
	}
}

func TestExportsSayTheirFilters(t *testing.T) {
	for name, c := range map[string]struct {
		report string
		sel    Selection
		filter AgeingFilter
		want   string
		rows   int
	}{
		"search":          {"ageing", Selection{Entity: "ALPHA"}, AgeingFilter{Search: "bêta, =1\n"}, "entity=ALPHA&search=b%C3%AAta%2C+%3D1%0A&side=customer", 0},
		"bucket":          {"ageing", Selection{}, AgeingFilter{Bucket: "31-60", Sort: "open", Page: 2, PageSize: 1}, "bucket=31-60&entity=group&side=customer&sort=open", 1},
		"overdue":         {"ageing", Selection{}, AgeingFilter{OnlyOverdue: true}, "entity=group&overdue=1&side=customer", 2},
		"items":           {"open-items", Selection{}, AgeingFilter{}, "entity=group&side=customer", 5},
		"items of one":    {"open-items", Selection{Entity: "ALPHA"}, AgeingFilter{Search: "client", Sort: "open"}, "entity=ALPHA&search=client&side=customer", 3},
		"items of bucket": {"open-items", Selection{}, AgeingFilter{Bucket: "31-60"}, "bucket=31-60&entity=group&side=customer", 1},
		"overdue items":   {"open-items", Selection{}, AgeingFilter{OnlyOverdue: true}, "entity=group&overdue=1&side=customer", 2},
		"suppliers":       {"open-items", Selection{Entity: "ALPHA", Side: Supplier}, AgeingFilter{}, "entity=ALPHA&side=supplier", 1},
		"no filter taken": {"kpis", Selection{}, AgeingFilter{Search: "x"}, "entity=group&side=customer", 3},
		"supplier months": {"kpis", Selection{Entity: "ALPHA", Side: Supplier}, AgeingFilter{}, "entity=ALPHA&side=supplier", 3},
		"reconciliation":  {"reconciliation", Selection{}, AgeingFilter{}, "entity=group&side=customer", 2},
		"nothing":         {"open-items", Selection{Entity: "NONE"}, AgeingFilter{}, "entity=NONE&side=customer", 0},
	} {
		t.Run(name, func(t *testing.T) {
			facts, records := parts(t, export(t, open(t, c.sel), c.report, "csv", c.filter))
			if facts["filters"] != c.want || facts["rows"] != fmt.Sprint(c.rows) || len(records) != c.rows+1 {
				t.Errorf("facts %v, %d records", facts, len(records))
			}
		})
	}
}

func TestOpenItemsAddUp(t *testing.T) {
	_, records := parts(t, export(t, open(t, Selection{Entity: "ALPHA"}), "open-items", "csv", AgeingFilter{}))
	sum := Amount(0)
	column := map[string]int{}
	for i, name := range records[0] {
		column[name] = i
	}
	for _, r := range records[1:] {
		var units, cents Amount
		text := r[column["open_amount"]]
		if _, err := fmt.Sscanf(strings.TrimPrefix(text, "-"), "%d.%02d", &units, &cents); err != nil {
			t.Fatal(text, err)
		}
		if amount := units*100 + cents; strings.HasPrefix(text, "-") {
			sum -= amount
		} else {
			sum += amount
		}
	}
	if plain(sum) != "2300.10" {
		t.Errorf("sum %s", plain(sum))
	}
	if r := records[2]; r[column["counterparty_name"]] != "Client Un" || r[column["open_amount"]] != "-200.00" ||
		r[column["due_date"]] != "2024-11-20" || r[column["source_line"]] != "6" || r[column["overdue_days"]] != "41" {
		t.Errorf("record %v", r)
	}
}

func TestAgeingAsXLSX(t *testing.T) {
	v := open(t, Selection{})
	file := export(t, v, "ageing", "xlsx", AgeingFilter{})
	if again := export(t, v, "ageing", "xlsx", AgeingFilter{}); !bytes.Equal(file, again) {
		t.Error("two exports differ")
	}
	book, err := excelize.OpenReader(bytes.NewReader(file))
	if err != nil {
		t.Fatal(err)
	}
	defer book.Close()
	if sheets := book.GetSheetList(); strings.Join(sheets, " ") != "ageing About" {
		t.Errorf("sheets %v", sheets)
	}
	for cell, want := range map[string]string{
		"A1": "entity_id", "D3": "'" + formula, "M2": "1300", "H2": "-200", "P2": "61", "R2": "0.702665",
		"A5": "Total", "M5": "1850.1", "N5": "1300.1", "Q5": "5", "R5": "", "A6": "",
	} {
		if got, err := book.GetCellValue("ageing", cell, excelize.Options{RawCellValue: true}); err != nil || got != want {
			t.Errorf("%s: %q, %v, want %q", cell, got, err, want)
		}
	}
	if got, err := book.GetCellValue("ageing", "M2"); err != nil || got != "1,300.00" {
		t.Errorf("as shown: %q, %v", got, err)
	}
	for cell, want := range map[string]excelize.CellType{"M2": excelize.CellTypeUnset, "D3": excelize.CellTypeInlineString} {
		if got, err := book.GetCellType("ageing", cell); err != nil || got != want {
			t.Errorf("type of %s: %v, %v", cell, got, err)
		}
	}
	panes, err := book.GetPanes("ageing")
	if err != nil || !panes.Freeze || panes.YSplit != 1 {
		t.Errorf("panes %+v, %v", panes, err)
	}
	names := book.GetDefinedName()
	if len(names) != 2 || names[0].RefersTo != "'ageing'!$A$1:$R$4" || names[1].RefersTo != "'ageing'!$1:$1" {
		t.Errorf("filter and first row of each page: %+v", names)
	}
	about, err := book.GetRows("About")
	if err != nil || len(about) != 19 || about[14][1] != "proved ledger=2550.10 items=2550.10 buckets=2550.10 difference=0.00" {
		t.Errorf("about %v, %v", about, err)
	}
}

func TestOpenItemsAsXLSX(t *testing.T) {
	book, err := excelize.OpenReader(bytes.NewReader(export(t, open(t, Selection{Entity: "ALPHA"}), "open-items", "xlsx", AgeingFilter{})))
	if err != nil {
		t.Fatal(err)
	}
	defer book.Close()
	for cell, want := range map[string]string{"I1": "entry_date", "I2": "45566", "N2": "1000", "N7": "2300.1", "M7": "", "W2": "2"} {
		if got, err := book.GetCellValue("open-items", cell, excelize.Options{RawCellValue: true}); err != nil || got != want {
			t.Errorf("%s: %q, %v, want %q", cell, got, err, want)
		}
	}
	if got, err := book.GetCellValue("open-items", "I2"); err != nil || got != "2024-10-01" {
		t.Errorf("date as shown: %q, %v", got, err)
	}
}

func TestAgeingAsJSON(t *testing.T) {
	var got struct {
		Meta map[string]any
		Rows []map[string]any
	}
	text := export(t, open(t, Selection{}), "ageing", "json", AgeingFilter{})
	decoder := json.NewDecoder(bytes.NewReader(text))
	decoder.UseNumber()
	if err := decoder.Decode(&got); err != nil {
		t.Fatalf("%v\n%s", err, text)
	}
	if got.Meta["rows"] != json.Number("3") || got.Meta["as_of"] != "2024-12-31" || len(got.Rows) != 3 ||
		got.Rows[0]["open_amount"] != json.Number("1300.00") || got.Rows[1]["counterparty_name"] != formula ||
		got.Rows[0]["is_intercompany"] != false {
		t.Errorf("got %s", text)
	}
	empty := export(t, open(t, Selection{Entity: "NONE"}), "ageing", "json", AgeingFilter{})
	if err := json.Unmarshal(empty, &got); err != nil || len(got.Rows) != 0 {
		t.Errorf("nothing: %v\n%s", err, empty)
	}
}

func TestOpenItemsAsParquet(t *testing.T) {
	v := open(t, Selection{Entity: "ALPHA"})
	text := export(t, v, "open-items", "parquet", AgeingFilter{})
	file, err := parquet.OpenFile(bytes.NewReader(text), int64(len(text)))
	if err != nil {
		t.Fatal(err)
	}
	for name, want := range map[string]string{
		"encours_report": "open-items", "as_of": "2024-12-31", "generation": v.Meta().Generation, "rows": "5",
		"project": "Groupe d'essai", "proof": "proved ledger=2300.10 items=2300.10 buckets=2300.10 difference=0.00",
	} {
		if got, ok := file.Lookup(name); !ok || got != want {
			t.Errorf("%s: %q", name, got)
		}
	}
	column, ok := file.Schema().Lookup("open_amount")
	if !ok || file.NumRows() != 5 || !strings.Contains(fmt.Sprint(column.Node), "DECIMAL(18,2)") {
		t.Fatalf("%d rows, type %v", file.NumRows(), column.Node)
	}
	var sum int64
	rows := file.RowGroups()[0].Rows()
	buffer := make([]parquet.Row, 5)
	n, _ := rows.ReadRows(buffer)
	for _, r := range buffer[:n] {
		sum += r[column.ColumnIndex].Int64()
	}
	if err := rows.Close(); err != nil || sum != 230010 {
		t.Errorf("sum %d, %v", sum, err)
	}
}

// Two builds of the same landing zone with the same as-of date.
func TestEqualInputsGiveEqualBytes(t *testing.T) {
	b := ownBooks(t)
	all := func() map[string][]byte {
		files := map[string][]byte{}
		v := b.open(t, Selection{})
		for _, d := range Definitions() {
			filter := AgeingFilter{}
			if NeedsCounterparty(d.Name) {
				filter.Counterparty = "C2"
			}
			for _, format := range FormatsOf(d.Name) {
				files[d.Name+"."+format] = export(t, v, d.Name, format, filter)
			}
		}
		return files
	}
	first := all()
	if err := b.build(); err != nil {
		t.Fatal(err)
	}
	for name, second := range all() {
		if !bytes.Equal(first[name], second) {
			t.Errorf("%s differs after a second build", name)
		}
	}
	if len(first) != len(Definitions())*len(rowFormats())+5 {
		t.Errorf("%d exports", len(first))
	}
}

// short fails after a number of bytes.
type short struct{ left int }

var errFull = errors.New("the disk is full")

func (s *short) Write(p []byte) (int, error) {
	if s.left -= len(p); s.left < 0 {
		return 0, errFull
	}
	return len(p), nil
}

func TestAFailingWriterFailsTheExport(t *testing.T) {
	v := open(t, Selection{})
	for _, format := range Formats() {
		for _, bytes := range []int{0, 400} {
			name := "ageing"
			switch format {
			case PDF:
				name = "kpi-pack"
			case ICS:
				name = "worklist"
			}
			if err := v.Export(t.Context(), name, format, AgeingFilter{}, &short{bytes}); !errors.Is(err, errFull) {
				t.Errorf("%s after %d bytes: error %v", format, bytes, err)
			}
		}
	}
	left, err := filepath.Glob(filepath.Join(v.service.options.TempDir, "*"))
	if err != nil || len(left) > 0 {
		t.Errorf("left behind: %v, %v", left, err)
	}
}

func TestUnknownExports(t *testing.T) {
	v := open(t, Selection{})
	for name, c := range map[string]struct {
		report, format string
		filter         AgeingFilter
		want           error
	}{
		"report": {"risk", "csv", AgeingFilter{}, ErrUnknownReport},
		"format": {"ageing", "pdf", AgeingFilter{}, ErrUnknownReport},
		"bucket": {"open-items", "csv", AgeingFilter{Bucket: "x"}, ErrBadSelection},
		"order":  {"ageing", "csv", AgeingFilter{Sort: "x"}, ErrBadSelection},
	} {
		var out bytes.Buffer
		if err := v.Export(t.Context(), c.report, c.format, c.filter, &out); !errors.Is(err, c.want) || out.Len() > 0 {
			t.Errorf("unknown %s: error %v, %d bytes", name, err, out.Len())
		}
	}
}

func TestWriteFile(t *testing.T) {
	v, folder := open(t, Selection{}), t.TempDir()
	path := filepath.Join(folder, "ageing.csv")
	if err := os.WriteFile(path, []byte("before"), 0o600); err != nil {
		t.Fatal(err)
	}
	if err := WriteFile(t.Context(), v, "ageing", "nothing", AgeingFilter{}, path); !errors.Is(err, ErrUnknownReport) {
		t.Errorf("error %v", err)
	}
	if text, err := os.ReadFile(path); err != nil || string(text) != "before" {
		t.Errorf("after a failure: %q, %v", text, err)
	}
	if err := WriteFile(t.Context(), v, "ageing", "csv", AgeingFilter{}, path); err != nil {
		t.Fatal(err)
	}
	text, err := os.ReadFile(path)
	if err != nil || string(text) != wantAgeing(t, v) {
		t.Errorf("got %q, %v", text, err)
	}
	if err := WriteFile(t.Context(), v, "ageing", "csv", AgeingFilter{}, filepath.Join(folder, "no", "x.csv")); err == nil {
		t.Error("a file in a folder that is not there was written")
	}
	entries, err := os.ReadDir(folder)
	if err != nil || len(entries) != 2 {
		t.Errorf("left behind: %v, %v", entries, err)
	}
}
