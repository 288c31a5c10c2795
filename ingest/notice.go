package ingest

// Notice is something that a reader accepted and that a person should know of: a
// file name, a column that is missing, a value in another form than the expected
// one.
type Notice struct {
	// Check is the identifier of the audit check that it belongs to, such as "T09".
	Check string
	// Line is the physical line of the file, 1-based; 0 where it is about the file.
	Line int64
	// Column is the name of the column as the header writes it; empty where none is
	// concerned.
	Column string
	// Value is what stands there, decoded; empty where there is none.
	Value string
}
