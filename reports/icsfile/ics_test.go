package icsfile

import (
	"bytes"
	"strings"
	"testing"
	"time"
	"unicode/utf8"
)

// property is a content line, unfolded and unescaped.
type property struct{ name, value string }

// parse reads a calendar by the rules of RFC 5545, without the code that writes it.
func parse(t *testing.T, text string) []property {
	t.Helper()
	if !strings.HasSuffix(text, "\r\n") {
		t.Fatalf("the last line does not end with CRLF: %q", text)
	}
	var lines []string
	for _, line := range strings.Split(strings.TrimSuffix(text, "\r\n"), "\r\n") {
		if len(line) > 75 {
			t.Errorf("line of %d bytes: %q", len(line), line)
		}
		if !utf8.ValidString(line) {
			t.Errorf("a fold cuts a letter: %q", line)
		}
		if strings.ContainsAny(line, "\r\n") {
			t.Errorf("a line end inside a line: %q", line)
		}
		if rest, folded := strings.CutPrefix(line, " "); folded && len(lines) > 0 {
			lines[len(lines)-1] += rest
			continue
		}
		lines = append(lines, line)
	}
	var list []property
	for _, line := range lines {
		name, value, ok := strings.Cut(line, ":")
		if !ok {
			t.Fatalf("no colon in %q", line)
		}
		list = append(list, property{name, unescape(t, value)})
	}
	return list
}

func unescape(t *testing.T, value string) string {
	t.Helper()
	var out strings.Builder
	for i := 0; i < len(value); i++ {
		if value[i] != '\\' {
			out.WriteByte(value[i])
			continue
		}
		i++
		if i == len(value) {
			t.Fatalf("a lone backslash ends %q", value)
		}
		switch value[i] {
		case 'n', 'N':
			out.WriteByte('\n')
		case '\\', ';', ',':
			out.WriteByte(value[i])
		default:
			t.Fatalf("an escape that is none in %q", value)
		}
	}
	return out.String()
}

func find(list []property, name string) (values []string) {
	for _, p := range list {
		if p.name == name {
			values = append(values, p.value)
		}
	}
	return values
}

func written(t *testing.T, c Calendar) string {
	t.Helper()
	var out bytes.Buffer
	if err := Write(c, &out); err != nil {
		t.Fatal(err)
	}
	return out.String()
}

func TestWrite(t *testing.T) {
	c := Calendar{
		Name: "Relances; Société Générale, Paris", Stamp: time.Date(2025, 6, 30, 0, 0, 0, 0, time.UTC),
		Facts: []Fact{{"as_of", "2025-06-30"}},
		Todos: []Todo{
			{
				UID: "E/C1/2025-06-30@encours", Due: time.Date(2025, 6, 30, 0, 0, 0, 0, time.UTC),
				Summary: "Appeler Été & Fils", Description: "1\u00a0200,00\u00a0€; 30 j\nC:\\factures\r\nfin\x07.",
				Contact: "Zoé, 01 02", Priority: 12, Categories: []string{"litige", "a,b"},
			},
			{UID: "2", Summary: strings.Repeat("é", 200)},
		},
	}
	text := written(t, c)
	list := parse(t, text)
	for name, want := range map[string]string{
		"BEGIN":           "VCALENDAR|VTODO|VTODO",
		"END":             "VTODO|VTODO|VCALENDAR",
		"VERSION":         "2.0",
		"X-WR-CALNAME":    "Relances; Société Générale, Paris",
		"X-ENCOURS-AS-OF": "2025-06-30",
		"UID":             "E/C1/2025-06-30@encours|2",
		"DTSTAMP":         "20250630T000000Z|20250630T000000Z",
		"DUE;VALUE=DATE":  "20250630|00010101",
		"SUMMARY":         "Appeler Été & Fils|" + strings.Repeat("é", 200),
		"DESCRIPTION":     "1\u00a0200,00\u00a0€; 30 j\nC:\\factures\nfin .|",
		"CONTACT":         "Zoé, 01 02",
		"PRIORITY":        "9|1",
		"CATEGORIES":      "litige,a,b",
	} {
		if got := strings.Join(find(list, name), "|"); got != want {
			t.Errorf("%s is %q, want %q", name, got, want)
		}
	}
	if !strings.Contains(text, `CATEGORIES:litige,a\,b`) {
		t.Error("the comma inside a category is not escaped, or the one between them is")
	}
	if again := written(t, c); again != text {
		t.Error("equal calendars give different bytes")
	}
}

// FuzzWrite: whatever a text holds comes back, and no line is longer than allowed.
func FuzzWrite(f *testing.F) {
	f.Add("plain")
	f.Add("é;,\\\n" + strings.Repeat("日本", 60))
	f.Add("BEGIN:VTODO\r\nEND:VCALENDAR\r\n")
	f.Fuzz(func(t *testing.T, text string) {
		list := parse(t, written(t, Calendar{Todos: []Todo{{UID: "1", Summary: text}}}))
		if got := find(list, "BEGIN"); len(got) != 2 {
			t.Fatalf("a text opens a component: %q", got)
		}
		want := strings.Map(func(r rune) rune {
			if r < 0x20 && r != '\t' && r != '\n' || r == 0x7f {
				return ' '
			}
			return r
		}, strings.ReplaceAll(strings.ToValidUTF8(text, "\ufffd"), "\r\n", "\n"))
		if got := find(list, "SUMMARY"); len(got) != 1 || got[0] != want {
			t.Errorf("summary is %q, want %q", got, want)
		}
	})
}
