package verify

import (
	"fmt"
	"slices"
	"strings"

	"github.com/encours/encours/reports/table"
)

// sum adds the values of a column up.
type sum struct {
	table.Sum
	name   string
	want   string
	column int
}

func parseSums(text string, columns []table.Column) ([]*sum, error) {
	var sums []*sum
	for _, field := range strings.Fields(text) {
		name, want, _ := strings.Cut(field, "=")
		i := slices.IndexFunc(columns, func(c table.Column) bool { return c.Name == name })
		if i < 0 {
			return nil, fmt.Errorf("a sum is said of the column %q, which there is not", name)
		}
		sums = append(sums, &sum{Sum: table.Sum{Scale: columns[i].Scale}, name: name, want: want, column: i})
	}
	return sums, nil
}

// text is the sum, or why there is none.
func (s *sum) text() string {
	text, err := s.Text()
	if err != nil {
		return err.Error()
	}
	return text
}
