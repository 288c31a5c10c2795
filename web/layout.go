package web

import (
	"bytes"
	"context"
	"embed"
	"fmt"
	"html/template"
	"log/slog"
	"net/http"
	"slices"

	"github.com/encours/encours/reports"
)

//go:embed templates/*.html
var templateFiles embed.FS

// pages are the templates, each named after its noun; each is shown inside
// layout.html and is executed with the struct of the same noun.
var pages = []string{
	"overview",
	"key-figures",
	"cash-forecast",
	"ageing",
	"roll-rates",
	"concentration",
	"counterparty",
	"item",
	"payment-terms",
	"payment-terms-invoices",
	"payment-terms-breaches",
	"late-interest",
	"late-statement",
	"credit-loss",
	"disputes",
	"exposure",
	"risk",
	"segments",
	"decisions",
	"worklist",
	"dunning",
	"alerts",
	"matching",
	"lookup",
	"currencies",
	"proof",
	"changes",
	"data",
	"dictionary",
	"quality",
	"sources",
	"problem",
	"sign-in",
}

// customersOnly are the pages whose figures know no suppliers. The side that the links
// carry on comes back on the next page.
var customersOnly = map[string]bool{"exposure": true, "worklist": true, "dunning": true, "decisions": true, "lookup": true}

// Layout is what every page shows around its content.
type Layout struct {
	*query
	Page       string // template, for the navigation
	Path       string // of this page, for the language switch and the filter bar
	Title      string
	Lang       string
	Languages  []string
	Version    string
	CanSignOut bool
	Meta       *reports.Meta // nil where no generation was opened
	PinsEntity bool          // the page is about one entity: no choice of another
	IsOneSided bool          // the page is about customers: no choice of the side
	Extra      []string      // parameters of the page that its filter bar carries on
}

// Navigation returns the pages that the header lists.
func (l Layout) Navigation() []Nav {
	return []Nav{
		{"overview", l.Link("/")},
		{"key-figures", l.Link("/key-figures")},
		{"ageing", l.Link("/ageing")},
		{"cash-forecast", l.Link("/cash-forecast")},
		{"payment-terms", l.Link("/payment-terms")},
		{"late-interest", l.Link("/late-interest")},
		{"credit-loss", l.Link("/credit-loss")},
		{"risk", l.Link("/risk")},
		{"segments", l.Link("/segments")},
		{"decisions", l.Link("/decisions")},
		{"alerts", l.Link("/alerts")},
		{"matching", l.Link("/matching")},
		{"lookup", l.Link("/lookup")},
		{"worklist", l.Link("/worklist")},
		{"dunning", l.Link("/dunning")},
		{"disputes", l.Link("/disputes")},
		{"exposure", l.Link("/exposure")},
		{"proof", l.Link("/proof")},
		{"changes", l.Link("/changes")},
		{"data", l.Link("/data")},
		{"quality", l.Link("/quality")},
		{"sources", l.Link("/sources")},
	}
}

// Nav is an entry of the navigation.
type Nav struct{ Page, URL string }

// Switch returns this page in another language.
func (l Layout) Switch(lang string) string { return l.Filtered(l.Path, "lang", lang) }

// Scope returns the name of the entity that the figures are about; "" for the
// group.
func (l Layout) Scope() string {
	if l.Meta == nil {
		return ""
	}
	for _, entity := range l.Meta.Entities {
		if entity.ID == l.Meta.Selection.Entity {
			return entity.Name
		}
	}
	return l.Meta.Selection.Entity
}

// Side returns the side of the figures.
func (l Layout) Side() string {
	if l.Meta == nil || l.Meta.Selection.Side == "" {
		return reports.Customer
	}
	return l.Meta.Selection.Side
}

// Currency returns the currency of the figures.
func (l Layout) Currency() string {
	if l.Meta == nil {
		return ""
	}
	return l.Meta.Currency
}

// bareLayout is the layout of a page without figures. It carries no parameter
// on but the language, as the others may be what is wrong.
func (s *server) bareLayout(r *http.Request, l *locale, title string) Layout {
	values := map[string][]string{}
	if code := r.URL.Query().Get("lang"); slices.Contains(languages, code) {
		values["lang"] = []string{code}
	}
	path := "/"
	if r.URL.Path == "/sign-in" {
		path = r.URL.Path
	}
	return Layout{
		query: &query{values: values}, Path: path, Title: title, Lang: l.Code, Languages: []string{"fr", "en"}, Version: s.version,
	}
}

