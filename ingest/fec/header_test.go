package fec

import (
	"errors"
	"slices"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/encours/encours/ingest"
)

func validText(b []byte) bool { return utf8.Valid(b) }

func TestRefused(t *testing.T) {
	without := func(name string) string {
		return strings.Replace(legalHeader, name+"\t", "", 1) + "\n" + legalLine + "\n"
	}
	for _, c := range []struct {
		name, content, reason string
		missing               []string
		says                  []string
	}{
		{"empty", "", RefusedEmpty, nil, []string{"empty"}},
		{"only line ends", "\r\n\r\n", RefusedEmpty, nil, []string{"empty"}},
		{"binary", "\x7fELF\x02\x01\x01\x00\x00\x00\x00" + strings.Repeat("\x00\x01\xff", 100), RefusedBinary, nil, []string{"binary"}},
		{"binary without NUL", strings.Repeat("\x01\x02\x03\x04abc", 100), RefusedBinary, nil, []string{"binary"}},
		{"workbook", "PK\x03\x04\x14\x00\x06\x00", RefusedFormat, nil, []string{"Excel"}},
		{"gzip", "\x1f\x8b\x08\x00\x00", RefusedFormat, nil, []string{"gzip"}},
		{"UTF-32", "\xff\xfe\x00\x00J\x00\x00\x00", RefusedFormat, nil, []string{"UTF-32", "UTF-8"}},
		{"UTF-16 without a mark", "J\x00o\x00u\x00", RefusedBinary, nil, []string{"UTF-16", "UTF-8"}},
		{"UTF-16 without a mark, big end first", "\x00J\x00o\x00u", RefusedBinary, nil, []string{"UTF-16", "UTF-8"}},
		{"empty XML", `<?xml version="1.0"?><comptabilite/>`, RefusedStructure, nil, []string{"no <exercice>"}},
		{"other XML, with BOM", utf8BOM + `<?xml version="1.0"?><html/>`, RefusedStructure, nil, []string{"<html>", "comptabilite"}},
		{"other text", "Dear customer,\nplease pay.\n", RefusedHeader, nil, []string{"does not name the columns"}},
		{"no header", legalLine + "\n" + legalLine + "\n", RefusedHeader, nil, []string{"does not name the columns", `"411000"`}},
		{"no EcritureDate", without("EcritureDate"), RefusedHeader, []string{"EcritureDate"}, []string{"Missing: EcritureDate.", `"CompteNum"`}},
		{"no Credit", without("Credit"), RefusedHeader, []string{"Credit"}, nil},
		{"no amounts", strings.Replace(legalHeader, "Debit\tCredit\t", "", 1), RefusedHeader, []string{"Debit", "Credit"}, nil},
		{"Montant without Sens", strings.Replace(legalHeader, "Debit\tCredit\t", "Montant\t", 1), RefusedHeader, []string{"Sens"}, nil},
		{"commas", strings.ReplaceAll(legalHeader, "\t", ",") + "\n", RefusedHeader, nil, []string{"separated by commas", "tabs or |"}},
		{"duplicate", legalHeader + "\tEcriture_Num\n", RefusedDuplicate, nil, []string{`"EcritureNum" is column 3`, `"Ecriture_Num" is column 19`}},
		{"duplicate extra", legalHeader + "\tNote\tnote\n", RefusedDuplicate, nil, []string{`"Note"`, `"note"`}},
		{"endless first line", strings.Repeat("x", 3<<20), RefusedHeader, nil, []string{"longer than"}},
	} {
		t.Run(c.name, func(t *testing.T) {
			_, err := tryRead(t, c.content, Options{})
			var refused *ingest.RefusedError
			if !errors.As(err, &refused) || refused.Reason != c.reason {
				t.Fatalf("got %v, want %s", err, c.reason)
			}
			if c.missing != nil && !slices.Equal(refused.Missing, c.missing) {
				t.Errorf("missing %q, want %q", refused.Missing, c.missing)
			}
			for _, s := range append(c.says, "fixture.txt is refused") {
				if !strings.Contains(err.Error(), s) {
					t.Errorf("%q does not say %q", err, s)
				}
			}
			if len(err.Error()) > 3000 || !utf8.ValidString(err.Error()) {
				t.Errorf("a message of %d bytes", len(err.Error()))
			}
		})
	}
}

func TestRefusedDirectory(t *testing.T) {
	_, err := readPath(t, t.TempDir(), Options{})
	var refused *ingest.RefusedError
	if !errors.As(err, &refused) || refused.Reason != RefusedNotAFile || !strings.Contains(err.Error(), "directory") {
		t.Errorf("got %v", err)
	}
}

func TestMissingFile(t *testing.T) {
	_, err := readPath(t, t.TempDir()+"/none.txt", Options{})
	var refused *ingest.RefusedError
	if err == nil || errors.As(err, &refused) || !strings.Contains(err.Error(), "none.txt") {
		t.Errorf("got %v", err)
	}
}

