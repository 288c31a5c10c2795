package auditfile

import (
	"encoding/json"
	"fmt"
	"io"
	"time"

	"github.com/encours/encours/reports/money"
	"github.com/encours/encours/warehouse/audit"
)

// amount is an amount in hundredths, written as a number with two decimals.
type amount int64

// MarshalJSON implements json.Marshaler.
func (a amount) MarshalJSON() ([]byte, error) { return []byte(money.Plain(int64(a))), nil }

// The names below are public: scripts read them.
type (
	jsonFile struct {
		Path            string        `json:"path"`
		Entity          string        `json:"entity"`
		Refused         *jsonRefusal  `json:"refused,omitempty"`
		Parts           []string      `json:"parts"`
		Size            int64         `json:"size"`
		SHA256          string        `json:"sha256"`
		Charset         string        `json:"charset"`
		CharsetEvidence string        `json:"charset_evidence"`
		Separator       string        `json:"separator"`
		LineEnd         string        `json:"line_end"`
		Regime          string        `json:"regime"`
		IsSigned        bool          `json:"is_signed"`
		Columns         []string      `json:"columns"`
		Extra           []string      `json:"extra_columns"`
		DueDateColumn   string        `json:"due_date_column"`
		Lines           int64         `json:"lines"`
		Rows            int64         `json:"rows"`
		Rejects         int64         `json:"rejects"`
		Blank           int64         `json:"blank_lines"`
		Entries         int64         `json:"entries"`
		FirstDate       string        `json:"first_date"`
		LastDate        string        `json:"last_date"`
		FiscalYearStart string        `json:"fiscal_year_start"`
		Debit           amount        `json:"debit"`
		Credit          amount        `json:"credit"`
		Receivables     amount        `json:"receivables"`
		Warnings        []string      `json:"warnings"`
		Findings        []jsonFinding `json:"findings"`
		Verdicts        []jsonVerdict `json:"verdicts"`
		Journals        []jsonSum     `json:"journals"`
		Classes         []jsonSum     `json:"classes"`
		Controls        []jsonControl `json:"control_accounts"`
		Months          []jsonSum     `json:"months"`
	}
	jsonRefusal struct {
		Check   string   `json:"check"`
		Problem string   `json:"problem"`
		Advice  string   `json:"advice"`
		Missing []string `json:"missing_columns"`
	}
	jsonFinding struct {
		Check    string        `json:"check"`
		Severity string        `json:"severity"`
		Sentence string        `json:"sentence"`
		Advice   string        `json:"advice"`
		Count    int64         `json:"count"`
		Lines    int64         `json:"lines"`
		Stake    amount        `json:"stake"`
		Places   []jsonOffence `json:"first_places"`
	}
	jsonOffence struct {
		Line   int64   `json:"line"` // 0: the file
		Column string  `json:"column"`
		Value  string  `json:"value"`
		Amount *amount `json:"amount"`
	}
	jsonVerdict struct {
		Report   string `json:"report"`
		Side     string `json:"side"`
		Grade    string `json:"grade"`
		Percent  amount `json:"percent"`
		Part     amount `json:"part"`
		Whole    amount `json:"whole"`
		Sentence string `json:"sentence"`
	}
	jsonSum struct {
		Key     string `json:"key"`
		Label   string `json:"label,omitempty"`
		Lines   int64  `json:"lines"`
		Entries int64  `json:"entries,omitempty"`
		Debit   amount `json:"debit"`
		Credit  amount `json:"credit"`
	}
	jsonControl struct {
		Account        string `json:"account"`
		Side           string `json:"side"`
		Lines          int64  `json:"lines"`
		Counterparties int64  `json:"counterparties"`
		Balance        amount `json:"balance"`
		Lettered       amount `json:"lettered"`
		Turnover       amount `json:"turnover"`
	}
)