// build makes the data of a page from one view.
type build func(ctx context.Context, view View, l *locale, layout Layout) (any, error)

// show opens one view for the selection, builds a page from it and renders it.
// Nothing is written before the page is complete.
func (s *server) show(w http.ResponseWriter, r *http.Request, page string, q *query, make build) error {
	return s.showAs(w, r, http.StatusOK, page, q, make)
}

// showAs is show with a status of its own.
func (s *server) showAs(w http.ResponseWriter, r *http.Request, status int, page string, q *query, make build) error {
	s.rememberLanguage(w, r)
	l := s.locale(r)
	layout := Layout{
		query: q, Page: page, Path: r.URL.EscapedPath(), Lang: l.Code, Languages: []string{"fr", "en"},
		Version: s.version, CanSignOut: s.gate != nil, Title: l.T("nav." + page), IsOneSided: customersOnly[page],
	}
	if layout.IsOneSided {
		q.Selection.Side = reports.Customer
	}
	return s.withView(r, q.Selection, func(view View) error {
		meta := view.Meta()
		layout.Meta = &meta
		data, err := make(r.Context(), view, l, layout)
		if err != nil {
			return err
		}
		return s.render(w, l, status, page, data)
	})
}

// withView runs use on a view of the selection and closes it.
func (s *server) withView(r *http.Request, selection reports.Selection, use func(View) error) error {
	view, err := s.reports.Open(r.Context(), selection)
	if err != nil {
		return fmt.Errorf("open reports: %w", err)
	}
	defer func() {
		if err := view.Close(); err != nil {
			s.log.ErrorContext(r.Context(), "close view", slog.Any("error", err))
		}
	}()
	return use(view)
}

// render writes a whole page, or returns an error having written nothing.
func (s *server) render(w http.ResponseWriter, l *locale, status int, page string, data any) error {
	var body bytes.Buffer
	if err := s.templates[l.Code][page].ExecuteTemplate(&body, "layout.html", data); err != nil {
		return fmt.Errorf("render page %q: %w", page, err)
	}
	w.Header().Set("Content-Type", "text/html; charset=utf-8")
	w.Header().Set("Content-Language", l.Code)
	w.Header().Add("Vary", "Accept-Language, Cookie")
	w.WriteHeader(status)
	_, err := w.Write(body.Bytes())
	s.logWrite(err)
	return nil
}

// parseTemplates reads every page once per language, with the texts and the
// figures of that language bound to it.
func (s *server) parseTemplates() (map[string]map[string]*template.Template, error) {
	all := map[string]map[string]*template.Template{}
	for code, l := range s.locales {
		all[code] = map[string]*template.Template{}
		for _, page := range pages {
			parsed, err := template.New(page).Funcs(templateFuncs(l, s.assets)).Option("missingkey=error").
				ParseFS(templateFiles, "templates/layout.html", "templates/parts.html", "templates/"+page+".html")
			if err != nil {
				return nil, fmt.Errorf("parse template %q: %w", page, err)
			}
			all[code][page] = parsed
		}
	}
	return all, nil
}

// templateFuncs are the functions of the templates in one language.
func templateFuncs(l *locale, files *assets) template.FuncMap {
	return template.FuncMap{
		"t":       l.T,
		"n":       l.N,
		"name":    l.Name,
		"amount":  l.Amount,
		"cells":   l.Cells,
		"money":   func(a reports.Amount, currency string) string { return l.With(int64(a), currency) },
		"whole":   func(a reports.Amount, currency string) string { return l.Whole(int64(a), currency) },
		"symbol":  l.Symbol,
		"int":     l.Int,
		"date":    l.Date,
		"time":    l.Time,
		"month":   l.Month,
		"days":    l.Days,
		"ratio":   l.Ratio,
		"points":  l.Points,
		"rate":    l.Rate,
		"iso":     isoText,
		"elapsed": l.Elapsed,
		"span":    l.Span,
		"asset":   files.URL,
	}
}
