package table

import (
	"archive/zip"
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"path"
	"slices"
	"strconv"
	"strings"

	"github.com/encours/encours/ingest"
)

// Bounds of a workbook. A member that is larger than tightFrom and compressed better
// than tightRatio to one holds nothing but repetition.
const (
	maxUnpacked = 8 << 30
	maxInMemory = 512 << 20 // of the parts that are held: shared strings, styles
	tightFrom   = 64 << 20
	tightRatio  = 100
)

// workbook is the frame of an XLSX file. Its sheets are streamed from the archive, so
// that the type, the style and the stored text of each cell are seen, and a damaged
// sheet is an error: libraries that give the cells as text drop all four.
type workbook struct {
	archive  *zip.ReadCloser
	sheets   []sheet
	from1904 bool
	strings  []string
	isDate   []bool // by cell format
}

type sheet struct{ name, member string }

// errPacked says that the archive is out of bounds.
var errPacked = errors.New("it unpacks to far more than a table needs")

func openWorkbook(file string) (_ *workbook, err error) {
	archive, err := zip.OpenReader(file)
	if err != nil {
		return nil, fmt.Errorf("it is not a workbook: %w", err)
	}
	b := &workbook{archive: archive}
	defer func() {
		if err != nil {
			err = errors.Join(err, archive.Close())
		}
	}()
	var total uint64
	for _, f := range archive.File {
		total += f.UncompressedSize64
		if total > maxUnpacked || f.UncompressedSize64 > tightFrom && f.UncompressedSize64/tightRatio > f.CompressedSize64 {
			return nil, fmt.Errorf("%s: %d bytes from %d: %w", f.Name, f.UncompressedSize64, f.CompressedSize64, errPacked)
		}
	}
	if err := b.readSheets(); err != nil {
		return nil, err
	}
	if err := b.readStrings(); err != nil {
		return nil, fmt.Errorf("its shared strings are damaged: %w", err)
	}
	if err := b.readStyles(); err != nil {
		return nil, fmt.Errorf("its styles are damaged: %w", err)
	}
	return b, nil
}

