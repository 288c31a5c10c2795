package reports

import (
	"slices"

	"github.com/encours/encours/reports/pdffile"
)

// proofPage: the ledger, what is wrong with the data, and what the figures mean.
func (p *pack) proofPage() []pdffile.Block {
	blocks := []pdffile.Block{pdffile.Heading{Text: p.t("pack.reconciliation")}}
	if len(p.lines) == 0 {
		blocks = append(blocks, pdffile.Paragraph{Text: p.t("proof.no_ledger")})
	} else {
		blocks = append(blocks, p.reconciliation())
	}
	if out := p.v.meta.Proof.Intercompany; out != 0 {
		blocks = append(blocks, pdffile.Paragraph{Text: p.t("pack.intercompany", p.money(out)), Size: 8, Muted: true})
	}
	if foreign := p.v.meta.ForeignText(); foreign != "" {
		key := "pack.foreign." + p.v.meta.Method
		blocks = append(blocks, pdffile.Paragraph{Text: p.t(key, foreign), Size: 8, Muted: true})
	}
	if p.v.meta.IsEstimated {
		blocks = append(blocks, pdffile.Paragraph{Text: p.t("pack.estimated"), Size: 8, Muted: true})
	}
	blocks = append(blocks, pdffile.Heading{Text: p.t("pack.quality")})
	if len(p.findings) == 0 {
		blocks = append(blocks, pdffile.Paragraph{Text: p.t("pack.quality.none")})
	} else {
		blocks = append(blocks, p.quality()...)
	}
	return append(blocks, pdffile.Heading{Text: p.t("pack.definitions")}, p.definitions())
}

// proof leads from the ledger to the figures of the pack.
func (p *pack) proof() pdffile.Table {
	of := p.v.meta.Proof
	ledger, difference := p.money(of.Ledger), p.money(of.Difference)
	if of.Status == NoLedger {
		ledger, difference = absent, absent
	}
	made := pdffile.Table{
		Columns: []pdffile.Column{{Title: p.t("column.figure"), Width: 75}, {Title: p.t("column.amount"), Width: 25, Right: true}},
		Rows: [][]string{
			{p.t("pack.proof.ledger"), ledger},
			{p.t("pack.proof.items"), p.money(of.Items)},
			{p.t("pack.proof.buckets"), p.money(of.Buckets)},
			{p.t("pack.proof.difference"), difference},
		},
	}
	if of.Intercompany != 0 {
		made.Rows = append(made.Rows, []string{p.t("pack.proof.intercompany"), p.money(-of.Intercompany)})
	}
	made.Total = []string{p.t("kpi.open." + p.side), p.money(of.Buckets - of.Intercompany)}
	return made
}

// reconciliation adds the lines of the mart up by account family.
func (p *pack) reconciliation() pdffile.Table {
	made := pdffile.Table{Columns: []pdffile.Column{
		{Title: p.t("column.family"), Width: 36},
		{Title: p.t("column.ledger"), Width: 17, Right: true},
		{Title: p.t("column.items_sum"), Width: 17, Right: true},
		{Title: p.t("column.buckets"), Width: 17, Right: true},
		{Title: p.t("column.difference"), Width: 13, Right: true},
	}}
	sums := map[string]*ReconciliationLine{}
	var families []string
	var total ReconciliationLine
	add := func(to *ReconciliationLine, l ReconciliationLine) {
		to.Ledger, to.Items, to.Buckets = to.Ledger+l.Ledger, to.Items+l.Items, to.Buckets+l.Buckets
		to.Difference += max(l.Difference, -l.Difference)
		to.HasLedger = to.HasLedger || l.HasLedger
	}
	for _, l := range p.lines {
		if sums[l.AccountFamily] == nil {
			sums[l.AccountFamily] = &ReconciliationLine{IsAged: l.IsAged}
			families = append(families, l.AccountFamily)
		}
		add(sums[l.AccountFamily], l)
		if l.IsAged {
			add(&total, l)
		}
	}
	slices.Sort(families)
	cells := func(name string, l ReconciliationLine) []string {
		ledger, difference := p.amount(l.Ledger), p.amount(l.Difference)
		if !l.HasLedger {
			ledger, difference = absent, absent
		}
		return []string{name, ledger, p.amount(l.Items), p.amount(l.Buckets), difference}
	}
	for _, family := range families {
		name := p.name("family", family)
		if name != family {
			name = family + " " + name
		}
		if !sums[family].IsAged {
			name += " (" + p.t("pack.not_aged") + ")"
		}
		made.Rows = append(made.Rows, cells(name, *sums[family]))
	}
	made.Total = cells(p.t("pack.total_aged"), total)
	return made
}

// quality lists the worst findings, one line per check.
func (p *pack) quality() []pdffile.Block {
	made := pdffile.Table{Columns: []pdffile.Column{
		{Title: p.t("column.severity"), Width: 15},
		{Title: p.t("column.finding"), Width: 57},
		{Title: p.t("column.lines"), Width: 11, Right: true},
		{Title: p.t("column.stake"), Width: 17, Right: true},
	}}
	type sum struct {
		row          QualityRow
		lines, files int64
		stake        Amount
	}
	var all []*sum
	for _, row := range p.findings {
		i := slices.IndexFunc(all, func(s *sum) bool { return s.row.Check == row.Check && s.row.Severity == row.Severity })
		if i < 0 {
			all, i = append(all, &sum{row: row}), len(all)
		}
		all[i].lines, all[i].stake, all[i].files = all[i].lines+row.Lines, all[i].stake+row.Stake, all[i].files+1
	}
	for _, s := range all[:min(len(all), packFindings)] {
		sentence := s.row.Sentence
		if p.isFrench {
			sentence = s.row.SentenceFR
		}
		if s.files > 1 {
			sentence = p.t("pack.quality.files", sentence, s.files)
		}
		made.Rows = append(made.Rows, []string{p.name("severity", s.row.Severity), sentence, p.Int(s.lines), p.amount(s.stake)})
	}
	blocks := []pdffile.Block{made}
	if rest := len(all) - len(made.Rows); rest > 0 {
		blocks = append(blocks, pdffile.Paragraph{Text: p.t("pack.quality.more", rest), Size: 8, Muted: true})
	}
	return blocks
}

// definitions says how each figure is made.
func (p *pack) definitions() pdffile.Table {
	made := pdffile.Table{Size: 7.5, Columns: []pdffile.Column{{Title: p.t("column.figure"), Width: 26}, {Title: p.t("column.meaning"), Width: 74}}}
	keys := []string{"open", "overdue", "overdue_ratio", "unallocated"}
	if p.side == Customer {
		keys = append(keys, "dso_countback", "dso_simple", "best_dso", "delinquent", "doubtful")
	}
	for _, key := range keys {
		made.Rows = append(made.Rows, []string{p.t("kpi." + key + "." + p.side), p.t("definition." + key + "." + p.side)})
	}
	return made
}
