// Package reports turns marts into the figures that people see and the files
// that they take away. Every figure comes from a mart of one generation, pinned
// for as long as a View is open, and travels with its proof: what the ledger
// says for the same selection, and the difference, which is shown, never
// corrected.
package reports

import (
	"errors"
	"time"
)

// Errors that a caller may tell apart; the text of each is safe to show.
var (
	ErrNoGeneration   = errors.New("nothing has been built yet: run `encours run` in the project folder")
	ErrUnknownEntity  = errors.New("no such entity in this project")
	ErrUnknownReport  = errors.New("no such report")
	ErrNotFound       = errors.New("nothing under this identifier at this date")
	ErrBadSelection   = errors.New("this selection is not valid")
	ErrNothingKnownAt = errors.New("nothing was known at this date: no extract had been loaded")
	ErrGenerationGone = errors.New("the generation of that time is not kept any more")
)

// Sides of a selection.
const (
	Customer = "customer"
	Supplier = "supplier"
)

// Amount is a sum of money in hundredths of the currency's unit.
type Amount int64

// Ratio is a share between 0 and 1 in ten-thousandths; Valid is false where the
// denominator is zero or the figure is not known.
type Ratio struct {
	BasisPoints int64
	Valid       bool
}

// Days is a number of days in hundredths; Valid is false where it cannot be computed.
type Days struct {
	Hundredths int64
	Valid      bool
}

// Selection is what a reader asks for. The zero value means: the whole group,
// customers, at the as-of date of the generation.
type Selection struct {
	Entity string    // entity_id; "" is the group
	Side   string    // Customer or Supplier; "" is Customer
	AsOf   time.Time // zero: the as-of date of the generation
}

// Meta says what a figure stands on. It is shown on every page and written in
// every export.
type Meta struct {
	Project     string
	Selection   Selection // with defaults filled in
	AsOf        time.Time
	KnownOn     time.Time // latest known-on date of the batches that count
	Generation  string    // fingerprint of the inputs of the generation
	BuiltAt     time.Time
	Currency    string   // of the figures of this selection
	Method      string   // closing or fixed: how figures of the group translate; "": they do not
	Entities    []Entity // all entities of the project, by identifier
	Proof       Proof
	FirstDate   time.Time // earliest ledger date loaded
	LastDate    time.Time // latest ledger date loaded
	IsEstimated bool      // some figure rests on FIFO, not on lettering
	WarnChecks  []CheckResult
	// Lettering is what part of the payments and credit notes of twelve months is
	// matched with what they settle: an ageing is worth what its matching is.
	Lettering    Ratio
	RejectedRows int64 // lines that are in rejects, over the live batches
}

// Entity is an entity of the project and the span of its ledger.
type Entity struct {
	ID, Name, Currency  string
	HasLedger           bool
	FirstDate, LastDate time.Time
}

// Proof compares the items with the ledger for a selection.
type Proof struct {
	Status     string // "proved", "difference" or "no_ledger"
	Ledger     Amount // control accounts of the ledger at the as-of date
	Items      Amount // open items at the as-of date
	Buckets    Amount // ageing buckets at the as-of date
	Difference Amount // sum of the absolute differences of the lines
	Lines      int    // entity, side and account family triples that were compared
	// Intercompany is the part of Items that the figures of the group leave out;
	// zero for an entity.
	Intercompany Amount
}

// CheckResult is a check of the build that found rows.
type CheckResult struct {
	Name, Severity, Sentence string
	Rows                     int64
}

// ReconciliationLine is a row of mart_reconciliation.
type ReconciliationLine struct {
	Entity, Side, AccountFamily        string
	IsAged                             bool // false: shown apart, not in the ageing (418, 419, 408, 409)
	HasLedger                          bool // false: nothing to compare with, Ledger and Difference are 0
	Ledger, Items, Buckets, Difference Amount
}

// Bucket is one ageing bucket of a selection.
type Bucket struct {
	Order     int
	Name      string // not_due, 1-30, …, unknown
	IsOverdue bool
	IsUnknown bool   // of what has no known age
	Open      Amount // debits less credits
	Debit     Amount // open items in the normal direction of the side
	Credit    Amount // open credits, negative
	Items     int64
}

// MonthPoint is a row of the monthly figures.
type MonthPoint struct {
	Date                                       time.Time // end of month; the as-of date for the last one
	Sales, SalesExclTax                        Amount
	Receivable, Overdue, Unallocated, Doubtful Amount
	DSOSimple, DSOCountback, BestPossibleDSO   Days
	AverageDaysDelinquent                      Days
	OverdueRatio, Top10Ratio                   Ratio
	IsCountbackFloor                           bool // the sales loaded do not exhaust the receivable
}

// BucketMonth is the amount of one bucket at one month end.
type BucketMonth struct {
	Date   time.Time
	Bucket string
	Order  int
	Open   Amount
}

