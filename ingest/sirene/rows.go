package sirene

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"strconv"
	"strings"
	"time"

	"github.com/encours/encours/ingest"
	"github.com/encours/encours/ingest/canonical"
)

// Separators of what Rows reads: fields, and the ends of records.
const (
	FieldEnd  = '\x1f'
	RecordEnd = '\n'
)

// quoted is the mark that may stand around a value.
const quoted = "\x1e"

// notDisclosed stands where a person asked INSEE not to publish a value.
const notDisclosed = "[ND]"

// Rows writes kept records as the canonical stream of the dataset. in gives them as
// text: the line, then the values of Fields in their order, separated by FieldEnd, each
// record ended by RecordEnd; an empty value is none. A record whose values are not
// those of the register goes to reject.
func (s *Stock) Rows(ctx context.Context, in io.Reader, fields []ingest.Field, w io.Writer, reject func(ingest.Reject) error) (ingest.ShapedStats, error) {
	var stats ingest.ShapedStats
	out, err := canonical.NewWriter(w, fields, reject)
	if err != nil {
		return stats, err
	}
	names := s.Fields()
	lines := bufio.NewReaderSize(in, 1<<20)
	for {
		if err := ctx.Err(); err != nil {
			return stats, err
		}
		text, err := lines.ReadString(RecordEnd)
		if errors.Is(err, io.EOF) && text == "" {
			break
		}
		if err != nil && !errors.Is(err, io.EOF) {
			return stats, err
		}
		parts := strings.Split(strings.TrimSuffix(text, string(RecordEnd)), string(FieldEnd))
		if len(parts) != len(names)+1 {
			return stats, fmt.Errorf("read %q: internal error: a kept record has %d values, not %d", s.Label, len(parts), len(names)+1)
		}
		line, err := strconv.ParseInt(parts[0], 10, 64)
		if err != nil {
			return stats, fmt.Errorf("read %q: internal error: line %q", s.Label, parts[0])
		}
		values := make(map[string]string, len(names))
		for i, name := range names {
			values[name] = strings.Trim(parts[i+1], quoted)
		}
		if day, err := s.row(out, line, values); err != nil {
			return stats, err
		} else if !day.IsZero() {
			if stats.First.IsZero() || day.Before(stats.First) {
				stats.First = day
			}
			if day.After(stats.Last) {
				stats.Last = day
			}
		}
	}
	stats.Rows, stats.Rejects = out.Rows, out.Rejects
	return stats, out.Flush()
}

// row writes one record. day is when the register last changed it.
func (s *Stock) row(out *canonical.Writer, line int64, texts map[string]string) (day time.Time, err error) {
	at := ingest.Reject{Line: line, Raw: s.raw(texts)}
	values := make(map[string]any, len(texts))
	for i, p := range s.places {
		text, ok := texts[p.field]
		if s.at[i] < 0 || !ok {
			continue
		}
		value, reason, message := clean(p, text)
		if message != "" {
			return day, out.Reject(at, s.Columns[s.at[i]], text, reason, message)
		}
		if value != "" {
			values[p.field] = value
		}
	}
	if column, value, message := s.together(values); message != "" {
		return day, out.Reject(at, column, value, "value.inconsistent", message)
	}
	before := out.Rows
	if err := out.Write(at, values); err != nil || out.Rows == before {
		return day, err
	}
	for _, name := range []string{"updated_on", "processed_on"} {
		if text, ok := values[name].(string); ok && len(text) >= len(time.DateOnly) {
			day, _ = time.Parse(time.DateOnly, text[:len(time.DateOnly)])
		}
	}
	return day, nil
}

// clean reads one value.
func clean(p place, text string) (value, reason, message string) {
	text = strings.TrimSpace(text)
	if text == "" || text == notDisclosed {
		return "", "", ""
	}
	switch {
	case strings.HasPrefix(p.field, "is_"):
		switch strings.ToLower(text) {
		case "true", "t", "o", "oui", "1":
			return "true", "", ""
		case "false", "f", "n", "non", "0":
			return "false", "", ""
		}
		return "", "boolean.invalid", "this is neither true, false, O nor N"
	case p.digits > 0:
		if len(text) < p.digits && onlyDigits(text) {
			text = strings.Repeat("0", p.digits-len(text)) + text
		}
		if p.digits > 5 && (len(text) != p.digits || !onlyDigits(text)) {
			return "", "identifier.invalid", fmt.Sprintf("this is not a number of %d digits", p.digits)
		}
	}
	return text, "", ""
}

// together checks what the values say of one another, and fills what the file leaves
// open. message is empty where nothing is wrong.
func (s *Stock) together(values map[string]any) (column, value, message string) {
	switch s.Dataset {
	case Establishments:
		siret, _ := values["siret"].(string)
		siren, _ := values["siren"].(string)
		if siret != "" && siren != "" && !strings.HasPrefix(siret, siren) {
			return "siret", siret, "the SIRET does not begin with the SIREN " + siren
		}
	case Periods:
		if _, ok := values["valid_from"]; !ok {
			values["valid_from"] = "1900-01-01" // the day stands for one that the register does not know
		}
	}
	return "", "", ""
}

// raw writes a record for a person.
func (s *Stock) raw(texts map[string]string) string {
	var parts []string
	for i, p := range s.places {
		if text := texts[p.field]; s.at[i] >= 0 && text != "" {
			parts = append(parts, s.Columns[s.at[i]]+"="+text)
		}
	}
	return ingest.Cut(strings.Join(parts, " "), 64<<10)
}

func onlyDigits(text string) bool {
	return strings.IndexFunc(text, func(c rune) bool { return c < '0' || c > '9' }) < 0
}

// Values reads one record of a dataset whose values column gives by the names of INSEE,
// each empty where there is none, and returns them by field. Where one cannot be read,
// wrong says which and why.
func Values(dataset string, column func(name string) string) (values map[string]any, wrong *ingest.Reject) {
	values = map[string]any{}
	for _, p := range layouts()[dataset] {
		value, reason, message := clean(p, column(p.column))
		if message != "" {
			return nil, &ingest.Reject{Column: p.column, Value: column(p.column), Reason: reason, Message: message}
		}
		if value != "" {
			values[p.field] = value
		}
	}
	s := &Stock{Dataset: dataset}
	if column, value, message := s.together(values); message != "" {
		return nil, &ingest.Reject{Column: column, Value: value, Reason: "value.inconsistent", Message: message}
	}
	return values, nil
}
