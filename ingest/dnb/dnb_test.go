package dnb

import (
	"bytes"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/encours/encours/ingest"
)

// report is a company with every block that is read.
const report = `{"transactionDetail":{"transactionID":"rrt-1","transactionTimestamp":"2026-03-01T10:00:00.000Z"},
"organization":{"duns":"26-701-2345","primaryName":"ACIERS DU NORD","countryISOAlpha2Code":"FR","isHighRiskBusiness":false,"isDeterioratingBusiness":true,
 "registrationNumbers":[{"registrationNumber":"FR 83404833048","typeDescription":"VAT Registration number (FR)"},{"registrationNumber":"40483304800022","typeDescription":"SIRET Number (FR)"}],
 "dnbAssessment":{
  "failureScore":{"classScore":2,"nationalPercentile":71,"rawScore":1520,"scoreDate":"2026-02-10"},
  "delinquencyScore":{"classScore":4,"nationalPercentile":15,"scoreDate":"2026-02-12"},
  "standardRating":{"rating":"2A3","riskSegment":"3"},
  "creditLimitRecommendation":{"maximumRecommendedLimit":{"value":1.25E5,"currency":"EUR"}}},
 "legalEvents":{"hasInsolvency":true,"hasOpenLiens":false},
 "latestFiscalFinancials":{"financialStatementToDate":"2024-12-31","filingDate":"2025-06-30","units":"Thousands","currency":"EUR",
  "overview":{"totalAssets":900.5,"totalCurrentAssets":500,"totalCurrentLiabilities":300,"totalLiabilities":600}}}}`

// bare is one of a country where the scores do not exist.
const bare = `{"transactionDetail":{"transactionTimestamp":"2026-03-02T10:00:00Z"},"organization":{"duns":"315000007","primaryName":"STAHL GMBH","countryISOAlpha2Code":"DE",
 "registrationNumbers":[{"registrationNumber":"404833048","typeDescription":"Handelsregister"}],
 "dnbAssessment":{"failureScore":{},"delinquencyScore":{},"standardRating":{"riskSegment":"1"}},"latestFiscalFinancials":{"overview":{"totalAssets":5}}}}`

const ratingFields = "provider subject_id rating_date siren vat_number duns name country score_raw scale_min scale_max score_100 class limit_amount limit_currency status collective_event"
const statementFields = "siren closing_date accounts_type published_on currency total_assets current_assets current_liabilities total_debt equity cash receivables inventory sales net_income ebit"

func fieldsOf(names string) (fields []ingest.Field) {
	for _, name := range strings.Fields(names) {
		f := ingest.Field{Name: name, Type: "varchar"}
		switch {
		case strings.HasSuffix(name, "_date") || name == "published_on":
			f.Type, f.Required = "date", name != "published_on"
		case strings.HasPrefix(name, "sc") || strings.HasPrefix(name, "total") || name == "limit_amount":
			f.Type = "decimal(18, 2)"
		}
		fields = append(fields, f)
	}
	return fields
}

func read(t *testing.T, text, dataset string, extracted time.Time) (rows, reasons []string, stats ingest.ShapedStats, err error) {
	t.Helper()
	path := filepath.Join(t.TempDir(), "a.json")
	if err := os.WriteFile(path, []byte(text), 0o644); err != nil {
		t.Fatal(err)
	}
	file, err := Open(t.Context(), path, extracted)
	if err != nil {
		return nil, nil, stats, err
	}
	names := ratingFields
	if dataset == statements {
		names = statementFields
	}
	var out bytes.Buffer
	stats, err = file.Convert(t.Context(), dataset, fieldsOf(names), &out, func(r ingest.Reject) error {
		reasons = append(reasons, r.Column+" "+r.Reason)
		return nil
	}, nil)
	for line := range strings.Lines(out.String()) {
		rows = append(rows, strings.ReplaceAll(strings.TrimSuffix(line, "\n"), "\x1f", "|"))
	}
	return rows, reasons, stats, err
}

func TestDocuments(t *testing.T) {
	flat := strings.ReplaceAll(report, "\n", "")
	for name, text := range map[string]string{
		"list": "[" + report + "," + bare + "]", "one line each, mark": "\ufeff" + flat + "\n" + strings.ReplaceAll(bare, "\n", "") + "\n",
	} {
		t.Run(name, func(t *testing.T) {
			rows, reasons, stats, err := read(t, text, ratings, time.Time{})
			want := []string{
				"1|dnb|267012345|2026-02-10|404833048|FR 83404833048|267012345|ACIERS DU NORD|FR|1520|1001|1875|71|2|125000|EUR|deteriorating business|insolvency",
				"1|dnb_delinquency|267012345|2026-02-12|404833048|FR 83404833048|267012345|ACIERS DU NORD|FR||||15|4||||",
				"1|dnb_rating|267012345|2026-03-01|404833048|FR 83404833048|267012345|ACIERS DU NORD|FR|||||3||||",
				"2|dnb_rating|315000007|2026-03-02|||315000007|STAHL GMBH|DE|||||1||||",
			}
			if err != nil || !slices.Equal(rows, want) || len(reasons) > 0 {
				t.Errorf("ratings\n%s\nwant\n%s\nrejects %q, %v", strings.Join(rows, "\n"), strings.Join(want, "\n"), reasons, err)
			}
			if len(stats.Remarks) != 1 || !strings.Contains(stats.Remarks[0], "without a SIREN, which are left out (1)") {
				t.Errorf("remarks %q", stats.Remarks)
			}
			rows, reasons, _, err = read(t, text, statements, time.Time{})
			if want := []string{"1|404833048|2024-12-31|C|2025-06-30|EUR|900500|500000|300000|600000|||||||"}; err != nil || !slices.Equal(rows, want) || len(reasons) > 0 {
				t.Errorf("accounts %q, rejects %q, %v", rows, reasons, err)
			}
		})
	}
}

