package web

import (
	"context"
	"errors"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/runes"
	"golang.org/x/text/transform"
	"golang.org/x/text/unicode/norm"

	"github.com/encours/encours/reports"
)

// matchParams narrow the review queue and its file.
var matchParams = []string{"verdict", "undecided", "customer"}

// maxBits is the strength at which the bar of a reason is full, in thousandths.
const maxBits = 16_000

// Reviewer keeps what readers decide about identities.
type Reviewer interface {
	// Review returns reports.ErrNotFound, reports.ErrNothingToUndo or a
	// *reports.MatchConflict where it is not kept. The same again changes nothing.
	Review(ctx context.Context, decision reports.MatchDecision) error
}

// matchingPage is the review queue: who customers may be, why, and what was decided.
type matchingPage struct {
	Layout
	Figures  *reports.Matches
	Rows     []matchRow
	Verdicts []string // to choose
	File     string   // link to the file of the queue
	IsDone   bool     // something has just been decided
	Conflict *matchConflict
}

// Kept are the parameters that the filter of the queue carries on.
func (p matchingPage) Kept() []string { return commonParams }

// matchConflict is the decision of somebody else that stood in the way.
type matchConflict struct {
	*reports.MatchConflict
	IsOther bool // another candidate is accepted; false: somebody decided meanwhile
}

// matchRow is a candidate in the words of the reader, with its form.
type matchRow struct {
	reports.MatchRow
	URL                      string
	Chance                   string
	OwnName, CandidateName   []piece
	OwnPlace, CandidatePlace []piece
	Bars                     []matchBar
	CanDecide                bool
	Back, Place              string // Place is its name on the page
}

// piece is a word; IsOther marks one that the other side does not have.
type piece struct {
	Text    string
	IsOther bool
}

// matchBar is a reason as a bar to the right where it speaks for the candidate, to the
// left where it speaks against.
type matchBar struct {
	Name, Words, Bits string
	X, Width          int // of 100, the middle is nothing
	IsAgainst         bool
}

func (s *server) matching(w http.ResponseWriter, r *http.Request) error {
	return s.showMatching(w, r, http.StatusOK, nil)
}

func (s *server) showMatching(w http.ResponseWriter, r *http.Request, status int, conflict *reports.MatchConflict) error {
	q, filter, err := readMatching(r)
	if err != nil {
		return err
	}
	return s.showAs(w, r, status, "matching", q, func(ctx context.Context, view View, l *locale, layout Layout) (any, error) {
		figures, err := view.Matches(ctx, filter)
		if err != nil {
			return nil, err
		}
		layout.Extra = matchParams
		page := matchingPage{
			Layout: layout, Figures: figures, Verdicts: reports.MatchVerdicts(), IsDone: q.Value(doneParam) != "" && conflict == nil,
			File: layout.Link("/matching.csv", matchPairs(layout)...),
		}
		if conflict != nil {
			page.Conflict = &matchConflict{conflict, errors.Is(conflict, reports.ErrOtherAccepted)}
		}
		back := layout.Link("/matching", matchPairs(layout)...)
		for i, row := range figures.Rows {
			page.Rows = append(page.Rows, matchRow{
				MatchRow: row, URL: layout.Counterparty(row.Entity, row.Side, row.ID), Chance: l.chance(row.Probability, row.HasProbability),
				OwnName: marked(row.Own.Name, row.Candidate.Name), CandidateName: marked(row.Candidate.Name, row.Own.Name),
				OwnPlace:       marked(row.Own.PostalCode+" "+row.Own.City, row.Candidate.PostalCode+" "+row.Candidate.City),
				CandidatePlace: marked(row.Candidate.PostalCode+" "+row.Candidate.City, row.Own.PostalCode+" "+row.Own.City),
				Bars:           l.matchBars(row.Reasons), CanDecide: s.reviewer != nil && figures.CanDecide, Back: back, Place: "match-" + strconv.Itoa(i+1),
			})
		}
		return page, nil
	})
}

