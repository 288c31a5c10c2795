// Package ingest holds what every reader of extracts shares. Readers live in
// one sub-package per source family; each turns the bytes of an extract into
// canonical rows and rejects.
//
// Invariant: every data record of an extract becomes either one canonical row
// or one Reject. Nothing is dropped and nothing is guessed in silence.
package ingest

// Reject is one record of an extract that could not be turned into a row, with
// what a person needs to find it in the file and to correct it.
type Reject struct {
	// File is the part of the extract that holds the record; empty where the
	// extract is one file.
	File string
	// Line is the physical line of the file, 1-based, the header included.
	Line int64
	// Column is the name of the first bad column as the header of the file
	// writes it; empty where the whole line is at fault.
	Column string
	// Value is the bad value, decoded; empty where the whole line is at fault.
	Value string
	// Reason is a stable code of the form subject.problem, such as
	// "amount.invalid" or "fields.count".
	Reason string
	// Message is an English sentence that says what is wrong and what to do.
	Message string
	// Raw is the whole line, decoded and without its line end. It is cut only
	// past 64 KiB, and then ends with a note that says so.
	Raw string
}

// Field is a column of a dataset as a reader fills it.
type Field struct {
	Name     string
	Type     string   // as DuckDB writes it: varchar, date, boolean, integer, decimal(18, 2) …
	Required bool     // an empty value is a reject
	Meaning  string   // one line, for proposals and messages
	Values   []string // the only ones that it takes, to the letter; empty: any
	LeftOut  bool     // the project does not want it: whatever the extract holds, it has no value
}
