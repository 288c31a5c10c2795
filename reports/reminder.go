package reports

import (
	"context"
	"database/sql"
	"fmt"
	"strings"

	"github.com/encours/encours/reports/pdffile"
)

// Letter is a reminder that is due and written.
type Letter struct {
	Entity, ID, File string
}

// Letters lists the letters that are due, in the order of the report
// "dunning-letters", whose file names they have.
func (v *View) Letters(ctx context.Context, filter AgeingFilter) (list []Letter, err error) {
	q, err := v.lettersReport(filter)
	if err != nil {
		return nil, err
	}
	err = v.session.Query(ctx, func(rows *sql.Rows) error {
		var l Letter
		err := rows.Scan(&l.Entity, &l.ID, &l.File)
		list = append(list, l)
		return err
	}, "select entity_id, counterparty_id, file_name from ("+q.selects+") as listed order by "+q.order, q.args...)
	return list, err
}

// reminder is the letter to one customer, in its own language. It says nothing of
// other customers.
func (v *View) reminder(ctx context.Context, q query, filter AgeingFilter) (pdffile.Document, error) {
	h := filter.holder
	entity, _ := v.facts.entity(h.entity)
	var row DunningRow
	err := v.session.Query(ctx, func(rows *sql.Rows) error { return row.scan(rows) },
		"select "+dunningColumns+"\nfrom mart_dunning\nwhere entity_id = $entity and counterparty_id = $id",
		sql.Named("entity", h.entity), sql.Named("id", h.id))
	if err != nil {
		return pdffile.Document{}, err
	}
	lang := row.Language
	if lang == "" {
		lang = filter.Language
	}
	w := wordsOf(lang, entity.Currency)
	made := v.document(w, w.t("letter.title."+letterKey(row)))
	made.Subtitle = entity.Name
	if entity.Name == "" {
		made.Subtitle = entity.ID
	}
	made.Head = made.Head[:1] // a customer is told the date, not how the books are kept
	made.Proof, made.IsProved = "", false
	made.Foot = w.t("foot", made.Subtitle, v.meta.Generation)
	made.Blocks = []pdffile.Block{
		pdffile.Lines{Texts: append(append([]string{h.name}, h.address...), w.t("statement.code", h.id)), Right: true},
	}
	items, err := v.dunningItems(ctx, isCounterparty+" and is_to_remind", q.args)
	if err != nil {
		return made, err
	}
	if len(items) == 0 {
		made.Blocks = append(made.Blocks, pdffile.Paragraph{Text: w.t("letter.nothing"), Bold: true})
		return made, nil
	}
	regime := "business"
	err = v.session.Query(ctx, func(rows *sql.Rows) error { return rows.Scan(&regime) },
		"select max(regime) from int_late_terms inner join int_accounts using (account_key) where "+isCounterparty+" having max(regime) is not null", q.args...)
	if err != nil {
		return made, err
	}
	made.Blocks = append(made.Blocks, v.letterBlocks(w, row, regime, items)...)
	return made, nil
}

// letterKey names the wording: by the kind of the level, and of reminders by whether
// it is the first.
func letterKey(row DunningRow) string {
	switch {
	case row.Kind == "formal notice":
		return "notice"
	case row.DueLevel > 1:
		return "second"
	}
	return "first"
}

func (v *View) letterBlocks(w words, row DunningRow, regime string, items []DunningItem) []pdffile.Block {
	key := letterKey(row)
	const size = 10
	say := func(text string) pdffile.Block { return pdffile.Paragraph{Text: text, Size: size} }
	blocks := []pdffile.Block{
		say(w.t("letter.date", w.date(v.meta.AsOf))),
		pdffile.Paragraph{Text: w.t("letter.subject."+key, w.money(row.Remind)), Size: size, Bold: true},
		say(w.t("letter.hello")),
		say(w.t("letter.open."+key, w.money(row.Remind))),
		letterTable(w, row, items),
	}
	hasClaim := row.Interest+row.Fee > 0
	law := "letter.law." + regime + "."
	switch {
	case key == "notice" && hasClaim:
		blocks = append(blocks, say(w.t("letter.ask.notice", w.money(row.Claim))), say(w.t(law+"notice", w.money(row.Interest), w.money(row.Fee))))
	case key == "notice":
		blocks = append(blocks, say(w.t("letter.ask.notice", w.money(row.Claim))), say(w.t("letter.law.civil")))
	default:
		blocks = append(blocks, say(w.t("letter.ask."+key)))
		if hasClaim {
			blocks = append(blocks, say(w.t(law+"reminder", w.money(row.Interest), w.money(row.Fee))))
		}
	}
	blocks = append(blocks, say(w.t("letter.close")), say(w.t("letter.bye")))
	var sign []string
	if manager := strings.TrimSpace(row.Manager); manager != "" {
		sign = append(sign, manager)
	}
	if entity, _ := v.facts.entity(row.Entity); entity.Name != "" {
		sign = append(sign, entity.Name)
	}
	return append(blocks, pdffile.Lines{Texts: sign, Right: true})
}

func letterTable(w words, row DunningRow, items []DunningItem) pdffile.Table {
	made := pdffile.Table{Size: 8.5, Columns: []pdffile.Column{
		{Title: w.t("column.document"), Width: 22},
		{Title: w.t("column.issued"), Width: 13},
		{Title: w.t("column.due"), Width: 13},
		{Title: w.t("column.late"), Width: 10, Right: true},
		{Title: w.t("column.amount"), Width: 15, Right: true},
		{Title: w.t("column.open"), Width: 15, Right: true},
		{Title: w.t("letter.column.interest"), Width: 12, Right: true},
		{Title: w.t("letter.column.fee"), Width: 12, Right: true},
	}}
	for _, i := range items {
		ref := i.DocumentRef
		if ref == "" {
			ref = absent
		}
		made.Rows = append(made.Rows, []string{
			ref, w.date(i.Issued), w.date(i.Due), w.t("unit.days", w.Int(i.Days)), w.amount(i.Amount), w.amount(i.Open),
			w.amount(i.Interest), w.amount(i.Fee),
		})
	}
	made.Total = []string{fmt.Sprintf("%s (%s)", w.t("total"), w.currency), "", "", "", "", w.amount(row.Remind), w.amount(row.Interest), w.amount(row.Fee)}
	return made
}
