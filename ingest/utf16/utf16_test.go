package utf16

import (
	"encoding/binary"
	"io"
	"strings"
	"testing"
	"testing/iotest"
	"unicode/utf16"
	"unicode/utf8"
)

// encoded is a text in UTF-16.
func encoded(text string, order binary.AppendByteOrder) string {
	var b []byte
	for _, unit := range utf16.Encode([]rune(text)) {
		b = order.AppendUint16(b, unit)
	}
	return string(b)
}

func TestReader(t *testing.T) {
	le := func(units ...uint16) string {
		var b []byte
		for _, unit := range units {
			b = binary.LittleEndian.AppendUint16(b, unit)
		}
		return string(b)
	}
	long := strings.Repeat("é€😀\n", block/3)
	for name, c := range map[string]struct {
		text  string
		order binary.ByteOrder
		want  string
	}{
		"little end first":      {encoded("\ufeffÉté 100 €", binary.LittleEndian), binary.LittleEndian, "Été 100 €"},
		"big end first":         {encoded("\ufeffÉté 100 €", binary.BigEndian), binary.BigEndian, "Été 100 €"},
		"a mark within":         {encoded("a\ufeffb", binary.LittleEndian), binary.LittleEndian, "a\ufeffb"},
		"a pair":                {encoded("😀", binary.BigEndian), binary.BigEndian, "😀"},
		"more than one block":   {encoded("x"+long, binary.LittleEndian), binary.LittleEndian, "x" + long},
		"half a pair":           {le('a', 0xD83D, 'b'), binary.LittleEndian, "a\xed\xa0\xbdb"},
		"half a pair at end":    {le('a', 0xD83D), binary.LittleEndian, "a\xed\xa0\xbd"},
		"the other half":        {le(0xDE00, 'b'), binary.LittleEndian, "\xed\xb8\x80b"},
		"half of a first pair":  {le(0xD83D, 0xD83D, 0xDE00), binary.LittleEndian, "\xed\xa0\xbd😀"},
		"a byte left over":      {"a\x00b", binary.LittleEndian, "a\xff"},
		"a byte after a pair":   {le(0xD83D, 0xDE00) + "x", binary.LittleEndian, "😀\xff"},
		"empty":                 {"", binary.LittleEndian, ""},
		"a mark and no more":    {"\xff\xfe", binary.LittleEndian, ""},
		"the mark of the other": {encoded("\ufeffa", binary.BigEndian), binary.LittleEndian, "\ufffe\u6100"},
	} {
		t.Run(name, func(t *testing.T) {
			for _, src := range []io.Reader{strings.NewReader(c.text), iotest.DataErrReader(strings.NewReader(c.text)), iotest.HalfReader(strings.NewReader(c.text))} {
				got, err := io.ReadAll(NewReader(src, c.order))
				if err != nil || string(got) != c.want {
					t.Fatalf("%.60q, %v; want %.60q", got, err, c.want)
				}
			}
		})
	}
	if _, err := io.ReadAll(NewReader(iotest.TimeoutReader(strings.NewReader(encoded(long, binary.BigEndian))), binary.BigEndian)); err == nil {
		t.Error("an error of the source is lost")
	}
}

func TestMarked(t *testing.T) {
	for head, want := range map[string]string{
		"\xff\xfea\x00": "utf-16le", "\xfe\xff\x00a": "utf-16be", "\xff\xfe\x00\x00": "", "\xff\xfe": "utf-16le", "a\x00b\x00": "", "": "", "\xff": "",
	} {
		order, ok := Marked([]byte(head))
		if ok != (want != "") || ok && Name(order) != want {
			t.Errorf("%q: %v, %v; want %q", head, order, ok, want)
		}
	}
}

// FuzzReader: text comes out as it is, and what comes out is valid where what goes in
// is, in either order and however it is cut.
func FuzzReader(f *testing.F) {
	f.Add([]byte("a\x00=\xd8\x00\xde"))
	f.Fuzz(func(t *testing.T, raw []byte) {
		for _, order := range []binary.ByteOrder{binary.LittleEndian, binary.BigEndian} {
			var units []uint16
			for i := 0; i+1 < len(raw); i += 2 {
				units = append(units, order.Uint16(raw[i:]))
			}
			got, err := io.ReadAll(NewReader(iotest.OneByteReader(strings.NewReader(string(raw))), order))
			if err != nil {
				t.Fatal(err)
			}
			want := string(utf16.Decode(units))
			if len(units) > 0 && units[0] == 0xFEFF {
				want = strings.TrimPrefix(want, "\ufeff")
			}
			if clean := len(raw)%2 == 0 && string(utf16.Decode(units)) != "" && !strings.ContainsRune(want, utf8.RuneError); clean && string(got) != want {
				t.Fatalf("%q, want %q", got, want)
			}
		}
	})
}
