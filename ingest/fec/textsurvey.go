package fec

import (
	"context"
	"io"

	"github.com/encours/encours/ingest"
)

// TextSurvey is what one pass over the bytes of any text file finds out.
type TextSurvey struct {
	Size     int64
	SHA256   string // lower-case hexadecimal
	Charset  Charset
	Evidence string // why this charset
	Warnings []ingest.Warning
	NULs     int64
	OnlyCR   bool // lines end in CR and nothing else
}

// SurveyText reads a stream once, in bounded memory, and finds out its charset as
// for a FEC. It is for the readers of other text extracts.
func SurveyText(ctx context.Context, r io.Reader, asked Charset) (TextSurvey, error) {
	s, err := surveyBytes(ctx, r, 0)
	if err != nil {
		return TextSurvey{}, err
	}
	choice := chooseCharset(asked, s)
	return TextSurvey{
		Size: s.size, SHA256: s.sha256, Charset: choice.charset, Evidence: choice.evidence,
		Warnings: choice.warnings, NULs: s.nuls,
		OnlyCR: s.ends.cr > 0 && s.ends.lf+s.ends.crlf+s.ends.crcrlf == 0,
	}, nil
}
