package canonical

import (
	"errors"
	"math/big"
	"strings"
	"testing"
	"time"

	"github.com/encours/encours/ingest"
)

func columns(t testing.TB) []Column {
	t.Helper()
	out, err := Columns([]ingest.Field{
		{Name: "name", Type: "varchar", Required: true}, {Name: "day", Type: "date"},
		{Name: "amount", Type: "decimal(18, 2)"}, {Name: "count", Type: "integer"}, {Name: "flag", Type: "boolean"},
	})
	if err != nil {
		t.Fatal(err)
	}
	return out
}

func TestNumbers(t *testing.T) {
	for _, c := range []struct {
		given, want string
		err         error
	}{
		{"0", "0", nil}, {"-0.00", "0.00", nil}, {"007.5", "7.5", nil}, {".5", "0.5", nil}, {"+12.", "12", nil},
		{"-1.005", "-1.01", nil}, {"1.005", "1.01", nil}, {"1.0049", "1.00", nil}, {"-0.004", "0.00", nil},
		{"9999999999999999.99", "9999999999999999.99", nil}, {"9999999999999999.995", "", ErrTooLarge},
		{"10000000000000000", "", ErrTooLarge}, {"1e3", "", ErrNumber}, {"1,5", "", ErrNumber}, {"", "", ErrNumber},
		{"-", "", ErrNumber}, {"1.2.3", "", ErrNumber}, {"١", "", ErrNumber}, {"NaN", "", ErrNumber}, {"1_0", "", ErrNumber}, {strings.Repeat("0", 200), "", ErrNumber},
	} {
		r := NewRecord(columns(t), 0)
		if err := r.SetNumber(2, c.given); !errors.Is(err, c.err) || r.Value(2) != c.want {
			t.Errorf("%q: %q, %v; want %q, %v", c.given, r.Value(2), err, c.want, c.err)
		}
	}
	r := NewRecord(columns(t), 0)
	if err := r.SetNumber(3, "1.5"); !errors.Is(err, ErrWhole) {
		t.Errorf("half a count: %v", err)
	}
	if err := r.SetNumber(3, "2.00"); err != nil || r.Value(3) != "2" {
		t.Errorf("2.00 as a count: %q, %v", r.Value(3), err)
	}
}

// TestRoundingIsCounted: 1.005 and 1.004 land as 1.01 and 1.00, in all 0.001 more
// than was given.
func TestRoundingIsCounted(t *testing.T) {
	r := NewRecord(columns(t), 0)
	for _, text := range []string{"1.005", "1.004", "1.500", "2"} {
		r.Reset()
		if err := r.SetNumber(2, text); err != nil {
			t.Fatal(err)
		}
		r.Append(nil, 1)
	}
	r.Reset()
	if err := r.SetNumber(2, "9.999"); err != nil { // of a record that is refused for another reason
		t.Fatal(err)
	}
	r.Reset()
	r.Append(nil, 2)
	got := r.Roundings()[2]
	if got.Count != 2 || got.Sum.Cmp(big.NewRat(1, 1000)) != 0 {
		t.Errorf("rounded %d values by %s, want 2 by 1/1000", got.Count, got.Sum)
	}
}

func TestRecord(t *testing.T) {
	r := NewRecord(columns(t), 1)
	if r.Missing() != 0 {
		t.Errorf("missing column %d, want 0", r.Missing())
	}
	if err := r.SetText(0, "\ufeff A\x1fB\nC\xff\u00a0"); err != nil {
		t.Fatal(err)
	}
	if err := r.SetDate(1, time.Date(2025, 2, 28, 0, 0, 0, 0, time.UTC)); err != nil {
		t.Fatal(err)
	}
	r.SetBool(4, true)
	r.SetExtra(0, "x")
	if got, want := string(r.Append(nil, 7)), "7\x1fA B C\uFFFD\x1f2025-02-28\x1f\x1f\x1ftrue\x1fx\n"; got != want {
		t.Errorf("record %q, want %q", got, want)
	}
	r.Reset()
	if got := string(r.Append(nil, 8)); got != "8\x1f\x1f\x1f\x1f\x1f\x1f\n" {
		t.Errorf("an empty record: %q", got)
	}
}

// TestListedValues: what a field does not take is refused, however it is given.
func TestListedValues(t *testing.T) {
	fields, err := Columns([]ingest.Field{{Name: "side", Type: "varchar", Values: []string{"customer", "supplier"}}})
	if err != nil {
		t.Fatal(err)
	}
	for name, c := range map[string]struct {
		value any
		fine  bool
	}{
		"listed": {"supplier", true}, "with spaces": {[]byte(" customer "), true}, "none": {nil, true}, "spaces": {"  ", true},
		"another": {"client", false}, "another case": {"Customer", false}, "a number": {7, false}, "yes": {true, false}, "a moment": {time.Unix(0, 0), false},
	} {
		r := NewRecord(fields, 0)
		err := r.SetValue(0, c.value)
		var listed *ListedError
		if (err == nil) != c.fine || err != nil && (!errors.As(err, &listed) || len(listed.Allowed) != 2 || r.Value(0) != "") {
			t.Errorf("%s: %v, left %q", name, err, r.Value(0))
		}
	}
}

// FuzzRecord: whatever text is set, a record is one line of the right number of
// fields, and an accepted number differs from what was given by half a cent at most.
func FuzzRecord(f *testing.F) {
	f.Add("a\tb", "12.345")
	f.Add("\x1f\n\x00", "-0.005")
	f.Fuzz(func(t *testing.T, text, number string) {
		r := NewRecord(columns(t), 1)
		if err := r.SetText(0, text); err != nil {
			t.Fatal(err)
		}
		r.SetExtra(0, text)
		err := r.SetNumber(2, number)
		line := string(r.Append(nil, 1))
		if strings.Count(line, "\n") != 1 || strings.Count(line, "\x1f") != 6 {
			t.Fatalf("record %q", line)
		}
		if err != nil {
			return
		}
		given, ok := new(big.Rat).SetString(strings.TrimSpace(number))
		landed, fits := new(big.Rat).SetString(r.Value(2))
		if !ok || !fits {
			t.Fatalf("%q was taken as %q", number, r.Value(2))
		}
		if d := landed.Sub(landed, given); d.Abs(d).Cmp(big.NewRat(1, 200)) > 0 {
			t.Fatalf("%q landed as %q", number, r.Value(2))
		}
	})
}
