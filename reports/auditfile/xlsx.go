package auditfile

import (
	"context"
	"fmt"
	"io"
	"strconv"
	"strings"

	"github.com/encours/encours/reports/money"
	"github.com/encours/encours/reports/table"
	"github.com/encours/encours/reports/xlsxfile"
	"github.com/encours/encours/warehouse/audit"
)

// XLSX writes a workbook: a sheet about each file and one per finding with every
// offending line, streamed. source holds the lines; tempDir exists.
func XLSX(ctx context.Context, w io.Writer, r Report, source *audit.Audit, tempDir, lang string) error {
	t := wordsOf(lang)
	var sheets []table.Table
	for _, c := range source.Checks() {
		rows := int64(0)
		for _, f := range r.Files {
			for _, found := range f.Findings {
				if found.ID == c.ID {
					rows += found.Count
				}
			}
		}
		if rows == 0 {
			continue
		}
		sheets = append(sheets, table.Table{
			Name: c.ID, Rows: rows, Source: source, TempDir: tempDir, Query: c.Offences(),
			Order: "listed.source_file, listed.source_line nulls first, listed.source_column, listed.value",
			Facts: []table.Fact{
				{Name: t.t("check"), Value: c.ID}, {Name: t.t("severity"), Value: t.t("severity." + c.Severity)},
				{Name: t.t("finding"), Value: t.sentence(c)}, {Name: t.t("advice"), Value: t.advice(c)},
			},
			Columns: []table.Column{
				{Name: "source_file"}, {Name: "source_line", Kind: table.Integer}, {Name: "source_column"}, {Name: "value"},
				{Name: "amount", Kind: table.Decimal, Scale: 2}, {Name: "line_count", Kind: table.Integer},
			},
		})
	}
	if err := xlsxfile.WriteBook(ctx, sheets, t.bookFacts(r), tempDir, w); err != nil {
		return fmt.Errorf("write audit as XLSX: %w", err)
	}
	return nil
}

// bookFacts are the lines of the first sheet.
func (w words) bookFacts(r Report) []table.Fact {
	var facts []table.Fact
	add := func(name, value string) { facts = append(facts, table.Fact{Name: name, Value: value}) }
	for _, f := range r.Files {
		add(w.t("file"), f.Name)
		if f.Refusal != nil {
			add(w.t("refused"), f.Refusal.Problem)
			add(w.t("advice"), f.Refusal.Advice)
			add("", "")
			continue
		}
		add(w.t("entity"), f.Entity)
		add(w.t("what"), w.shape(f))
		if len(f.Parts) > 0 {
			add(w.t("parts"), strings.Join(f.Parts, ", "))
		}
		add(w.t("encoding"), f.Charset+"; "+w.t("separator", f.Separator, f.LineEnd))
		add(w.t("rows"), w.t("rows.detail", f.Lines, f.Rows, f.Rejects, f.Blank, f.Profile.Entries))
		add(w.t("period"), w.t("period.detail", w.date(f.FirstDate), w.date(f.LastDate), w.date(f.FiscalYearStart)))
		add(w.t("balance"), w.t("balance.detail", money.Plain(f.Profile.Debit), money.Plain(f.Profile.Credit), money.Plain(f.Profile.Debit-f.Profile.Credit)))
		for _, note := range f.Warnings {
			add(w.t("warnings"), w.note(note))
		}
		for _, found := range f.Findings {
			add(found.ID+" "+w.t("severity."+found.Severity), w.sentence(found.Check)+" "+w.t("count")+w.t("colon")+
				strconv.FormatInt(found.Count, 10)+"; "+w.t("stake.detail", money.Plain(found.Stake)))
		}
		for _, v := range f.Verdicts {
			add(w.t("grade."+v.Grade), w.verdict(v))
		}
		add("", "")
	}
	return facts
}
