package pull

import (
	"context"
	"encoding/json"
	"fmt"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"
)

// BodaccSteps are the questions to the explore API, version 2.1, of the gazette: the
// notices that name one of the companies, published from one day to another, both
// included. One question gives 10,000 records at most: a span of days that holds more is
// asked for in halves.
func BodaccSteps(c *Client, sirens []string, from, to time.Time) []Step {
	if from.IsZero() {
		from, _ = time.Parse(time.DateOnly, firstOfBodacc)
	}
	var steps []Step
	for chunk := range slices.Chunk(sirens, bodaccAsked) {
		whole := span{from: from, to: to}
		steps = append(steps, Step{Name: whole.days() + " " + strings.Join(chunk, " "), Page: func(ctx context.Context, cursor string) (Page, error) {
			if cursor == "" {
				return bodaccNext(ctx, c, chunk, []span{whole})
			}
			spans, err := parseSpans(cursor)
			if err != nil {
				return Page{}, err
			}
			return bodaccNext(ctx, c, chunk, spans)
		}})
	}
	return steps
}

// span is days of publication, and how many of their records have been read.
type span struct {
	from, to time.Time
	offset   int
}

func (s span) days() string {
	return s.from.Format(time.DateOnly) + ":" + s.to.Format(time.DateOnly)
}

// bodaccNext reads the next page of the first of the spans. The cursor of the page behind
// it is the spans that are left.
func bodaccNext(ctx context.Context, c *Client, sirens []string, spans []span) (Page, error) {
	for {
		at := spans[0]
		text, err := c.Get(ctx, bodaccPath, url.Values{
			"where":    {bodaccWhere(sirens, at)},
			"order_by": {"dateparution,id"},
			"limit":    {strconv.Itoa(bodaccPage)},
			"offset":   {strconv.Itoa(at.offset)},
		})
		if err != nil {
			return Page{}, err
		}
		var answer struct {
			Total   int               `json:"total_count"`
			Results []json.RawMessage `json:"results"`
		}
		if err := json.Unmarshal(text, &answer); err != nil {
			return Page{}, fmt.Errorf("read the answer of %s: %w", c.host(), err)
		}
		if answer.Total > bodaccMost && at.offset == 0 {
			days := int(at.to.Sub(at.from).Hours() / 24)
			if days < 1 {
				return Page{}, fmt.Errorf("%s has %d notices about %d companies on %s, and gives %d at most: ask about fewer companies",
					c.host(), answer.Total, len(sirens), at.from.Format(time.DateOnly), bodaccMost)
			}
			middle := at.from.AddDate(0, 0, days/2)
			spans = append([]span{{from: at.from, to: middle}, {from: middle.AddDate(0, 0, 1), to: at.to}}, spans[1:]...)
			continue
		}
		var page Page
		for _, record := range answer.Results {
			item, err := oneLine(record)
			if err != nil {
				return Page{}, fmt.Errorf("read the answer of %s: %w", c.host(), err)
			}
			page.Items = append(page.Items, item)
		}
		at.offset += len(answer.Results)
		if len(answer.Results) > 0 && at.offset < answer.Total {
			spans[0] = at
		} else {
			spans = spans[1:]
		}
		page.Next = formatSpans(spans)
		return page, nil
	}
}

func bodaccWhere(sirens []string, s span) string {
	return fmt.Sprintf("dateparution >= date'%s' and dateparution <= date'%s' and registre in (\"%s\")",
		s.from.Format(time.DateOnly), s.to.Format(time.DateOnly), strings.Join(sirens, `", "`))
}

func formatSpans(spans []span) string {
	var parts []string
	for _, s := range spans {
		parts = append(parts, s.days()+":"+strconv.Itoa(s.offset))
	}
	return strings.Join(parts, ";")
}

func parseSpans(text string) ([]span, error) {
	var spans []span
	for part := range strings.SplitSeq(text, ";") {
		fields := strings.Split(part, ":")
		if len(fields) != 3 {
			return nil, fmt.Errorf("the note of how far the last run got is damaged: %q", text)
		}
		from, err1 := time.Parse(time.DateOnly, fields[0])
		to, err2 := time.Parse(time.DateOnly, fields[1])
		offset, err3 := strconv.Atoi(fields[2])
		if err1 != nil || err2 != nil || err3 != nil {
			return nil, fmt.Errorf("the note of how far the last run got is damaged: %q", text)
		}
		spans = append(spans, span{from, to, offset})
	}
	return spans, nil
}
