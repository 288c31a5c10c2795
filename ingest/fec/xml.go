package fec

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"

	"github.com/encours/encours/ingest"
)

// The XML form of the FEC (schemas formatA47A-I-VII-1, VIII-3, VIII-5 and VIII-7
// of the tax office): comptabilite > exercice > journal > ecriture > ligne. What
// stands on an entry, such as its lettering, counts for each of its lines. A line
// has Debit or Credit, or Montant and Sens. Elements that the schemas do not name
// are extra columns.

// xmlToken is the longest text or tag.
func (f *File) xmlToken() int { return f.maxLine + 4096 }

func (f *File) xmlLines(r io.Reader) *xmlRecords {
	return newXMLRecords(newXMLTokens(f.Path, r, f.Charset, f.xmlToken()), f.xml)
}

// inspectXML reads all elements and finds out which there are.
func (f *File) inspectXML(ctx context.Context, in io.Reader) (err error) {
	if f.Charset, err = xmlCharset(f.Path, f.xml.head, f.xml.asked); err != nil {
		return err
	}
	f.Evidence = "as the XML file declares"
	if f.xml.asked != Auto && f.xml.asked != "" {
		f.Evidence = "as asked for"
	}
	f.decoder = newDecoder(UTF8)
	f.xml.prepare()
	lines := f.xmlLines(&meteredReader{ctx: ctx, src: in})
	var sample [][][]byte
	accounts, last, sampled := false, int64(0), 0
	for {
		more, err := lines.nextLine()
		if err != nil {
			return wrapRead(f.Path, err)
		}
		if !more {
			break
		}
		f.xml.byRank = f.xml.byRank || lines.number <= last
		last = lines.number
		accounts = accounts || len(lines.values) > int(account) && len(lines.values[account]) > 0
		if sampled += lines.total; len(sample) < sampleLines && (sampled < f.maxLine || len(sample) == 0) {
			sample = append(sample, cloneFields(lines.values))
		}
	}
	if lines.rank == 0 {
		return &ingest.RefusedError{
			Path: f.Path, Reason: RefusedEmpty, Problem: "it holds no <ligne>",
			Advice: "Export it again; the export may have failed",
		}
	}
	f.xml.frozen = true
	return f.settleXML(lines, sample, !accounts)
}

func wrapRead(path string, err error) error {
	var refused *ingest.RefusedError
	if errors.As(err, &refused) {
		return refused
	}
	return fmt.Errorf("inspect FEC %q: %w", path, err)
}

func cloneFields(fields [][]byte) [][]byte {
	out := make([][]byte, len(fields))
	for i := range fields {
		out[i] = bytes.Clone(fields[i])
	}
	return out
}

// settleXML makes the layout of the elements that were found.
func (f *File) settleXML(lines *xmlRecords, sample [][][]byte, noAccounts bool) error {
	shape := f.xml
	l := &layout{names: shape.names, dueDate: -1}
	for c := range columns {
		l.source[c] = int(c)
		isAmount := c == debit || c == credit || c == amount || c == sense
		if !shape.seen[c] && !isAmount {
			l.missing = append(l.missing, legal[c].name)
		}
	}
	l.source[amount], l.source[sense] = -1, -1
	for i := int(columns); i < len(shape.names); i++ {
		l.extra = append(l.extra, i)
	}
	f.layout = l
	f.Warnings = append(f.Warnings, l.findDueDate(sample)...)
	if shape.byRank {
		f.Warnings = append(f.Warnings, ingest.Warn("xml.one_line"))
	}
	if len(sample) > 0 {
		f.firstLine = bytes.Join(sample[0], []byte{fieldEnd})
	}
	if len(lines.close) > 0 {
		d, problem := parseDay(xmlDate(lines.close))
		if problem != "" || d == 0 {
			f.Warnings = append(f.Warnings, ingest.Warn("xml.closing_date", shown(lines.close)))
		} else {
			f.YearEnd = d.time()
		}
	}
	f.settle(noAccounts)
	return nil
}

// xmlDate takes the time zone off an xs:date, such as 2024-12-31Z or
// 2024-12-31+01:00; any other text stays.
func xmlDate(b []byte) []byte {
	if len(b) == 11 && b[10] == 'Z' || len(b) == 16 && (b[10] == '+' || b[10] == '-') && b[13] == ':' {
		return b[:10]
	}
	return b
}

