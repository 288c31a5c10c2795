package pdffile

import (
	"fmt"
	"strings"

	"codeberg.org/go-fonts/liberation/liberationsansbold"
	"codeberg.org/go-fonts/liberation/liberationsansregular"
	"golang.org/x/image/font"
	"golang.org/x/image/font/sfnt"
	"golang.org/x/image/math/fixed"
)

const (
	family        = "liberation"
	millimetres   = 25.4 / 72 // of a point
	measureMargin = 1.01      // the writer rounds the widths of letters to thousandths
	missing       = '□'
)

// face measures texts in one of the two fonts that a document embeds.
type face struct {
	font   *sfnt.Font
	buffer sfnt.Buffer
	widths map[rune]float64 // of a letter of one point, in points; below 0: no letter
}

func newFace(raw []byte) (*face, error) {
	parsed, err := sfnt.Parse(raw)
	if err != nil {
		return nil, fmt.Errorf("read font: %w", err)
	}
	return &face{font: parsed, widths: map[rune]float64{}}, nil
}

func newFaces() (regular, bold *face, err error) {
	if regular, err = newFace(liberationsansregular.TTF); err != nil {
		return nil, nil, err
	}
	bold, err = newFace(liberationsansbold.TTF)
	return regular, bold, err
}

// letter returns the width of a letter, -1 for one that the font does not have.
func (f *face) letter(r rune) float64 {
	if width, ok := f.widths[r]; ok {
		return width
	}
	width := -1.0
	index, err := f.font.GlyphIndex(&f.buffer, r)
	if err == nil && index != 0 && r <= 0xffff {
		const scale = 1000
		advance, err := f.font.GlyphAdvance(&f.buffer, index, fixed.I(scale), font.HintingNone)
		if err == nil {
			width = float64(advance) / 64 / scale
		}
	}
	f.widths[r] = width
	return width
}

// width measures a clean text in millimetres.
func (f *face) width(text string, points float64) float64 {
	sum := 0.0
	for _, r := range text {
		sum += max(f.letter(r), 0)
	}
	return sum * points * millimetres * measureMargin
}

// clean replaces what the font cannot show: line ends and tabs by a space, letters
// that it does not have by a box, so that nothing vanishes.
func (f *face) clean(text string) string {
	return strings.Map(func(r rune) rune {
		switch {
		case r < 0x20 || r == 0x7f:
			return ' '
		case f.letter(r) < 0:
			return missing
		}
		return r
	}, strings.ToValidUTF8(text, string(missing)))
}

// wrap breaks a text into lines that fit, between words where it can and inside a
// word that is wider than a line. There is at least one line.
func (f *face) wrap(text string, points, width float64) []string {
	lines, line := []string{}, ""
	for word := range strings.SplitSeq(f.clean(text), " ") {
		joined := word
		if line != "" {
			joined = line + " " + word
		}
		if f.width(joined, points) <= width {
			line = joined
			continue
		}
		if line != "" {
			lines = append(lines, line)
		}
		var whole []string
		whole, line = f.split(word, points, width)
		lines = append(lines, whole...)
	}
	return append(lines, line)
}

// split cuts a word into pieces that fill a line each, and what is left.
func (f *face) split(word string, points, width float64) (pieces []string, rest string) {
	for f.width(word, points) > width {
		end, sum := 0, 0.0
		for i, r := range word {
			sum += max(f.letter(r), 0) * points * millimetres * measureMargin
			if sum > width && i > 0 {
				break
			}
			end = i + len(string(r))
		}
		if end == len(word) {
			break
		}
		pieces, word = append(pieces, word[:end]), word[end:]
	}
	return pieces, word
}
