package pdffile

import (
	"bytes"
	"fmt"
	"io"
	"regexp"
	"sync"

	"codeberg.org/go-fonts/liberation/liberationsansbold"
	"codeberg.org/go-fonts/liberation/liberationsansregular"
	"github.com/johnfercher/maroto/v2"
	"github.com/johnfercher/maroto/v2/pkg/components/page"
	"github.com/johnfercher/maroto/v2/pkg/components/row"
	"github.com/johnfercher/maroto/v2/pkg/config"
	"github.com/johnfercher/maroto/v2/pkg/consts/fontstyle"
	"github.com/johnfercher/maroto/v2/pkg/consts/orientation"
	"github.com/johnfercher/maroto/v2/pkg/consts/pagesize"
	"github.com/johnfercher/maroto/v2/pkg/core"
	"github.com/johnfercher/maroto/v2/pkg/core/entity"
	"github.com/johnfercher/maroto/v2/pkg/props"
	"github.com/phpdave11/gofpdf"
)

const (
	shortSide = 210.0 // A4, millimetres
	longSide  = 297.0
)

// sorted makes the library write its fonts in one order. It has no other place for
// this than the whole process.
var sorted = sync.OnceFunc(func() { gofpdf.SetDefaultCatalogSort(true) })

// modified is the date of the last change in a file, which the library takes from
// the clock.
var modified = regexp.MustCompile(`/ModDate \(D:\d{14}`)

// Write makes the document and writes it to w. It returns a *TooLongError, before
// anything is made, for a document that is too long.
func Write(d Document, w io.Writer) error {
	rows, pictures := 0, 0
	for _, block := range d.Blocks {
		switch b := block.(type) {
		case Table:
			rows += len(b.Rows)
		case Charts:
			pictures++
		}
	}
	if rows > MostRows {
		return &TooLongError{d.Title, rows}
	}
	if pictures > 1 {
		return fmt.Errorf("write %q: internal error: %d groups of charts, and only one has a fixed place in the file", d.Title, pictures)
	}
	raw, err := d.make()
	if err != nil {
		return fmt.Errorf("write %q: %w", d.Title, err)
	}
	created := d.Created.UTC().Format("20060102150405")
	raw = modified.ReplaceAll(raw, []byte("/ModDate (D:"+created))
	if _, err := w.Write(raw); err != nil {
		return fmt.Errorf("write %q: %w", d.Title, err)
	}
	return nil
}

func (d Document) make() ([]byte, error) {
	sorted()
	regular, bold, err := newFaces()
	if err != nil {
		return nil, err
	}
	width, height := shortSide, longSide
	if d.Landscape {
		width, height = height, width
	}
	p := &paper{width: width - 2*margin, regular: regular, bold: bold}
	head := d.head(p)
	p.height = height - 2*margin - footHeight - slack
	for _, s := range head {
		p.height -= s.height
	}
	var all []strip
	for _, block := range d.Blocks {
		made, err := block.strips(p)
		if err != nil {
			return nil, err
		}
		all = append(all, made...)
	}
	file := maroto.New(d.config())
	if err := file.RegisterHeader(rowsOf(head)...); err != nil {
		return nil, err
	}
	foot, _ := p.cell(800, d.Foot, style{size: 7, colour: muted(), top: footHeight - cellPad/2})
	if err := file.RegisterFooter(row.New(footHeight).Add(foot)); err != nil {
		return nil, err
	}
	for _, strips := range p.pages(all) {
		file.AddPages(page.New().Add(rowsOf(strips)...))
	}
	made, err := file.Generate()
	if err != nil {
		return nil, err
	}
	raw := made.GetBytes()
	if !bytes.HasPrefix(raw, []byte("%PDF-")) {
		return nil, fmt.Errorf("the library made no PDF")
	}
	return raw, nil
}

// head are the rows at the top of every page.
func (d Document) head(p *paper) []strip {
	title, height := p.cell(620, d.Title, style{size: 15, bold: true, colour: ink()})
	right := ""
	if len(d.Head) > 0 {
		right = d.Head[0]
	}
	date, own := p.cell(380, right, style{size: 9, bold: true, right: true, colour: ink(), top: 1.5})
	height = max(height, own)
	made := []strip{{height: height, row: row.New(height).Add(title, date)}}
	for i := 1; i < max(len(d.Head), 2); i++ {
		left, right := "", ""
		if i == 1 {
			left = d.Subtitle
		}
		if i < len(d.Head) {
			right = d.Head[i]
		}
		under, height := p.cell(620, left, style{size: 9, colour: muted()})
		more, own := p.cell(380, right, style{size: 8, right: true, colour: muted()})
		height = max(height, own)
		made = append(made, strip{height: height, row: row.New(height).Add(under, more)})
	}
	if d.Proof != "" {
		colour := bad()
		if d.IsProved {
			colour = good()
		}
		proof := p.single(d.Proof, style{size: 8, bold: true, colour: colour})
		made = append(made, proof)
	}
	last := &made[len(made)-1]
	last.height += 1.5
	last.row = row.New(last.height).Add(last.row.GetColumns()...).WithStyle(ruled(ink(), 0.4))
	return append(made, space(2))
}

func rowsOf(strips []strip) []core.Row {
	rows := make([]core.Row, len(strips))
	for i, s := range strips {
		rows[i] = s.row
	}
	return rows
}

func (d Document) config() *entity.Config {
	fonts := []*entity.CustomFont{
		{Family: family, Style: fontstyle.Normal, Bytes: liberationsansregular.TTF},
		{Family: family, Style: fontstyle.Bold, Bytes: liberationsansbold.TTF},
	}
	build := config.NewBuilder().
		WithPageSize(pagesize.A4).
		WithLeftMargin(margin).WithRightMargin(margin).WithTopMargin(margin).WithBottomMargin(margin).
		WithMaxGridSize(grid).
		WithCustomFonts(fonts).
		WithDefaultFont(&props.Font{Family: family, Size: bodySize, Style: fontstyle.Normal}).
		WithPageNumber(props.PageNumber{
			Pattern: d.PageOf, Place: props.RightBottom, Family: family, Style: fontstyle.Normal, Size: 8, Color: muted(),
		}).
		WithTitle(d.Title, true).
		WithSubject(d.Subtitle, true).
		WithCreator("Encours", true).
		WithCreationDate(d.Created.UTC()).
		WithCompression(true)
	if d.Landscape {
		build = build.WithOrientation(orientation.Horizontal)
	}
	return build.Build()
}
