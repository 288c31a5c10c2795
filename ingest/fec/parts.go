package fec

import (
	"cmp"
	"fmt"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
)

const (
	// MaxParts is how many parts a split ledger may have, and MaxPartLines how
	// many lines each of them: the number of a line shares nine digits with that
	// of its part.
	MaxParts     = 90
	MaxPartLines = 9_999_999
)

var (
	// partWord is a suffix that says part: _part2, -partie-3, .pt1, .001.
	partWord = regexp.MustCompile(`(?i)^(.*?)(?:[-_. ]*(?:partie|part|pt)[-_. ]*([0-9]{1,3})|\.([0-9]{3}))$`)
	// partNumber is a bare number, taken for a part behind a legal name only.
	partNumber = regexp.MustCompile(`^(.*?)[-_]([0-9]{1,3})$`)
	legalStem  = regexp.MustCompile(`(?i)FEC20[0-9]{6}$`)
)

// partName splits the name of a file into what its parts have in common and the
// number of the part; said tells that the name says so in words, and is not only
// a number behind a legal name.
func partName(file string) (stem string, number int, said, ok bool) {
	dir, base := filepath.Split(file)
	endings := ""
	for {
		ext := filepath.Ext(base)
		switch strings.ToLower(ext) {
		case ".txt", ".csv", ".tab", ".tsv", ".fec", ".xml", ".gz", ".zip", ".dat":
			base = strings.TrimSuffix(base, ext)
			endings = ext + endings
			continue
		}
		break
	}
	m := partWord.FindStringSubmatch(base)
	said = m != nil
	if m == nil {
		if m = partNumber.FindStringSubmatch(base); m == nil || !legalStem.MatchString(m[1]) {
			return "", 0, false, false
		}
	}
	if m[1] == "" {
		return "", 0, false, false
	}
	digits := m[2]
	if digits == "" {
		digits = m[3]
	}
	number, err := strconv.Atoi(digits)
	return strings.ToLower(dir + m[1] + "*" + endings), number, said, err == nil
}

// GroupParts sorts files into ledgers: each group is one file, or the parts of
// one split ledger in their order. With all, every file is a part of one ledger.
// Else files are parts where their names are the same but for _part2, -partie2 or
// .002 at the end, or for _2 or -2 behind a legal name. Parts that are missing in
// the middle are an error.
func GroupParts(files []string, all bool) ([][]string, error) {
	if all {
		sorted := slices.Clone(files)
		slices.SortStableFunc(sorted, compareNatural)
		return [][]string{sorted}, nil
	}
	type part struct {
		file   string
		number int
		said   bool
	}
	groups := map[string][]part{}
	var order []string
	for _, file := range files {
		stem, number, said, ok := partName(file)
		if !ok {
			stem, number = "\x00"+file, 1
		}
		if groups[stem] == nil {
			order = append(order, stem)
		}
		groups[stem] = append(groups[stem], part{file, number, said})
	}
	var out [][]string
	for _, stem := range order {
		parts := groups[stem]
		if len(parts) == 1 && !parts[0].said {
			out = append(out, []string{parts[0].file})
			continue
		}
		slices.SortFunc(parts, func(a, b part) int { return cmp.Compare(a.number, b.number) })
		var names []string
		first := min(parts[0].number, 1) // parts are numbered from 0 or from 1
		for i, p := range parts {
			if p.number != first+i {
				if i > 0 && p.number == parts[i-1].number {
					return nil, fmt.Errorf("%s and %s are both part %d of one ledger: give one of them", parts[i-1].file, p.file, p.number)
				}
				return nil, fmt.Errorf("%s is part %d of a split ledger and part %d is not there: give all parts together, "+
					"or rename the file if it is a whole ledger", p.file, p.number, first+i)
			}
			names = append(names, p.file)
		}
		out = append(out, names)
	}
	return out, nil
}

// groupName names the parts of a ledger as one: what they have in common, with
// the numbers in brackets.
func groupName(files []string) string {
	if len(files) == 1 {
		return files[0]
	}
	first, last := files[0], files[len(files)-1]
	head := 0
	for head < min(len(first), len(last)) && first[head] == last[head] {
		head++
	}
	tail := 0
	for tail < min(len(first), len(last))-head && first[len(first)-1-tail] == last[len(last)-1-tail] {
		tail++
	}
	for head > 0 && isDigit(first[head-1]) {
		head--
	}
	for tail > 0 && isDigit(first[len(first)-tail]) {
		tail--
	}
	if head <= strings.LastIndexByte(first, filepath.Separator) {
		return fmt.Sprintf("%s and %d more", first, len(files)-1)
	}
	return fmt.Sprintf("%s[%s-%s]%s", first[:head], first[head:len(first)-tail], last[head:len(last)-tail], first[len(first)-tail:])
}

// compareNatural orders names as people do: runs of digits by their number, so
// that part 10 comes after part 9.
func compareNatural(a, b string) int {
	whole := cmp.Compare(a, b)
	for a != "" && b != "" {
		na, nb := leadingDigits(a), leadingDigits(b)
		if na > 0 && nb > 0 {
			x, y := strings.TrimLeft(a[:na], "0"), strings.TrimLeft(b[:nb], "0")
			if c := cmp.Or(cmp.Compare(len(x), len(y)), cmp.Compare(x, y)); c != 0 {
				return c
			}
			a, b = a[na:], b[nb:]
			continue
		}
		if a[0] != b[0] {
			return cmp.Compare(a[0], b[0])
		}
		a, b = a[1:], b[1:]
	}
	return cmp.Or(cmp.Compare(len(a), len(b)), whole)
}

func leadingDigits(s string) int {
	n := 0
	for n < len(s) && isDigit(s[n]) {
		n++
	}
	return n
}

func isDigit(c byte) bool { return c >= '0' && c <= '9' }
