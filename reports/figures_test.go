package reports

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/encours/encours/reports/money"
)

func TestOpenSaysWhatItCannotAnswer(t *testing.T) {
	b, err := sharedBooks()
	if err != nil {
		t.Fatal(err)
	}
	for name, c := range map[string]struct {
		sel  Selection
		want error
	}{
		"unknown entity":         {Selection{Entity: "OMEGA"}, ErrUnknownEntity},
		"the name of the group":  {Selection{Entity: "group"}, ErrUnknownEntity},
		"unknown side":           {Selection{Side: "both"}, ErrBadSelection},
		"before the first entry": {Selection{AsOf: on("2024-09-30")}, ErrNothingKnownAt},
		"before an entity's own": {Selection{Entity: "BETA", AsOf: on("2024-09-30")}, ErrNothingKnownAt},
		"on the first entry":     {Selection{AsOf: on("2024-10-01")}, nil},
		"after the last entry":   {Selection{AsOf: on("2027-01-01")}, nil},
		"without a ledger":       {Selection{Entity: "NONE", AsOf: on("2020-01-01")}, nil},
	} {
		t.Run(name, func(t *testing.T) {
			v, err := b.service.Open(t.Context(), c.sel)
			if !errors.Is(err, c.want) || (err == nil) != (c.want == nil) {
				t.Errorf("error %v, want %v", err, c.want)
			}
			if v != nil {
				if err := errors.Join(v.Close(), v.Close()); err != nil {
					t.Error(err)
				}
			}
		})
	}
}

func TestMeta(t *testing.T) {
	for name, c := range map[string]struct {
		sel  Selection
		want string // currency status ledger items buckets difference lines
	}{
		"group":            {Selection{}, "EUR proved 2550.10 2550.10 2550.10 0.00 2"},
		"entity":           {Selection{Entity: "ALPHA"}, "EUR proved 2300.10 2300.10 2300.10 0.00 1"},
		"suppliers":        {Selection{Entity: "ALPHA", Side: Supplier}, "EUR proved 400.00 400.00 400.00 0.00 1"},
		"another currency": {Selection{Entity: "CHUR"}, "CHF proved 90.00 90.00 90.00 0.00 1"},
		"no ledger":        {Selection{Entity: "NONE"}, "EUR no_ledger 0.00 0.00 0.00 0.00 0"},
		"earlier":          {Selection{AsOf: on("2024-11-20")}, "EUR proved 800.00 800.00 800.00 0.00 2"},
		"later":            {Selection{AsOf: on("2026-06-30")}, "EUR proved 2550.10 2550.10 2550.10 0.00 2"},
	} {
		t.Run(name, func(t *testing.T) {
			m := open(t, c.sel).Meta()
			p := m.Proof
			got := fmt.Sprintln(m.Currency, p.Status, plain(p.Ledger), plain(p.Items), plain(p.Buckets), plain(p.Difference), p.Lines)
			if strings.TrimSpace(got) != c.want {
				t.Errorf("got %swant %s", got, c.want)
			}
		})
	}
	m := open(t, Selection{}).Meta()
	if m.Selection.Side != Customer || !m.AsOf.Equal(on("2024-12-31")) || !m.KnownOn.Equal(on("2025-01-10")) ||
		!m.FirstDate.Equal(on("2024-10-01")) || m.RejectedRows != 3 || len(m.Entities) != 4 || m.IsEstimated {
		t.Errorf("meta %+v", m)
	}
	if len(m.WarnChecks) != 3 { // an entity without a ledger, one in another currency, no loss rates yet
		t.Errorf("checks %+v", m.WarnChecks)
	}
}

// row writes a counterparty as text: entity id open overdue credits oldest | cells.
func row(r AgeingRow) string {
	var cells []string
	for _, c := range r.Cells {
		cells = append(cells, money.Plain(int64(c)))
	}
	return fmt.Sprintf("%s %s %s %s %s %d | %s", r.Entity, r.ID, plain(r.Open), plain(r.Overdue), plain(r.Credits), r.OldestDays, strings.Join(cells, " "))
}

