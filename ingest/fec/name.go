package fec

import (
	"path/filepath"
	"regexp"
	"strings"
	"time"
)

var fileName = regexp.MustCompile(`^(.*)FEC(20[0-9]{2}[0-1][0-9][0-3][0-9])`)

// NameFacts reads what a file name of the legal form SirenFECAAAAMMJJ says: the
// SIREN (empty where the name does not carry nine digits) and the last day of
// the fiscal year, at midnight UTC. ok is false where the name has another form
// or no such day exists. Names lie: the caller must check them against the
// entries.
func NameFacts(path string) (siren string, yearEnd time.Time, ok bool) {
	m := fileName.FindStringSubmatch(strings.ToUpper(filepath.Base(path)))
	if m == nil {
		return "", time.Time{}, false
	}
	yearEnd, err := time.Parse("20060102", m[2])
	if err != nil {
		return "", time.Time{}, false
	}
	digits := strings.Map(func(r rune) rune {
		if r >= '0' && r <= '9' {
			return r
		}
		return -1
	}, m[1])
	if len(digits) == 9 {
		siren = digits
	}
	return siren, yearEnd, true
}
