package termsfile

import (
	"fmt"
	"strings"

	"golang.org/x/text/language"

	"github.com/encours/encours/reports/money"
	"github.com/encours/encours/reports/pdffile"
)

const pdfSize = 6.5 // points: thirteen columns on a landscape page

// Blocks draws the sheet as a form of a PDF, cell for cell as Draw does.
func Blocks(s Sheet) []pdffile.Block {
	f := form{of: s, words: money.For(language.French)}
	f.heads()
	f.partA()
	f.partB()
	f.partC()
	blocks := []pdffile.Block{
		pdffile.Paragraph{Text: s.Name + " – Informations sur les délais de paiement des fournisseurs et des clients", Size: 10.5, Bold: true},
		pdffile.Paragraph{Text: s.subtitle(), Size: 8, Muted: true},
		pdffile.Grid{Widths: []int{24, 13, 12, 12, 12, 12, 13, 13, 12, 12, 12, 12, 13}, Rows: f.rows, Size: pdfSize},
	}
	d := &drawing{of: s}
	for _, text := range d.noteTexts("voir l'en-tête de la page") {
		blocks = append(blocks, pdffile.Paragraph{Text: text, Size: 7})
	}
	return blocks
}

// form collects the rows of the table.
type form struct {
	of    Sheet
	words money.Format
	rows  [][]pdffile.GridCell
}

func (f *form) heads() {
	w := words[f.of.No-1]
	head := func(text string, span int) pdffile.GridCell {
		return pdffile.GridCell{Lines: strings.Split(text, "\n"), Span: span, Bold: true, Centre: true, Shade: pdffile.Head}
	}
	titles := []pdffile.GridCell{head("", 1)}
	for range 2 {
		for _, title := range heads {
			titles = append(titles, head(title, 1))
		}
	}
	f.rows = append(f.rows,
		[]pdffile.GridCell{head(w.title, 1+2*columns)},
		[]pdffile.GridCell{head("", 1), head(w.received, columns), head(w.issued, columns)},
		titles)
}

func (f *form) part(title string) {
	f.rows = append(f.rows, []pdffile.GridCell{{Lines: []string{title}, Span: 1 + 2*columns, Bold: true, Shade: pdffile.Part}})
}

// lateness adds a row of line A; a nil text leaves the cell grey.
func (f *form) lateness(label string, text func(half, column int, c Cell) (string, bool)) {
	row := []pdffile.GridCell{{Lines: []string{label}}}
	for half := range f.of.Halves {
		for column, c := range f.of.Halves[half].Cells {
			value, ok := text(half, column, c)
			cell := pdffile.GridCell{Lines: []string{value}, Right: true}
			if !ok {
				cell = pdffile.GridCell{Shade: pdffile.Grey}
			}
			row = append(row, cell)
		}
	}
	f.rows = append(f.rows, row)
}

func (f *form) partA() {
	w := words[f.of.No-1]
	f.part(partATitle)
	f.lateness(w.count, func(_, column int, c Cell) (string, bool) {
		return f.words.Int(c.Count), column == 0 || column == columns-1
	})
	f.lateness(fmt.Sprintf(w.amount, f.of.tax()), func(_, _ int, c Cell) (string, bool) { return f.bracketed(f.words.Text, c.Amount), true })
	for line, label := range []string{w.ofReceived, w.ofIssued} {
		f.lateness(fmt.Sprintf(label, f.of.tax()), func(half, _ int, c Cell) (string, bool) {
			if !c.HasRatio {
				return "n. c.", half == line
			}
			percent := func(points int64) string { return f.words.Fixed(points, 2, 2) + "\u00a0%" }
			return f.bracketed(percent, c.BasisPoints), half == line
		})
	}
}

// bracketed writes what is negative in brackets, as the accounts do.
func (f *form) bracketed(write func(int64) string, value int64) string {
	if value < 0 {
		return "(" + write(-value) + ")"
	}
	return write(value)
}

func (f *form) halves(label string, text func(Half) []string, centre bool) {
	row := []pdffile.GridCell{{Lines: []string{label}}}
	for _, half := range f.of.Halves {
		row = append(row, pdffile.GridCell{Lines: text(half), Span: columns, Centre: centre})
	}
	f.rows = append(f.rows, row)
}

func (f *form) partB() {
	f.part(partBTitle)
	f.halves(excludedCount, func(h Half) []string { return []string{f.words.Int(h.Excluded.Count)} }, true)
	f.halves(fmt.Sprintf(excludedAmount, f.of.tax()), func(h Half) []string {
		return []string{f.bracketed(f.words.Text, h.Excluded.Amount)}
	}, true)
}

func (f *form) partC() {
	f.part(partCTitle)
	f.halves(reference, func(h Half) []string {
		return []string{
			fmt.Sprintf("[%s] "+contractualTerms, cross(h.Contractual), h.Contractual.Count),
			fmt.Sprintf("[%s] "+legalTerms, cross(h.Legal), h.Legal.Count),
		}
	}, false)
}

// cross marks a box with letters that the font of a PDF has.
func cross(s Sum) string {
	if s.Count > 0 {
		return "x"
	}
	return "\u00a0"
}
