package database

import (
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"
)

// Placeholder is what a query file writes where the watermark is bound.
const Placeholder = ":since"

// Statement is a query in the writing of its driver.
type Statement struct {
	Text  string
	Binds int // how many values it takes: 0 or 1 where the driver numbers them
}

// writing holds what the text of one driver may look like.
type writing struct {
	backslash    bool   // a backslash escapes inside quotes
	eString      bool   // … inside E'…' only
	dollarQuotes bool   // $tag$…$tag$
	qQuotes      bool   // q'[…]'
	brackets     bool   // […] quotes a name
	subscripts   bool   // […] holds a subscript, in which a colon is no placeholder
	backticks    bool   // `…` quotes a name
	hash         bool   // # begins a comment
	dashSpace    bool   // -- begins a comment only before a space
	nested       bool   // comments hold comments
	question     bool   // a bare ? would be a placeholder of the driver
	banned       string // words that a query must not hold, between spaces
	bind         func(n int) string
	everyUse     bool // each use binds a value of its own
}

const writingWords = " insert update delete merge truncate create alter drop exec execute grant revoke deny set begin commit " +
	"rollback save use backup restore bulk openrowset shutdown kill dbcc declare waitfor "

var writings = map[string]writing{
	Postgres: {
		eString: true, dollarQuotes: true, subscripts: true, nested: true,
		bind: func(int) string { return "$1" },
	},
	MySQL: {
		backslash: true, backticks: true, hash: true, dashSpace: true, question: true,
		bind: func(int) string { return "?" }, everyUse: true,
	},
	SQLite: {
		backticks: true, brackets: true, question: true,
		bind: func(int) string { return "?1" },
	},
	SQLServer: {
		brackets: true, nested: true, banned: writingWords,
		bind: func(int) string { return "@since" },
	},
	Oracle: {
		qQuotes: true,
		bind:    func(n int) string { return Placeholder + "_" + strconv.Itoa(n) }, everyUse: true,
	},
}

// maxText bounds the text of a query.
const maxText = 1 << 20

// Prepare turns the text of a query file into a statement of the driver: every
// :since outside of strings, names and comments becomes a bind of the driver, and
// nothing else changes. A text that is not exactly one SELECT, or that holds
// another placeholder, is ErrQuery.
func Prepare(driver, text string) (Statement, error) {
	w, ok := writings[driver]
	if !ok {
		return Statement{}, fmt.Errorf("%w: there is no driver %q", ErrQuery, driver)
	}
	if len(text) > maxText {
		return Statement{}, fmt.Errorf("%w: it is longer than %d bytes", ErrQuery, maxText)
	}
	s := scanner{writing: w, text: text}
	if err := s.scan(); err != nil {
		return Statement{}, fmt.Errorf("%w: line %d: %w", ErrQuery, 1+strings.Count(text[:min(s.at, len(text))], "\n"), err)
	}
	return Statement{Text: s.out.String(), Binds: s.binds}, nil
}

// scanner walks over the text once.
type scanner struct {
	writing
	text  string
	at    int
	out   strings.Builder
	uses  int
	binds int
	depth int  // of subscripts
	first bool // the first word was seen
	ended bool // a semicolon was seen
}

func (s *scanner) scan() error {
	for s.at < len(s.text) {
		if end, skipped, err := s.quoted(); err != nil {
			return err
		} else if skipped {
			s.keep(end)
			continue
		}
		if err := s.token(); err != nil {
			return err
		}
	}
	if !s.first {
		return errors.New("it holds no query")
	}
	return nil
}

// keep copies the text up to end.
func (s *scanner) keep(end int) {
	s.out.WriteString(s.text[s.at:end])
	s.at = end
}

// token reads one word or one character outside of quotes and comments.
func (s *scanner) token() error {
	c := s.text[s.at]
	if isSpace(c) {
		s.keep(s.at + 1)
		return nil
	}
	if s.ended && c != ';' {
		return errors.New("text follows the semicolon: a file holds one query")
	}
	switch {
	case isWord(c):
		return s.word()
	case c == ';':
		s.ended = true
		s.at++ // drivers disagree about a semicolon at the end: it is left out
		return nil
	case c == ':':
		return s.colon()
	case c == '?' && s.question:
		return fmt.Errorf("a bare ? is no placeholder here: write %s", Placeholder)
	case c == '[' && s.subscripts:
		s.depth++
	case c == ']' && s.subscripts:
		s.depth--
	}
	if !s.first && c != '(' {
		return errNoSelect
	}
	s.keep(s.at + 1)
	return nil
}

var errNoSelect = errors.New("a query begins with select or with: nothing else is sent")

func (s *scanner) word() error {
	end := s.at
	for end < len(s.text) && (isWord(s.text[end]) || s.text[end] == '$') {
		end++
	}
	word := strings.ToLower(s.text[s.at:end])
	if !s.first && word != "select" && word != "with" {
		return errNoSelect
	}
	s.first = true
	if word == "into" || strings.Contains(s.banned, " "+word+" ") {
		return fmt.Errorf("the word %q stands outside of a name in quotes: a query only reads", word)
	}
	s.keep(end)
	return nil
}

