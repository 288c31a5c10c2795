package table

import (
	"strings"
	"testing"
)

// TestPresets loads an export of each program in its own headers.
func TestPresets(t *testing.T) {
	for _, c := range []struct{ preset, name, file, text, rows, rejects, types string }{
		{"ibm-receivables", "sample", "a.csv",
			"countrycode,customerID,PaperlessDate,invoiceNumber,InvoiceDate,DueDate,InvoiceAmount,Disputed,SettledDate,PaperlessBill,DaysToSettle,DaysLate\r\n" +
				"770,3993-QUNVJ,31/12/2012,280670965,03/01/2012,02/02/2012,50.39,No,23/01/2012,Paper,20,0\r\n",
			"2 280670965 3993-QUNVJ 2012-01-03 50.39", "", "invoice"},
		{"sap-open-items", "sample", "a.csv",
			",business_code,cust_number,name_customer,clear_date,buisness_year,doc_id,posting_date,due_in_date,baseline_create_date,cust_payment_terms,converted_usd\n" +
				"3,CA02,0140105686,SYSC llc,,2020,2960623488,30-03-2020,10-04-2020,31-03-2020,CA10,2309.79\n",
			"2 2960623488 0140105686 2020-03-30 2309.79", "", "invoice"},
		{"sap-open-items", "FBL5N in English", "a.csv",
			"Customer;Document Number;Document Type;Document Date;Net Due Date;Amount in Local Currency;Local Currency\n" +
				"0000100001;1800000001;RV;31.01.2024;01.03.2024;1.200,00;EUR\n0000100001;1600000002;RG;15.02.2024;15.02.2024;200,00-;EUR\n",
			"2 1800000001 0000100001 2024-01-31 1200.00\n3 1600000002 0000100001 2024-02-15 -200.00", "", "invoice credit_note"},
		{"sap-cleared-items", "FBL5N in German", "a.csv",
			"Debitor;Belegnummer;Belegdatum;Nettofälligkeit;Ausgleichsdatum;Betrag in Hauswährung\n100001;18001;31.01.2024;01.03.2024;25.02.2024;1.200,00\n",
			"2 18001 100001 2024-01-31 1200.00", "", "invoice"},
		{"sage-100", "échéancier", "a.txt",
			"Compte tiers\tDate pièce\tN° pièce\tLibellé\tDate échéance\tDébit\tCrédit\nCARAT\t310124\tFA0001\tFacture\t28/02/2024\t1 200,00\t\nCARAT\t05/02/24\tAV0002\tAvoir\t\t\t200,00\nTotal\t\t\t\t\t1 200,00\t200,00\n",
			"2 FA0001 CARAT 2024-01-31 1200.00\n3 AV0002 CARAT 2024-02-05 -200.00", "", "invoice credit_note"},
		{"odoo", "English", "a.csv",
			"\"Number\",\"Invoice Partner Display Name\",\"Invoice/Bill Date\",\"Due Date\",\"Untaxed Amount Signed\",\"Total Signed\",\"Amount Due Signed\",\"Payment Status\"\n" +
				"\"INV/2024/00001\",\"Azure Interior\",\"2024-01-31\",\"2024-02-29\",\"1000.00\",\"1200.00\",\"0.00\",\"Paid\"\n\"RINV/2024/00001\",\"Azure Interior\",\"2024-02-02\",\"2024-02-02\",\"-10.00\",\"-12.00\",\"-12.00\",\"Not Paid\"\n",
			"2 INV/2024/00001 Azure Interior 2024-01-31 1200.00\n3 RINV/2024/00001 Azure Interior 2024-02-02 -12.00", "", "invoice credit_note"},
		{"odoo", "French", "a.csv",
			"Numéro;Nom d'affichage du partenaire de la facture;Date de facturation;Date d'échéance;Montant hors taxes signé;Total signé\nFAC/2024/0001;Dupont;2024-01-31;2024-02-29;1000.00;1200.00\n",
			"2 FAC/2024/0001 Dupont 2024-01-31 1200.00", "", "invoice"},
		{"dolibarr", "French", "a.csv",
			"Id société;Nom tiers;Code client;Réf. facture;Date facturation;Date limite règlement;Montant HT;Montant TTC\n7;Dupont;CU2401-0001;FA2401-0001;2024-01-31;2024-02-29;1000,00;1200,00\n",
			"2 FA2401-0001 CU2401-0001 2024-01-31 1200.00", "", "invoice"},
		{"erpnext", "report with its total", "a.csv",
			"Posting Date,Party Type,Party,Voucher Type,Voucher No,Due Date,Invoiced Amount,Paid Amount,Credit Note,Outstanding Amount,Age (Days),Currency\n" +
				"2024-01-31,Customer,CUST-001,Sales Invoice,ACC-SINV-2024-00001,2024-02-29,1200.0,200.0,0.0,1000.0,30,EUR\nTotal,,,,,,1200.0,200.0,0.0,1000.0,,\n",
			"2 ACC-SINV-2024-00001 CUST-001 2024-01-31 1000.0", "", "invoice"},
		{"quickbooks", "A/R aging detail", "a.csv",
			"Demo Company\nA/R Aging Detail\n\"As of January 31, 2024\"\n\n,Date,Transaction type,Num,Customer,Due date,Amount,Open balance\n1 - 30 days past due,,,,,,,\n" +
				",01/23/2024,Invoice,1001,Amy's Bird Sanctuary,02/22/2024,\"1,239.00\",\"1,239.00\"\n,01/24/2024,Credit Memo,1002,Amy's Bird Sanctuary,01/24/2024,-100.00,-100.00\nTotal for 1 - 30 days past due,,,,,,\"1,139.00\",\"1,139.00\"\n",
			"7 1001 Amy's Bird Sanctuary 2024-01-23 1239.00\n8 1002 Amy's Bird Sanctuary 2024-01-24 -100.00", "", "invoice credit_note"},
	} {
		t.Run(c.preset+" "+c.name, func(t *testing.T) {
			preset, err := FindPreset(c.preset)
			if err != nil {
				t.Fatal(err)
			}
			r := check(t, save(t, c.file, []byte(c.text)), preset.Spec, c.rows, c.rejects)
			var types []string
			for _, record := range r.all {
				types = append(types, record[5])
			}
			if got := strings.Join(types, " "); got != c.types {
				t.Errorf("types %q, want %q", got, c.types)
			}
		})
	}
	if _, err := FindPreset("sap"); err == nil || !strings.Contains(err.Error(), "sap-open-items") {
		t.Errorf("an unknown preset: %v", err)
	}
	all, err := Presets()
	if err != nil || len(all) < 8 {
		t.Fatalf("%d presets, %v", len(all), err)
	}
	for _, p := range all {
		if p.Meaning == "" || p.Dataset == "" {
			t.Errorf("preset %s says nothing of itself", p.Name)
		}
	}
}
