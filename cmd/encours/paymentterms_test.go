package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/xuri/excelize/v2"
)

// taxedInvoice is an entry of a sale of 100 with VAT of 20.
func taxedInvoice(day string) string {
	entry := "VE\tVentes\t9\t" + day + "\t"
	rest := "\tFA9\t" + day + "\tFacture FA9\t"
	return entry + "411000\tClients\tC3\tC3 SARL" + rest + "120,00\t0,00\t\t\t" + day + "\t\t\n" +
		entry + "707000\tVentes\t\t" + rest + "0,00\t100,00\t\t\t" + day + "\t\t\n" +
		entry + "445710\tTVA\t\t" + rest + "0,00\t20,00\t\t\t" + day + "\t\t\n"
}

// TestPaymentTermsReport: sales of 100 due on 16 March and 40 due on 15 October, of
// 120 with tax due on 1 December 2024: 290, 77 and 30 days at the end of the year.
// The project asks for amounts without tax, an option for amounts with it.
func TestPaymentTermsReport(t *testing.T) {
	dir := newProject(t, "payment_terms_report: { tax: excl }\n")
	must(t, "ingest", "--project", dir, "--kind", "fec", writeFile(t, dir, "acme.txt", year(12)+taxedInvoice("20241101")))
	must(t, "build", "--project", dir)
	report := func(more ...string) []string {
		return append([]string{"report", "payment-terms-report", "--project", dir, "--as-of", "2024-12-31"}, more...)
	}
	for name, c := range map[string]struct {
		args []string
		want []string
	}{
		"of the project": {nil, []string{
			"# filters: entity=group\n",
			"ACME,1,customer,excl,1,late,1,1-30,2024-01-01,1,100.00,240.00,0.416667\n",
			"ACME,1,customer,excl,1,late,5,total,2024-01-01,3,240.00,240.00,1.000000\n",
		}},
		"with tax": {[]string{"--tax", "incl", "--entity", "ACME"}, []string{
			"# filters: entity=ACME&tax=incl\n",
			"ACME,1,customer,incl,1,late,4,91+,2024-01-01,1,100.00,260.00,0.384615\n",
			"ACME,1,customer,incl,1,late,5,total,2024-01-01,3,260.00,260.00,1.000000\n",
			"ACME,2,customer,incl,1,late,5,total,2024-01-01,3,260.00,260.00,1.000000\n",
		}},
		"during the year": {[]string{"--as-of", "2024-06-30"}, []string{
			"ACME,1,customer,excl,1,late,5,total,2024-01-01,1,100.00,100.00,1.000000\n",
		}},
	} {
		t.Run(name, func(t *testing.T) {
			out := must(t, report(c.args...)...)
			for _, want := range c.want {
				if !strings.Contains(out, want) {
					t.Errorf("the report lacks %q:\n%s", want, out)
				}
			}
		})
	}
	path := filepath.Join(dir, "d441-6.xlsx")
	must(t, report("--entity", "ACME", "-o", path)...)
	book, err := excelize.OpenFile(path)
	if err != nil {
		t.Fatal(err)
	}
	defer book.Close()
	for at, want := range map[string]string{"I8": "100.00", "M8": "240.00", "A8": "Montant total des factures concernées (HT)", "M10": "100.00%"} {
		if got, err := book.GetCellValue("ACME I", at); err != nil || got != want {
			t.Errorf("%s: %q, %v, want %q", at, got, err, want)
		}
	}
	refuse(t, exitUsage, "--tax", report("--tax", "ttc")...)
}

// TestPaymentCapsAreChecked: a table of caps without its line "standard" stops the
// build, and the message says what is wrong with it.
func TestPaymentCapsAreChecked(t *testing.T) {
	dir := newProject(t, "")
	must(t, "ingest", "--project", dir, "--kind", "fec", writeFile(t, dir, "acme.txt", year(12)))
	caps := filepath.Join(dir, "ref")
	if err := os.Mkdir(caps, 0o755); err != nil {
		t.Fatal(err)
	}
	writeFile(t, caps, "payment_caps.csv", "category,cap_days,end_of_month_days,article\nperiodic,45,,L. 441-10 I\n")
	refuse(t, exitChecksFailed, `"standard"`, "build", "--project", dir)
	writeFile(t, caps, "payment_caps.csv", "category,cap_days,end_of_month_days,article\nstandard,soixante,,L. 441-10 I\n")
	refuse(t, exitFailed, "payment_caps.csv:2", "build", "--project", dir)
}
