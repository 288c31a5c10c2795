package sirene

import (
	"bufio"
	"bytes"
	"errors"
	"io"
)

// Words are the words of names that are looked for, as name_words writes them.
type Words map[string]struct{}

// Find reads records of text, a number and then names, separated by FieldEnd, and
// returns the numbers of those of which a name may be one that is looked for.
func (w Words) Find(in io.Reader) ([]string, error) {
	lines := bufio.NewReaderSize(in, 1<<20)
	var found []string
	for {
		line, err := lines.ReadSlice(RecordEnd)
		if errors.Is(err, io.EOF) && len(line) == 0 {
			return found, nil
		}
		if err != nil && !errors.Is(err, io.EOF) {
			return nil, err
		}
		number, names, _ := bytes.Cut(bytes.TrimSuffix(line, []byte{RecordEnd}), []byte{FieldEnd})
		for len(names) > 0 {
			var name []byte
			name, names, _ = bytes.Cut(names, []byte{FieldEnd})
			if w.MayBe(name) {
				found = append(found, string(number))
				break
			}
		}
	}
}

// MayBe says whether a name can be one that is looked for: false where it has a word
// that none of them has. Single letters, and those that a comparison writes out, tell
// nothing; nor do names with other letters than A to Z.
func (w Words) MayBe(name []byte) bool {
	var word [64]byte
	length, some := 0, false
	for i := 0; i <= len(name); i++ {
		c := byte(' ')
		if i < len(name) {
			c = name[i]
		}
		switch {
		case c >= 'a' && c <= 'z':
			c -= 'a' - 'A'
		case c >= 0x80:
			return true
		}
		if c >= 'A' && c <= 'Z' || c >= '0' && c <= '9' {
			if length == len(word) {
				return true
			}
			word[length] = c
			length++
			continue
		}
		if length == 0 {
			continue
		}
		some = true
		whole := word[:length]
		length = 0
		if len(whole) == 1 || string(whole) == "ST" || string(whole) == "STE" {
			continue
		}
		if _, ok := w[string(whole)]; !ok {
			return false
		}
	}
	return some
}
