package pdffile

import (
	"fmt"

	"github.com/johnfercher/maroto/v2/pkg/components/col"
	"github.com/johnfercher/maroto/v2/pkg/components/image"
	"github.com/johnfercher/maroto/v2/pkg/components/row"
	"github.com/johnfercher/maroto/v2/pkg/components/text"
	"github.com/johnfercher/maroto/v2/pkg/consts/extension"
	"github.com/johnfercher/maroto/v2/pkg/core"
	"github.com/johnfercher/maroto/v2/pkg/props"
)

const (
	bodySize    = 9.0
	tableSize   = 8.0
	headingSize = 11.5
	barHeight   = 8.0
	chip        = 3.0
	shortTable  = 14 // rows that stay on one page
)

func (h Heading) strips(p *paper) ([]strip, error) {
	before := space(3)
	before.joined = true
	made := p.single(h.Text, style{size: headingSize, bold: true, colour: ink()})
	made.joined = true
	return []strip{before, made}, nil
}

func (t Paragraph) strips(p *paper) ([]strip, error) {
	s := style{size: t.Size, bold: t.Bold, colour: ink()}
	if s.size == 0 {
		s.size = bodySize
	}
	if t.Muted {
		s.colour = muted()
	}
	return []strip{p.single(t.Text, s), space(1.5)}, nil
}

func (l Lines) strips(p *paper) ([]strip, error) {
	var made []strip
	s := style{size: bodySize, colour: ink()}
	left := 0
	if l.Right {
		left = 560
	}
	for _, value := range l.Texts {
		cell, height := p.cell(grid-left, value, s)
		line := row.New(height)
		if left > 0 {
			line.Add(col.New(left))
		}
		made = append(made, strip{height: height, row: line.Add(cell), joined: true})
	}
	return append(made, space(4)), nil
}

func (PageBreak) strips(*paper) ([]strip, error) { return []strip{{breaks: true}}, nil }

func (b Bar) strips(p *paper) ([]strip, error) {
	var sum int64
	for _, s := range b.Segments {
		sum += s.Weight
	}
	if sum <= 0 {
		return nil, nil
	}
	bar := row.New(barHeight)
	done, placed := int64(0), 0
	for _, s := range b.Segments {
		done += s.Weight
		end := int(float64(done) / float64(sum) * grid)
		if end <= placed {
			continue // too thin to be seen: it has its row in the table
		}
		paint, err := colourOf(s.Colour)
		if err != nil {
			return nil, err
		}
		segment := col.New(end - placed).WithStyle(&props.Cell{BackgroundColor: paint})
		const size = 7.5
		if label := p.bold.clean(s.Label); p.bold.width(label, size) < p.width*float64(end-placed)/grid-2*cellPad {
			write := style{size: size, bold: true, colour: on(paint), top: (barHeight - size*millimetres) / 2 * 0.7}
			segment.Add(text.New(label, write.props(0)))
		}
		bar.Add(segment)
		placed = end
	}
	return []strip{{height: barHeight, row: bar, joined: true}, space(2)}, nil
}

func (t Table) strips(p *paper) ([]strip, error) {
	widths, err := t.widths()
	if err != nil {
		return nil, err
	}
	size := t.Size
	if size == 0 {
		size = tableSize
	}
	titles := make([]string, len(t.Columns))
	for i, column := range t.Columns {
		titles[i] = column.Title
	}
	head := t.line(p, widths, titles, style{size: size, bold: true, colour: muted()}, "")
	head.row.WithStyle(ruled(ink(), 0.3))
	head.joined = true
	made := []strip{head}
	for i, values := range t.Rows {
		if len(values) != len(t.Columns) {
			return nil, fmt.Errorf("make table: row %d has %d cells, want %d", i+1, len(values), len(t.Columns))
		}
		colour := ""
		if i < len(t.Colours) {
			colour = t.Colours[i]
		}
		line := t.line(p, widths, values, style{size: size, colour: ink()}, colour)
		line.repeat = &head
		if colour == "" {
			line.row.WithStyle(ruled(faint(), 0.1))
		}
		isLast := i == len(t.Rows)-1
		// a short table stays in one piece, and no total stands alone on a page
		line.joined = isLast && t.Total != nil || !isLast && len(t.Rows) <= shortTable
		made = append(made, line)
	}
	if t.Total != nil {
		total := t.line(p, widths, t.Total, style{size: size, bold: true, colour: ink()}, "")
		total.row.WithStyle(ruled(ink(), 0.3))
		total.repeat = &head
		made = append(made, total)
	}
	return append(made, space(2)), nil
}

// widths shares the grid out by the widths of the columns.
func (t Table) widths() ([]int, error) {
	sum := 0
	for _, column := range t.Columns {
		sum += column.Width
	}
	if sum <= 0 {
		return nil, fmt.Errorf("make table: its columns have no width")
	}
	widths := make([]int, len(t.Columns))
	done, placed := 0, 0
	for i, column := range t.Columns {
		done += column.Width
		widths[i] = done*grid/sum - placed
		placed += widths[i]
	}
	return widths, nil
}

// line is one row of a table, as high as its highest cell.
func (t Table) line(p *paper, widths []int, values []string, s style, colour string) strip {
	var cells []core.Col
	height := 0.0
	for i, value := range values {
		cell := s
		cell.right = t.Columns[i].Right
		if i == 0 && len(t.Colours) > 0 {
			cell.left = chip
		}
		made, own := p.cell(widths[i], value, cell)
		cells, height = append(cells, made), max(height, own)
	}
	made := row.New(height).Add(cells...)
	if paint, err := colourOf(colour); err == nil {
		// the letters of the font stand on the line: the chip is one of them
		cells[0].Add(text.New("■", props.Text{Family: family, Size: s.size, Top: cellPad / 2, Left: 0.3, Color: paint}))
	}
	return strip{height: height, row: made}
}

func (c Charts) strips(p *paper) ([]strip, error) {
	if len(c.List) == 0 {
		return nil, nil
	}
	picture, err := draw(c, p.width)
	if err != nil {
		return nil, fmt.Errorf("draw charts: %w", err)
	}
	shown := image.NewFromBytes(picture, extension.Png, props.Rect{Percent: 100, Center: true})
	return []strip{{height: c.Height, row: row.New(c.Height).Add(col.New(grid).Add(shown))}}, nil
}
