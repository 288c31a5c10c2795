package pdffile

import (
	"github.com/johnfercher/maroto/v2/pkg/components/col"
	"github.com/johnfercher/maroto/v2/pkg/components/row"
	"github.com/johnfercher/maroto/v2/pkg/components/text"
	"github.com/johnfercher/maroto/v2/pkg/consts/align"
	"github.com/johnfercher/maroto/v2/pkg/consts/border"
	"github.com/johnfercher/maroto/v2/pkg/consts/fontstyle"
	"github.com/johnfercher/maroto/v2/pkg/core"
	"github.com/johnfercher/maroto/v2/pkg/props"
)

const (
	grid       = 1000 // columns of the page: widths are thousandths
	margin     = 15.0 // millimetres
	footHeight = 9.0
	slack      = 1.0 // of a page that is never filled: sums of millimetres are rounded
	lineRatio  = 1.28
	cellPad    = 1.0
)

// strip is a row of the page and its height.
type strip struct {
	height float64
	row    core.Row
	joined bool   // stays with the strip after it
	repeat *strip // the heading to repeat where it begins a page; nil: none
	breaks bool   // ends the page; has no row
}

// paper is what the blocks are laid out on.
type paper struct {
	width, height float64 // inside the margins, header and footer taken off
	regular, bold *face
}

// style is how a text looks.
type style struct {
	size   float64
	bold   bool
	right  bool
	colour *props.Color
	left   float64 // room before it, millimetres
	top    float64
}

func (p *paper) face(s style) *face {
	if s.bold {
		return p.bold
	}
	return p.regular
}

func (s style) pitch() float64 { return s.size * millimetres * lineRatio }

// cell makes a column of the grid with a text that wraps, and tells its height.
func (p *paper) cell(size int, value string, s style) (core.Col, float64) {
	room := p.width*float64(size)/grid - s.left - 2*cellPad
	lines := p.face(s).wrap(value, s.size, room)
	made := col.New(size)
	for i, line := range lines {
		if line == "" {
			continue
		}
		made.Add(text.New(line, s.props(float64(i)*s.pitch())))
	}
	return made, float64(len(lines))*s.pitch() + s.top + cellPad
}

func (s style) props(down float64) props.Text {
	made := props.Text{
		Family: family, Size: s.size, Top: cellPad/2 + s.top + down, Left: cellPad + s.left, Right: cellPad,
		Color: s.colour, Style: fontstyle.Normal, Align: align.Left,
	}
	if s.bold {
		made.Style = fontstyle.Bold
	}
	if s.right {
		made.Align = align.Right
	}
	return made
}

// single is a strip of one text over the whole width.
func (p *paper) single(value string, s style) strip {
	made, height := p.cell(grid, value, s)
	return strip{height: height, row: row.New(height).Add(made)}
}

func space(height float64) strip {
	return strip{height: height, row: row.New(height).Add(col.New(grid))}
}

func ruled(colour *props.Color, thickness float64) *props.Cell {
	return &props.Cell{BorderType: border.Bottom, BorderColor: colour, BorderThickness: thickness}
}

// pages puts strips on pages in their order. A strip that says so stays with the
// one after it, and the heading of a table is repeated where a page begins in it.
func (p *paper) pages(all []strip) [][]strip {
	var pages [][]strip
	var page []strip
	used := 0.0
	turn := func() {
		if len(page) > 0 {
			pages = append(pages, page)
		}
		page, used = nil, 0
	}
	for i, s := range all {
		if s.breaks {
			turn()
			continue
		}
		need := s.height
		for j := i; all[j].joined && j+1 < len(all); j++ {
			need += all[j+1].height
		}
		if used+need > p.height && len(page) > 0 {
			turn()
			if s.repeat != nil {
				page, used = append(page, *s.repeat), s.repeat.height
			}
		}
		page, used = append(page, s), used+s.height
	}
	turn()
	return pages
}