// JSON writes the report as one object; equal files give equal bytes. Each finding
// has its first places only, count tells how many there are.
func JSON(w io.Writer, r Report, lang string) error {
	t := wordsOf(lang)
	files := []jsonFile{}
	for _, f := range r.Files {
		files = append(files, t.jsonFile(f))
	}
	encoder := json.NewEncoder(w)
	encoder.SetIndent("", "  ")
	encoder.SetEscapeHTML(false)
	if err := encoder.Encode(map[string]any{"files": files}); err != nil {
		return fmt.Errorf("write audit as JSON: %w", err)
	}
	return nil
}

func (w words) jsonFile(f File) jsonFile {
	p := f.Profile
	out := jsonFile{
		Path: f.Path, Entity: f.Entity, Parts: list(f.Parts), Size: f.Size, SHA256: f.SHA256, Charset: f.Charset, CharsetEvidence: f.Evidence,
		Separator: f.Separator, LineEnd: f.LineEnd, Regime: f.Regime, IsSigned: f.IsSigned,
		Columns: list(f.Columns), Extra: list(f.Extra), DueDateColumn: f.DueDate,
		Lines: f.Lines, Rows: f.Rows, Rejects: f.Rejects, Blank: f.Blank, Entries: p.Entries,
		FirstDate: isoDate(f.FirstDate), LastDate: isoDate(f.LastDate), FiscalYearStart: isoDate(f.FiscalYearStart),
		Debit: amount(p.Debit), Credit: amount(p.Credit), Receivables: amount(receivables(f)), Warnings: w.notes(f.Warnings),
		Findings: []jsonFinding{}, Verdicts: []jsonVerdict{}, Journals: []jsonSum{}, Classes: []jsonSum{}, Controls: []jsonControl{}, Months: []jsonSum{},
	}
	if r := f.Refusal; r != nil {
		out.Refused = &jsonRefusal{Check: r.Check, Problem: r.Problem, Advice: r.Advice, Missing: list(r.Missing)}
	}
	for _, found := range f.Findings {
		out.Findings = append(out.Findings, w.jsonFinding(found))
	}
	for _, v := range f.Verdicts {
		part, whole := v.Part, v.Whole
		if v.ID == "dso" { // months, not hundredths
			part, whole = 100*part, 100*whole
		}
		out.Verdicts = append(out.Verdicts, jsonVerdict{v.ID, v.Side, v.Grade, amount(v.Share), amount(part), amount(whole), w.verdict(v)})
	}
	for _, j := range p.Journals {
		out.Journals = append(out.Journals, jsonSum{j.Code, j.Label, j.Lines, j.Entries, amount(j.Debit), amount(j.Credit)})
	}
	for _, c := range p.Classes {
		out.Classes = append(out.Classes, jsonSum{c.Class, "", c.Lines, 0, amount(c.Debit), amount(c.Credit)})
	}
	for _, c := range p.Controls {
		out.Controls = append(out.Controls, jsonControl{c.Family, c.Side, c.Lines, c.Counterparties, amount(c.Balance), amount(c.Lettered), amount(c.Turnover)})
	}
	for _, m := range p.Months {
		out.Months = append(out.Months, jsonSum{m.Month.Format("2006-01"), "", m.Lines, 0, amount(m.Debit), amount(m.Credit)})
	}
	return out
}

func (w words) jsonFinding(f audit.Finding) jsonFinding {
	out := jsonFinding{
		Check: f.ID, Severity: f.Severity, Sentence: w.sentence(f.Check), Advice: w.advice(f.Check),
		Count: f.Count, Lines: f.Lines, Stake: amount(f.Stake), Places: []jsonOffence{},
	}
	for _, o := range f.Sample {
		place := jsonOffence{Line: o.Line, Column: o.Column, Value: o.Value}
		if o.HasAmount {
			a := amount(o.Amount)
			place.Amount = &a
		}
		out.Places = append(out.Places, place)
	}
	return out
}

// list writes no names as an empty list.
func list(names []string) []string {
	if names == nil {
		return []string{}
	}
	return names
}

func isoDate(t time.Time) string {
	if t.IsZero() {
		return ""
	}
	return t.Format(time.DateOnly)
}
