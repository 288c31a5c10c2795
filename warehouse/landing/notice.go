package landing

// Notice is one kind of thing that the reader of an extract accepted and that a
// person should know of, counted over the extract: values of one column in another
// form than the expected one, a column that is missing, a file name.
type Notice struct {
	Check     string `json:"check"`                // identifier of the audit check
	Column    string `json:"column,omitempty"`     // as the header writes it
	Count     int64  `json:"count"`                // lines, or 1 for the file
	FirstLine int64  `json:"first_line,omitempty"` // 0: the file
	Value     string `json:"value,omitempty"`      // the first one
}

// RejectsPath returns the file of the rejected lines of a batch; it exists where
// the batch has any.
func (z *Zone) RejectsPath(b Batch) string { return z.rejectsPath(b.ID) }
