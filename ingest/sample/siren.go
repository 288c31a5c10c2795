package sample

import (
	"fmt"

	"github.com/encours/encours/ingest/identifier"
)

// inventedSiren returns the n-th number of one block of nine-digit keys that pass
// the Luhn check. The numbers of one block differ for n below 100,000. They are
// made, not looked up: one may happen to belong to a registered company.
func inventedSiren(block, n int) string {
	// 7919 and 100,000 have no common divisor: every serial comes up once.
	body := fmt.Sprintf("%03d%05d", block-n/100_000, n%100_000*7919%100_000)
	return body + string(rune('0'+(10-identifier.Luhn(body+"0")%10)%10))
}