const (
	rowC1  = "ALPHA C1 1300.00 1000.00 -200.00 61 | 500.00 0.00 -200.00 1000.00 0.00 0.00 0.00"
	rowC2  = "ALPHA C2 300.10 300.10 0.00 1 | 0.00 300.10 0.00 0.00 0.00 0.00 0.00"
	rowICB = "ALPHA ICB 700.00 0.00 0.00 0 | 700.00 0.00 0.00 0.00 0.00 0.00 0.00"
	rowB   = "BETA C1 250.00 0.00 0.00 0 | 250.00 0.00 0.00 0.00 0.00 0.00 0.00"
)

func TestAgeing(t *testing.T) {
	alpha := Selection{Entity: "ALPHA"}
	for name, c := range map[string]struct {
		sel    Selection
		filter AgeingFilter
		want   []string // rows, then the total
	}{
		"group leaves intercompany out": {Selection{}, AgeingFilter{}, []string{rowC1, rowC2, rowB,
			"  1850.10 1300.10 -200.00 61 | 750.00 300.10 -200.00 1000.00 0.00 0.00 0.00"}},
		"entity": {alpha, AgeingFilter{}, []string{rowC1, rowC2, rowICB,
			"  2300.10 1300.10 -200.00 61 | 1200.00 300.10 -200.00 1000.00 0.00 0.00 0.00"}},
		"by open amount": {alpha, AgeingFilter{Sort: "open"}, []string{rowC1, rowICB, rowC2,
			"  2300.10 1300.10 -200.00 61 | 1200.00 300.10 -200.00 1000.00 0.00 0.00 0.00"}},
		"by name": {alpha, AgeingFilter{Sort: "name"}, []string{rowC2, rowICB, rowC1,
			"  2300.10 1300.10 -200.00 61 | 1200.00 300.10 -200.00 1000.00 0.00 0.00 0.00"}},
		"by age": {alpha, AgeingFilter{Sort: "oldest"}, []string{rowC1, rowC2, rowICB,
			"  2300.10 1300.10 -200.00 61 | 1200.00 300.10 -200.00 1000.00 0.00 0.00 0.00"}},
		"bucket that holds a credit": {alpha, AgeingFilter{Bucket: "31-60"}, []string{rowC1,
			"  1300.00 1000.00 -200.00 61 | 500.00 0.00 -200.00 1000.00 0.00 0.00 0.00"}},
		"only overdue": {Selection{}, AgeingFilter{OnlyOverdue: true}, []string{rowC1, rowC2,
			"  1600.10 1300.10 -200.00 61 | 500.00 300.10 -200.00 1000.00 0.00 0.00 0.00"}},
		"search by code":   {Selection{}, AgeingFilter{Search: "c2"}, []string{rowC2, "  300.10 300.10 0.00 1 | 0.00 300.10 0.00 0.00 0.00 0.00 0.00"}},
		"without accents":  {alpha, AgeingFilter{Search: "beta"}, []string{rowICB, "  700.00 0.00 0.00 0 | 700.00 0.00 0.00 0.00 0.00 0.00 0.00"}},
		"not a wildcard":   {alpha, AgeingFilter{Search: "%"}, []string{"  0.00 0.00 0.00 0 | 0.00 0.00 0.00 0.00 0.00 0.00 0.00"}},
		"not SQL":          {alpha, AgeingFilter{Search: "' or 1=1 --"}, []string{"  0.00 0.00 0.00 0 | 0.00 0.00 0.00 0.00 0.00 0.00 0.00"}},
		"nothing is owed":  {Selection{Entity: "BETA", Side: Supplier}, AgeingFilter{}, []string{"  0.00 0.00 0.00 0 | 0.00 0.00 0.00 0.00 0.00 0.00 0.00"}},
		"before a payment": {Selection{AsOf: on("2024-11-19")}, AgeingFilter{}, []string{"ALPHA C1 1000.00 1000.00 0.00 19 | 0.00 1000.00 0.00 0.00 0.00 0.00 0.00", "  1000.00 1000.00 0.00 19 | 0.00 1000.00 0.00 0.00 0.00 0.00 0.00"}},
		"payment put back": {Selection{AsOf: on("2024-12-19")}, AgeingFilter{Search: "éléphant"}, []string{"ALPHA C3 50.00 0.00 0.00 0 | 50.00 0.00 0.00 0.00 0.00 0.00 0.00", "  50.00 0.00 0.00 0 | 50.00 0.00 0.00 0.00 0.00 0.00 0.00"}},
	} {
		t.Run(name, func(t *testing.T) {
			a, err := open(t, c.sel).Ageing(t.Context(), c.filter)
			if err != nil {
				t.Fatal(err)
			}
			var got []string
			for _, r := range append(a.Rows, a.Total) {
				got = append(got, row(r))
			}
			if strings.Join(got, "\n") != strings.Join(c.want, "\n") {
				t.Errorf("got\n%s\nwant\n%s", strings.Join(got, "\n"), strings.Join(c.want, "\n"))
			}
			if int(a.Count) != len(a.Rows) || len(a.Buckets) != 7 {
				t.Errorf("count %d, %d buckets", a.Count, len(a.Buckets))
			}
		})
	}
}

