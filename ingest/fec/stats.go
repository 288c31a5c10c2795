package fec

import (
	"time"

	"github.com/encours/encours/ingest"
)

// Stats is what one conversion counted. Lines = Rows + Rejects. Where Rows is 0
// nothing was read and the caller must refuse the file as a whole.
type Stats struct {
	Lines   int64 // data records read: blank lines and the header do not count
	Rows    int64 // written to the canonical stream
	Rejects int64 // handed over as rejects
	Blank   int64 // lines that hold nothing but spaces and separators

	// FirstDate and LastDate bound EcritureDate over the rows, at midnight UTC;
	// both are zero where there is no row.
	FirstDate, LastDate time.Time

	ReplacedControls int64 // control characters replaced by a space
	Unquoted         int64 // lines of a file without quotation that were read as quoted

	Charset   Charset
	Separator byte
	LineEnd   string
	lastLine  int64            // number of the last record
	Warnings  []ingest.Warning // those of the File, then those of its lines
}

// finish completes the counts once the last line is read.
func (s *Stats) finish(f *File, e *rowEncoder, separatorsOnly int64) {
	s.Charset, s.Separator, s.LineEnd = f.Charset, f.Separator, f.LineEnd
	s.FirstDate, s.LastDate = e.first.time(), e.last.time()
	s.Warnings = append(s.Warnings, f.Warnings...)
	if s.ReplacedControls > 0 {
		s.Warnings = append(s.Warnings, ingest.Warn("controls", s.ReplacedControls))
	}
	if separatorsOnly > 0 {
		s.Warnings = append(s.Warnings, ingest.Warn("blank.separators", separatorsOnly))
	}
	if s.Unquoted > 0 {
		s.Warnings = append(s.Warnings, ingest.Warn("quotes.lines", s.Unquoted))
	}
	if e.threeDecimals > 0 && f.xml == nil {
		s.Warnings = append(s.Warnings, ingest.Warn("amount.three_decimals", e.threeDecimals))
	}
}

// time is the day at midnight UTC; the zero time for no day.
func (d day) time() time.Time {
	if d == 0 {
		return time.Time{}
	}
	return time.Date(int(d/10000), time.Month(d/100%100), int(d%100), 0, 0, 0, 0, time.UTC)
}