// convertXML is convert for the XML form.
func (f *File) convertXML(ctx context.Context, r io.Reader, w io.Writer, reject func(ingest.Reject) error, progress func(int64)) (Stats, error) {
	signed := *f.layout
	signed.source[debit], signed.source[credit] = -1, -1
	signed.source[amount], signed.source[sense] = int(amount), int(sense)
	c := &xmlConversion{
		conversion: conversion{file: f, encoder: newRowEncoder(f.layout, f.part, f.stream), reject: reject},
		signed:     newRowEncoder(&signed, f.part, f.stream),
		lines:      f.xmlLines(&meteredReader{ctx: ctx, src: r, progress: progress}),
	}
	for {
		more, err := c.lines.nextLine()
		if err == nil && !more {
			break
		}
		if err == nil {
			err = c.take()
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
	c.encoder.join(c.signed)
	c.stats.lastLine = max(c.lines.number, c.lines.rank)
	c.stats.finish(f, c.encoder, 0)
	return c.stats, nil
}

// join adds what another encoder counted.
func (e *rowEncoder) join(other *rowEncoder) {
	e.threeDecimals += other.threeDecimals
	if e.first == 0 || other.first != 0 && other.first < e.first {
		e.first = other.first
	}
	e.last = max(e.last, other.last)
}

// xmlConversion is the state of one pass over the lines of an XML file.
type xmlConversion struct {
	conversion
	lines  *xmlRecords
	signed *rowEncoder // for lines with Montant and Sens
	row    [][]byte
	text   []byte
}

// take turns one <ligne> into a row or a reject.
func (c *xmlConversion) take() error {
	c.stats.Lines++
	c.row = append(c.row[:0], c.lines.values...)
	for len(c.row) < len(c.file.Columns) {
		c.row = append(c.row, nil)
	}
	has := func(col column) bool { return len(c.row[col]) > 0 }
	names := c.file.Columns
	size := c.lines.total
	switch at := c.lines.repeated(); {
	case size > c.file.maxLine:
		return c.refuseLine(tooLong(int64(size), c.file.maxLine))
	case at >= 0:
		return c.refuseLine(ingest.Reject{
			Column: names[at], Value: ingest.Cut(string(c.row[at]), 4096), Reason: "element.repeated",
			Message: fmt.Sprintf("%s stands twice for one line: which one counts cannot be known; export the file again", names[at]),
		})
	case (has(debit) || has(credit)) && (has(amount) || has(sense)):
		return c.refuseLine(ingest.Reject{
			Column: names[amount], Value: ingest.Cut(string(c.row[amount]), 4096), Reason: "amount.twice",
			Message: "the line has Debit or Credit, and Montant and Sens beside it: which counts cannot be known; export the file again",
		})
	}
	c.clean()
	for _, col := range []column{entryDate, documentDate, matchingDate, validationDate} {
		c.row[col] = xmlDate(c.row[col])
	}
	if due := c.file.layout.dueDate; due >= 0 {
		c.row[due] = xmlDate(c.row[due])
	}
	encoder := c.encoder
	if has(amount) || has(sense) {
		encoder = c.signed
	}
	var problem *fieldError
	if c.out, problem = encoder.append(c.out, c.lines.number, c.row); problem != nil {
		return c.refuseLine(ingest.Reject{
			Column: names[problem.field], Value: ingest.Cut(string(problem.value), 4096),
			Reason: problem.reason, Message: problem.message,
		})
	}
	c.stats.Rows++
	return nil
}

// clean replaces control characters, line ends included, by spaces in a copy.
func (c *xmlConversion) clean() {
	c.text = c.text[:0]
	size := c.lines.total
	if cap(c.text) < size {
		c.text = make([]byte, 0, 2*size)
	}
	for i, value := range c.row {
		if bytes.IndexFunc(value, func(r rune) bool { return r < 0x20 }) < 0 {
			continue
		}
		from := len(c.text)
		var replaced int64
		c.text, replaced = c.file.decoder.appendClean(c.text, value, 0xFF)
		c.stats.ReplacedControls += replaced
		c.row[i] = c.text[from:]
	}
}

// refuseLine hands over a reject with the line written out, as what holds for it
// stands in several places of the file.
func (c *xmlConversion) refuseLine(r ingest.Reject) error {
	c.stats.Rejects++
	r.Line = c.lines.number
	var raw bytes.Buffer
	raw.WriteString("<ligne>")
	for i, value := range c.row {
		if len(value) > 0 && raw.Len() < rawLimit {
			fmt.Fprintf(&raw, "<%s>%s</%s>", c.file.Columns[i], ingest.Cut(string(value), rawLimit), c.file.Columns[i])
		}
	}
	raw.WriteString("</ligne>")
	r.Raw = raw.String()
	if err := c.reject(r); err != nil {
		return fmt.Errorf("keep the reject of line %d: %w", r.Line, err)
	}
	return nil
}
