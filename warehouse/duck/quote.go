package duck

import "strings"

// Text returns s as a SQL text literal. Prefer a bound parameter wherever DuckDB
// takes one: this is for the places that take none, such as a file name. A text
// with a NUL character, which would end the statement early, gives an expression
// that DuckDB refuses.
func Text(s string) string {
	if strings.ContainsRune(s, 0) {
		return "error('a text with a NUL character cannot be part of a statement')"
	}
	return "'" + strings.ReplaceAll(s, "'", "''") + "'"
}

// Ident returns s as a quoted identifier. An empty name, or one with a NUL
// character, gives the empty identifier, which DuckDB refuses.
func Ident(s string) string {
	if strings.ContainsRune(s, 0) {
		return `""`
	}
	return `"` + strings.ReplaceAll(s, `"`, `""`) + `"`
}