func TestWhatIsMissing(t *testing.T) {
	day := time.Date(2026, 4, 5, 0, 0, 0, 0, time.UTC)
	for name, c := range map[string]struct {
		text, dataset string
		extracted     time.Time
		rows          string // their first six fields
		reasons       string
	}{
		"no block": {`{"organization":{"duns":"123456789"}}`, ratings, day, "", ""},
		"empty blocks": {`{"organization":{"duns":"123456789","dnbAssessment":{},"legalEvents":{},"latestFiscalFinancials":{},"registrationNumbers":[]}}`,
			ratings, day, "", ""},
		"only a limit, of the day of the source": {`{"organization":{"duns":"123456789","dnbAssessment":{"creditLimitRecommendation":{"maximumRecommendedLimit":{"value":5,"currency":"USD"}}}}}`,
			ratings, day, "1|dnb|123456789|2026-04-05||", ""},
		"no date at all": {`{"organization":{"duns":"123456789","dnbAssessment":{"failureScore":{"classScore":5}}}}`, ratings, time.Time{}, "", "rating_date date.missing"},
		"no number":      {`{"organization":{"primaryName":"X"}}`, ratings, day, "", "duns duns.invalid"},
		"an error":       {`{"error":{"errorMessage":"not entitled"}}`, ratings, day, "", "organization document.unknown"},
		"accounts without an end": {`{"organization":{"duns":"123456789","countryISOAlpha2Code":"FR","registrationNumbers":[{"registrationNumber":"404833048"}],
			"latestFiscalFinancials":{"filingDate":"2025-01-01","overview":{"totalAssets":1}}}}`, statements, day, "", "closing_date date.missing"},
		"accounts in lakhs": {`{"organization":{"duns":"123456789","countryISOAlpha2Code":"FR","registrationNumbers":[{"registrationNumber":"404833048"}],
			"latestFiscalFinancials":{"financialStatementToDate":"2024-12-31","units":"Lakhs","overview":{"totalAssets":1}}}}`, statements, day, "", "units units.unknown"},
		"a wrong SIREN": {`{"organization":{"duns":"123456789","countryISOAlpha2Code":"FR","registrationNumbers":[{"registrationNumber":"404833049","typeDescription":"SIREN"}],
			"dnbAssessment":{"failureScore":{"classScore":5,"nationalPercentile":3}}}}`, ratings, day, "1|dnb|123456789|2026-04-05||", ""},
	} {
		t.Run(name, func(t *testing.T) {
			rows, reasons, _, err := read(t, c.text, c.dataset, c.extracted)
			got := ""
			if len(rows) > 0 {
				got = strings.Join(strings.Split(rows[0], "|")[:6], "|")
			}
			if err != nil || got != c.rows || strings.Join(reasons, ", ") != c.reasons {
				t.Errorf("rows %q, rejects %q, %v", rows, reasons, err)
			}
		})
	}
	for name, text := range map[string]string{"empty": "", "blank": " \n", "empty list": "[]", "cut": report[:300], "list that does not end": "[" + bare, "numbers": "[1]", "more": "[" + bare + "] x"} {
		t.Run("refused: "+name, func(t *testing.T) {
			if _, _, _, err := read(t, text, ratings, day); err == nil || !strings.Contains(err.Error(), "is refused") {
				t.Errorf("error %v", err)
			}
		})
	}
}

// FuzzDocuments: whatever the bytes, reading them ends, and every row is one line.
func FuzzDocuments(f *testing.F) {
	for _, text := range []string{report, bare, "[]", `{"organization":{"duns":1,"registrationNumbers":{"registrationNumber":[]},"latestFiscalFinancials":{"overview":{"totalAssets":"1e999"}}}}`} {
		f.Add([]byte(text))
	}
	f.Fuzz(func(t *testing.T, text []byte) {
		path := filepath.Join(t.TempDir(), "fuzz.json")
		if err := os.WriteFile(path, text, 0o644); err != nil {
			t.Fatal(err)
		}
		file, err := Open(t.Context(), path, time.Time{})
		if err != nil {
			return
		}
		for _, dataset := range file.Datasets() {
			names := ratingFields
			if dataset == statements {
				names = statementFields
			}
			var out bytes.Buffer
			stats, err := file.Convert(t.Context(), dataset, fieldsOf(names), &out, func(ingest.Reject) error { return nil }, nil)
			if err == nil && int64(bytes.Count(out.Bytes(), []byte{'\n'})) != stats.Rows {
				t.Errorf("%d rows, %d lines", stats.Rows, bytes.Count(out.Bytes(), []byte{'\n'}))
			}
		}
	})
}
