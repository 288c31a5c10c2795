package table

import (
	"context"
	"strings"
	"testing"

	"github.com/encours/encours/ingest"
)

var proposalDatasets = []Dataset{
	{"counterparties", []ingest.Field{
		{Name: "side", Type: "varchar", Required: true, Meaning: "customer or supplier", Values: []string{"customer", "supplier"}}, {Name: "counterparty_id", Type: "varchar", Required: true, Meaning: "code"},
		{Name: "name", Type: "varchar"}, {Name: "siren", Type: "varchar"}, {Name: "email", Type: "varchar"}, {Name: "postal_code", Type: "varchar"}, {Name: "credit_limit", Type: "decimal(18, 2)"},
	}},
	{"invoices", invoiceFields},
	{"payments", []ingest.Field{
		{Name: "side", Type: "varchar", Required: true, Values: []string{"customer", "supplier"}}, {Name: "payment_id", Type: "varchar", Required: true}, {Name: "counterparty_id", Type: "varchar", Required: true},
		{Name: "payment_date", Type: "date", Required: true}, {Name: "amount", Type: "decimal(18, 2)", Required: true}, {Name: "method", Type: "varchar"},
	}},
}

func TestPropose(t *testing.T) {
	for _, c := range []struct{ name, dataset, text, want, fields string }{
		{"French invoices", "", "Export du 31/01/2024\nN° facture;Code client;Date facture;Échéance;Montant TTC;Nature\nF1;000123;23/01/2024;22/02/2024;1 200,00;Facture\nF2;C2;24/01/2024;23/02/2024;-5,00;Avoir\n",
			"invoices", "document_id←N° facture counterparty_id←Code client document_type←Nature issue_date←Date facture due_date←Échéance amount←Montant TTC"},
		{"German invoices", "", "Rechnungsnummer;Kundennummer;Rechnungsdatum;Fälligkeit;Betrag\nR1;1;31.01.2024;1.3.2024;1.200,00\n",
			"invoices", "document_id←Rechnungsnummer counterparty_id←Kundennummer issue_date←Rechnungsdatum due_date←Fälligkeit amount←Betrag"},
		{"customers by content", "", "Code,Raison sociale,Identifiant,Contact mail,CP\nC1,Alpha,552081317,a@b.fr,75001\n",
			"counterparties", "counterparty_id←Code name←Raison sociale siren←Identifiant email←Contact mail postal_code←CP"},
		{"payments", "", "Payment,Customer,Payment date,Amount,Method\nP1,C1,2024-01-31,5.50,card\n",
			"payments", "payment_id←Payment counterparty_id←Customer payment_date←Payment date amount←Amount method←Method"},
		{"as asked for", "payments", "No,Customer,Date,Amount\nF1,C,2024-01-31,1.50\n", "payments", "payment_id←No counterparty_id←Customer payment_date←Date amount←Amount"},
	} {
		t.Run(c.name, func(t *testing.T) {
			p, err := Propose(context.Background(), save(t, "a.csv", []byte(c.text)), c.dataset, proposalDatasets)
			if err != nil {
				t.Fatal(err)
			}
			var got []string
			for _, m := range p.Matches {
				got = append(got, m.Field.Name+"←"+m.Column.Name)
				if m.Confidence < 1 || m.Confidence > 99 || m.Why == "" {
					t.Errorf("%s: %d %% because %q", m.Field.Name, m.Confidence, m.Why)
				}
			}
			if p.Dataset != c.want || strings.Join(got, " ") != c.fields {
				t.Errorf("%s: %s\nwant %s: %s", p.Dataset, strings.Join(got, " "), c.want, c.fields)
			}
		})
	}
}

// TestProposalSaysWhatToDecide: what cannot be told stands in the text as a comment,
// and values of the file cannot break out of theirs.
func TestProposalSaysWhatToDecide(t *testing.T) {
	path := save(t, "a.csv", []byte("No,Customer,Date,Amount,\"x\ny: z\"\nF1,\"C\n- evil: 1\",03/04/2024,1.234,q\n"))
	p, err := Propose(context.Background(), path, "invoices", proposalDatasets)
	if err != nil {
		t.Fatal(err)
	}
	got := p.YAML("a", "ACME", "a.csv")
	for _, want := range []string{
		`# to decide: dates of "Date": line 3: "03/04/2024" can be read as 2024-04-03`, `# dates: "DD/MM/YYYY"`, `# decimal: ","`,
		`side: { constant: customer }  # assumed`, `document_type: { column: "Amount", by_sign: { positive: invoice, negative: credit_note } }  # assumed`,
		"such as C - evil: 1\n", `# keep: ["x y: z"]`,
	} {
		if !strings.Contains(got, want) {
			t.Errorf("%s\nlacks %q", got, want)
		}
	}
}

func FuzzPropose(f *testing.F) {
	f.Add([]byte("No,Customer,Date,Amount\nF1,C,2024-01-31,1\n"))
	f.Fuzz(func(t *testing.T, content []byte) {
		p, err := Propose(context.Background(), save(t, "a.csv", content), "", proposalDatasets)
		if err != nil {
			return
		}
		for line := range strings.Lines(p.YAML("a", "ACME", "a.csv")) {
			if !strings.HasPrefix(strings.TrimSpace(line), "#") && !strings.Contains(line, ":") {
				t.Fatalf("a line is neither key nor comment: %q", line)
			}
		}
	})
}
