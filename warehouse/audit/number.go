package audit

import (
	"fmt"
	"math/big"

	"github.com/duckdb/duckdb-go/v2"
)

// hundredths reads a DECIMAL(…, 2) exactly.
type hundredths int64

func cents(n *int64) *hundredths { return (*hundredths)(n) }

// Scan implements sql.Scanner.
func (h *hundredths) Scan(src any) error {
	d, ok := src.(duckdb.Decimal)
	if !ok || d.Scale != 2 || !d.Value.IsInt64() {
		return fmt.Errorf("read amount: %v (%T) is no amount with two decimals", src, src)
	}
	*h = hundredths(d.Value.Int64())
	return nil
}

// whole reads an integer of any width.
type whole int64

// Scan implements sql.Scanner.
func (w *whole) Scan(src any) error {
	switch n := src.(type) {
	case int64:
		*w = whole(n)
		return nil
	case *big.Int:
		if n.IsInt64() {
			*w = whole(n.Int64())
			return nil
		}
	}
	return fmt.Errorf("read count: %v (%T) is no count", src, src)
}
