package web

import (
	"net/http"
	"net/url"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/encours/encours/reports"
)

const (
	groupEntity    = "group"
	isoDate        = "2006-01-02"
	maxSearchRunes = 100
	maxPage        = 1_000_000
	maxPageSize    = 200
)

var (
	entityPattern = regexp.MustCompile(`^[A-Za-z0-9_-]{1,32}$`)
	bucketPattern = regexp.MustCompile(`^[\p{L}\p{N} _.+<>=≤≥-]{1,40}$`)
	sortOrders    = []string{"overdue", "open", "name", "oldest"}
	pageSizes     = []string{"25", "50", "100", "200"}
	ageingDates   = []string{reports.ByDueDate, reports.ByIssueDate}

	commonParams = []string{"entity", "side", "as_of", "lang"}
	ageingParams = []string{"search", "bucket", "overdue", "by", "group_by", "within", "value", "sort", "page", "size"}
	spanParams   = []string{"from", "to"}
	termsParams  = []string{"tax", "table", "terms_side", "line", "column"}
)

// ageingGroups are what a row of the ageing may be.
func ageingGroups() []string { return append([]string{reports.ByCounterparty}, reports.Groupings()...) }

// query is what the URL of a page asks for, every value checked. It is also
// what the links of the page carry on.
type query struct {
	Selection reports.Selection
	Filter    reports.AgeingFilter
	values    url.Values // as given, of checked parameters only
}

// badParam is a parameter that cannot be understood. Allowed is the key of the
// text that says what can be.
type badParam struct {
	Name, Value, Allowed string
	Args                 []any
}

func (e *badParam) Error() string { return "parameter " + e.Name + " is not valid" }

// parseQuery reads the URL's query. A parameter that is unknown, repeated or out
// of bounds is an error: a misspelt filter must not show unfiltered figures.
func parseQuery(r *http.Request, extra ...string) (*query, error) {
	values, err := url.ParseQuery(r.URL.RawQuery)
	if err != nil {
		return nil, &badParam{Name: "?", Value: r.URL.RawQuery, Allowed: "param.encoding"}
	}
	allowed := append(slices.Clone(commonParams), extra...)
	for name, given := range values {
		switch {
		case !slices.Contains(allowed, name):
			return nil, &badParam{Name: name, Value: given[0], Allowed: "param.names", Args: []any{strings.Join(allowed, ", ")}}
		case len(given) > 1:
			return nil, &badParam{Name: name, Value: strings.Join(given, ", "), Allowed: "param.once"}
		}
	}
	q := &query{values: values}
	if err := q.readSelection(); err != nil {
		return nil, err
	}
	if err := q.readFilter(); err != nil {
		return nil, err
	}
	return q, nil
}

func (q *query) readSelection() error {
	q.Selection = reports.Selection{Side: reports.Customer}
	if entity := q.values.Get("entity"); entity != "" && entity != groupEntity {
		if !entityPattern.MatchString(entity) {
			return &badParam{Name: "entity", Value: entity, Allowed: "param.entity"}
		}
		q.Selection.Entity = entity
	}
	if side, err := q.oneOf("side", []string{reports.Customer, reports.Supplier}); err != nil {
		return err
	} else if side != "" {
		q.Selection.Side = side
	}
	if lang := q.values.Get("lang"); lang != "" && !slices.Contains(languages, lang) {
		return &badParam{Name: "lang", Value: lang, Allowed: "param.one_of", Args: []any{strings.Join(languages, ", ")}}
	}
	var err error
	q.Selection.AsOf, err = q.day("as_of")
	return err
}

func (q *query) readFilter() error {
	search := strings.TrimSpace(q.values.Get("search"))
	if !utf8.ValidString(search) || utf8.RuneCountInString(search) > maxSearchRunes || strings.ContainsFunc(search, isControl) {
		return &badParam{Name: "search", Value: search, Allowed: "param.search", Args: []any{maxSearchRunes}}
	}
	q.Filter.Search = search
	if err := q.readGrouping(); err != nil {
		return err
	}
	// which buckets there are is the project's affair: the figures know
	q.Filter.Bucket = q.values.Get("bucket")
	if q.Filter.Bucket != "" && !bucketPattern.MatchString(q.Filter.Bucket) {
		return &badParam{Name: "bucket", Value: q.Filter.Bucket, Allowed: "param.bucket"}
	}
	var err error
	if q.Filter.Sort, err = q.oneOf("sort", sortOrders); err != nil {
		return err
	}
	only, err := q.oneOf("overdue", []string{"1"})
	if err != nil {
		return err
	}
	q.Filter.OnlyOverdue = only == "1"
	if q.Filter.Page, err = q.number("page", 1, maxPage); err != nil {
		return err
	}
	if q.Filter.Terms, err = q.readTerms(); err != nil {
		return err
	}
	if q.Filter.Risk, err = q.readRisk(); err != nil {
		return err
	}
	if q.Filter.Known, err = q.readSpan(); err != nil {
		return err
	}
	if q.Filter.Chase, err = q.readChase(); err != nil {
		return err
	}
	if q.Filter.Alert, err = q.readAlert(); err != nil {
		return err
	}
	q.Filter.PageSize, err = q.number("size", 1, maxPageSize)
	return err
}

