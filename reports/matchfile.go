package reports

import (
	"bytes"
	"context"
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	"golang.org/x/text/encoding/charmap"

	"github.com/encours/encours/reports/money"
	"github.com/encours/encours/reports/table"
)

// MatchColumns are the columns of the file of the review queue. The last two are for the
// reader to fill in.
func MatchColumns() []string {
	return []string{
		"entity_id", "side", "counterparty_id", "candidate_siren", "candidate_siret", "rank_no",
		"counterparty_name", "counterparty_postal_code", "counterparty_city",
		"candidate_name", "candidate_postal_code", "candidate_city", "candidate_legal_form", "candidate_state",
		"match_method", "match_probability", "margin_bits", "name_bits", "place_bits", "street_bits", "form_bits", "activity_bits", "state_bits",
		"verdict", "open_amount", "currency", "decision", "decided_by", "decided_on", "seen", "your_decision", "note",
	}
}

// thousandths writes 1234 as 1.234.
func thousandths(n int64, valid bool) string {
	if !valid {
		return ""
	}
	sign := ""
	if n < 0 {
		sign, n = "-", -n
	}
	return fmt.Sprintf("%s%d.%03d", sign, n/1000, n%1000)
}

// Record is the row in the order of MatchColumns, without the names of natural persons
// that exports leave out.
func (r MatchRow) Record() []string {
	own, candidate := r.Own, r.Candidate
	if r.hidesOwn {
		own = MatchParty{Name: r.ID}
	}
	if r.hidesCandidate {
		candidate = MatchParty{Name: r.CandidateID()}
	}
	probability, on := "", ""
	if r.HasProbability {
		probability = fmt.Sprintf("%d.%06d", r.Probability/1_000_000, r.Probability%1_000_000)
	}
	if !r.On.IsZero() {
		on = r.On.Format(time.DateOnly)
	}
	record := []string{
		r.Entity, r.Side, r.ID, r.SIREN, r.SIRET, strconv.FormatInt(r.Rank, 10), own.Name, own.PostalCode, own.City,
		candidate.Name, candidate.PostalCode, candidate.City, r.LegalForm, r.State, r.Method, probability, thousandths(r.Margin.Int64, r.Margin.Valid),
	}
	for _, b := range r.Reasons {
		record = append(record, thousandths(b.Thousandth, b.Valid))
	}
	return append(record, r.Verdict, money.Plain(int64(r.Open)), r.Currency, r.Decision, r.By, on, strconv.FormatInt(r.Seen, 10), "", "")
}

// matchNumbers are the columns that a spreadsheet may read as numbers.
var matchNumbers = []string{"margin_bits", "name_bits", "place_bits", "street_bits", "form_bits", "activity_bits", "state_bits", "open_amount"}

// WriteMatches writes the queue as CSV to be filled in and read again.
func WriteMatches(w io.Writer, rows []MatchRow) error {
	out := csv.NewWriter(w)
	columns := MatchColumns()
	if err := out.Write(columns); err != nil {
		return err
	}
	for _, row := range rows {
		record := row.Record()
		for i, value := range record {
			if !slices.Contains(matchNumbers, columns[i]) { // a minus is a sign there
				record[i] = table.Neutral(value)
			}
		}
		if err := out.Write(record); err != nil {
			return err
		}
	}
	out.Flush()
	return out.Error()
}

// LineProblem is a line of a file that was not taken.
type LineProblem struct {
	Line          int
	Column, Value string
	Text          string
}

func (p LineProblem) String() string {
	if p.Column == "" {
		return fmt.Sprintf("line %d: %s", p.Line, p.Text)
	}
	return fmt.Sprintf("line %d, column %s, %q: %s", p.Line, p.Column, p.Value, p.Text)
}

// Taken is what became of a file of decisions.
type Taken struct {
	Decided  int // lines with a decision
	Added    int // that were new
	Same     int // that stood already
	Problems []LineProblem
}

// matchLine is a line with a decision.
type matchLine struct {
	MatchDecision
	line int
}

