package sample

// docRef is a document reference in eight bytes; references are kept for every
// open item, so they are written out only in the file.
type docRef struct {
	series series
	year   uint8 // last two digits, or the pair of entities of an intercompany invoice
	number uint32
}

type series uint8

const (
	invoiceSeries      series = iota // FA24-000123
	creditNoteSeries                 // AV24-000123
	intercompanySeries               // IC12-000123
	purchaseSeries                   // a number of the supplier
	statementSeries                  // RB24-000123, a bank statement
	draftSeries                      // LCR24-000123
	generalSeries                    // OD24-000123
	openingSeries                    // AN24
	transferRef                      // VIR
	noRef                            // sans
	seriesCount
)

var seriesPrefix = [seriesCount]string{
	invoiceSeries: "FA", creditNoteSeries: "AV", intercompanySeries: "IC", purchaseSeries: "F",
	statementSeries: "RB", draftSeries: "LCR", generalSeries: "OD", openingSeries: "AN",
	transferRef: "VIR", noRef: "sans",
}

func (r docRef) append(b []byte) []byte {
	b = append(b, seriesPrefix[r.series]...)
	if r.series == transferRef || r.series == noRef {
		return b
	}
	b = append(b, '0'+r.year/10, '0'+r.year%10)
	if r.series == openingSeries {
		return b
	}
	return appendPadded(append(b, '-'), int64(r.number), 6)
}

// mark is what a line shows of its lettering group; number 0 means nothing.
type mark struct {
	number  uint32
	partial bool  // small letters: the group does not net to zero
	day     int32 // DateLet, never for none
}

// append writes EcritureLet, a separator and DateLet.
func (m mark) append(b []byte, cal *calendar, sep byte) []byte {
	if m.number == 0 {
		return append(b, sep)
	}
	first := byte('A')
	if m.partial {
		first = 'a'
	}
	n, span, letters := m.number-1, uint32(26*26), 2
	for n >= span {
		n -= span
		span *= 26
		letters++
	}
	for ; letters > 0; letters-- {
		span /= 26
		b = append(b, first+byte(n/span%26))
	}
	b = append(b, sep)
	if m.day != never {
		b = append(b, cal.at(m.day).ymd[:]...)
	}
	return b
}
