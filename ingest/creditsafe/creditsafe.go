// Package creditsafe reads reports of Creditsafe Connect, as JSON: documents with the
// root report, one, a list of them or one after the other. A report gives a rating, and
// the yearly accounts of a company that has a SIREN.
//
// Invariant: a part that is not there gives nothing and is no error; what is there
// becomes a row or a reject.
package creditsafe

import (
	"context"
	"math/big"
	"strings"
	"time"

	"github.com/encours/encours/ingest"
	"github.com/encours/encours/ingest/jsondocs"
)

// Provider is the name of the agency in its ratings.
const Provider = "creditsafe"

const (
	ratings    = "ratings"
	statements = "financial_statements"
)

// Open looks at a file of reports. extracted is the day on which they were fetched
// where a report does not say since when its rating holds; may be zero. What cannot be
// such a file is an *ingest.RefusedError, here or in Convert.
func Open(ctx context.Context, path string, extracted time.Time) (*jsondocs.Reader, error) {
	file, err := jsondocs.Open(ctx, path, "report of Creditsafe")
	if err != nil {
		return nil, err
	}
	return &jsondocs.Reader{File: file, Name: "creditsafe", Sets: []string{ratings, statements}, Take: func(o jsondocs.Object) jsondocs.Taken {
		return take(o, extracted)
	}}, nil
}

// take reads one report.
func take(document jsondocs.Object, extracted time.Time) jsondocs.Taken {
	o := document.At("report")
	summary := o.At("companySummary")
	country := strings.ToUpper(summary.Text("country"))
	if country == "" {
		country = strings.ToUpper(o.Text("companyIdentification.basicInformation.country"))
	}
	number := summary.Text("companyRegistrationNumber")
	if number == "" {
		number = o.Text("companyIdentification.basicInformation.companyRegistrationNumber")
	}
	id := o.Text("companyId")
	if id == "" {
		id = number
	}
	switch {
	case o == nil:
		return refused("report", "document.unknown", "the document has no report: give the JSON of the report as it came")
	case id == "":
		return refused("companyId", "company.missing", "the report names no company: companyId or companySummary.companyRegistrationNumber is needed")
	}
	var taken jsondocs.Taken
	siren, vat := "", o.Text("companyIdentification.basicInformation.vatRegistrationNumber")
	if country == "FR" {
		if siren = jsondocs.SIREN(number); siren == "" {
			siren = jsondocs.SIREN(vat)
		}
		if siren == "" && number != "" {
			taken.Remarks = append(taken.Remarks, "companies whose SIREN has a wrong check digit, which are known by the number of the agency alone")
		}
	}
	taken.Rows = append(taken.Rows, rating(o, summary, map[string]any{
		"provider": Provider, "subject_id": id, "siren": siren, "vat_number": vat, "country": country,
	}, extracted)...)
	accounts := accountsOf(o)
	if siren == "" && len(accounts) > 0 {
		taken.Remarks = append(taken.Remarks, "accounts of companies without a SIREN, which are left out")
		return taken
	}
	for _, year := range accounts {
		taken.Rows = append(taken.Rows, statement(year, siren))
	}
	return taken
}

func refused(column, reason, message string) jsondocs.Taken {
	return jsondocs.Taken{Rows: []jsondocs.Row{{Dataset: ratings, Wrong: &ingest.Reject{Column: column, Reason: reason, Message: message}}}}
}

