package auditfile

import (
	"embed"
	"fmt"
	"html/template"
	"io"

	"github.com/encours/encours/warehouse/audit"
)

// Sample is how many places of a finding a report carries.
const Sample = 20

//go:embed page.html
var page embed.FS

// HTML writes the report as one page that needs nothing else: no script, no other
// host; light, dark and on paper.
func HTML(w io.Writer, r Report, lang string) error {
	t := wordsOf(lang)
	parsed, err := template.New("page.html").Funcs(template.FuncMap{
		"t": t.t, "int": t.Int, "money": t.Text, "date": t.date, "percent": t.percent,
		"sentence": t.sentence, "advice": t.advice, "verdict": t.verdict, "shape": t.shape,
		"place": t.place, "note": t.note, "plain": plain, "amount": t.amount,
		"lang":        func() string { return lang },
		"rest":        func(f audit.Finding) int64 { return f.Count - int64(len(f.Sample)) },
		"minus":       func(a, b int64) int64 { return a - b },
		"lettered":    func(c audit.Control) int64 { return share(c.Lettered, c.Turnover) },
		"receivables": receivables,
		"errors":      func(f File) int { return f.count(audit.Error) },
		"warnings":    func(f File) int { return f.count(audit.Warn) },
		"infos":       func(f File) int { return f.count(audit.Info) },
		"customers":   func(f File) int64 { customers, _ := parties(f); return customers },
		"suppliers":   func(f File) int64 { _, suppliers := parties(f); return suppliers },
		"months":      func(f File) bars { return t.monthBars(f) },
		"shares":      func(f File) bars { return t.shareBars(f) },
	}).ParseFS(page, "page.html")
	if err != nil {
		return fmt.Errorf("write audit as HTML: %w", err)
	}
	if err := parsed.ExecuteTemplate(w, "page.html", r); err != nil {
		return fmt.Errorf("write audit as HTML: %w", err)
	}
	return nil
}