// TopCounterparty is a row of the list of the largest overdue counterparties.
type TopCounterparty struct {
	Entity, Side, ID, Name string
	Open, Overdue, Credits Amount
	OldestDays             int64 // days overdue of the oldest overdue item
	Share                  Ratio // of the overdue amount of the selection
	IsIntercompany         bool
}

// Overview is what a CFO sees first.
type Overview struct {
	Now, MonthBefore *MonthPoint // nil where there is no such point
	Months           []MonthPoint
	Buckets          []Bucket
	History          []BucketMonth
	TopOverdue       []TopCounterparty
	Concentration    []TopCounterparty // largest open amounts
	Herfindahl       int64             // 0–10,000
	Counterparties   int64             // with an open item
	Intercompany     Amount            // open, left out of group figures
}

// AgeingFilter narrows the ageing page and report. Zero values mean no filter.
type AgeingFilter struct {
	Search      string // part of a counterparty's code or name
	Bucket      string // only counterparties with something in this bucket
	OnlyOverdue bool
	By          string // what the age counts from: ByDueDate (default) or ByIssueDate
	GroupBy     string // a row per ByCounterparty (default) or one of Groupings
	Within      string // one of Groupings: only the counterparties whose value of it is Value
	Value       string // of Within; "" is those that have none
	Sort        string // "overdue" (default), "open", "name", "oldest"
	Page        int    // from 1
	PageSize    int    // default 50, at most 200

	Known        KnownSpan   // of the report "changes"
	Terms        TermsFilter // of the reports on payment terms
	Risk         RiskFilter  // of the reports on scores
	Chase        ChaseFilter // of the worklist and of the reminders
	Alert        AlertFilter // of the alerts
	Counterparty string      // code, for a report that is about one
	Language     string      // of a document, one of Languages; "" is the first
	holder       *holder     // the counterparty, once found
}

// AgeingRow is one counterparty, or what GroupBy groups: an amount per bucket, in the
// order of Ageing.Buckets. Entity is "" where a group spans entities; ID is "" for
// the counterparties that have no value.
type AgeingRow struct {
	Entity, ID, Name       string
	Counterparties         int64 // 1 unless grouped
	IsIntercompany         bool
	Open, Overdue, Credits Amount
	Cells                  []Amount
	Share                  Ratio // of the open amount of the selection
	OldestDays             int64
}

// Ageing is a page of the ageing balance with the totals of the whole filter.
type Ageing struct {
	Buckets []Bucket // totals of the filter
	Rows    []AgeingRow
	Total   AgeingRow
	Count   int64 // rows of the filter, all pages
	Page    int
	Pages   int

	WithinName string // of the filter's value of an attribute, in its language; "" where nobody has it
}

// ItemRow is an item as a list shows it.
type ItemRow struct {
	Entity                     string
	ItemID                     int64
	Type, DocumentRef, Account string
	IssueDate, DueDate         time.Time // DueDate zero: not known
	DueDateSource, Bucket      string
	Amount, Open               Amount
	OverdueDays                int64
	SettledDate                time.Time // zero: open
	IsEstimated                bool
	SourceFile                 string
	SourceLine                 int64
}

// Counterparty is a customer or supplier with its items.
type Counterparty struct {
	Entity, Side, ID, Name, Siren string
	PaymentTerms                  string
	IsIntercompany                bool
	Open, Overdue, Credits        Amount
	Buckets                       []Bucket
	Months                        []BucketMonth // open amount by bucket, 24 months
	Items                         []ItemRow     // open items first, then the latest settled; at most ItemLimit
	ItemCount                     int64
	OpenCount                     int64
	ItemLimit                     int
}

// Movement is one movement of an item.
type Movement struct {
	No                int64
	Date              time.Time
	Type              string // origin or allocation
	SettlementKind    string
	MatchMethod       string // how the allocation was found
	Amount, Balance   Amount // Balance: of the item after this movement
	CounterpartItemID int64  // 0: none
	CounterpartRef    string
	CounterpartType   string
	IsEstimated       bool
}

// Item is one item, its movements and the ledger line it comes from.
type Item struct {
	ItemRow
	Buckets                                []Bucket // all of them, without amounts
	Side, CounterpartyID, CounterpartyName string
	OriginItemID                           int64
	DocumentCurrency                       string // of the document, where it is not that of the entity
	DocumentAmount                         Amount // in that currency
	OriginRef                              string
	Label, JournalCode, JournalLabel       string
	EntryNumber, MatchingCode              string
	EntryDate, MatchingDate                time.Time
	Debit, Credit                          Amount
	BatchID                                string
	LoadedAt                               time.Time
	ExtractDate                            time.Time
	IsSourceMissing                        bool       // the landed file is gone: the fields of its line are empty
	Movements                              []Movement // up to the as-of date
}

// BatchRow is a batch of the landing zone as the data page shows it.
type BatchRow struct {
	ID, Dataset, Source, Entity, File string
	FiscalYearStart                   time.Time
	FirstDate, LastDate               time.Time
	LoadedAt, KnownOn                 time.Time
	Rows, Rejects                     int64
	IsLive                            bool // counts in this generation
}
