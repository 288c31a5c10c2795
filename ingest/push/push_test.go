package push

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"strings"
	"testing"

	"github.com/encours/encours/ingest"
)

// fields are those of a small dataset.
func fields() []ingest.Field {
	return []ingest.Field{
		{Name: "document_id", Type: "varchar", Required: true}, {Name: "issue_date", Type: "date"},
		{Name: "amount", Type: "decimal(18, 2)", Required: true}, {Name: "instalment", Type: "integer"},
		{Name: "is_disputed", Type: "boolean"},
	}
}

var testLimits = Limits{MaxRows: 100, MaxBytes: 1 << 20}

// decoded is what became of a message: rows in the words of a test, with | between
// the fields.
type decoded struct {
	rows    []string
	rejects []ingest.Reject
	stats   Stats
}

func decode(t testing.TB, format Format, body []byte, limits Limits) (decoded, error) {
	t.Helper()
	var out bytes.Buffer
	var d decoded
	var err error
	d.stats, err = Decode(context.Background(), body, format, fields(), limits, &out, func(r ingest.Reject) error {
		d.rejects = append(d.rejects, r)
		return nil
	})
	for line := range strings.Lines(out.String()) {
		d.rows = append(d.rows, strings.ReplaceAll(strings.TrimSuffix(line, "\n"), "\x1f", "|"))
	}
	if err == nil && (int64(len(d.rows)) != d.stats.Rows || int64(len(d.rejects)) != d.stats.Rejects) {
		t.Fatalf("%+v, with %d rows and %d rejects", d.stats, len(d.rows), len(d.rejects))
	}
	return d, err
}

// text writes rows and rejects for comparison.
func (d decoded) text() string {
	lines := d.rows
	for _, r := range d.rejects {
		lines = append(lines, fmt.Sprintf("reject %d %s=%q %s", r.Line, r.Column, r.Value, r.Reason))
	}
	return strings.Join(lines, "\n")
}

func TestText(t *testing.T) {
	for _, c := range []struct {
		name   string
		format Format
		body   string
		want   string // rows and rejects
		code   string // of the refusal
	}{
		{"ndjson", NDJSON, "{\"document_id\":\"F1\",\"amount\":10.5,\"issue_date\":\"2025-01-31\",\"is_disputed\":true}\r\n\n{\"document_id\":7,\"amount\":\"-0.10\",\"instalment\":null}", "1|F1|2025-01-31|10.5||true\n3|7||-0.10||", ""},
		{"a bad value", NDJSON, `{"document_id":"F1","amount":"1,5"}`, `reject 1 amount="1,5" number.invalid`, ""},
		{"no value", NDJSON, `{"document_id":"F1"}`, `reject 1 amount="" value.missing`, ""},
		{"a value twice", NDJSON, `{"document_id":"F1","amount":1,"amount":2}`, `reject 1 amount="2" field.duplicate`, ""},
		{"a list as value", NDJSON, `{"document_id":"F1","amount":[1,{"a":2}]}` + "\n" + `{"document_id":"F2","amount":1}`, "2|F2||1||\nreject 1 amount=\"\" value.nested", ""},
		{"day first", NDJSON, `{"document_id":"F1","amount":1,"issue_date":"31/01/2025"}`, `reject 1 issue_date="31/01/2025" date.invalid`, ""},
		{"unknown names", NDJSON, `{"document_id":"F1","amout":1,"zz":{}}`, "", "fields.unknown"},
		{"names differ in case", NDJSON, `{"Document_ID":"F1","amount":1}`, "", "fields.unknown"},
		{"a broken line", NDJSON, "{\"document_id\":\"F1\",\"amount\":1}\n{\"document_id\":", "", "json.syntax"},
		{"two objects on a line", NDJSON, `{"amount":1}{"amount":2}`, "", "json.syntax"},
		{"a list", NDJSON, `[1]`, "", "json.shape"},
		{"Latin-1", NDJSON, "{\"document_id\":\"\xe9\",\"amount\":1}", "", "charset"},
		{"array", JSON, `[{"document_id":"É=cmd","amount":1e2},{"document_id":"F2","amount":999999999999999.99}]`, "1|É=cmd||100||\n2|F2||999999999999999.99||", ""},
		{"rows", JSON, `{"rows":[{"document_id":"F1","amount":1}]}`, "1|F1||1||", ""},
		{"no records", JSON, `[]`, "", ""},
		{"rows with more", JSON, `{"rows":[],"more":1}`, "", "json.shape"},
		{"more before rows", JSON, `{"more":1,"rows":[]}`, "", "json.shape"},
		{"rows as text", JSON, `{"rows":"x"}`, "", "json.shape"},
		{"one record", JSON, `{"document_id":"F1","amount":1}`, "", "json.shape"},
		{"numbers", JSON, `[1]`, "", "json.shape"},
		{"a comma too many", JSON, "[\n{\"amount\":1},]", "", "json.syntax"},
		{"csv", CSV, "\ufeffamount,document_id,issue_date\n1.50,\"F,1\",\n-2,\"a\nb\",2025-02-01\n3,F3,x\n4\n", "2|F,1||1.50||\n3|a b|2025-02-01|-2||\nreject 5 issue_date=\"x\" date.invalid\nreject 6 =\"\" fields.count", ""},
		{"csv without a needed field", CSV, "document_id\nF1\n", "", "fields.missing"},
		{"csv with a name twice", CSV, "document_id,amount,amount\n", "", "fields.duplicate"},
		{"csv with another name", CSV, "document_id,amount;\n", "", "fields.unknown"},
		{"csv with a bad quote", CSV, "document_id,amount\na\"b,1\n", "", "csv.syntax"},
		{"an empty csv", CSV, "", "", "csv.header"},
	} {
		t.Run(c.name, func(t *testing.T) {
			got, err := decode(t, c.format, []byte(c.body), testLimits)
			if c.code != "" {
				if refusal, ok := errors.AsType[*Refusal](err); !ok || refusal.Code != c.code {
					t.Errorf("%v, want a refusal %s", err, c.code)
				}
				return
			}
			if err != nil || got.text() != c.want {
				t.Errorf("%v\n%s\nwant\n%s", err, got.text(), c.want)
			}
		})
	}
}

