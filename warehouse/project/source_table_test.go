package project

import (
	"reflect"
	"strings"
	"testing"
)

const tableHead = `version: 1
entities:
  - id: ALPHA
sources:
  - name: items
    kind: table
    entity: ALPHA
    paths: ["*.csv"]
`

func TestTableSource(t *testing.T) {
	p, err := parse("encours.yaml", []byte(tableHead+`    dataset: invoices
    mode: delta
    format: csv
    charset: utf-16le
    delimiter: tab
    quote: none
    header_row: 4
    skip_footer: 2
    skip_rows_matching: '^Total'
    stop_at_blank: true
    decimal: ","
    thousands: " "
    dates: [DD/MM/YYYY, YYYYMMDD]
    columns:
      document_id: Invoice No
      order_ref: [Order, Commande]
      counterparty_id: { join: [A, B], with: "-" }
      side: { constant: customer }
      document_type: { column: Type, values: { RV: invoice, 01: credit_note }, otherwise: invoice }
      amount: { column: Debit, minus: Credit, negate: true, decimal: ".", thousands: none, negative_when: { column: Type, values: [RG] } }
      is_disputed: { column: D, optional: true, default: "false" }
      issue_date: { column: Date, dates: DD.MM.YY }
    keep: [Region]
`))
	if err != nil {
		t.Fatal(err)
	}
	want := Table{
		At: "encours.yaml:5:5: sources[0]", Dataset: "invoices", Mode: ModeDelta, Format: "csv", Charset: "utf-16le", Delimiter: "\t", Quote: "none",
		HeaderRow: 4, SkipFooter: 2, SkipRowsMatching: []string{"^Total"}, StopAtBlank: true, Decimal: ",", Thousands: " ",
		Dates: []string{"DD/MM/YYYY", "YYYYMMDD"}, Keep: []string{"Region"},
		Columns: map[string]TableColumn{
			"document_id":     {Column: "Invoice No"},
			"order_ref":       {AnyOf: []string{"Order", "Commande"}},
			"counterparty_id": {Join: []string{"A", "B"}, With: "-"},
			"side":            {Constant: "customer"},
			"document_type":   {Column: "Type", Values: map[string]string{"RV": "invoice", "01": "credit_note"}, Otherwise: "invoice"},
			"amount":          {Column: "Debit", Minus: "Credit", Negate: true, Decimal: ".", Thousands: "none", NegativeWhenColumn: "Type", NegativeWhenValues: []string{"RG"}},
			"is_disputed":     {Column: "D", Optional: true, Default: "false"},
			"issue_date":      {Column: "Date", Dates: []string{"DD.MM.YY"}},
		},
	}
	if got := *p.Sources[0].Table; !reflect.DeepEqual(got, want) {
		t.Errorf("table\n%+v\nwant\n%+v", got, want)
	}
}

func TestTableSourceProblems(t *testing.T) {
	for _, c := range []struct{ name, text, want string }{
		{"no dataset", "    columns: { document_id: No }\n", `encours.yaml:5:5: sources[0]: the key "dataset" is missing`},
		{"no columns", "    dataset: invoices\n", `the key "columns" is missing`},
		{"a ledger", "    dataset: ledger_entries\n    columns: { a: b }\n", `encours.yaml:9:14: sources[0].dataset: "ledger_entries" is not one of`},
		{"unknown field", "    dataset: invoices\n    columns:\n      colour: No\n", `encours.yaml:11:7: sources[0].columns.colour: dataset invoices has no field "colour": its fields are side, document_id`},
		{"unknown key", "    dataset: invoices\n    columns:\n      amount: { column: A, sing: x }\n", `sources[0].columns.amount.sing: unknown key "sing": the keys here are any_of, as_is, before, by_sign`},
		{"two origins", "    dataset: invoices\n    columns:\n      amount: { column: A, constant: 1 }\n", "give one of column, any_of, join and constant"},
		{"half a condition", "    dataset: invoices\n    columns:\n      amount: { column: A, negative_when: { column: B } }\n", `the key "values" is missing`},
		{"delimiter", "    preset: odoo\n    delimiter: ';;'\n", `";;" is not one character`},
		{"thousands", "    preset: odoo\n    thousands: x\n", `"x" is no mark between thousands`},
		{"pattern", "    preset: odoo\n    skip_rows_matching: '('\n", "is not a regular expression"},
		{"boolean", "    preset: odoo\n    stop_at_blank: maybe\n", "neither true nor false"},
		{"fiscal year", "    preset: odoo\n    fiscal_year_start: 2024-01-01\n", "fiscal_year_start goes with kind: fec"},
	} {
		t.Run(c.name, func(t *testing.T) {
			_, err := parse("encours.yaml", []byte(tableHead+c.text))
			if err == nil || !strings.Contains(err.Error(), c.want) {
				t.Errorf("error %v, want %q", err, c.want)
			}
		})
	}
	for _, c := range []struct{ key, want string }{
		{"dataset: invoices", "sources[0].dataset: the key goes with kind: table"},
		{"charset: utf-16le", "charset utf-16le goes with kind: table"},
	} {
		_, err := parse("encours.yaml", []byte(strings.Replace(tableHead, "table", "fec", 1)+"    "+c.key+"\n"))
		if err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s: error %v, want %q", c.key, err, c.want)
		}
	}
}
