package fec

import (
	"slices"
	"strings"
	"unicode"

	"github.com/encours/encours/ingest"
)

// dueWords are the words, folded, of which one in a column name tells a due
// date; otherWords take it back: ModeEcheance is not a date.
var (
	dueWords = []string{
		"ech", "eche", "echeance", "echeances", "due", "duedate", "datedue",
		"dateech", "dateeche", "dateecheance", "dtech", "dech",
	}
	otherWords = []string{
		"mode", "type", "montant", "code", "num", "numero", "libelle", "lib",
		"nb", "nombre", "jours", "delai", "condition", "conditions", "amount",
	}
)

// isDueDate tells whether the name of a column is that of a due date, such as
// DateEcheance, Echeance, Date_Ech, DATEECHEANCEFACTURE or DueDate.
func isDueDate(name string) bool {
	words := nameWords(name)
	whole := foldName(name)
	for _, w := range otherWords {
		if slices.Contains(words, w) || strings.HasPrefix(whole, w+"ech") {
			return false
		}
	}
	return strings.Contains(whole, "echeance") || slices.Contains(dueWords, whole) ||
		slices.ContainsFunc(words, func(w string) bool { return slices.Contains(dueWords, w) })
}

// nameWords cuts a name at marks and at capitals that follow a small letter.
func nameWords(name string) []string {
	var words []string
	var word strings.Builder
	end := func() {
		if word.Len() > 0 {
			words = append(words, foldName(word.String()))
			word.Reset()
		}
	}
	small := false
	for _, r := range name {
		if !unicode.IsLetter(r) && !unicode.IsDigit(r) && !unicode.IsMark(r) {
			end()
			small = false
			continue
		}
		if unicode.IsUpper(r) && small {
			end()
		}
		small = unicode.IsLower(r)
		word.WriteRune(r)
	}
	end()
	return words
}

// findDueDate picks the extra column that tells due dates. sample holds lines
// of the file cut into fields; a column whose values there are mostly no dates
// is passed over, and said.
func (l *layout) findDueDate(sample [][][]byte) (warnings []ingest.Warning) {
	for _, i := range l.extra {
		if !isDueDate(l.names[i]) {
			continue
		}
		if l.dueDate >= 0 {
			warnings = append(warnings, ingest.Warn("due_date.two",
				l.names[l.dueDate], l.names[i]))
			continue
		}
		var dates, others int
		for _, fields := range sample {
			if i >= len(fields) {
				continue
			}
			d, problem := parseDay(trimText(fields[i]))
			switch {
			case problem != "":
				others++
			case d != 0:
				dates++
			}
		}
		if others > dates {
			warnings = append(warnings, ingest.Warn("due_date.none", l.names[i]))
			continue
		}
		l.dueDate = i
	}
	return warnings
}
