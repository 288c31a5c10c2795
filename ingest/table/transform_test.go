package table

import (
	"strings"
	"testing"
)

func TestSalesforceIDs(t *testing.T) {
	for _, c := range []struct{ given, want string }{
		// of the extract of the Data Loader, whose 18 characters are known
		{"001x0000002xLCV", "001x0000002xLCVAA2"}, {"001x0000002xLD0", "001x0000002xLD0AAM"}, {"001x0000002lBtq", "001x0000002lBtqAAE"},
		{"006x0000001YtCr", "006x0000001YtCrAAK"}, {"005x0000000fNSi", "005x0000000fNSiAAM"},
		// every group full, none at all, the lowest bit first
		{"ABCDEFGHIJKLMNO", "ABCDEFGHIJKLMNO555"}, {"abcdefghijklmno", "abcdefghijklmnoAAA"}, {"Abcdefghijklmno", "AbcdefghijklmnoBAA"},
		{"abcdEfghijklmno", "abcdEfghijklmnoQAA"},
		{"001x0000002xLCVAA2", "001x0000002xLCVAA2"},
		{"001x0000002xlcvaa2", "001x0000002xLCVAA2"}, {"001X0000002XLCVAA2", "001x0000002xLCVAA2"}, // capital letters that were lost
		{"000000000000000AAA", ""}, {"000000000000000", ""},
		{"00001026", "00001026"}, {"", ""}, {"12345-6789-0123", "12345-6789-0123"}, {"001x0000002xLCVA", "001x0000002xLCVA"},
	} {
		if got, err := SalesforceID(c.given); err != nil || got != c.want {
			t.Errorf("SalesforceID(%q) = %q, %v, want %q", c.given, got, err, c.want)
		}
	}
	if got, err := SalesforceID("001x0000002xLCVBA2"); err == nil {
		t.Errorf("a digit as capital letter gave %q", got)
	}
}

func FuzzSalesforceID(f *testing.F) {
	f.Add("001x0000002xLCV")
	f.Add("001x0000002xlcvaa2")
	f.Fuzz(func(t *testing.T, given string) {
		id, err := SalesforceID(given)
		if err != nil {
			return
		}
		if again, err := SalesforceID(id); err != nil || again != id {
			t.Errorf("%q gave %q, and that %q, %v", given, id, again, err)
		}
	})
}

func TestTransforms(t *testing.T) {
	spec := func(c Column) Spec {
		return with(simple(), func(s *Spec) { c.Column = "Amount"; s.Columns["amount"] = c })
	}
	file := func(values ...string) string {
		return save(t, "a.csv", []byte("No;Customer;Date;Amount\nA;C;2024-01-31;"+strings.Join(values, "\nA;C;2024-01-31;")+"\n"))
	}
	check(t, file("6.0E7", "8.48E10", "-1.5e-1", "12.5"), spec(Column{Exponent: true}),
		"2 A C 2024-01-31 60000000\n3 A C 2024-01-31 84800000000\n4 A C 2024-01-31 -0.15\n5 A C 2024-01-31 12.5", "")
	check(t, file("6.0E7"), spec(Column{}), "", "2 Amount number.invalid")
	check(t, file("20", "20 %", "12.5%"), spec(Column{Percent: percentNumber}),
		"2 A C 2024-01-31 20\n3 A C 2024-01-31 20\n4 A C 2024-01-31 12.5", "")
	check(t, file("0.2", "20 %", "1"), spec(Column{Percent: percentFraction}),
		"2 A C 2024-01-31 20.0\n3 A C 2024-01-31 20\n4 A C 2024-01-31 100", "")
	check(t, save(t, "b.csv", []byte("No;Customer;Date;Amount\nA,B;C;2024-01-31;1\n")),
		with(simple(), func(s *Spec) { s.Columns["document_id"] = Column{Column: "No", Before: ","} }), "2 A C 2024-01-31 1", "")
	check(t, save(t, "c.csv", []byte("No;Customer;Date;Amount\nx;C;2024-01-31;1\ny;C;2024-01-31;1\n")),
		with(simple(), func(s *Spec) {
			s.Columns["document_id"] = Column{Column: "No", Values: map[string]string{"X": "one"}, AsIs: true}
		}), "2 one C 2024-01-31 1\n3 y C 2024-01-31 1", "")
	check(t, save(t, "d.csv", []byte("No;Customer;Date;Amount\n001x0000002xLCVBA2;C;2024-01-31;1\n")),
		with(simple(), func(s *Spec) { s.Columns["document_id"] = Column{Column: "No", SalesforceID: true} }), "", "2 No identifier.invalid")
	for name, c := range map[string]Column{
		"as_is goes with values": {AsIs: true}, "must be number or fraction": {Percent: "ratio"},
	} {
		if err := spec(c).check(); err == nil || !strings.Contains(err.Error(), name) {
			t.Errorf("%+v: %v", c, err)
		}
	}
}
