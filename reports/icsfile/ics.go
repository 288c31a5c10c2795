// Package icsfile writes to-dos as an iCalendar file (RFC 5545).
//
// Invariants: lines end with CRLF and have at most 75 bytes, a longer one goes on in
// folded lines that never cut a letter; texts are escaped; nothing depends on the
// clock, so that equal calendars give equal bytes.
package icsfile

import (
	"bytes"
	"fmt"
	"io"
	"strings"
	"time"
	"unicode/utf8"
)

const maxLine = 75 // bytes, without the line end

// Calendar is a list of to-dos.
type Calendar struct {
	Name  string
	Facts []Fact    // what the list stands on, as X- properties
	Stamp time.Time // when the list became known, UTC
	Todos []Todo
}

// Fact is one property of the calendar: X-<Name>.
type Fact struct{ Name, Value string }

// Todo is one thing to do on a day.
type Todo struct {
	UID         string // unique, the same each time the list is made
	Due         time.Time
	Summary     string
	Description string
	Contact     string   // empty: none
	Priority    int      // 1 (high) to 9 (low)
	Categories  []string // empty: none
}

// Write writes the calendar. Errors are those of w.
func Write(c Calendar, w io.Writer) error {
	var out bytes.Buffer
	line := func(name, value string) { fold(&out, name+":"+value) }
	line("BEGIN", "VCALENDAR")
	line("VERSION", "2.0")
	line("PRODID", "-//Encours//Worklist//EN")
	line("METHOD", "PUBLISH")
	line("X-WR-CALNAME", escape(c.Name))
	for _, fact := range c.Facts {
		line("X-ENCOURS-"+propertyName(fact.Name), escape(fact.Value))
	}
	for _, todo := range c.Todos {
		line("BEGIN", "VTODO")
		line("UID", escape(todo.UID))
		line("DTSTAMP", c.Stamp.UTC().Format("20060102T150405Z"))
		line("DUE;VALUE=DATE", todo.Due.Format("20060102"))
		line("SUMMARY", escape(todo.Summary))
		line("DESCRIPTION", escape(todo.Description))
		if todo.Contact != "" {
			line("CONTACT", escape(todo.Contact))
		}
		line("PRIORITY", fmt.Sprint(min(max(todo.Priority, 1), 9)))
		if len(todo.Categories) > 0 {
			escaped := make([]string, len(todo.Categories))
			for i, category := range todo.Categories {
				escaped[i] = escape(category)
			}
			line("CATEGORIES", strings.Join(escaped, ","))
		}
		line("STATUS", "NEEDS-ACTION")
		line("END", "VTODO")
	}
	line("END", "VCALENDAR")
	if _, err := w.Write(out.Bytes()); err != nil {
		return fmt.Errorf("write calendar: %w", err)
	}
	return nil
}

// escape writes a TEXT value (RFC 5545, 3.3.11); other control characters, which a
// text may not hold, become spaces, and what is no letter in UTF-8 its replacement.
func escape(text string) string {
	text = strings.ReplaceAll(strings.ToValidUTF8(text, "\ufffd"), "\r\n", "\n")
	var out strings.Builder
	for _, r := range text {
		switch {
		case r == '\\' || r == ';' || r == ',':
			out.WriteRune('\\')
			out.WriteRune(r)
		case r == '\n':
			out.WriteString(`\n`)
		case r < 0x20 && r != '\t' || r == 0x7f:
			out.WriteRune(' ')
		default:
			out.WriteRune(r)
		}
	}
	return out.String()
}

// fold writes a content line (RFC 5545, 3.1).
func fold(out *bytes.Buffer, line string) {
	room := maxLine
	for len(line) > room {
		cut := room
		for !utf8.RuneStart(line[cut]) {
			cut--
		}
		out.WriteString(line[:cut] + "\r\n ")
		line, room = line[cut:], maxLine-1
	}
	out.WriteString(line + "\r\n")
}

// propertyName keeps to the letters, digits and hyphens of a property.
func propertyName(name string) string {
	return strings.Map(func(r rune) rune {
		if r >= 'A' && r <= 'Z' || r >= '0' && r <= '9' {
			return r
		}
		return '-'
	}, strings.ToUpper(name))
}
