package sirene

import (
	"strings"

	"github.com/encours/encours/ingest/identifier"
)

// SIREN writes a SIREN, or the head of a SIRET, with nine digits; ok is false where the
// text is neither, its check digit included.
func SIREN(text string) (number string, ok bool) {
	number = identifier.Plain(text)
	switch {
	case identifier.IsSIREN(number):
		return strings.Repeat("0", 9-len(number)) + number, true
	case identifier.IsSIRET(number):
		return (strings.Repeat("0", 14-len(number)) + number)[:9], true
	}
	return "", false
}