func TestColumnsInAnyOrder(t *testing.T) {
	names, fields := strings.Split(legalHeader, "\t"), strings.Split(legalLine, "\t")
	slices.Reverse(names)
	slices.Reverse(fields)
	l := read(t, strings.Join(names, "|")+"\n"+strings.Join(fields, "|")+"\n", Options{})
	if len(l.rows) != 1 || l.rows[0] != legalRow {
		t.Errorf("rows %q, rejects %+v", l.rows, l.rejects)
	}
}

func TestMissingOptionalColumn(t *testing.T) {
	header := strings.Replace(legalHeader, "\tEcritureLet", "\tMark", 1)
	l := read(t, header+"\n"+legalLine+"\n", Options{})
	if value(t, l, 0, "matching_code") != "" || value(t, l, 0, "Mark") != "AA" {
		t.Errorf("rows %q", l.rows)
	}
	if !slices.Equal(l.file.Missing, []string{"EcritureLet"}) || len(ingest.English(l.stats.Warnings)) != 1 ||
		!strings.Contains(ingest.English(l.stats.Warnings)[0], "EcritureLet") || !strings.Contains(ingest.English(l.stats.Warnings)[0], `"Mark"`) {
		t.Errorf("missing %q, warnings %q", l.file.Missing, ingest.English(l.stats.Warnings))
	}
}

func TestExtraColumns(t *testing.T) {
	l := read(t, legalHeader+"\tDateRglt\tModeRglt\t\tIdClient\tDateEcheance\n"+
		legalLine+"\t20240301\tCHQ\tx\t 42 \t31/03/2024\n"+
		legalLine+"\t\t\t\t\t\n"+
		legalLine+"\t\t\t\t\tsoon\n", Options{})
	if !slices.Equal(l.file.Extra, []string{"DateRglt", "ModeRglt", "column 21", "IdClient", "DateEcheance"}) || l.file.DueDate != "DateEcheance" {
		t.Fatalf("extra %q, due date %q", l.file.Extra, l.file.DueDate)
	}
	for name, want := range map[string]string{"DateRglt": "20240301", "ModeRglt": "CHQ", "column 21": "x", "IdClient": "42", "DateEcheance": "31/03/2024", "due_date": "2024-03-31"} {
		if got := value(t, l, 0, name); got != want {
			t.Errorf("%s is %q, want %q", name, got, want)
		}
	}
	if value(t, l, 1, "due_date") != "" || len(l.rejects) != 1 || l.rejects[0].Column != "DateEcheance" || l.rejects[0].Value != "soon" {
		t.Errorf("rows %q, rejects %+v", l.rows, l.rejects)
	}
}

func TestTwoWaysToWriteAmounts(t *testing.T) {
	l := read(t, legalHeader+"\tMontant\tSens\n"+legalLine+"\t7,00\tC\n", Options{})
	if value(t, l, 0, "debit") != "120.50" || !slices.Equal(l.file.Extra, []string{"Montant", "Sens"}) {
		t.Errorf("rows %q, extra %q", l.rows, l.file.Extra)
	}
}

func TestAliasBesideLegalName(t *testing.T) {
	l := read(t, legalHeader+"\tCompteAuxNum\n"+legalLine+"\tother\n", Options{})
	if value(t, l, 0, "aux_account") != "C1" || value(t, l, 0, "CompteAuxNum") != "other" || len(ingest.English(l.stats.Warnings)) != 1 {
		t.Errorf("rows %q, warnings %q", l.rows, ingest.English(l.stats.Warnings))
	}
}

func TestDueDateName(t *testing.T) {
	for name, want := range map[string]bool{
		"DateEcheance": true, "Echeance": true, "Date_Ech": true, "DueDate": true, "DATEECHEANCE": true,
		"Date d'échéance": true, "DATE ECH.": true, "due_date": true, "EcheanceDate": true, "Dateech": true, "due": true,
		"ModeEcheance": false, "TypeEcheance": false, "MODEECHEANCE": false, "Technicien": false, "Recherche": false,
		"TauxChange": false, "Residue": false, "MontantEcheance": false, "Mechanic": false,
	} {
		if got := isDueDate(name); got != want {
			t.Errorf("%q: %t, want %t", name, got, want)
		}
	}
}

func TestDueDateColumnWithoutDates(t *testing.T) {
	l := read(t, legalHeader+"\tEcheance\n"+legalLine+"\t30J\n"+legalLine+"\t45J\n", Options{})
	if len(l.rows) != 2 || l.file.DueDate != "" || value(t, l, 0, "Echeance") != "30J" ||
		len(ingest.English(l.stats.Warnings)) != 1 || !strings.Contains(ingest.English(l.stats.Warnings)[0], "does not hold dates") {
		t.Errorf("rows %q, warnings %q, rejects %+v", l.rows, ingest.English(l.stats.Warnings), l.rejects)
	}
}

func TestSecondDueDateColumn(t *testing.T) {
	l := read(t, legalHeader+"\tDateEch\tDueDate\n"+legalLine+"\t20240301\t20240401\n", Options{})
	if value(t, l, 0, "due_date") != "2024-03-01" || len(ingest.English(l.stats.Warnings)) != 1 || !strings.Contains(ingest.English(l.stats.Warnings)[0], "DueDate") {
		t.Errorf("rows %q, warnings %q", l.rows, ingest.English(l.stats.Warnings))
	}
}
