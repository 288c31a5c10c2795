package landing

import (
	"fmt"
	"time"
)

// LedgerDataset is the dataset whose scope holds a fiscal year.
const LedgerDataset = "ledger_entries"

// CheckLedgerPeriod decides whether a ledger file may join the batches. The file
// comes from source and covers the fiscal year of entityID that begins on start;
// its entries run from first to last. It is refused if it overlaps a fiscal year
// of the entity that begins on another day, or if another source already gives
// the same fiscal year: both files would count. The warning, if any, says that
// the file ends before the one it replaces.
func CheckLedgerPeriod(batches []Batch, entityID string, start, first, last time.Time, source string) (warning string, err error) {
	year, from, to := NewDate(start), NewDate(first), NewDate(last)
	if from.Before(year.Time) {
		return "", fmt.Errorf("the file holds entries of %s, before %s, the start of its fiscal year for entity %s: "+
			"give the true start of the fiscal year", from, year, entityID)
	}
	for _, b := range Live(batches) {
		if b.Dataset != LedgerDataset || b.EntityID != entityID || b.FiscalYearStart == nil || b.LastDate == nil {
			continue
		}
		other := *b.FiscalYearStart
		switch {
		case other.Equal(year.Time) && b.Source != source:
			return "", fmt.Errorf("source %q already gives the fiscal year of entity %s that begins on %s (file %s, batch %s): "+
				"load the file under that source, or every line would count twice",
				b.Source, entityID, year, b.SourceFile, b.ID)
		case other.Equal(year.Time) && to.Before(b.LastDate.Time):
			warning = fmt.Sprintf("the file ends on %s, before the one it replaces (file %s, batch %s), which ends on %s",
				to, b.SourceFile, b.ID, b.LastDate)
		case !other.Equal(year.Time) && !other.After(to.Time) && !b.LastDate.Before(year.Time):
			return "", fmt.Errorf("the file covers %s to %s for entity %s, in the fiscal year that begins on %s; "+
				"it overlaps the fiscal year that begins on %s, of which file %s (batch %s) covers %s to %s: "+
				"check the start of the fiscal year, or the dates in the file",
				from, to, entityID, year, other, b.SourceFile, b.ID, other, b.LastDate)
		}
	}
	return warning, nil
}
