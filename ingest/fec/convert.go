package fec

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"

	"github.com/encours/encours/ingest"
)

const flushAt = 256 << 10

// Convert reads the file a second time and writes one canonical row per good
// line to w, in the order of the file, and calls reject for each bad one.
// progress, which may be nil, is called now and then with the bytes read so
// far. Memory is bounded whatever the file holds.
//
// An error means that the rows written so far are not the file: the file cannot
// be read, has changed since Inspect, ctx is done, or w or reject failed. w is
// neither flushed nor closed.
func (f *File) Convert(ctx context.Context, w io.Writer, reject func(ingest.Reject) error, progress func(bytesDone int64)) (stats Stats, err error) {
	in, err := f.member.open()
	if err != nil {
		return Stats{}, fmt.Errorf("convert FEC: %w", err)
	}
	defer in.Close() // nothing was written to it
	if f.xml != nil {
		stats, err = f.convertXML(ctx, in, w, reject, progress)
	} else {
		stats, err = f.convert(ctx, in, w, reject, progress)
	}
	if err != nil {
		return stats, err
	}
	info, err := os.Stat(f.member.path)
	if err != nil {
		return stats, fmt.Errorf("convert FEC: %w", err)
	}
	if info.Size() != f.diskSize || !info.ModTime().Equal(f.modified) {
		return stats, fmt.Errorf("convert FEC %q: the file changed since it was inspected", f.Path)
	}
	return stats, nil
}

// convert is Convert over any stream of bytes.
func (f *File) convert(ctx context.Context, r io.Reader, w io.Writer, reject func(ingest.Reject) error, progress func(int64)) (Stats, error) {
	c := &conversion{
		file:    f,
		lines:   f.lines(&meteredReader{ctx: ctx, src: r, progress: progress}),
		encoder: newRowEncoder(f.layout, f.part, f.stream),
		reject:  reject,

		fields:       make([][]byte, 0, len(f.Columns)+8),
		quotedFields: make([][]byte, 0, len(f.Columns)+8),
	}
	if f.notify != nil {
		c.forms = f.layout.forms()
	}
	for {
		line, err := c.lines.next()
		if errors.Is(err, io.EOF) {
			break
		}
		if err == nil && c.lines.number > f.headerLine {
			err = c.take(line)
		}
		if err == nil && len(c.out) >= flushAt {
			err = c.flush(w)
		}
		if err != nil {
			return c.stats, fmt.Errorf("convert FEC %q: %w", f.Path, err)
		}
	}
	if err := c.flush(w); err != nil {
		return c.stats, fmt.Errorf("convert FEC %q: %w", f.Path, err)
	}
	c.stats.lastLine = c.lines.number
	c.stats.finish(f, c.encoder, c.separatorsOnly)
	return c.stats, nil
}

// meteredReader stops when its context is done and reports how far it is.
type meteredReader struct {
	ctx      context.Context
	src      io.Reader
	done     int64
	progress func(int64)
}

func (m *meteredReader) Read(p []byte) (int, error) {
	if err := m.ctx.Err(); err != nil {
		return 0, err
	}
	n, err := m.src.Read(p)
	m.done += int64(n)
	if m.progress != nil {
		m.progress(m.done)
	}
	return n, err
}

// conversion is the state of one pass over the lines.
type conversion struct {
	file    *File
	lines   *lineReader
	encoder *rowEncoder
	reject  func(ingest.Reject) error

	forms          []form // empty where nobody is to be told
	fields         [][]byte
	quotedFields   [][]byte
	unquoted       []byte // fields without their quotation marks
	clean          []byte // the line as UTF-8 without control characters
	out            []byte
	stats          Stats
	separatorsOnly int64
}

func (c *conversion) flush(w io.Writer) error {
	n, err := w.Write(c.out)
	if err == nil && n < len(c.out) {
		err = io.ErrShortWrite
	}
	c.out = c.out[:0]
	if err != nil {
		return fmt.Errorf("write rows: %w", err)
	}
	return nil
}

// take turns one line of the file into a row or a reject.
func (c *conversion) take(line []byte) error {
	f := c.file
	if c.lines.length > int64(f.maxLine) {
		c.stats.Lines++
		return c.refuse(line, tooLong(c.lines.length, f.maxLine))
	}
	if c.blank(line) {
		c.stats.Blank++
		return c.notice(noticeBlank, "", "")
	}
	c.stats.Lines++
	raw := line
	fields, count, dirty := splitFields(c.fields, line, f.Separator)
	switch {
	case dirty&dirtyHigh != 0 && !f.decoder.valid(line):
		return c.refuse(raw, f.brokenText(fields))
	case dirty&dirtyControl != 0 || dirty != 0 && f.decoder.high != nil:
		var replaced int64
		c.clean, replaced = f.decoder.appendClean(c.clean[:0], line, f.Separator)
		c.stats.ReplacedControls += replaced
		line = c.clean
		fields, count, _ = splitFields(c.fields, line, f.Separator)
	}
	fields, count, miscounted := c.cut(line, fields, count)
	if miscounted {
		return c.refuse(raw, f.miscounted(fields, count, c.lines.cut))
	}
	var problem *fieldError
	c.out, problem = c.encoder.append(c.out, c.lines.number, fields)
	if problem != nil {
		return c.refuse(raw, ingest.Reject{
			Column: f.Columns[problem.field], Value: ingest.Cut(string(problem.value), 4096),
			Reason: problem.reason, Message: problem.message,
		})
	}
	c.stats.Rows++
	return c.noticeForms(fields)
}

// blank tells whether a line holds no value at all: nothing, spaces, separators
// or the end-of-file mark of old systems.
func (c *conversion) blank(line []byte) bool {
	if len(line) > 0 && line[0] > ' ' && line[0] != c.file.Separator {
		return false
	}
	separators := 0
	for _, b := range line {
		switch b {
		case c.file.Separator:
			separators++
		case ' ', '\t', 0x1A:
		default:
			return false
		}
	}
	if separators > 0 {
		c.separatorsOnly++
	}
	return true
}

// trailing tells whether the fields beyond those of the header are the empty
// ones behind trailing separators: as many as the header has, or one. Where the
// header has none and an amount looks cut in two, they are not: a decimal comma
// was turned into the separator and pushed empty columns out at the end.
func (f *File) trailing(fields [][]byte, count, want int) bool {
	if count < want || count != len(fields) || count-want > max(f.layout.trailing, 1) {
		return false
	}
	for _, extra := range fields[want:] {
		if len(trimText(extra)) > 0 {
			return false
		}
	}
	return count-want == f.layout.trailing || f.splitAmount(fields) < 0
}

// refuse hands over a reject for the line in hand.
func (c *conversion) refuse(raw []byte, r ingest.Reject) error {
	c.stats.Rejects++
	r.Line = c.lines.number
	r.Raw = c.file.rawText(raw, c.lines.length)
	if err := c.reject(r); err != nil {
		return fmt.Errorf("keep the reject of line %d: %w", r.Line, err)
	}
	return nil
}

// rawText is the line as a reject keeps it.
func (f *File) rawText(raw []byte, length int64) string {
	text := f.decoder.text(raw[:min(len(raw), rawLimit)])
	if length > rawLimit {
		text += fmt.Sprintf("… (cut here: the line is %d bytes long)", length)
	}
	return text
}
