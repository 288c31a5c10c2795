package sample

import (
	"bytes"
	"fmt"
)

// projectFile writes encours.yaml: entities with their terms, intercompany codes
// and one source per entity.
func projectFile(opt Options, cal *calendar, ledgers []*simulation) []byte {
	var b bytes.Buffer
	first := cal.time(cal.start[1])
	b.WriteString("# Written by \"encours generate\": an invented group. The figures belong to no company.\n")
	b.WriteString("version: 1\nname: \"Groupe Démonstration\"\ncurrency: EUR\ndata: data\n\nentities:\n")
	for _, s := range ledgers {
		e := &s.entity
		fmt.Fprintf(&b, "  - id: %s\n    name: %q\n    siren: %q\n    currency: EUR\n", e.id, e.name, e.siren)
		fmt.Fprintf(&b, "    fiscal_year_start: %q\n    matching: lettering\n", first.Format("01-02"))
		b.WriteString("    payment_terms:\n")
		writeTerms(&b, "customer", e.customer, s.customers)
		writeTerms(&b, "supplier", e.supplier, s.suppliers)
	}
	if pairs := intercompanyPairs(len(ledgers)); len(pairs) > 0 {
		b.WriteString("\nintercompany:\n")
		for _, p := range pairs {
			fmt.Fprintf(&b, "  - { entity: %s, side: customer, counterparties: [%q] }\n",
				ledgers[p.seller].entity.id, "IC"+ledgers[p.buyer].entity.id)
		}
		b.WriteString("  - { side: supplier, counterparties: [\"IC*\"] }\n")
	}
	b.WriteString("\nsources:\n")
	for _, s := range ledgers {
		e := &s.entity
		fmt.Fprintf(&b, "  - name: compta-%s\n    kind: fec\n    entity: %s\n", e.folder()[len("extracts/"):], e.id)
		fmt.Fprintf(&b, "    paths: [%q]\n    charset: auto\n", e.folder()+"/*.txt")
	}
	fmt.Fprintf(&b, "\nrejects: { max_lines: %d }\n", opt.MaxRejects)
	b.WriteString("build: { keep_generations: 3, history_months: 36 }\n")
	b.WriteString("serve: { addr: \"127.0.0.1:8080\" }\n")
	return b.Bytes()
}

// writeTerms lists the counterparties whose terms are not the default.
func writeTerms(b *bytes.Buffer, side string, standard term, list []partner) {
	fmt.Fprintf(b, "      %s:\n        default: %q\n", side, standard.text)
	open := false
	for i := range list {
		p := &list[i]
		if !p.ownTerm {
			continue
		}
		if !open {
			b.WriteString("        counterparties:\n")
			open = true
		}
		fmt.Fprintf(b, "          %q: %q\n", p.code, p.term.text)
	}
}