// colon reads :since, and leaves casts, assignments and subscripts alone.
func (s *scanner) colon() error {
	rest := s.text[s.at+1:]
	if strings.HasPrefix(rest, ":") || strings.HasPrefix(rest, "=") {
		s.keep(s.at + 2)
		return nil
	}
	end := 0
	for end < len(rest) && isWord(rest[end]) {
		end++
	}
	switch {
	case s.depth > 0 || end == 0:
		s.keep(s.at + 1)
		return nil
	case ":"+rest[:end] != Placeholder:
		return fmt.Errorf("%q is not known: the only placeholder is %s", ":"+rest[:end], Placeholder)
	}
	s.uses++
	if s.binds == 0 || s.everyUse {
		s.binds++
	}
	s.out.WriteString(s.bind(s.uses))
	s.at += 1 + end
	return nil
}

// quoted returns the end of the string, name in quotes or comment that begins here.
func (s *scanner) quoted() (end int, ok bool, err error) {
	rest := s.text[s.at:]
	before := byte(' ')
	if s.at > 0 {
		before = s.text[s.at-1]
	}
	switch {
	case strings.HasPrefix(rest, "/*"):
		end, err = s.comment(rest)
	case strings.HasPrefix(rest, "--") && (!s.dashSpace || len(rest) == 2 || isSpace(rest[2])), s.hash && rest[0] == '#':
		if end = strings.IndexByte(rest, '\n'); end < 0 {
			end = len(rest)
		}
	case s.qQuotes && !isWord(before) && len(rest) > 2 && (rest[0] == 'q' || rest[0] == 'Q') && rest[1] == '\'':
		end, err = qQuoteEnd(rest)
	case rest[0] == '\'':
		end, err = quoteEnd(rest, '\'', s.backslash || s.eString && isEString(s.text[:s.at]))
	case rest[0] == '"':
		end, err = quoteEnd(rest, '"', s.backslash)
	case s.backticks && rest[0] == '`':
		end, err = quoteEnd(rest, '`', false)
	case s.brackets && rest[0] == '[':
		end, err = quoteEnd(rest, ']', false)
	case s.dollarQuotes && rest[0] == '$' && !isWord(before):
		end, err = dollarEnd(rest)
	}
	if err == nil && end > 0 && s.ended && !strings.HasPrefix(rest, "--") && !strings.HasPrefix(rest, "/*") && rest[0] != '#' {
		err = errors.New("text follows the semicolon: a file holds one query")
	}
	return s.at + end, end > 0, err
}

// comment returns the length of the comment that text begins with.
func (s *scanner) comment(text string) (int, error) {
	if s.backslash && (strings.HasPrefix(text, "/*!") || strings.HasPrefix(text, "/*M!")) {
		return 0, errors.New("a comment that the server runs (/*! … */) is not accepted")
	}
	depth := 0
	for i := 0; i+1 < len(text); i++ {
		switch {
		case text[i] == '/' && text[i+1] == '*' && (depth == 0 || s.nested):
			depth++
			i++
		case text[i] == '*' && text[i+1] == '/':
			depth--
			i++
			if depth == 0 {
				return i + 1, nil
			}
		}
	}
	return 0, errors.New("a comment does not end")
}

// quoteEnd returns the length of the quoted text that text begins with. The closing
// mark written twice stands for itself.
func quoteEnd(text string, mark byte, backslash bool) (int, error) {
	for i := 1; i < len(text); i++ {
		switch {
		case backslash && text[i] == '\\':
			i++
		case text[i] == mark && i+1 < len(text) && text[i+1] == mark:
			i++
		case text[i] == mark:
			return i + 1, nil
		}
	}
	return 0, fmt.Errorf("what begins with %c does not end", text[0])
}

// isEString tells whether the text before a quote makes it an E'…' of PostgreSQL.
func isEString(before string) bool {
	n := len(before)
	return n > 0 && (before[n-1] == 'e' || before[n-1] == 'E') && (n == 1 || !isWord(before[n-2]))
}

func qQuoteEnd(text string) (int, error) {
	mark := text[2]
	if i := strings.IndexByte("([{<", mark); i >= 0 {
		mark = ")]}>"[i]
	}
	end := strings.Index(text[3:], string([]byte{mark, '\''}))
	if end < 0 {
		return 0, fmt.Errorf("what begins with %s does not end", text[:3])
	}
	return 3 + end + 2, nil
}

// dollarEnd returns the length of the $tag$…$tag$ that text begins with, 0 where it
// is not one.
func dollarEnd(text string) (int, error) {
	tag := strings.IndexByte(text[1:], '$')
	if tag < 0 || strings.IndexFunc(text[1:1+tag], func(c rune) bool { return c < 0x80 && !isWord(byte(c)) }) >= 0 {
		if len(text) > 1 && text[1] >= '0' && text[1] <= '9' {
			return 0, fmt.Errorf("a bare $1 is no placeholder here: write %s", Placeholder)
		}
		return 0, nil
	}
	if tag > 0 && text[1] >= '0' && text[1] <= '9' {
		return 0, fmt.Errorf("a bare $1 is no placeholder here: write %s", Placeholder)
	}
	mark := text[:tag+2]
	end := strings.Index(text[len(mark):], mark)
	if end < 0 {
		return 0, fmt.Errorf("what begins with %s does not end", mark)
	}
	return 2*len(mark) + end, nil
}

func isSpace(c byte) bool { return slices.Contains([]byte(" \t\r\n\f\v"), c) }

func isWord(c byte) bool {
	return c == '_' || c >= '0' && c <= '9' || c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c >= 0x80
}