func (b *workbook) member(name string) *zip.File {
	i := slices.IndexFunc(b.archive.File, func(f *zip.File) bool {
		return strings.EqualFold(strings.ReplaceAll(f.Name, `\`, "/"), name)
	})
	if i < 0 {
		return nil
	}
	return b.archive.File[i]
}

// part reads a member of the archive that is held in memory; none where it is missing.
func (b *workbook) part(name string, read func(io.Reader) error) (err error) {
	f := b.member(name)
	if f == nil {
		return nil
	}
	if f.UncompressedSize64 > maxInMemory {
		return fmt.Errorf("%s: %d bytes: %w", name, f.UncompressedSize64, errPacked)
	}
	in, err := f.Open()
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, in.Close()) }()
	return read(in)
}

func (b *workbook) readSheets() error {
	var book struct {
		Properties struct {
			Date1904 string `xml:"date1904,attr"`
		} `xml:"workbookPr"`
		Sheets []struct {
			Name  string     `xml:"name,attr"`
			Attrs []xml.Attr `xml:",any,attr"`
		} `xml:"sheets>sheet"`
	}
	var links struct {
		List []struct {
			ID     string `xml:"Id,attr"`
			Target string `xml:"Target,attr"`
		} `xml:"Relationship"`
	}
	for name, into := range map[string]any{"xl/workbook.xml": &book, "xl/_rels/workbook.xml.rels": &links} {
		if err := b.part(name, func(in io.Reader) error { return xml.NewDecoder(in).Decode(into) }); err != nil {
			return fmt.Errorf("it is not a workbook: %s: %w", name, err)
		}
	}
	b.from1904 = book.Properties.Date1904 == "1" || book.Properties.Date1904 == "true"
	targets := map[string]string{}
	for _, link := range links.List {
		target := link.Target
		if !strings.HasPrefix(target, "/") {
			target = path.Join("xl", target)
		}
		targets[link.ID] = strings.TrimPrefix(target, "/")
	}
	for _, s := range book.Sheets {
		for _, attr := range s.Attrs {
			if attr.Name.Local == "id" && b.member(targets[attr.Value]) != nil {
				b.sheets = append(b.sheets, sheet{s.Name, targets[attr.Value]})
			}
		}
	}
	if len(b.sheets) == 0 {
		return errors.New("it is not a workbook: it has no sheets")
	}
	return nil
}

// find is a sheet by its name or number; the first where neither is given.
func (b *workbook) find(name string) (sheet, error) {
	if name == "" {
		return b.sheets[0], nil
	}
	for _, s := range b.sheets {
		if sameName(s.name) == sameName(name) {
			return s, nil
		}
	}
	if n, err := strconv.Atoi(name); err == nil && n >= 1 && n <= len(b.sheets) {
		return b.sheets[n-1], nil
	}
	names := make([]string, len(b.sheets))
	for i, s := range b.sheets {
		names[i] = s.name
	}
	return sheet{}, fmt.Errorf("it has no sheet %q; its sheets are: %s", name, ingest.QuoteNames(names))
}

func (b *workbook) readStrings() error {
	return b.part("xl/sharedStrings.xml", func(in io.Reader) error {
		d := xml.NewDecoder(in)
		for {
			token, err := d.Token()
			if errors.Is(err, io.EOF) {
				return nil
			}
			if err != nil {
				return err
			}
			if start, ok := token.(xml.StartElement); ok && start.Name.Local == "si" {
				s, err := richText(d, "si")
				if err != nil {
					return err
				}
				b.strings = append(b.strings, s)
			}
		}
	})
}

// richText joins the runs of a text up to the end of its element; phonetic hints are
// left out.
func richText(d *xml.Decoder, element string) (string, error) {
	var out strings.Builder
	inText, hint := false, 0
	for {
		token, err := d.Token()
		if err != nil {
			return "", err
		}
		switch t := token.(type) {
		case xml.StartElement:
			switch t.Name.Local {
			case "t":
				inText = true
			case "rPh":
				hint++
			}
		case xml.EndElement:
			switch t.Name.Local {
			case element:
				return unescape(out.String()), nil
			case "t":
				inText = false
			case "rPh":
				hint--
			}
		case xml.CharData:
			if inText && hint == 0 {
				out.Write(t)
			}
		}
	}
}

// unescape turns _x000D_ and its like into the characters that they stand for.
func unescape(s string) string {
	for i := strings.Index(s, "_x"); i >= 0 && i+7 <= len(s); {
		code, err := strconv.ParseUint(s[i+2:i+6], 16, 16)
		if err == nil && s[i+6] == '_' {
			s = s[:i] + string(rune(code)) + s[i+7:]
		}
		next := strings.Index(s[i+1:], "_x")
		if next < 0 {
			break
		}
		i += 1 + next
	}
	return s
}

func (b *workbook) readStyles() error {
	var styles struct {
		Formats []struct {
			ID   int    `xml:"numFmtId,attr"`
			Code string `xml:"formatCode,attr"`
		} `xml:"numFmts>numFmt"`
		Cells []struct {
			ID int `xml:"numFmtId,attr"`
		} `xml:"cellXfs>xf"`
	}
	if err := b.part("xl/styles.xml", func(in io.Reader) error { return xml.NewDecoder(in).Decode(&styles) }); err != nil {
		return err
	}
	custom := map[int]string{}
	for _, f := range styles.Formats {
		custom[f.ID] = f.Code
	}
	for _, c := range styles.Cells {
		code, own := custom[c.ID]
		builtIn := c.ID >= 14 && c.ID <= 17 || c.ID == 22 || c.ID >= 27 && c.ID <= 31 || c.ID == 36 || c.ID >= 50 && c.ID <= 58
		b.isDate = append(b.isDate, own && dateCode(code) || !own && builtIn)
	}
	return nil
}

// dateCode tells whether a number format shows days: it has a y or d outside quotes,
// brackets and escapes.
func dateCode(code string) bool {
	inQuotes, inBrackets := false, false
	for i := 0; i < len(code); i++ {
		switch c := code[i]; {
		case c == '"' && !inBrackets:
			inQuotes = !inQuotes
		case inQuotes:
		case c == '\\' || c == '_' || c == '*':
			i++
		case c == '[':
			inBrackets = true
		case c == ']':
			inBrackets = false
		case inBrackets:
		case c == 'y' || c == 'd' || c == 'Y' || c == 'D':
			return true
		case c == ';':
			return false // the form of negative numbers
		}
	}
	return false
}