func matchPairs(layout Layout) (pairs []string) {
	for _, name := range matchParams {
		pairs = append(pairs, name, layout.Value(name))
	}
	return pairs
}

func readMatching(r *http.Request) (q *query, filter reports.MatchFilter, err error) {
	if q, err = parseQuery(r, append(slices.Clone(matchParams), doneParam)...); err != nil {
		return nil, filter, err
	}
	if filter.Verdict, err = q.oneOf("verdict", reports.MatchVerdicts()); err != nil {
		return nil, filter, err
	}
	only, err := q.oneOf("undecided", []string{"1"})
	if err != nil {
		return nil, filter, err
	}
	filter.Undecided, filter.Customer = only == "1", q.Value("customer")
	if !utf8.ValidString(filter.Customer) || len(filter.Customer) > maxIdentifierBytes || strings.ContainsFunc(filter.Customer, isControl) {
		return nil, filter, &badParam{Name: "customer", Value: filter.Customer, Allowed: "param.customer", Args: []any{maxIdentifierBytes}}
	}
	return q, filter, nil
}

// chance writes the probability of a candidate; a dash where there is none. One that is
// not certain is never written as 100 per cent.
func (l *locale) chance(millionths int64, isKnown bool) string {
	if !isKnown {
		return noValue
	}
	points := millionths / 100
	if millionths > 0 && millionths < 1_000_000 {
		points = min(max(points, 10), 9990) // to one decimal
	}
	return l.Ratio(reports.Ratio{BasisPoints: points, Valid: true})
}

// matchBars puts reasons into words; what was not compared is left out.
func (l *locale) matchBars(reasons []reports.MatchBits) (bars []matchBar) {
	for _, b := range reasons {
		if !b.Valid {
			continue
		}
		strength := "neutral"
		switch {
		case b.Thousandth >= 6000:
			strength = "strong_for"
		case b.Thousandth >= 1000:
			strength = "for"
		case b.Thousandth <= -6000:
			strength = "strong_against"
		case b.Thousandth <= -1000:
			strength = "against"
		}
		bar := matchBar{Name: l.Name("match_reason", b.Name), Words: l.Name("match_strength", strength), X: 50, IsAgainst: b.Thousandth < 0}
		bar.Width = int(min(max(b.Thousandth, -b.Thousandth), maxBits) * 50 / maxBits)
		if bar.IsAgainst {
			bar.X = 50 - bar.Width
		}
		bar.Bits = l.Points(reports.Days{Hundredths: b.Thousandth / 10, Valid: true})
		bars = append(bars, bar)
	}
	return bars
}

// bareWord is a word in capitals, without accents and signs.
func bareWord(word string) string {
	bare, _, err := transform.String(transform.Chain(norm.NFD, runes.Remove(runes.In(unicode.Mn))), word)
	if err != nil {
		bare = word
	}
	return strings.ToUpper(strings.Map(func(c rune) rune {
		if unicode.IsLetter(c) || unicode.IsDigit(c) {
			return c
		}
		return -1
	}, bare))
}

// marked splits a text into words and marks those that another text does not have.
func marked(text, other string) (pieces []piece) {
	has := map[string]bool{"": true}
	for word := range strings.FieldsSeq(other) {
		has[bareWord(word)] = true
	}
	for word := range strings.FieldsSeq(text) {
		pieces = append(pieces, piece{word, !has[bareWord(word)]})
	}
	return pieces
}

// matchingFile sends the queue as a file to be filled in.
func (s *server) matchingFile(w http.ResponseWriter, r *http.Request) error {
	q, filter, err := readMatching(r)
	if err != nil {
		return err
	}
	filter.Whole = true
	return s.withView(r, q.Selection, func(view View) error {
		figures, err := view.Matches(r.Context(), filter)
		if err != nil {
			return err
		}
		w.Header().Set("Content-Type", exportTypes["csv"])
		w.Header().Set("Content-Disposition", `attachment; filename="`+exportName("matches", "csv", view.Meta())+`"`)
		s.logWrite(reports.WriteMatches(w, figures.Rows))
		return nil
	})
}

