package sirene

import (
	"bytes"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/encours/encours/ingest"
)

func TestWords(t *testing.T) {
	w := Words{"DUPONT": {}, "TRANSPORTS": {}, "SARL": {}, "ET": {}, "SAINT": {}, "MALO": {}, "IBM": {}}
	for name, want := range map[string]bool{
		"DUPONT TRANSPORTS": true, "Transports-Dupont (SARL)": true, "S.A.R.L. DUPONT": true, "DUPONT & TRANSPORTS": true, "ST MALO": true,
		"I B M": true, "ÉTS DUPONT": true, "": false, "DUPOND": false, "DUPONT LOCATION": false, "[ND]": false, "...": false,
	} {
		if got := w.MayBe([]byte(name)); got != want {
			t.Errorf("%q: %t", name, got)
		}
	}
	found, err := w.Find(strings.NewReader("1\x1fDUPONT\x1f\n2\x1f\x1fMARTIN\n3\x1fMARTIN\x1fIBM\n4\x1f\x1f"))
	if err != nil || !slices.Equal(found, []string{"1", "3"}) {
		t.Errorf("%v %v", found, err)
	}
}

func TestSIREN(t *testing.T) {
	for text, want := range map[string]string{
		"552 081 317": "552081317", "5520813170046": "", "73282932000074": "732829320", "35600000049837": "356000000", "5410220": "", "05410220": "005410220", "552081318": "", "5,52032E+08": "",
	} {
		if got, ok := SIREN(text); got != want || ok != (want != "") {
			t.Errorf("%q: %q %t", text, got, ok)
		}
	}
}

// TestLines: line ends inside quotation marks, other charsets, lines that are no records.
func TestLines(t *testing.T) {
	const head = "siren,statutDiffusionUniteLegale,etatAdministratifUniteLegale,dateDebut,dateCreationUniteLegale,denominationUniteLegale,nomUniteLegale,prenomUsuelUniteLegale," +
		"categorieJuridiqueUniteLegale,activitePrincipaleUniteLegale,nicSiegeUniteLegale,dateDernierTraitementUniteLegale\n"
	path := filepath.Join(t.TempDir(), "StockUniteLegale.csv")
	if err := os.WriteFile(path, []byte(head+"1,2,3,4,5,\"a\nb\",7,8,9,10,11,12\r\n\n1,2\n1,2,3,4,5,caf\xe9,7,8,9,10,11,12"), 0o644); err != nil {
		t.Fatal(err)
	}
	stocks, err := Inspect(t.Context(), path)
	if err != nil || len(stocks) != 1 || stocks[0].Dataset != LegalUnits {
		t.Fatal(stocks, err)
	}
	var out bytes.Buffer
	var rejects []int64
	records, err := stocks[0].Lines(t.Context(), &out, func(r ingest.Reject) error { rejects = append(rejects, r.Line); return nil }, nil)
	want := "2,1,2,3,4,5,\"a b\",7,8,9,10,11,12\n6,1,2,3,4,5,café,7,8,9,10,11,12\n"
	if err != nil || out.String() != want || records != 3 || !slices.Equal(rejects, []int64{5}) {
		t.Errorf("%d records, rejects %v, error %v\n%s", records, rejects, err, out.String())
	}
}

// FuzzStock: whatever the bytes, a file is refused or its lines are read to the end, each
// a record or a reject.
func FuzzStock(f *testing.F) {
	f.Add([]byte("siren,siret,etatAdministratifEtablissement\n1,2,3\n"))
	f.Add([]byte("siretEtablissementPredecesseur;siretEtablissementSuccesseur;dateLienSuccession;transfertSiege;continuiteEconomique\n\"1\n\";2;3;4;5\n6\n"))
	f.Add([]byte("PAR1xxxxPAR1"))
	f.Add([]byte("\x1f\x8b\x08"))
	f.Add([]byte("PK\x03\x04"))
	f.Fuzz(func(t *testing.T, text []byte) {
		path := filepath.Join(t.TempDir(), "x")
		if err := os.WriteFile(path, text, 0o644); err != nil {
			t.Fatal(err)
		}
		stocks, err := Inspect(t.Context(), path)
		if err != nil {
			return
		}
		for _, s := range stocks {
			if s.Format == Parquet {
				continue
			}
			var out bytes.Buffer
			rejects := int64(0)
			records, err := s.Lines(t.Context(), &out, func(ingest.Reject) error { rejects++; return nil }, nil)
			if lines := int64(bytes.Count(out.Bytes(), []byte{'\n'})); err == nil && records != lines+rejects {
				t.Errorf("%d records, %d lines and %d rejects", records, lines, rejects)
			}
		}
	})
}

// FuzzValues: a value is read or refused, never both.
func FuzzValues(f *testing.F) {
	f.Add("552081317", "2024-01-01", "[ND]")
	f.Add("", "x", "true")
	f.Fuzz(func(t *testing.T, number, day, other string) {
		for dataset := range layouts() {
			values, wrong := Values(dataset, func(column string) string {
				switch {
				case strings.Contains(strings.ToLower(column), "sire"):
					return number
				case strings.HasPrefix(column, "date"):
					return day
				}
				return other
			})
			if (values == nil) == (wrong == nil) {
				t.Errorf("%s: %v and %v", dataset, values, wrong)
			}
		}
	})
}
