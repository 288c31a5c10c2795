package sample

import (
	"bytes"
	"fmt"
	"strings"
)

// projectFile writes encours.yaml: entities with their terms, intercompany codes
// and the sources: the ledgers, then who is behind their codes, the register last.
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
	if !opt.LedgersOnly {
		writeExtractSources(&b, ledgers)
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

// writeExtractSources lists the extracts beside the ledgers. The register comes behind
// those that tell which companies are looked for.
func writeExtractSources(b *bytes.Buffer, ledgers []*simulation) {
	for _, s := range ledgers {
		e := &s.entity
		fmt.Fprintf(b, "  - name: tiers-%s\n    kind: table\n    entity: %s\n", strings.ToLower(e.id), e.id)
		fmt.Fprintf(b, "    paths: [%q]\n    charset: %s\n    dataset: counterparties\n%s", tiersPath(e), s.shape.charset, tiersMapping)
	}
	first := &ledgers[0].entity
	preset := func(name, preset, entity, path string) {
		fmt.Fprintf(b, "  - { name: %s, kind: table, preset: %s, %spaths: [%q] }\n", name, preset, entity, path)
	}
	for _, object := range []string{"users", "accounts", "opportunities", "cases"} {
		preset("crm-"+object, "salesforce-"+object, "", "extracts/crm/"+object+".csv")
	}
	preset("agency", "ratings-neutral", "mode: delta, ", "extracts/agencies/ratings.csv")
	preset("statements", "financial-statements", "mode: delta, ", "extracts/agencies/statements.csv")
	preset("insurer", "credit-insurance", "entity: "+first.id+", mode: delta, ", coversPath(first))
	b.WriteString("  - { name: register, kind: sirene, paths: [\"extracts/sirene/Stock*.csv\"] }\n")
	b.WriteString("  - { name: gazette, kind: bodacc, paths: [\"extracts/bodacc/*.json\"] }\n")
}
