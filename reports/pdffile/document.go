// Package pdffile writes a document of headings, texts, tables and charts as PDF.
//
// Invariants: every page says what its figures stand on, at its top, and which page
// of how many it is; a table that goes on repeats its headings; no text is cut off,
// it wraps; fonts are embedded; equal documents give equal bytes; nothing is written
// before the whole document is made.
package pdffile

import (
	"fmt"
	"time"
)

// MostRows is how many rows of tables a document may have: it is made in memory and
// read by people.
const MostRows = 20_000

// TooLongError says that a document has more rows than anybody reads.
type TooLongError struct {
	Title string
	Rows  int
}

func (e *TooLongError) Error() string {
	return fmt.Sprintf("%q has %d rows and a PDF holds at most %d: take it as csv, xlsx, parquet or json, or narrow it",
		e.Title, e.Rows, MostRows)
}

// Document is what is written. Texts are in one language already.
type Document struct {
	Title     string
	Subtitle  string
	Head      []string  // at the right of the title on every page: dates, generation
	Proof     string    // on every page, under the title
	IsProved  bool      // the proof holds: its colour
	Foot      string    // at the left of the foot
	PageOf    string    // pattern of the page number with {current} and {total}
	Created   time.Time // date of the file
	Landscape bool
	Blocks    []Block
}

// Block is a part of a document.
type Block interface {
	strips(p *paper) ([]strip, error)
}

// Heading opens a section. It stays on the page of what follows it.
type Heading struct{ Text string }

// Paragraph is a text that wraps.
type Paragraph struct {
	Text  string
	Size  float64 // points; 0: 9
	Muted bool
	Bold  bool
}

// Lines are texts under one another, in the right half of the page where Right is
// set: an address.
type Lines struct {
	Texts []string
	Right bool
}

// PageBreak ends a page.
type PageBreak struct{}

// Segment is a part of a Bar.
type Segment struct {
	Colour string // #rrggbb
	Label  string
	Weight int64 // not negative
}

// Bar is one bar cut in proportion to the weights, with a legend. Without any weight
// it is left out.
type Bar struct{ Segments []Segment }

// Column is a column of a Table. Widths are shares of the width of the page.
type Column struct {
	Title string
	Width int
	Right bool // figures stand at the right
}

// Table has one text per column in each row. Colours, where given, is a colour per
// row, shown as a chip before its first cell.
type Table struct {
	Columns []Column
	Rows    [][]string
	Total   []string // set off at the end; nil: none
	Colours []string
	Size    float64 // points; 0: 8
}

// Series is a curve, or a bar at each label, of a Chart.
type Series struct {
	Name   string
	Colour string
	Values []float64 // a gap where NaN; for the eye only: figures stand in tables
	IsBar  bool
	Dashed bool
}

// Chart is drawn over the labels of its horizontal axis.
type Chart struct {
	Title  string
	Labels []string
	Series []Series
	Tick   func(value float64) string // label of the vertical axis
}

// Charts are drawn under one another, each over the whole width, and share the rest
// of a page.
type Charts struct {
	List   []Chart
	Height float64 // of all, in millimetres
}
