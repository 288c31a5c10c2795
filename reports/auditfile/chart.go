package auditfile

// bars is a chart as the page draws it: rectangles in a box of Width by Height.
type bars struct {
	Width, Height int64
	Bars          []bar
}

// bar is one rectangle with its texts: Label at its foot or left, Value for
// readers and on hovering.
type bar struct {
	X, Y, Width, Height int64
	TextX, TextY        int64
	Label, Value, Class string
}

const (
	monthWidth, monthGap, monthHeight = 44, 8, 160
	shareWidth, shareHeight, shareGap = 620, 20, 14
	shareLabel                        = 340
)

// monthBars draws the debit of each month, upright.
func (w words) monthBars(f File) bars {
	most := int64(1)
	for _, m := range f.Profile.Months {
		most = max(most, m.Debit)
	}
	b := bars{Height: monthHeight + 24}
	for i, m := range f.Profile.Months {
		height := scaled(m.Debit, most, monthHeight)
		x := int64(i) * (monthWidth + monthGap)
		b.Bars = append(b.Bars, bar{
			X: x, Y: monthHeight - height, Width: monthWidth, Height: height, TextX: x + monthWidth/2, TextY: monthHeight + 16,
			Label: m.Month.Format("01/06"), Value: m.Month.Format("2006-01") + " – " + w.Text(m.Debit), Class: "month",
		})
		b.Width = x + monthWidth
	}
	return b
}

// shareBars draws the share of each verdict, lying.
func (w words) shareBars(f File) bars {
	b := bars{Width: shareLabel + shareWidth, Height: int64(len(f.Verdicts)) * (shareHeight + shareGap)}
	for i, v := range f.Verdicts {
		label := w.t("verdict." + v.ID)
		if v.Side != "" {
			label += w.t("of." + v.Side)
		}
		y := int64(i) * (shareHeight + shareGap)
		b.Bars = append(b.Bars, bar{
			X: shareLabel, Y: y, Width: scaled(v.Share, 10_000, shareWidth), Height: shareHeight,
			TextX: shareLabel - 8, TextY: y + shareHeight - 5, Label: label, Value: w.verdict(v), Class: v.Grade,
		})
	}
	return b
}

// scaled is value of most on a length, within it.
func scaled(value, most, length int64) int64 {
	if value <= 0 || most <= 0 {
		return 0
	}
	// most of an amount times a length stays far below 2^63 after this
	for most > 1<<40 {
		value, most = value>>1, most>>1
	}
	return min(value*length/most, length)
}