// reviewMatch takes the form. The session of the page is the right to it, and a form of
// another site is refused before it comes here. Who comes second sees who was first, and
// the queue as it is now.
func (s *server) reviewMatch(w http.ResponseWriter, r *http.Request) error {
	if s.reviewer == nil {
		return errNoPage
	}
	form, ok := postedForm(w, r, maxRecordBytes)
	if !ok {
		return nil
	}
	decision, err := readMatchDecision(form)
	if err != nil {
		return err
	}
	err = s.reviewer.Review(r.Context(), decision)
	conflict, isConflict := errors.AsType[*reports.MatchConflict](err)
	if !isConflict {
		if err != nil {
			return err
		}
		return sendBack(w, r, form, "done")
	}
	back, err := url.Parse(localAddress(form.Get("back")))
	if err != nil || back.Path != "/matching" {
		back = &url.URL{Path: "/matching"}
	}
	again := r.Clone(r.Context())
	again.Method, again.URL = http.MethodGet, back
	return s.showMatching(w, again, http.StatusConflict, conflict)
}

// readMatchDecision checks every value of the form.
func readMatchDecision(form url.Values) (reports.MatchDecision, error) {
	d := reports.MatchDecision{
		Entity: form.Get("entity"), Side: form.Get("side"), ID: form.Get("id"), Candidate: form.Get("candidate"), Decision: form.Get("decision"), Origin: "page",
	}
	var err error
	if d.By, d.Note, err = readAuthor(form); err != nil {
		return d, err
	}
	decisions := []string{reports.MatchAccept, reports.MatchReject, reports.MatchUndo}
	if !slices.Contains(decisions, d.Decision) {
		return d, &badParam{Name: "decision", Value: d.Decision, Allowed: "param.one_of", Args: []any{strings.Join(decisions, ", ")}}
	}
	seen, err := strconv.ParseInt(form.Get("seen"), 10, 64)
	if err != nil || seen < 0 {
		return d, &badParam{Name: "seen", Value: form.Get("seen"), Allowed: "param.form"}
	}
	d.Seen = seen
	return d, readCounterpartyForm(form)
}

// readCounterpartyForm checks of whom a form is.
func readCounterpartyForm(form url.Values) error {
	if side := form.Get("side"); side != reports.Customer && side != reports.Supplier || !entityPattern.MatchString(form.Get("entity")) {
		return &badParam{Name: "entity", Value: form.Get("entity"), Allowed: "param.form"}
	}
	if id := form.Get("id"); id == "" || len(id) > maxIdentifierBytes || !utf8.ValidString(id) || strings.ContainsFunc(id, isControl) {
		return &badParam{Name: "id", Value: id, Allowed: "param.form"}
	}
	return nil
}

// readAuthor reads who says something, which is needed, and why.
func readAuthor(form url.Values) (by, note string, err error) {
	by = strings.TrimSpace(form.Get("author"))
	note = strings.TrimSpace(strings.ReplaceAll(form.Get("note"), "\r\n", " "))
	if by == "" || !utf8.ValidString(by) || utf8.RuneCountInString(by) > maxAskerRunes || strings.ContainsFunc(by, isControl) {
		return by, note, &badParam{Name: "author", Value: by, Allowed: "param.name", Args: []any{maxAskerRunes}}
	}
	if !utf8.ValidString(note) || utf8.RuneCountInString(note) > maxNoteRunes || strings.ContainsFunc(note, isControl) {
		return by, note, &badParam{Name: "note", Value: note, Allowed: "param.search", Args: []any{maxNoteRunes}}
	}
	return by, note, nil
}
