package web

import (
	"fmt"
	"log/slog"
	"net/http"
	"regexp"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/gorilla/mux"

	"github.com/encours/encours/reports"
)

var exportTypes = map[string]string{
	"csv":     "text/csv; charset=utf-8",
	"xlsx":    "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
	"parquet": "application/vnd.apache.parquet",
	"arrow":   "application/vnd.apache.arrow.file",
	"json":    "application/json; charset=utf-8",
	"pdf":     "application/pdf",
	"ics":     "text/calendar; charset=utf-8",
}

var unsafeInNames = regexp.MustCompile(`[^A-Za-z0-9_-]+`)

// export streams a report. An error before its first byte is a page; one after
// it breaks the connection, so that half a file never looks whole.
func (s *server) export(w http.ResponseWriter, r *http.Request) error {
	name, format := mux.Vars(r)["report"], mux.Vars(r)["format"]
	if !isReport(name) || !slices.Contains(reports.FormatsOf(name), format) {
		return reports.ErrUnknownReport
	}
	q, err := parseQuery(r, slices.Concat(ageingParams, termsParams, spanParams, segmentParams, chaseParams, alertParams, []string{counterpartyParam})...)
	if err != nil {
		return err
	}
	q.Filter.Page, q.Filter.PageSize = 0, 0 // a file holds all pages
	if format == reports.PDF || format == reports.ICS {
		q.Filter.Language = s.locale(r).Code
	}
	if q.Filter.Counterparty, err = counterpartyOf(q, name); err != nil {
		return err
	}
	if (name == reports.ChangesReport) == q.Filter.Known.From.IsZero() {
		return &badParam{Name: "from", Value: q.Value("from"), Allowed: "param.span"}
	}
	if r.Method == http.MethodHead {
		w.Header().Set("Content-Type", exportTypes[format])
		return nil
	}
	control := http.NewResponseController(w)
	// A report may take longer than a page before its first byte, and the read
	// deadline would end its context. A writer without deadlines has none to lift.
	_ = control.SetReadDeadline(time.Time{})
	_ = control.SetWriteDeadline(time.Time{})
	turn := time.NewTimer(s.wait)
	defer turn.Stop()
	select {
	case s.exports <- struct{}{}:
		defer func() { <-s.exports }()
	case <-turn.C:
		return errBusy
	case <-r.Context().Done():
		return r.Context().Err()
	}
	return s.withView(r, q.Selection, func(view View) error {
		out := &download{
			w: w, control: control,
			contentType: exportTypes[format], fileName: exportName(name, format, view.Meta()),
		}
		err := view.Export(r.Context(), name, format, q.Filter, out)
		if err == nil && !out.begun {
			err = fmt.Errorf("export %q wrote nothing", name)
		}
		if err != nil && out.begun {
			s.log.ErrorContext(r.Context(), "break off export",
				slog.String("report", name), slog.String("format", format), slog.Any("error", err))
			panic(http.ErrAbortHandler)
		}
		return err
	})
}

// counterpartyParam names the counterparty of a report that is about one.
const counterpartyParam = "counterparty"

// counterpartyOf reads the counterparty that a report is about, if it is about one.
func counterpartyOf(q *query, report string) (string, error) {
	value := q.Value(counterpartyParam)
	isValid := utf8.ValidString(value) && len(value) <= maxIdentifierBytes && !strings.ContainsFunc(value, isControl)
	if reports.NeedsCounterparty(report) != (value != "") || !isValid {
		return "", &badParam{Name: counterpartyParam, Value: value, Allowed: "param.counterparty"}
	}
	return value, nil
}

// documentLinks are the ways to take a document, PDF first, away from a page.
func documentLinks(layout Layout, report string, pairs ...string) exportGroup {
	group := exportGroup{Report: report}
	for _, format := range formatsOf(report) {
		address := layout.Link("/export/"+report+"."+format, append(pairs, "lang", layout.Lang)...)
		group.Links = append(group.Links, exportLink{format, address})
	}
	return group
}

// exportName makes a file name of letters, digits, hyphens and underscores.
func exportName(report, format string, meta reports.Meta) string {
	entity := meta.Selection.Entity
	if entity == "" {
		entity = groupEntity
	}
	stem := fmt.Sprintf("encours-%s-%s-%s-%s", report, entity, meta.Selection.Side, meta.AsOf.Format(isoDate))
	return unsafeInNames.ReplaceAllString(stem, "_") + "." + format
}

// download sends the headers of a file with its first byte, and gives a client
// that keeps reading as long as it needs.
type download struct {
	w                     http.ResponseWriter
	control               *http.ResponseController
	contentType, fileName string
	begun                 bool
}

func (d *download) Write(p []byte) (int, error) {
	if len(p) == 0 {
		return 0, nil
	}
	if !d.begun {
		d.begun = true
		d.w.Header().Set("Content-Type", d.contentType)
		d.w.Header().Set("Content-Disposition", `attachment; filename="`+d.fileName+`"`)
	}
	_ = d.control.SetWriteDeadline(time.Now().Add(exportStall))
	return d.w.Write(p)
}

// isReport says whether there is a report of that name.
func isReport(name string) bool {
	return name == reports.ChangesReport || slices.ContainsFunc(reports.Definitions(), func(d reports.Definition) bool { return d.Name == name })
}
