package table

import (
	"crypto/sha256"
	"encoding/hex"
	"testing"
)

// TestRecordsAreHashedAsRows: whatever parts the records come in.
func TestRecordsAreHashedAsRows(t *testing.T) {
	const records = "1,\"a \"\"b\"\"\",,\"\"\n,\"x,\ny\",z,\"\"\"\"\n"
	want := NewRowHash()
	want.Add([]string{"1", `a "b"`, "", ""})
	want.Add([]string{"", "x,\ny", "z", `"`})
	for size := 1; size <= len(records); size++ {
		h := &rowsOfRecords{sum: sha256.New()}
		for rest := records; rest != ""; {
			n, err := h.Write([]byte(rest[:min(size, len(rest))]))
			if err != nil {
				t.Fatal(err)
			}
			rest = rest[n:]
		}
		if got := hex.EncodeToString(h.sum.Sum(nil)); got != want.Sum() || h.count != 2 {
			t.Errorf("parts of %d: %s, %d rows", size, got, h.count)
		}
	}
}
