package web

import (
	"embed"
	"encoding/json"
	"fmt"
	"html/template"
	"net/http"
	"regexp"
	"strconv"
	"strings"
	"time"

	"golang.org/x/text/feature/plural"
	"golang.org/x/text/language"

	"github.com/encours/encours/reports"
	"github.com/encours/encours/reports/money"
)

//go:embed locale/*.json
var localeFiles embed.FS

const (
	languageCookie = "encours_lang"
	noValue        = "–"
)

// languages in the order of preference where a browser asks for neither.
var languages = []string{"en", "fr"}

// locale is one language: its texts and its way to write figures and dates.
type locale struct {
	money.Format
	Code  string
	tag   language.Tag
	texts map[string]string
}

// loadLocales reads the embedded texts of every language.
func loadLocales() (map[string]*locale, error) {
	locales := make(map[string]*locale, len(languages))
	for _, code := range languages {
		raw, err := localeFiles.ReadFile("locale/" + code + ".json")
		if err != nil {
			return nil, fmt.Errorf("read texts of language %q: %w", code, err)
		}
		texts := map[string]string{}
		if err := json.Unmarshal(raw, &texts); err != nil {
			return nil, fmt.Errorf("decode texts of language %q: %w", code, err)
		}
		if code == "fr" {
			for key, text := range texts {
				texts[key] = typesetFrench(text)
			}
		}
		tag := language.Make(code)
		locales[code] = &locale{Format: money.For(tag), Code: code, tag: tag, texts: texts}
	}
	return locales, nil
}

// frenchMarks sets the spaces that French writes inside quotation marks and before
// the marks of two parts so that no line ends there, and its apostrophe.
var frenchMarks = strings.NewReplacer(
	" :", "\u00a0:", "« ", "«\u00a0", " »", "\u00a0»", " %", "\u00a0%", " €", "\u00a0€",
	" ;", "\u202f;", " !", "\u202f!", " ?", "\u202f?", "'", "’",
)

// typesetFrench returns a French sentence, written with plain spaces, as it is printed.
func typesetFrench(text string) string { return frenchMarks.Replace(text) }

// T returns the text of a key with {0}, {1} … replaced by the arguments. A key
// without text shows as itself in brackets; a test refuses such keys.
func (l *locale) T(key string, args ...any) string {
	text, ok := l.texts[key]
	if !ok {
		return "[" + key + "]"
	}
	for i, arg := range args {
		text = strings.ReplaceAll(text, "{"+strconv.Itoa(i)+"}", fmt.Sprint(arg))
	}
	return text
}

// N returns the text of a counted thing, from key.one or key.other, with the
// count as {0}.
func (l *locale) N(key string, count int64) string {
	form := ".other"
	if plural.Cardinal.MatchPlural(l.tag, int(min(max(count, -count), 1000)), 0, 0, 0, 0) == plural.One {
		form = ".one"
	}
	return l.T(key+form, l.Int(count))
}

// Name returns the text of a code of the marts, such as an item type, under a
// family of keys; a code without a text stands as it is, so that nothing hides.
func (l *locale) Name(family, code string) string {
	if text, ok := l.texts[family+"."+code]; ok {
		return text
	}
	if code == "" {
		return noValue
	}
	return code
}

// Date writes 31/12/2025 or 31 Dec 2025; a dash for the zero date.
func (l *locale) Date(t time.Time) string {
	switch {
	case t.IsZero():
		return noValue
	case l.Code == "fr":
		return t.Format("02/01/2006")
	default:
		return t.Format("2 Jan 2006")
	}
}

// Time is Date with hours and minutes, in UTC.
func (l *locale) Time(t time.Time) string {
	if t.IsZero() {
		return noValue
	}
	return l.Date(t.UTC()) + " " + t.UTC().Format("15:04") + " UTC"
}

// Month writes déc. 2025 or Dec 2025.
func (l *locale) Month(t time.Time) string {
	return l.T("month."+strconv.Itoa(int(t.Month()))) + " " + strconv.Itoa(t.Year())
}

// Amount writes an amount with cents and no currency.
func (l *locale) Amount(a reports.Amount) string { return l.Text(int64(a)) }

// Cells writes amounts as cells of a table, one after the other: a dash for nothing,
// negative ones marked. A list has many of them: one call costs less than a template
// for each.
func (l *locale) Cells(amounts []reports.Amount) template.HTML {
	var out strings.Builder
	for _, a := range amounts {
		class, text := "num", noValue
		switch {
		case a == 0:
			class = "num nil"
		case a < 0:
			class = "num negative"
		}
		if a != 0 {
			text = l.Amount(a)
		}
		out.WriteString(`<td class="` + class + `">` + template.HTMLEscapeString(text) + "</td>")
	}
	return template.HTML(out.String()) // classes and figures of ours, escaped
}

// Days writes a number of days with one decimal; a dash where not known.
func (l *locale) Days(d reports.Days) string {
	if !d.Valid {
		return noValue
	}
	return l.T("unit.days", l.Fixed(d.Hundredths, 2, 1))
}

// termsForm is the normal form of payment terms: NET30, EOM_AFTER(45) or EOM_THEN(30),
// and the days after that.
var termsForm = regexp.MustCompile(`^(NET|EOM_AFTER|EOM_THEN)\(?(\d{1,3})\)?(?:\+(\d{1,2}))?$`)

// Terms writes payment terms in words; what is not in the normal form as it is.
func (l *locale) Terms(form string) string {
	parts := termsForm.FindStringSubmatch(form)
	if parts == nil {
		return form
	}
	text := l.T("payment_terms."+strings.ToLower(parts[1]), parts[2])
	if parts[3] != "" {
		text = l.T("payment_terms.on", text, parts[3])
	}
	return text
}

// Ratio writes a share in per cent with one decimal; a dash where not known.
func (l *locale) Ratio(r reports.Ratio) string {
	if !r.Valid {
		return noValue
	}
	return l.T("unit.percent", l.Fixed(r.BasisPoints, 2, 1))
}

// Rate writes a rate in per cent with two decimals; a dash where not known.
func (l *locale) Rate(r reports.Rate) string {
	if !r.Valid {
		return noValue
	}
	return l.T("unit.percent", l.Fixed(r.TenThousandths, 4, 2))
}

// locale picks the language of a request: the one in the URL, else the one
// chosen before, else the browser's.
func (s *server) locale(r *http.Request) *locale {
	if l, ok := s.locales[r.URL.Query().Get("lang")]; ok {
		return l
	}
	if cookie, err := r.Cookie(languageCookie); err == nil {
		if l, ok := s.locales[cookie.Value]; ok {
			return l
		}
	}
	_, index := language.MatchStrings(s.matcher, r.Header.Get("Accept-Language"))
	return s.locales[languages[index]]
}

// rememberLanguage keeps a language that the URL names for later visits. It
// changes nothing but the texts, so a link from elsewhere may do it.
func (s *server) rememberLanguage(w http.ResponseWriter, r *http.Request) {
	code := r.URL.Query().Get("lang")
	if _, ok := s.locales[code]; !ok {
		return
	}
	if old, err := r.Cookie(languageCookie); err == nil && old.Value == code {
		return
	}
	http.SetCookie(w, &http.Cookie{
		Name: languageCookie, Value: code, Path: "/", MaxAge: 365 * 24 * 3600,
		HttpOnly: true, SameSite: http.SameSiteLaxMode, Secure: isHTTPS(r),
	})
}
