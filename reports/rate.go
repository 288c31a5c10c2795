package reports

import "fmt"

// ratePlaces are the decimal places of a Rate.
const ratePlaces = 4

// Rate is a rate in per cent in ten-thousandths of a per cent; Valid is false
// where it is not known.
type Rate struct {
	TenThousandths int64
	Valid          bool
}

// Scan reads a DECIMAL of at most four decimals; NULL is not valid.
func (r *Rate) Scan(src any) (err error) {
	*r = Rate{Valid: src != nil}
	if !r.Valid {
		return nil
	}
	exact := false
	r.TenThousandths, exact, err = fixed(src, ratePlaces)
	if err == nil && !exact {
		err = fmt.Errorf("read rate: %v has more than %d decimals", src, ratePlaces)
	}
	return err
}