func TestAgeingPages(t *testing.T) {
	v := open(t, Selection{Entity: "ALPHA"})
	for page, want := range map[int]string{1: "C1 C2", 2: "ICB", 3: ""} {
		a, err := v.Ageing(t.Context(), AgeingFilter{Page: page, PageSize: 2})
		if err != nil {
			t.Fatal(err)
		}
		var got []string
		for _, r := range a.Rows {
			got = append(got, r.ID)
		}
		if strings.Join(got, " ") != want || a.Count != 3 || a.Pages != 2 || a.Page != page || plain(a.Total.Open) != "2300.10" {
			t.Errorf("page %d: %v, count %d, pages %d, total %d", page, got, a.Count, a.Pages, a.Total.Open)
		}
	}
	if a, err := v.Ageing(t.Context(), AgeingFilter{PageSize: 3}); err != nil || a.Pages != 1 {
		t.Errorf("a page that is just full: %+v, %v", a, err)
	}
	for name, filter := range map[string]AgeingFilter{"order": {Sort: "open_amount; drop"}, "bucket": {Bucket: "0-30"}} {
		if _, err := v.Ageing(t.Context(), filter); !errors.Is(err, ErrBadSelection) {
			t.Errorf("unknown %s: error %v", name, err)
		}
	}
}

