package pdffile

import (
	"fmt"

	"github.com/johnfercher/maroto/v2/pkg/components/col"
	"github.com/johnfercher/maroto/v2/pkg/components/row"
	"github.com/johnfercher/maroto/v2/pkg/components/text"
	"github.com/johnfercher/maroto/v2/pkg/consts/align"
	"github.com/johnfercher/maroto/v2/pkg/consts/border"
	"github.com/johnfercher/maroto/v2/pkg/core"
	"github.com/johnfercher/maroto/v2/pkg/props"
)

// Shades of a GridCell.
const (
	Head = "#dce6f1" // headings
	Part = "#f2f2f2" // titles of parts
	Grey = "#bfbfbf" // what a form leaves out
)

// GridCell is a cell of a form, over as many columns as it spans.
type GridCell struct {
	Lines  []string // each wraps
	Span   int      // 0: 1
	Bold   bool
	Right  bool
	Centre bool
	Shade  string // one of the shades, or none
}

// Grid is a form with lines around its cells. Widths are shares of the page, and the
// spans of every row add up to their number. It stays on one page.
type Grid struct {
	Widths []int
	Rows   [][]GridCell
	Size   float64 // points
}

const gridPad = 1.2

func (g Grid) strips(p *paper) ([]strip, error) {
	var columns []Column
	for _, width := range g.Widths {
		columns = append(columns, Column{Width: width})
	}
	widths, err := Table{Columns: columns}.widths()
	if err != nil {
		return nil, err
	}
	var made []strip
	for i, cells := range g.Rows {
		line, err := g.line(p, widths, cells)
		if err != nil {
			return nil, fmt.Errorf("make form: row %d: %w", i+1, err)
		}
		line.joined = i < len(g.Rows)-1
		made = append(made, line)
	}
	return append(made, space(2)), nil
}

func (g Grid) line(p *paper, widths []int, cells []GridCell) (strip, error) {
	var made []core.Col
	height, at := 0.0, 0
	for _, cell := range cells {
		end := at + max(cell.Span, 1)
		if end > len(widths) {
			return strip{}, fmt.Errorf("its cells span more than %d columns", len(widths))
		}
		size := 0
		for _, width := range widths[at:end] {
			size += width
		}
		at = end
		own, tall, err := g.cell(p, size, cell)
		if err != nil {
			return strip{}, err
		}
		made, height = append(made, own), max(height, tall)
	}
	if at != len(widths) {
		return strip{}, fmt.Errorf("its cells span %d columns, want %d", at, len(widths))
	}
	return strip{height: height, row: row.New(height).Add(made...)}, nil
}

func (g Grid) cell(p *paper, size int, cell GridCell) (core.Col, float64, error) {
	look := &props.Cell{BorderType: border.Full, BorderColor: muted(), BorderThickness: 0.15}
	if cell.Shade != "" {
		paint, err := colourOf(cell.Shade)
		if err != nil {
			return nil, 0, err
		}
		look.BackgroundColor = paint
	}
	s := style{size: g.Size, bold: cell.Bold, right: cell.Right, colour: ink(), top: gridPad - cellPad/2}
	made, room := col.New(size).WithStyle(look), p.width*float64(size)/grid-2*cellPad
	lines := 0
	for _, paragraph := range cell.Lines {
		for _, line := range p.face(s).wrap(paragraph, g.Size, room) {
			write := s.props(float64(lines) * s.pitch())
			if cell.Centre {
				write.Align = align.Center
			}
			if line != "" {
				made.Add(text.New(line, write))
			}
			lines++
		}
	}
	return made, float64(max(lines, 1))*s.pitch() + 2*gridPad, nil
}
