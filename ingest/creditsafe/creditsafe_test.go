package creditsafe

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

const french = `{"report":{"companyId":"FR-0-404833048","companySummary":{"businessName":"ACIERS DU NORD","country":"FR","companyRegistrationNumber":"40483304800022",
  "companyStatus":{"status":"Active","description":"Actif"},"latestTurnoverFigure":{"currency":"EUR","value":2500000.0},"latestShareholdersEquityFigure":{"currency":"EUR","value":400000}},
 "creditScore":{"currentCreditRating":{"commonValue":"B","providerValue":{"maxValue":"100","minValue":"0","value":"64"},"creditLimit":{"value":"90000"}},
  "currentContractLimit":{"currency":"EUR","value":50000},"latestRatingChangeDate":"2026-01-15T00:00:00Z"},
 "localFinancialStatements":[{"yearEndDate":"2024-12-31T00:00:00Z","numberOfWeeks":52,"currency":"EUR","consolidatedAccounts":false,
   "profitAndLoss":{"revenue":2500000,"operatingProfit":120000},"balanceSheet":{"totalAssets":1000000,"totalShareholdersEquity":400000}}],
 "financialStatements":[{"yearEndDate":"2024-12-31","balanceSheet":{"totalAssets":1}},{"yearEndDate":"2023-06-30","numberOfWeeks":78,"balanceSheet":{"totalAssets":900000}}]}}`

const british = `{"report":{"companyId":"GB-0-1","companySummary":{"businessName":"STEEL LTD","country":"GB","companyRegistrationNumber":"404833048"},
 "creditScore":{"currentCreditRating":{"commonValue":"E","providerValue":{"value":"Not Rated"}},"latestRatingChangeDate":"2026-01-20"},
 "financialStatements":[{"yearEndDate":"2024-12-31"}]}}`

const ratingFields = "provider subject_id rating_date siren vat_number name country score_raw scale_min scale_max class limit_amount limit_currency status sales equity"
const statementFields = "siren closing_date accounts_type currency months sales ebit personnel_cost financial_charges net_income total_assets current_assets inventory receivables cash equity total_debt current_liabilities"

func fieldsOf(names string) (fields []ingest.Field) {
	for _, name := range strings.Fields(names) {
		f := ingest.Field{Name: name, Type: "varchar"}
		switch {
		case strings.HasSuffix(name, "_date"):
			f.Type, f.Required = "date", true
		case name == "months":
			f.Type = "integer"
		case strings.HasPrefix(name, "sc") || strings.HasPrefix(name, "total") || name == "limit_amount" || name == "sales" || name == "equity" || name == "ebit":
			f.Type = "decimal(18, 2)"
		}
		fields = append(fields, f)
	}
	return fields
}

func read(t *testing.T, text, names, dataset string) (rows, reasons []string, stats ingest.ShapedStats, err error) {
	t.Helper()
	path := filepath.Join(t.TempDir(), "a.json")
	if err := os.WriteFile(path, []byte(text), 0o644); err != nil {
		t.Fatal(err)
	}
	file, err := Open(t.Context(), path, time.Time{})
	if err != nil {
		return nil, nil, stats, err
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

func TestReports(t *testing.T) {
	text := "[" + french + "," + british + "]"
	rows, reasons, stats, err := read(t, text, ratingFields, ratings)
	want := []string{
		"1|creditsafe|FR-0-404833048|2026-01-15|404833048||ACIERS DU NORD|FR|64|0|100|B|90000|EUR|Actif|2500000.0|400000",
		"2|creditsafe|GB-0-1|2026-01-20|||STEEL LTD|GB||||E|||||",
	}
	if err != nil || !slices.Equal(rows, want) || len(reasons) > 0 {
		t.Errorf("ratings\n%s\nwant\n%s\nrejects %q, %v", strings.Join(rows, "\n"), strings.Join(want, "\n"), reasons, err)
	}
	if len(stats.Remarks) != 1 || stats.First.Format(time.DateOnly) != "2026-01-15" || stats.Last.Format(time.DateOnly) != "2026-01-20" {
		t.Errorf("remarks %q, %s to %s", stats.Remarks, stats.First, stats.Last)
	}
	rows, reasons, _, err = read(t, text, statementFields, statements)
	want = []string{
		"1|404833048|2024-12-31|C|EUR|12|2500000|120000||||1000000|||||400000||",
		"1|404833048|2023-06-30|C||18||||||900000|||||||",
	}
	if err != nil || !slices.Equal(rows, want) || len(reasons) > 0 {
		t.Errorf("accounts\n%s\nwant\n%s\nrejects %q, %v", strings.Join(rows, "\n"), strings.Join(want, "\n"), reasons, err)
	}
}

func TestWhatIsMissing(t *testing.T) {
	for name, c := range map[string]struct{ text, dataset, reasons string }{
		"nothing but a name":      {`{"report":{"companyId":"1","companySummary":{"businessName":"X"}}}`, ratings, ""},
		"a rating without a date": {`{"report":{"companyId":"1","creditScore":{"currentCreditRating":{"commonValue":"A"}}}}`, ratings, "rating_date date.missing"},
		"no company":              {`{"report":{"creditScore":{}}}`, ratings, "companyId company.missing"},
		"no report":               {`{"messages":[]}`, ratings, "report document.unknown"},
		"accounts without an end": {`{"report":{"companyId":"1","companySummary":{"country":"FR","companyRegistrationNumber":"404833048"},"financialStatements":[{"currency":"EUR"}]}}`, statements, "closing_date date.missing"},
	} {
		t.Run(name, func(t *testing.T) {
			names := ratingFields
			if c.dataset == statements {
				names = statementFields
			}
			if rows, reasons, _, err := read(t, c.text, names, c.dataset); err != nil || len(rows) > 0 || strings.Join(reasons, ", ") != c.reasons {
				t.Errorf("rows %q, rejects %q, %v", rows, reasons, err)
			}
		})
	}
}

// FuzzReports: whatever the bytes, reading them ends, and every row is one line.
func FuzzReports(f *testing.F) {
	for _, text := range []string{french, british, "[]", `{"report":{"companyId":1,"localFinancialStatements":[{"numberOfWeeks":"1e999999"},{"numberOfWeeks":-1,"yearEndDate":"2024"}]}}`} {
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