func TestOverview(t *testing.T) {
	top := func(list []TopCounterparty) string {
		var out []string
		for _, r := range list {
			out = append(out, fmt.Sprintf("%s/%s %s %s %d", r.Entity, r.ID, plain(r.Open), plain(r.Overdue), r.Share.BasisPoints))
		}
		return strings.Join(out, ", ")
	}
	for name, c := range map[string]struct {
		sel                            Selection
		now                            string // receivable overdue unallocated, overdue ratio, sales, valid DSO
		before                         string
		intercompany                   string
		overdue, concentration         string
		counterparties, herfindahl, n1 int64
	}{
		// 1300.10 of 2050.10 open debits; shares of 1300.10 and of 1850.10; DSO: 1850.10 / sales × days
		"group": {Selection{}, "1850.10 1300.10 -200.00 6342 800.00 true", "1100.10 1000.00 -200.00", "700.00",
			"ALPHA/C1 1300.00 1000.00 7692, ALPHA/C2 300.10 300.10 2308",
			"ALPHA/C1 1300.00 1000.00 7027, ALPHA/C2 300.10 300.10 1622, BETA/C1 250.00 0.00 1351", 3, 5383, 4},
		"entity": {Selection{Entity: "ALPHA"}, "2300.10 1300.10 -200.00 5200 1250.00 true", "1100.10 1000.00 -200.00", "0.00",
			"ALPHA/C1 1300.00 1000.00 7692, ALPHA/C2 300.10 300.10 2308",
			"ALPHA/C1 1300.00 1000.00 5652, ALPHA/ICB 700.00 0.00 3043, ALPHA/C2 300.10 300.10 1305", 3, 4291, 4},
		"suppliers": {Selection{Entity: "ALPHA", Side: Supplier}, "400.00 400.00 0.00 10000 0.00 true", "400.00 400.00 0.00", "0.00",
			"ALPHA/F1 400.00 400.00 10000", "ALPHA/F1 400.00 400.00 10000", 1, 10000, 3},
	} {
		t.Run(name, func(t *testing.T) {
			view := open(t, c.sel)
			o, err := view.Overview(t.Context())
			if err != nil {
				t.Fatal(err)
			}
			if proof := view.Meta().Proof; proof.Items-proof.Intercompany != o.Now.Receivable {
				t.Errorf("items %s less intercompany %s are not the receivable %s",
					plain(proof.Items), plain(proof.Intercompany), plain(o.Now.Receivable))
			}
			if o.Now == nil || o.MonthBefore == nil {
				t.Fatalf("now %v, before %v", o.Now, o.MonthBefore)
			}
			now := fmt.Sprint(plain(o.Now.Receivable), " ", plain(o.Now.Overdue), " ", plain(o.Now.Unallocated), " ",
				o.Now.OverdueRatio.BasisPoints, " ", plain(o.Now.Sales), " ", o.Now.DSOSimple.Valid)
			before := fmt.Sprint(plain(o.MonthBefore.Receivable), " ", plain(o.MonthBefore.Overdue), " ", plain(o.MonthBefore.Unallocated))
			for what, pair := range map[string][2]string{
				"now": {now, c.now}, "month before": {before, c.before}, "intercompany": {plain(o.Intercompany), c.intercompany},
				"overdue": {top(o.TopOverdue), c.overdue}, "concentration": {top(o.Concentration), c.concentration},
				"others": {fmt.Sprint(o.Counterparties, o.Herfindahl), fmt.Sprint(c.counterparties, c.herfindahl)},
			} {
				if pair[0] != pair[1] {
					t.Errorf("%s: got  %s\nwant %s", what, pair[0], pair[1])
				}
			}
			if o.Now.Top10Ratio.BasisPoints != 10000 || len(o.Buckets) != 7 || len(o.History) == 0 {
				t.Errorf("top ten %v, %d buckets, %d points of history", o.Now.Top10Ratio, len(o.Buckets), len(o.History))
			}
		})
	}
	if o, err := open(t, Selection{Entity: "NONE"}).Overview(t.Context()); err != nil || o.Now != nil || len(o.Buckets) != 7 {
		t.Errorf("without a ledger: %+v, %v", o, err)
	}
}

func TestCounterparty(t *testing.T) {
	v := open(t, Selection{Entity: "ALPHA"})
	c, err := v.Counterparty(t.Context(), "ALPHA", Customer, "C1")
	if err != nil {
		t.Fatal(err)
	}
	if c.Name != "Client Un" || c.PaymentTerms != "NET30" || plain(c.Open) != "1300.00" || plain(c.Overdue) != "1000.00" ||
		plain(c.Credits) != "-200.00" || c.ItemCount != 3 || c.OpenCount != 3 || c.IsIntercompany {
		t.Errorf("counterparty %+v", c)
	}
	var items, months []string
	for _, i := range c.Items {
		items = append(items, fmt.Sprint(i.DocumentRef, " ", i.Type, " ", plain(i.Open), " ", i.Bucket, " ", i.SourceFile, ":", i.SourceLine))
	}
	want := "F1 invoice 1000.00 61-90 ALPHAFEC20241231.txt:2\nVIR payment -200.00 31-60 ALPHAFEC20241231.txt:6\nF2 invoice 500.00 not_due ALPHAFEC20241231.txt:14"
	if got := strings.Join(items, "\n"); got != want {
		t.Errorf("items\n%s\nwant\n%s", got, want)
	}
	for _, m := range c.Months {
		months = append(months, m.Date.Format("01-02 ")+m.Bucket+" "+plain(m.Open))
	}
	want = "10-31 not_due 1000.00, 11-30 1-30 800.00, 12-31 not_due 500.00, 12-31 31-60 -200.00, 12-31 61-90 1000.00"
	if got := strings.Join(months, ", "); got != want {
		t.Errorf("months %s\nwant   %s", got, want)
	}
	settled, err := v.Counterparty(t.Context(), "ALPHA", Customer, "C3")
	if err != nil || settled.OpenCount != 0 || settled.ItemCount != 2 || !settled.Items[0].SettledDate.Equal(on("2024-12-20")) {
		t.Errorf("settled: %+v, %v", settled, err)
	}
	if _, err := v.Counterparty(t.Context(), "ALPHA", Supplier, "C1"); !errors.Is(err, ErrNotFound) {
		t.Errorf("unknown: error %v", err)
	}
}

