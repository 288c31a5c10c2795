package bodacc

import (
	"strings"
	"unicode/utf8"

	"golang.org/x/text/encoding/charmap"
)

// repair undoes UTF-8 that was read as Latin-1 or Windows-1252 on its way ("procÃ©dure"),
// run by run of letters beyond ASCII, so that a text that mixes both comes out whole.
// Text that is right stays as it is.
func repair(text string) string {
	for range 2 { // it happens twice over
		if !strings.ContainsAny(text, "ÃÂâÅ") {
			return text
		}
		mended := mend(text)
		if mended == text {
			break
		}
		text = mended
	}
	return text
}

func mend(text string) string {
	var out strings.Builder
	for len(text) > 0 {
		start := strings.IndexFunc(text, func(c rune) bool { return c >= utf8.RuneSelf })
		if start < 0 {
			break
		}
		out.WriteString(text[:start])
		text = text[start:]
		end := strings.IndexFunc(text, func(c rune) bool { return c < utf8.RuneSelf })
		if end < 0 {
			end = len(text)
		}
		run := text[:end]
		text = text[end:]
		// the no-break space of "à" was made a common one
		if strings.HasSuffix(run, "Ã") && strings.HasPrefix(text, " ") {
			run = strings.TrimSuffix(run, "Ã") + "à"
		}
		out.WriteString(mendRun(run))
	}
	out.WriteString(text)
	return out.String()
}

// mendRun reads the characters of a run as the bytes that they were; where those are
// no UTF-8 the run stands.
func mendRun(run string) string {
	raw := make([]byte, 0, len(run))
	for _, c := range run {
		if b, ok := charmap.Windows1252.EncodeRune(c); ok {
			raw = append(raw, b)
		} else if c <= 0xFF {
			raw = append(raw, byte(c))
		} else {
			return run
		}
	}
	if !utf8.Valid(raw) {
		return run
	}
	return string(raw)
}