// ReadMatches takes the decisions out of a file that WriteMatches wrote and somebody
// filled in, also where a spreadsheet saved it with semicolons or in Windows-1252. Lines
// that cannot be taken are told; the others are taken all the same, those of one customer
// together.
func (s *Service) ReadMatches(ctx context.Context, file []byte, by, origin string) (taken Taken, err error) {
	lines, err := readMatchLines(file, by, origin, &taken)
	if err != nil {
		return taken, err
	}
	type subject struct{ entity, side, id string }
	var order []subject
	of, queues := map[subject][]matchLine{}, map[[2]string]map[string][]MatchRow{}
	for _, l := range lines {
		at := subject{l.Entity, l.Side, l.ID}
		if _, ok := of[at]; !ok {
			order = append(order, at)
		}
		of[at] = append(of[at], l)
	}
	for _, at := range order {
		queue, ok := queues[[2]string{at.entity, at.side}]
		if !ok {
			queue, err = s.matchQueue(ctx, at.entity, at.side)
			if errors.Is(err, ErrUnknownEntity) || errors.Is(err, ErrBadSelection) {
				for _, l := range of[at] {
					taken.refuse(l.line, "entity_id", at.entity, "encours.yaml has no such entity")
				}
				continue
			}
			if err != nil {
				return taken, err
			}
			queues[[2]string{at.entity, at.side}] = queue
		}
		if err := s.takeSubject(ctx, queue[at.id], of[at], &taken); err != nil {
			return taken, err
		}
	}
	slices.SortStableFunc(taken.Problems, func(a, b LineProblem) int { return a.Line - b.Line })
	return taken, nil
}

func (t *Taken) refuse(line int, column, value, text string) {
	t.Problems = append(t.Problems, LineProblem{line, column, value, text})
}

// takeSubject takes the lines of one customer, whose candidates are rows.
func (s *Service) takeSubject(ctx context.Context, rows []MatchRow, lines []matchLine, taken *Taken) error {
	var good []matchLine
	var decisions []MatchDecision
	for _, l := range lines {
		listed := slices.ContainsFunc(rows, func(r MatchRow) bool { return r.CandidateID() == l.Candidate })
		switch {
		case len(rows) == 0:
			taken.refuse(l.line, "counterparty_id", l.ID, "the queue has no such code; a spreadsheet may have taken zeros off: import the column as text")
		case !listed:
			taken.refuse(l.line, "candidate_siren", l.Candidate, "this is no candidate of "+l.ID+" in the queue of today: export it again")
		case len(good) > 0 && l.Seen != good[0].Seen:
			taken.refuse(l.line, "seen", strconv.FormatInt(l.Seen, 10), "other lines of "+l.ID+" have another number: export it again")
		default:
			good, decisions = append(good, l), append(decisions, l.MatchDecision)
		}
	}
	if len(good) == 0 {
		return nil
	}
	added, err := s.review(ctx, rows, decisions)
	switch {
	case errors.Is(err, ErrChangedMeanwhile):
		for _, l := range good {
			taken.refuse(l.line, "seen", strconv.FormatInt(l.Seen, 10), err.Error()+": export the queue again and look")
		}
	case errors.Is(err, ErrOtherAccepted), errors.Is(err, ErrNothingToUndo):
		for _, l := range good {
			taken.refuse(l.line, "your_decision", l.Decision, err.Error())
		}
	case err != nil:
		return err
	default:
		taken.Added += added
		taken.Same += len(good) - added
	}
	return nil
}

// utf8Text is the text of a file without its byte order mark; what is no UTF-8 is
// Windows-1252, in which spreadsheets save.
func utf8Text(file []byte) []byte {
	file = bytes.TrimPrefix(file, []byte("\ufeff"))
	if utf8.Valid(file) {
		return file
	}
	if text, err := charmap.Windows1252.NewDecoder().Bytes(file); err == nil {
		return text
	}
	return file
}