func TestRefusalsSayWhere(t *testing.T) {
	for body, want := range map[string]string{
		"{\"amount\":1}\n{\"amount\":é}":                "line 2, column 11",
		`{"amout":1,"document_id":"F1"}`:                `no field "amout" (record 1): its fields are document_id, issue_date`,
		"{\"document_id\":\"F1\",\"amount\":1}\n\xff\n": "line 2 is not UTF-8",
	} {
		if _, err := decode(t, NDJSON, []byte(body), testLimits); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%q: %v, want %q", body, err, want)
		}
	}
}

func TestLimits(t *testing.T) {
	line := "{\"document_id\":\"F1\",\"amount\":1}\n"
	if got, err := decode(t, NDJSON, []byte(strings.Repeat(line, 3)), Limits{MaxRows: 3}); err != nil || got.stats.Rows != 3 {
		t.Errorf("as many as may be: %+v, %v", got.stats, err)
	}
	_, err := decode(t, NDJSON, []byte(strings.Repeat(line, 4)), Limits{MaxRows: 3})
	if refusal, ok := errors.AsType[*Refusal](err); !ok || refusal.Code != CodeTooLarge {
		t.Errorf("one too many: %v", err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := Decode(ctx, []byte(line), NDJSON, fields(), testLimits, &bytes.Buffer{}, nil); !errors.Is(err, context.Canceled) {
		t.Errorf("cancelled: %v", err)
	}
}

func TestRoundingIsTold(t *testing.T) {
	got, err := decode(t, JSON, []byte(`[{"document_id":"F1","amount":1.005},{"document_id":"F2","amount":1.004}]`), testLimits)
	want := "amount: 2 values had more than 2 decimals and were rounded, by 0.0010000000 in all"
	if err != nil || len(got.stats.Warnings) != 1 || got.stats.Warnings[0] != want {
		t.Errorf("%v %q, want %q", err, got.stats.Warnings, want)
	}
}

func TestContentType(t *testing.T) {
	for header, want := range map[string]Format{
		"application/x-ndjson": NDJSON, "Application/JSON; charset=UTF-8": JSON, "text/csv": CSV,
		"text/csv; charset=iso-8859-1": "", "text/plain": "", "": "", "application/vnd.apache.parquet": Parquet,
	} {
		if got, err := ParseContentType(header); got != want || (err == nil) != (want != "") {
			t.Errorf("%q: %q, %v; want %q", header, got, err, want)
		}
	}
}

func fuzzDecode(f *testing.F, format Format) {
	f.Fuzz(func(t *testing.T, body []byte) {
		got, err := decode(t, format, body, testLimits)
		if _, ok := errors.AsType[*Refusal](err); err != nil && !ok {
			t.Fatalf("not a refusal: %v", err)
		}
		for _, row := range got.rows {
			if strings.Count(row, "|") < 5 {
				t.Fatalf("row %q", row)
			}
		}
	})
}

func FuzzNDJSON(f *testing.F) {
	f.Add([]byte("{\"document_id\":\"F1\",\"amount\":10.5,\"issue_date\":\"2025-01-31\",\"is_disputed\":true}\n{\"amount\":[{}]}\n"))
	f.Add([]byte(`{"document_id":"F1","amount":"1","amount":1e400}`))
	fuzzDecode(f, NDJSON)
}

func FuzzJSON(f *testing.F) {
	f.Add([]byte(`{"rows":[{"document_id":"F1","amount":1}]}`))
	f.Add([]byte(`[{"document_id":"F1","amount":-1.005},{}]`))
	fuzzDecode(f, JSON)
}

func FuzzCSV(f *testing.F) {
	f.Add([]byte("amount,document_id,issue_date\n1.50,\"F,1\",\n3,F3,x\n4\n"))
	fuzzDecode(f, CSV)
}

// TestListedValues: a value that its field does not take rejects its record, and the
// message tells which it takes.
func TestListedValues(t *testing.T) {
	listed := []ingest.Field{{Name: "side", Type: "varchar", Values: []string{"customer", "supplier"}}}
	for format, body := range map[Format]string{
		NDJSON: "{\"side\":\"supplier\"}\n{\"side\":\"client\"}\n", JSON: `[{"side":"supplier"},{"side":"client"}]`,
	} {
		var out bytes.Buffer
		var rejects []ingest.Reject
		stats, err := Decode(t.Context(), []byte(body), format, listed, testLimits, &out, func(r ingest.Reject) error {
			rejects = append(rejects, r)
			return nil
		})
		if err != nil || stats.Rows != 1 || len(rejects) != 1 {
			t.Fatalf("%s: %+v, %v, %v", format, stats, rejects, err)
		}
		r := rejects[0]
		if r.Line != 2 || r.Column != "side" || r.Value != "client" || r.Reason != "value.unknown" || r.Message != "write one of: customer, supplier" {
			t.Errorf("%s: %+v", format, r)
		}
	}
}
