// Package dnb reads data blocks of D&B (Direct+), as JSON: documents with the root
// organization, one, a list of them or one after the other.
//
// A document gives up to three ratings, told apart by their provider: dnb is the
// failure score (will it cease to trade with debts?), dnb_delinquency the delinquency
// score (will it pay severely late?), dnb_rating the rating of D&B by its risk segment.
// The national percentile of a score is a score out of 100: of the companies of the
// country so many are riskier. Besides, the latest accounts of a company that has a SIREN.
//
// Invariant: a block that is not there, or is empty, gives nothing and is no error;
// what is there becomes a row or a reject.
package dnb

import (
	"context"
	"strings"
	"time"

	"github.com/encours/encours/ingest"
	"github.com/encours/encours/ingest/jsondocs"
)

// The providers of the ratings.
const (
	Failure     = "dnb"
	Delinquency = "dnb_delinquency"
	Rating      = "dnb_rating"
)

const (
	ratings    = "ratings"
	statements = "financial_statements"
)

// Open looks at a file of data blocks. extracted is the day on which they were fetched
// where the documents do not say it; may be zero. What cannot be such a file is an
// *ingest.RefusedError, here or in Convert.
func Open(ctx context.Context, path string, extracted time.Time) (*jsondocs.Reader, error) {
	file, err := jsondocs.Open(ctx, path, "document of D&B")
	if err != nil {
		return nil, err
	}
	return &jsondocs.Reader{File: file, Name: "dnb", Sets: []string{ratings, statements}, Take: func(o jsondocs.Object) jsondocs.Taken {
		return take(o, extracted)
	}}, nil
}

// take reads one document.
func take(document jsondocs.Object, extracted time.Time) jsondocs.Taken {
	o := document.At("organization")
	if o == nil {
		message := "the document has no organization: give the JSON of the data blocks as it came"
		if said := document.Text("error.errorMessage"); said != "" {
			message = "D&B answered with an error instead of a company: ask again"
		}
		return jsondocs.Taken{Rows: []jsondocs.Row{{Dataset: ratings, Wrong: &ingest.Reject{Column: "organization", Reason: "document.unknown", Message: message}}}}
	}
	c := company{o: o, duns: strings.Map(digit, o.Text("duns")), fetched: jsondocs.Day(document.Text("transactionDetail.transactionTimestamp"))}
	if c.fetched == "" && !extracted.IsZero() {
		c.fetched = extracted.Format(time.DateOnly)
	}
	if len(c.duns) != 9 {
		return jsondocs.Taken{Rows: []jsondocs.Row{{Dataset: ratings, Wrong: &ingest.Reject{
			Column: "duns", Value: o.Text("duns"), Reason: "duns.invalid", Message: "this is not a D-U-N-S number: nine digits are needed",
		}}}}
	}
	c.numbers()
	return jsondocs.Taken{Rows: append(c.ratings(), c.statement()...), Remarks: c.remarks}
}

func digit(c rune) rune {
	if c >= '0' && c <= '9' {
		return c
	}
	if c == '-' || c == ' ' {
		return -1
	}
	return 'x'
}

// company is what is read of one.
type company struct {
	o       jsondocs.Object
	duns    string
	siren   string
	vat     string
	fetched string // day, or empty
	remarks []string
}

// french are the countries whose companies have a SIREN.
var french = map[string]bool{"FR": true, "GP": true, "MQ": true, "GF": true, "RE": true, "YT": true, "MF": true, "BL": true, "PM": true, "NC": true, "PF": true}

// numbers finds the SIREN and the VAT number among the registration numbers.
func (c *company) numbers() {
	home := french[strings.ToUpper(c.o.Text("countryISOAlpha2Code", "primaryAddress.addressCountry.isoAlpha2Code"))]
	wrong := false
	for _, number := range c.o.List("registrationNumbers") {
		text := number.Text("registrationNumber")
		kind := strings.ToUpper(number.Text("typeDescription"))
		siren := jsondocs.SIREN(text)
		named := strings.Contains(kind, "SIREN") || strings.Contains(kind, "SIRET")
		switch {
		case strings.Contains(kind, "VAT") || strings.Contains(kind, "TVA"):
			c.vat = text
			if home && c.siren == "" && strings.HasPrefix(strings.ToUpper(text), "FR") {
				c.siren = siren
			}
		case (home || named) && siren != "":
			c.siren = siren
		case named:
			wrong = true
		}
	}
	if wrong && c.siren == "" {
		c.remarks = append(c.remarks, "companies whose SIREN or SIRET has a wrong check digit, which are known by their D-U-N-S number alone")
	}
}

// ratings are the scores of the company. What is told of it as a whole goes with the
// first.
func (c *company) ratings() (rows []jsondocs.Row) {
	assessment := c.o.At("dnbAssessment")
	for _, score := range []struct{ provider, block, least, most string }{
		{Failure, "failureScore", "1001", "1875"},
		{Delinquency, "delinquencyScore", "101", "670"},
	} {
		block := assessment.At(score.block)
		percentile, class := block.Number("nationalPercentile"), block.Text("classScore")
		if percentile == nil && class == "" {
			continue
		}
		values := map[string]any{"score_100": percentile, "class": class}
		if raw := block.Number("rawScore"); raw != nil {
			values["score_raw"], values["scale_min"], values["scale_max"] = raw, score.least, score.most
		}
		rows = append(rows, c.rating(score.provider, jsondocs.Day(block.Text("scoreDate")), values))
	}
	standard := assessment.At("standardRating")
	if segment := standard.Text("riskSegment"); segment != "" && segment != "-" {
		rows = append(rows, c.rating(Rating, jsondocs.Day(standard.Text("scoreDate", "ratingDate")), map[string]any{"class": segment}))
	}
	whole := c.whole(assessment)
	if len(rows) == 0 && len(whole) > 0 {
		rows = append(rows, c.rating(Failure, "", map[string]any{}))
	}
	if len(rows) > 0 && rows[0].Wrong == nil {
		for name, value := range whole {
			rows[0].Values[name] = value
		}
	}
	return rows
}