func TestItem(t *testing.T) {
	const paid = 202401000000010 // line 10: F4 of C3
	b := ownBooks(t)
	v := b.open(t, Selection{Entity: "ALPHA"})
	i, err := v.Item(t.Context(), "ALPHA", paid)
	if err != nil {
		t.Fatal(err)
	}
	if i.DocumentRef != "F4" || i.CounterpartyName != "Société Éléphant" || i.JournalCode != "OD" || i.JournalLabel != "Opérations" ||
		i.EntryNumber != "E5" || i.Label != "Écriture F4" || plain(i.Debit) != "50.00" || i.Credit != 0 || i.MatchingCode != "AA" ||
		!i.MatchingDate.Equal(on("2024-12-31")) || !i.ExtractDate.Equal(on("2025-01-10")) || i.LoadedAt.IsZero() || i.BatchID == "" || i.IsSourceMissing {
		t.Errorf("item %+v", i)
	}
	movements := func(list []Movement) string {
		var out []string
		for _, m := range list {
			out = append(out, fmt.Sprint(m.No, m.Date.Format(" 01-02 "), m.Type, " ", m.SettlementKind, " ", plain(m.Amount), " ", plain(m.Balance), " ", m.CounterpartRef, m.CounterpartItemID))
		}
		return strings.Join(out, ", ")
	}
	if got, want := movements(i.Movements), "1 12-01 origin  50.00 50.00 0, 2 12-20 allocation cash -50.00 0.00 VIR F4202401000000016"; got != want {
		t.Errorf("movements %s\nwant      %s", got, want)
	}
	earlier, err := b.open(t, Selection{Entity: "ALPHA", AsOf: on("2024-12-19")}).Item(t.Context(), "ALPHA", paid)
	if err != nil || len(earlier.Movements) != 1 || plain(earlier.Open) != "50.00" || earlier.Bucket != "not_due" {
		t.Errorf("before the payment: %+v, %v", earlier, err)
	}
	if _, err := v.Item(t.Context(), "ALPHA", 7); !errors.Is(err, ErrNotFound) {
		t.Errorf("unknown: error %v", err)
	}
	if _, err := v.Item(t.Context(), "BETA", paid); !errors.Is(err, ErrNotFound) {
		t.Errorf("of another entity: error %v", err)
	}
	files, err := filepath.Glob(filepath.Join(b.dir, "data", "landing", "*", "*.parquet"))
	if err != nil || len(files) != 3 {
		t.Fatal(files, err)
	}
	for _, file := range files {
		if err := os.Remove(file); err != nil {
			t.Fatal(err)
		}
	}
	gone, err := v.Item(t.Context(), "ALPHA", 202401000000002)
	if err != nil || !gone.IsSourceMissing || gone.EntryNumber != "" || plain(gone.Open) != "1000.00" || gone.SourceLine != 2 {
		t.Errorf("without the landed file: %+v, %v", gone, err)
	}
}

func TestReconciliationAndBatches(t *testing.T) {
	v := open(t, Selection{})
	lines, err := v.Reconciliation(t.Context())
	if err != nil || len(lines) != 2 || lines[0].Entity != "ALPHA" || lines[0].AccountFamily != "411" || plain(lines[0].Ledger) != "2300.10" {
		t.Errorf("lines %+v, %v", lines, err)
	}
	batches, err := v.Batches(t.Context())
	if err != nil || len(batches) != 3 {
		t.Fatalf("batches %+v, %v", batches, err)
	}
	b := batches[2]
	if b.Entity != "ALPHA" || b.Rows != 18 || b.Rejects != 1 || !b.IsLive || !b.KnownOn.Equal(on("2025-01-10")) || b.File != "ALPHAFEC20241231.txt" {
		t.Errorf("batch %+v", b)
	}
}
