package table

import (
	"testing"
)

// TestRecordsAreReckoned: whatever parts the records come in, their hash is that of the
// rows, and they are counted and added up.
func TestRecordsAreReckoned(t *testing.T) {
	const records = "1,\"a \"\"b\"\"\",,\"\",-12.30\n,\"x,\ny\",z,\"\"\"\",\n7,,,,9999999999999999999.99\n"
	want := NewRowHash()
	want.Add([]string{"1", `a "b"`, "", "", "-12.30"})
	want.Add([]string{"", "x,\ny", "z", `"`, ""})
	want.Add([]string{"7", "", "", "", "9999999999999999999.99"})
	for size := 1; size <= len(records); size++ {
		r := newReckoning([]Column{{Adds: true}, {}, {}, {}, {Adds: true, Scale: 2}})
		for rest := records; rest != ""; {
			n, err := r.Write([]byte(rest[:min(size, len(rest))]))
			if err != nil {
				t.Fatal(err)
			}
			rest = rest[n:]
		}
		whole, err := r.sums[0].Text()
		if err != nil || whole != "8" {
			t.Errorf("parts of %d: sum %s, %v", size, whole, err)
		}
		amount, err := r.sums[4].Text()
		if err != nil || amount != "9999999999999999987.69" {
			t.Errorf("parts of %d: sum %s, %v", size, amount, err)
		}
		if got := r.digest(); got != want.Sum() || r.count != 3 {
			t.Errorf("parts of %d: %s, %d rows", size, got, r.count)
		}
	}
}

func TestSum(t *testing.T) {
	for name, c := range map[string]struct {
		scale  int
		values []string
		want   string
		fails  bool
	}{
		"nothing":         {2, nil, "0.00", false},
		"absent":          {2, []string{"", "1.00", ""}, "1.00", false},
		"below nought":    {2, []string{"-0.01", "-0.02"}, "-0.03", false},
		"integers":        {0, []string{"12", "-7"}, "5", false},
		"eighteen digits": {2, []string{"9999999999999999.99", "9999999999999999.99", "0.02"}, "20000000000000000.00", false},
		"many large ones": {0, []string{"999999999999999999", "999999999999999999", "999999999999999999", "999999999999999999", "999999999999999999", "999999999999999999"}, "5999999999999999994", false},
		"longer":          {2, []string{"-123456789012345678901234567890.12", "0.13"}, "-123456789012345678901234567889.99", false},
		"other decimals":  {2, []string{"1.0"}, "", true},
		"no number":       {2, []string{"1.00", "x"}, "", true},
		"a sign alone":    {0, []string{"-"}, "", true},
		"two points":      {2, []string{"1.0.0"}, "", true},
		"an exponent":     {2, []string{"1e3"}, "", true},
		"after a bad one": {2, []string{"x", "1.00"}, "", true},
	} {
		t.Run(name, func(t *testing.T) {
			s := Sum{Scale: c.scale}
			for _, value := range c.values {
				s.Add([]byte(value))
			}
			if got, err := s.Text(); got != c.want || (err != nil) != c.fails {
				t.Errorf("%q, %v, want %q", got, err, c.want)
			}
		})
	}
}