// readSpan reads the two days of a comparison; that there are such days the figures
// know.
func (q *query) readSpan() (span reports.KnownSpan, err error) {
	if span.From, err = q.day("from"); err != nil {
		return span, err
	}
	if span.To, err = q.day("to"); err != nil {
		return span, err
	}
	if !span.To.IsZero() && (span.From.IsZero() || !span.From.Before(span.To)) {
		return span, &badParam{Name: "from", Value: q.values.Get("from"), Allowed: "param.span"}
	}
	return span, nil
}

// readChase reads the filters of the worklist and of the reminders.
func (q *query) readChase() (chase reports.ChaseFilter, err error) {
	chase.Manager = strings.TrimSpace(q.values.Get("manager"))
	if !utf8.ValidString(chase.Manager) || utf8.RuneCountInString(chase.Manager) > maxSearchRunes || strings.ContainsFunc(chase.Manager, isControl) {
		return chase, &badParam{Name: "manager", Value: chase.Manager, Allowed: "param.search", Args: []any{maxSearchRunes}}
	}
	if chase.Action, err = q.oneOf("action", reports.Actions()); err != nil {
		return chase, err
	}
	chase.Status, err = q.oneOf("status", reports.DunningStatuses())
	return chase, err
}

// day reads a date; the zero time where there is none.
func (q *query) day(name string) (time.Time, error) {
	text := q.values.Get(name)
	if text == "" {
		return time.Time{}, nil
	}
	at, err := time.Parse(isoDate, text)
	if err != nil || at.Year() < 1990 || at.Year() > 2100 {
		return time.Time{}, &badParam{Name: name, Value: text, Allowed: "param.date"}
	}
	return at, nil
}

// readGrouping reads what the ageing counts from and is grouped by. The rows behind
// one value of an attribute are counterparties.
func (q *query) readGrouping() (err error) {
	if q.Filter.By, err = q.oneOf("by", ageingDates); err != nil {
		return err
	}
	if q.Filter.GroupBy, err = q.oneOf("group_by", ageingGroups()); err != nil {
		return err
	}
	if q.Filter.Within, err = q.oneOf("within", reports.Groupings()); err != nil {
		return err
	}
	grouped := q.Filter.GroupBy
	if q.Filter.Within != "" && grouped != "" && grouped != reports.ByCounterparty {
		return &badParam{Name: "group_by", Value: grouped, Allowed: "param.one_of", Args: []any{reports.ByCounterparty}}
	}
	value := q.values.Get("value")
	if !utf8.ValidString(value) || utf8.RuneCountInString(value) > maxSearchRunes || strings.ContainsFunc(value, isControl) {
		return &badParam{Name: "value", Value: value, Allowed: "param.search", Args: []any{maxSearchRunes}}
	}
	if value != "" && q.Filter.Within == "" {
		return &badParam{Name: "value", Value: value, Allowed: "param.within"}
	}
	q.Filter.Value = value
	return nil
}

func (q *query) oneOf(name string, allowed []string) (string, error) {
	value := q.values.Get(name)
	if value != "" && !slices.Contains(allowed, value) {
		return "", &badParam{Name: name, Value: value, Allowed: "param.one_of", Args: []any{strings.Join(allowed, ", ")}}
	}
	return value, nil
}

func (q *query) number(name string, least, most int) (int, error) {
	value := q.values.Get(name)
	if value == "" {
		return 0, nil
	}
	number, err := strconv.Atoi(value)
	if err != nil || number < least || number > most {
		return 0, &badParam{Name: name, Value: value, Allowed: "param.number", Args: []any{least, most}}
	}
	return number, nil
}

// Value returns a parameter as the URL gives it, for forms.
func (q *query) Value(name string) string { return q.values.Get(name) }

// Link returns a path with the selection and the language of this request, then
// with pairs of names and values, where an empty value takes a parameter out.
func (q *query) Link(path string, pairs ...string) string {
	return q.link(path, commonParams, pairs)
}

// Filtered is Link that keeps the filters of the page too, save for its page number.
func (q *query) Filtered(path string, pairs ...string) string {
	kept := slices.DeleteFunc(slices.Concat(commonParams, ageingParams, termsParams, spanParams, segmentParams, chaseParams, alertParams, []string{alertStateParam}), func(name string) bool { return name == "page" })
	return q.link(path, kept, pairs)
}

// Counterparty returns the link to the page of a counterparty.
func (q *query) Counterparty(entity, side, id string) string {
	return q.Link("/counterparties/" + url.PathEscape(entity) + "/" + url.PathEscape(side) + "/" + url.PathEscape(id))
}

// Item returns the link to the page of an item.
func (q *query) Item(entity string, id int64) string {
	return q.Link("/items/" + url.PathEscape(entity) + "/" + strconv.FormatInt(id, 10))
}

func (q *query) link(path string, kept, pairs []string) string {
	values := url.Values{}
	for _, name := range kept {
		if value := q.values.Get(name); value != "" {
			values.Set(name, value)
		}
	}
	for i := 0; i+1 < len(pairs); i += 2 {
		values.Del(pairs[i])
		if pairs[i+1] != "" {
			values.Set(pairs[i], pairs[i+1])
		}
	}
	if len(values) == 0 {
		return path
	}
	return path + "?" + values.Encode()
}

func isControl(r rune) bool { return r < 0x20 || r == 0x7f }
