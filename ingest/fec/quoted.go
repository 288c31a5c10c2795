package fec

import "bytes"

// The law defines no quotation marks, so by default a mark is text and stays.
// A file is read as quoted (fields may be wrapped in double quotes, a doubled
// quote inside is one, a separator inside is text) where
//
//   - a name of its header is quoted; or
//   - in its first lines every entry date and every amount is quoted; or
//   - a line of its first lines has the number of fields of the header only when
//     read so, and no line has it only when read as it is.
//
// In a file that is not quoted, a line whose number of fields is wrong, and right
// when read as quoted, is read so, and a warning counts those lines. Nothing else
// ever loses a quotation mark.

// splitQuoted cuts a line at each separator outside quotation marks. quoted is
// the number of fields that were wrapped. ok is false where a quotation is not
// closed, or something else than spaces stands around one: the line is not quoted
// text. The fields are parts of line or of buf, which is returned for reuse.
func splitQuoted(dst [][]byte, line []byte, sep byte, buf []byte) (fields [][]byte, count, quoted int, ok bool, _ []byte) {
	dst = dst[:0]
	if cap(buf) < len(line) {
		buf = make([]byte, 0, 2*len(line))
	}
	buf = buf[:0]
	for {
		field, rest, more, wrapped, good := nextQuoted(line, sep, &buf)
		if !good {
			return dst, count, quoted, false, buf
		}
		if wrapped {
			quoted++
		}
		if len(dst) < cap(dst) {
			dst = append(dst, field)
		}
		count++
		if !more {
			return dst, count, quoted, true, buf
		}
		line = rest
	}
}

// nextQuoted takes the first field off a line.
func nextQuoted(line []byte, sep byte, buf *[]byte) (field, rest []byte, more, wrapped, ok bool) {
	start := 0
	for start < len(line) && line[start] == ' ' && sep != ' ' {
		start++
	}
	if start == len(line) || line[start] != '"' {
		if i := bytes.IndexByte(line, sep); i >= 0 {
			return line[:i], line[i+1:], true, false, true
		}
		return line, nil, false, false, true
	}
	from := len(*buf)
	body := line[start+1:]
	for {
		i := bytes.IndexByte(body, '"')
		if i < 0 {
			return nil, nil, false, true, false
		}
		*buf = append(*buf, body[:i]...)
		body = body[i+1:]
		if len(body) == 0 || body[0] != '"' {
			break
		}
		*buf = append(*buf, '"')
		body = body[1:]
	}
	field = (*buf)[from:len(*buf):len(*buf)]
	after, rest, more := bytes.Cut(body, []byte{sep})
	return field, rest, more, true, len(trimText(after)) == 0
}

// readQuoted decides from the first lines whether the file is quoted, in the
// absence of a quoted header.
func (f *File) readQuoted(lines [][]byte) bool {
	want := len(f.layout.names)
	fits := func(fields [][]byte, n int) bool { return n == want || f.trailing(fields, n, want) }
	gained, lost, wrapped, bare := 0, 0, 0, 0
	fields := make([][]byte, 0, want+8)
	var buf []byte
	for _, line := range lines {
		raw := bytes.Split(line, []byte{f.layout.sep})
		for _, c := range []column{entryDate, debit, credit, amount} {
			at := f.layout.source[c]
			if at < 0 || at >= len(raw) {
				continue
			}
			switch v := trimText(raw[at]); {
			case len(v) >= 2 && v[0] == '"' && v[len(v)-1] == '"':
				wrapped++
			case len(v) > 0:
				bare++
			}
		}
		if bytes.IndexByte(line, '"') < 0 {
			continue
		}
		unquoted, count, quoted, ok, used := splitQuoted(fields, line, f.layout.sep, buf)
		buf = used
		good := ok && fits(unquoted, count)
		switch {
		case good && quoted > 0 && (!fits(raw, len(raw)) || count == want && len(raw) != want):
			gained++
		case !good && fits(raw, len(raw)):
			lost++
		}
	}
	return wrapped > 0 && bare == 0 || gained > 0 && lost == 0
}

// cut splits a line into fields as the file asks for. problem is true where the
// number of fields is not that of the header.
func (c *conversion) cut(line []byte, fields [][]byte, count int) (_ [][]byte, _ int, problem bool) {
	f := c.file
	want := len(f.Columns)
	fits := count == want || f.trailing(fields, count, want)
	if count == want && !f.quoted || bytes.IndexByte(line, '"') < 0 {
		return fields, count, !fits
	}
	var unquoted [][]byte
	var n, wrapped int
	var ok bool
	unquoted, n, wrapped, ok, c.unquoted = splitQuoted(c.quotedFields, line, f.Separator, c.unquoted)
	if ok && wrapped > 0 && (n == want || (f.quoted || !fits) && f.trailing(unquoted, n, want)) {
		if !f.quoted {
			c.stats.Unquoted++
		}
		c.stats.ReplacedControls += replaceControls(c.unquoted)
		return unquoted, n, false
	}
	return fields, count, !fits
}

// replaceControls replaces the control characters that quotation marks protected:
// only the separator is left of them.
func replaceControls(b []byte) (replaced int64) {
	for i, c := range b {
		if c < 0x20 {
			b[i] = ' '
			replaced++
		}
	}
	return replaced
}