// rating is that of the report, from the day of its last change.
func rating(o, summary jsondocs.Object, values map[string]any, extracted time.Time) []jsondocs.Row {
	current := o.At("creditScore.currentCreditRating")
	class := current.Text("commonValue")
	if class == "" {
		class = summary.Text("creditRating.commonValue")
	}
	status := summary.Text("companyStatus.description", "companyStatus.status")
	if class == "" && current.Number("providerValue.value") == nil && current.Number("creditLimit.value") == nil && status == "" {
		return nil
	}
	day := jsondocs.Day(o.Text("creditScore.latestRatingChangeDate"))
	if day == "" && !extracted.IsZero() {
		day = extracted.Format(time.DateOnly)
	}
	if day == "" {
		return []jsondocs.Row{{Dataset: ratings, Wrong: &ingest.Reject{Column: "rating_date", Reason: "date.missing",
			Message: "the report does not say since when its rating holds (latestRatingChangeDate): give the source an extract_date, the day on which the reports were fetched"}}}
	}
	currency := current.Text("creditLimit.currency")
	if currency == "" {
		currency = o.Text("creditScore.currentContractLimit.currency", "companySummary.latestTurnoverFigure.currency")
	}
	values["rating_date"], values["class"], values["status"] = day, class, status
	values["name"] = summary.Text("businessName")
	if score := current.Number("providerValue.value"); score != nil {
		values["score_raw"], values["scale_min"], values["scale_max"] = score, value(current, "providerValue.minValue", "0"), value(current, "providerValue.maxValue", "100")
	}
	if limit := current.Number("creditLimit.value"); limit != nil {
		values["limit_amount"], values["limit_currency"] = limit, currency
	}
	values["sales"] = summary.Number("latestTurnoverFigure.value")
	values["equity"] = summary.Number("latestShareholdersEquityFigure.value")
	return []jsondocs.Row{{Dataset: ratings, Values: values, Day: day}}
}

func value(o jsondocs.Object, path, otherwise string) any {
	if number := o.Number(path); number != nil {
		return number
	}
	return otherwise
}

// accountsOf are the yearly accounts: those of the country where both are there, as
// they say more.
func accountsOf(o jsondocs.Object) (years []jsondocs.Object) {
	seen := map[string]bool{}
	for _, list := range []string{"localFinancialStatements", "financialStatements"} {
		for _, year := range o.List(list) {
			key := jsondocs.Day(year.Text("yearEndDate")) + " " + accountsType(year)
			if !seen[key] || key == " C" {
				years = append(years, year)
			}
			seen[key] = true
		}
	}
	return years
}

func accountsType(year jsondocs.Object) string {
	if year.True("consolidatedAccounts") {
		return "K"
	}
	return "C"
}

// statement is one year of accounts.
func statement(year jsondocs.Object, siren string) jsondocs.Row {
	day := jsondocs.Day(year.Text("yearEndDate"))
	if day == "" {
		return jsondocs.Row{Dataset: statements, Wrong: &ingest.Reject{Column: "closing_date", Reason: "date.missing",
			Message: "these accounts do not say the end of their fiscal year (yearEndDate)"}}
	}
	values := map[string]any{"siren": siren, "closing_date": day, "accounts_type": accountsType(year), "currency": year.Text("currency"), "months": months(year)}
	for field, path := range map[string]string{
		"sales": "profitAndLoss.revenue", "ebit": "profitAndLoss.operatingProfit", "personnel_cost": "profitAndLoss.wagesAndSalaries",
		"financial_charges": "profitAndLoss.financialExpenses", "net_income": "profitAndLoss.profitAfterTax",
		"total_assets": "balanceSheet.totalAssets", "current_assets": "balanceSheet.totalCurrentAssets", "inventory": "balanceSheet.totalInventories",
		"receivables": "balanceSheet.totalReceivables", "cash": "balanceSheet.cash", "equity": "balanceSheet.totalShareholdersEquity",
		"total_debt": "balanceSheet.totalLiabilities", "current_liabilities": "balanceSheet.totalCurrentLiabilities",
	} {
		values[field] = year.Number(path)
	}
	return jsondocs.Row{Dataset: statements, Values: values, Day: day}
}

// months is the length of the year in whole months, of so many weeks; nil where it is
// not told.
func months(year jsondocs.Object) any {
	weeks := jsondocs.Exact(year.Number("numberOfWeeks"))
	if weeks == nil || weeks.Sign() <= 0 {
		return nil
	}
	return weeks.Mul(weeks, big.NewRat(12, 52)).FloatString(0)
}
