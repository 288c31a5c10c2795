package bodacc

import (
	"bytes"
	"context"
	"slices"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"github.com/encours/encours/ingest"
)

func TestDates(t *testing.T) {
	for given, want := range map[string]string{
		"2020-01-31": "2020-01-31", "2020/01/31": "2020-01-31", "31/01/2020": "2020-01-31", "2020-01-31T00:00:00Z": "2020-01-31",
		"10 décembre 2009": "2009-12-10", "10 DECEMBRE 2009": "2009-12-10", "1er janvier 2020": "2020-01-01", "Le 1er août 2021": "2021-08-01",
		"10\u00a0décembre\u202f2009": "2009-12-10", "10 dÃ©cembre 2009": "2009-12-10", "vendredi 3 mai 2024": "2024-05-03", "3 mai 2024 à 10 heures": "2024-05-03",
		"12 mars 5025": "5025-03-12", "31 février 2020": "", "2020-13-01": "", "mars 2020": "", "": "", "3 mei 2024": "", "0 mai 2024": "",
	} {
		day, ok := date(given)
		if got := day.Format(time.DateOnly); ok != (want != "") || ok && got != want {
			t.Errorf("%q: %s, %v; want %q", given, got, ok, want)
		}
	}
}

func TestRepair(t *testing.T) {
	for given, want := range map[string]string{
		"procÃ©dure": "procédure", "clÃ´ture Ã  Lyon": "clôture à Lyon", "clÃ´ture Ã\u00a0 Lyon": "clôture à Lyon", "Ã‰tat dâ€™urgence": "État d’urgence", "procÃƒÂ©dure": "procédure",
		"procédure et clÃ´ture": "procédure et clôture", "Âge": "Âge", "Évry": "Évry", "œuvre Å“uvre": "œuvre œuvre", "plain": "plain", "Ãlvaro": "Ãlvaro", "": "",
	} {
		if got := strings.Join(strings.Fields(repair(given)), " "); got != strings.Join(strings.Fields(want), " ") {
			t.Errorf("%q: %q, want %q", given, got, want)
		}
	}
}

func TestSirens(t *testing.T) {
	for given, want := range map[string][2]string{
		"552 081 317,552081317": {"552081317", ""}, "552081317, 404 833 048": {"552081317 404833048", ""}, "55208131700001": {"552081317", ""},
		"552\u00a0081\u202f317": {"552081317", ""}, "552081317 RM 75": {"552081317", ""}, "123456789": {"", "123456789"}, "NON INSCRIT": {"", ""}, "": {"", ""}, "12": {"", "12"},
	} {
		valid, broken := sirens(given)
		if strings.Join(valid, " ") != want[0] || strings.Join(broken, " ") != want[1] {
			t.Errorf("%q: %v, broken %v", given, valid, broken)
		}
	}
	for given, want := range map[string]string{
		"société Y, RCS Paris 552 081 317 et 404833048 RCS Lyon": "552081317 404833048", "tél. 552081317": "", "SIREN : 552081317": "552081317", "RCS 552081318": "", "SIRET 55208131700001": "552081317",
	} {
		if got := strings.Join(sirensInText(given), " "); got != want {
			t.Errorf("%q: %q, want %q", given, got, want)
		}
	}
}

func TestPrices(t *testing.T) {
	for given, want := range map[string]string{
		"au prix de 30.000,00 Euros": "30000.00", "moyennant le prix de 45000 EUR": "45000", "Prix stipulé : 120 000 €": "120000", "au prix stipulé de 1,234.50 EUR": "1234.50",
		"prix de 12\u00a0500\u202f€": "12500", "capital 10000 euros": "", "prix non communiqué": "", "au prix de 30.000 francs": "", "prix de 1.234.567 euros": "1234567", "prix de 99,5 €": "99.5",
	} {
		if got := price(given); got != want {
			t.Errorf("%q: %q, want %q", given, got, want)
		}
	}
}

// FuzzFile: whatever the bytes, a file is refused, or each row names a SIREN whose key
// holds and a publication, in UTF-8; and reading it twice gives the same.
func FuzzFile(f *testing.F) {
	for _, seed := range []string{opening, sale, "[" + opening + "]", `{"results":[` + sale + `]}`, pcl, "id;dateparution;registre\nA1;2024-01-01;552081317\n", `{"records":[1,"a",null,[]]}`} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, content []byte) {
		file := FromPages("a", [][]byte{content})
		var first, second bytes.Buffer
		rejects := int64(0)
		count := func(r ingest.Reject) error { rejects++; return nil }
		stats, err := file.Convert(context.Background(), "legal_events", fields(), &first, count, nil)
		if err != nil {
			return
		}
		if rejects != stats.Rejects || int64(bytes.Count(first.Bytes(), []byte("\n"))) != stats.Rows {
			t.Fatalf("%d rejects, %d rows of %+v", rejects, bytes.Count(first.Bytes(), []byte("\n")), stats)
		}
		for line := range strings.Lines(first.String()) {
			cells := strings.Split(line, "\x1f")
			if valid, _ := sirens(cells[2]); len(cells) != len(fields())+1 || !slices.Equal(valid, []string{cells[2]}) || !utf8.ValidString(line) {
				t.Fatalf("row %q", line)
			}
		}
		if _, err := file.Convert(context.Background(), "legal_events", fields(), &second, count, nil); err != nil || first.String() != second.String() {
			t.Fatalf("a second reading differs: %v", err)
		}
	})
}

// FuzzDate: a day that is read is one of the calendar, and reads again as itself.
func FuzzDate(f *testing.F) {
	for _, seed := range []string{"1er janvier 2020", "2020-01-31", "31/12/5025", "10\u00a0dÃ©cembre 2009"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, given string) {
		day, ok := date(given)
		if !ok {
			return
		}
		if again, fine := date(day.Format(time.DateOnly)); !fine || !again.Equal(day) {
			t.Fatalf("%q: %s, again %s", given, day, again)
		}
	})
}

// FuzzRepair: right text stays, and no text becomes broken.
func FuzzRepair(f *testing.F) {
	for _, seed := range []string{"procÃ©dure", "Ã  ", "ÃƒÂ©", "Â", "é"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, given string) {
		if utf8.ValidString(given) && !utf8.ValidString(repair(given)) {
			t.Fatalf("%q became %q", given, repair(given))
		}
	})
}