// rating is one row; without a date of its own it is of the day of the document.
func (c *company) rating(provider, day string, values map[string]any) jsondocs.Row {
	if day == "" {
		day = c.fetched
	}
	if day == "" {
		return jsondocs.Row{Dataset: ratings, Wrong: &ingest.Reject{Column: "rating_date", Reason: "date.missing",
			Message: "neither the score nor the document has a date: give the source an extract_date, the day on which the data blocks were fetched"}}
	}
	for name, value := range map[string]any{
		"provider": provider, "subject_id": c.duns, "rating_date": day, "duns": c.duns, "siren": c.siren, "vat_number": c.vat,
		"name": c.o.Text("primaryName"), "country": c.o.Text("countryISOAlpha2Code"),
	} {
		values[name] = value
	}
	return jsondocs.Row{Dataset: ratings, Values: values, Day: day}
}

// whole is what the document tells of the company beside its scores.
func (c *company) whole(assessment jsondocs.Object) map[string]any {
	values := map[string]any{}
	limit := assessment.At("creditLimitRecommendation.maximumRecommendedLimit")
	if amount := limit.Number("value"); amount != nil {
		values["limit_amount"], values["limit_currency"] = amount, limit.Text("currency")
	}
	var procedures, words []string
	for _, flag := range []struct{ path, word string }{{"legalEvents.hasInsolvency", "insolvency"}, {"legalEvents.hasOpenBankruptcy", "open bankruptcy"}} {
		if c.o.True(flag.path) {
			procedures = append(procedures, flag.word)
		}
	}
	if status := c.o.Text("dunsControlStatus.operatingStatus.description"); status != "" {
		words = append(words, status)
	}
	for _, flag := range []struct{ path, word string }{
		{"dnbAssessment.hasSevereNegativeEvents", "severe negative events"},
		{"isHighRiskBusiness", "high risk business"},
		{"isDeterioratingBusiness", "deteriorating business"},
		{"legalEvents.hasOpenJudgments", "open judgments"},
		{"legalEvents.hasOpenLiens", "open liens"},
	} {
		if c.o.True(flag.path) {
			words = append(words, flag.word)
		}
	}
	if len(procedures) > 0 {
		values["collective_event"] = strings.Join(procedures, ", ")
	}
	if len(words) > 0 {
		values["status"] = strings.Join(words, ", ")
	}
	return values
}

// units are the factors of the amounts of accounts, by their names in small letters.
var units = map[string]int64{"": 1, "singleunits": 1, "single units": 1, "units": 1, "single": 1, "thousands": 1000, "thousand": 1000, "millions": 1_000_000, "million": 1_000_000}

// statement is the latest accounts, where they are there and the company has a SIREN.
func (c *company) statement() []jsondocs.Row {
	block := c.o.At("latestFiscalFinancials")
	if block == nil {
		block = c.o.At("latestFinancials")
	}
	overview := block.At("overview")
	if len(overview) == 0 {
		return nil
	}
	if c.siren == "" {
		c.remarks = append(c.remarks, "accounts of companies without a SIREN, which are left out")
		return nil
	}
	unit := strings.ToLower(block.Text("units", "units.description"))
	factor, known := units[unit]
	closing := jsondocs.Day(block.Text("financialStatementToDate"))
	wrong := func(column, value, reason, message string) []jsondocs.Row {
		return []jsondocs.Row{{Dataset: statements, Wrong: &ingest.Reject{Column: column, Value: value, Reason: reason, Message: message}}}
	}
	switch {
	case closing == "":
		return wrong("closing_date", "", "date.missing", "the accounts do not say the end of their fiscal year (financialStatementToDate): ask for a level of the block that holds it")
	case !known:
		return wrong("units", unit, "units.unknown", "it is not known by how much the amounts are to be multiplied: units, thousands and millions are")
	}
	values := map[string]any{
		"siren": c.siren, "closing_date": closing, "accounts_type": "C",
		"published_on": jsondocs.Day(block.Text("filingDate", "receivedTimestamp")), "currency": block.Text("currency"),
	}
	if strings.Contains(strings.ToLower(block.Text("informationScopeDescription")), "consolidated") {
		values["accounts_type"] = "K"
	}
	for field, path := range map[string]string{
		"total_assets": "totalAssets", "current_assets": "totalCurrentAssets", "current_liabilities": "totalCurrentLiabilities",
		"total_debt": "totalLiabilities", "equity": "netWorth", "cash": "cashAndLiquidAssets", "receivables": "accountsReceivable",
		"inventory": "inventory", "sales": "salesRevenue", "net_income": "netIncome", "ebit": "operatingProfit",
	} {
		values[field] = jsondocs.Times(overview.Number(path), factor)
	}
	return []jsondocs.Row{{Dataset: statements, Values: values, Day: closing}}
}