func readMatchLines(file []byte, by, origin string, taken *Taken) (lines []matchLine, err error) {
	text := utf8Text(file)
	head, _, _ := bytes.Cut(text, []byte("\n"))
	reader := csv.NewReader(bytes.NewReader(text))
	reader.FieldsPerRecord = -1
	if bytes.Count(head, []byte(";")) > bytes.Count(head, []byte(",")) {
		reader.Comma = ';'
	}
	header, err := reader.Read()
	if err != nil {
		return nil, errors.New("line 1: there is no header: write the file with `encours matches export`")
	}
	at := map[string]int{}
	for i, name := range header {
		at[strings.ToLower(strings.TrimSpace(plainAgain(name)))] = i
	}
	for _, name := range []string{"entity_id", "side", "counterparty_id", "candidate_siren", "candidate_siret", "seen", "your_decision", "note"} {
		if _, ok := at[name]; !ok {
			return nil, fmt.Errorf("line 1: the column %s is missing: write the file with `encours matches export`", name)
		}
	}
	seen := map[string]int{}
	for {
		record, err := reader.Read()
		if errors.Is(err, io.EOF) {
			return lines, nil
		}
		if parse, ok := errors.AsType[*csv.ParseError](err); ok {
			taken.refuse(parse.StartLine, "", "", "the quotation marks of the line do not close: what follows cannot be read")
			return lines, nil
		}
		if err != nil {
			return nil, fmt.Errorf("read file: %w", err)
		}
		number, _ := reader.FieldPos(0)
		value := func(name string) string {
			if i := at[name]; i < len(record) {
				return strings.TrimSpace(plainAgain(record[i]))
			}
			return ""
		}
		if value("your_decision") == "" {
			continue
		}
		taken.Decided++
		l := matchLine{MatchDecision{
			Entity: value("entity_id"), Side: value("side"), ID: value("counterparty_id"), By: by, Origin: origin, Note: value("note"),
		}, number}
		if l.read(value, taken) {
			if first, ok := seen[l.key()]; ok {
				taken.refuse(number, "candidate_siren", l.Candidate, fmt.Sprintf("line %d decides about the same candidate", first))
				continue
			}
			seen[l.key()] = number
			lines = append(lines, l)
		}
	}
}

func (l matchLine) key() string {
	return strings.Join([]string{l.Entity, l.Side, l.ID, l.Candidate}, "\x00")
}

// read checks each value of a line.
func (l *matchLine) read(value func(string) string, taken *Taken) bool {
	words := map[string]string{
		"accept": MatchAccept, "reject": MatchReject, "undo": MatchUndo,
		"accepter": MatchAccept, "refuser": MatchReject, "rejeter": MatchReject, "annuler": MatchUndo,
	}
	var ok bool
	if l.Decision, ok = words[strings.ToLower(value("your_decision"))]; !ok {
		taken.refuse(l.line, "your_decision", value("your_decision"), "write accept, reject or undo, or leave it empty")
		return false
	}
	siren, siret := value("candidate_siren"), value("candidate_siret")
	for _, c := range []struct {
		name, text string
		digits     int
	}{{"candidate_siren", siren, 9}, {"candidate_siret", siret, 14}} {
		if strings.Trim(c.text, "0123456789") != "" || len(c.text) > c.digits {
			taken.refuse(l.line, c.name, c.text, fmt.Sprintf("write %d digits; a spreadsheet may have made a number of it: import the column as text", c.digits))
			return false
		}
	}
	if l.Candidate = zeros(siren, 9); siret != "" { // zeros that a spreadsheet took off
		l.Candidate = zeros(siret, 14)
	}
	var err error
	if l.Seen, err = strconv.ParseInt(value("seen"), 10, 64); err != nil || l.Seen < 0 {
		taken.refuse(l.line, "seen", value("seen"), "write the number that the export has there")
		return false
	}
	if l.Side != Customer && l.Side != Supplier {
		taken.refuse(l.line, "side", l.Side, "write customer or supplier")
		return false
	}
	if !isLine(l.Note) {
		taken.refuse(l.line, "note", l.Note[:min(len(l.Note), 40)], fmt.Sprintf("write one line of at most %d characters", maxNote))
		return false
	}
	return true
}

func zeros(digits string, length int) string {
	return strings.Repeat("0", max(0, length-len(digits))) + digits
}

// plainAgain takes the apostrophe off that keeps a spreadsheet from reading a formula.
func plainAgain(text string) string {
	if rest, ok := strings.CutPrefix(text, "'"); ok && table.Neutral(rest) != rest {
		return rest
	}
	return text
}
