package reports

import (
	"database/sql"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/encours/encours/warehouse/duck"
)

// compareItems applies the rules to items of both instants. An item is written
// "number counterparty reference type entry-date due-date amount open disputed line", a
// dash being null; the line is that of batch B where it is 1 to 9, of another batch on
// each side from 10 on. What comes back is "previous>now change rule fields difference".
func compareItems(t *testing.T, before, after []string) []string {
	t.Helper()
	got, _ := compared(t, before, after)
	return got
}

// compared is compareItems that returns the instance with the changes too.
func compared(t *testing.T, before, after []string) ([]string, *sql.DB) {
	t.Helper()
	db, err := duck.Open(t.Context(), "", duck.Limits{MemoryBytes: 256e6, Threads: 2, TempDir: t.TempDir(), TempBytes: 1e9}, false)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := db.Close(); err != nil {
			t.Error(err)
		}
	})
	for side, items := range map[string][]string{"before": before, "after": after} {
		run(t, db, `create table `+side+`_items (entity_id varchar, side varchar, counterparty_id varchar, counterparty_name varchar,
item_id bigint, document_ref varchar, item_type varchar, entry_date date, due_date date, amount decimal(18, 2), open_amount decimal(18, 2),
is_disputed boolean, batch_id varchar, source_file varchar, source_part integer, source_line bigint)`)
		for _, item := range items {
			f := strings.Fields(item)
			value := func(i int) any {
				if f[i] == "-" {
					return nil
				}
				return f[i]
			}
			batch := "B"
			if len(f[9]) > 1 {
				batch = side
			}
			run(t, db, "insert into "+side+"_items values ('E', 'customer', ?, 'Name', ?, ?, ?, ?, ?, ?, ?, ?, ?, 'f', 1, ?)",
				value(1), value(0), value(2), value(3), value(4), value(5), value(6), value(7), value(8), batch, value(9))
		}
	}
	for _, statement := range matchSQL() {
		run(t, db, statement)
	}
	rows, err := db.QueryContext(t.Context(), `
select concat_ws(' ', coalesce(previous_item_id::varchar, '-') || '>' || coalesce(item_id::varchar, '-'), change,
    coalesce(matched_by, '-'), replace(changed_fields, ' ', ','), open_change_amount)
from changes`)
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	for rows.Next() {
		var line string
		if err := rows.Scan(&line); err != nil {
			t.Fatal(err)
		}
		got = append(got, strings.Join(strings.Fields(line), " "))
	}
	if err := rows.Err(); err != nil {
		t.Fatal(err)
	}
	slices.Sort(got)
	return got, db
}

// TestChangesByCounterparty: an item of 100.00 that went from C1 to C2 with 10.00 paid in
// between takes 100.00 off C1 and adds 90.00 to C2; C3 has a new one of 5.00. The sum is
// that of the changes: −100 + 90 + 5 = −5.00.
func TestChangesByCounterparty(t *testing.T) {
	const rest = "invoice 2024-11-05 2024-12-05 100"
	_, db := compared(t, []string{"1 C1 F1 " + rest + " 100 false 10"},
		[]string{"2 C2 F1 " + rest + " 90 false 11", "3 C3 F9 invoice 2024-11-05 2024-12-05 5 5 false 12"})
	c := &Changes{db: db, Before: 10_000, After: 9_500}
	f := &ChangeFigures{Change: c.After - c.Before}
	if err := errors.Join(c.readKinds(t.Context(), f), c.readCounterparties(t.Context(), f), c.readRows(t.Context(), f)); err != nil {
		t.Fatal(err)
	}
	if got := fmt.Sprint(f.Kinds, f.Count); got != "[{appeared 1 500} {vanished 0 0} {changed 1 -1000}] 2" {
		t.Errorf("kinds %s", got)
	}
	if got := fmt.Sprint(f.Counterparties); got != "[{E C1 Name [0 0 -10000] -10000 1} {E C2 Name [0 0 9000] 9000 1} {E C3 Name [500 0 0] 500 1}]" {
		t.Errorf("counterparties %s", got)
	}
	if f.OtherParties != 0 || f.PartyCount != 3 || len(f.Rows) != 2 || f.Rows[0].PreviousCounterpartyID != "C1" || f.Rows[0].OpenChange != -1_000 {
		t.Errorf("others %d of %d, rows %+v", f.OtherParties, f.PartyCount, f.Rows)
	}
}

func run(t *testing.T, db *sql.DB, statement string, args ...any) {
	t.Helper()
	if _, err := db.ExecContext(t.Context(), statement, args...); err != nil {
		t.Fatalf("%s: %v", statement, err)
	}
}

// TestMatchRules: each rule, the order of the rules, ties, and what no rule may pair.
func TestMatchRules(t *testing.T) {
	const day, due = "2024-11-05", "2024-12-05"
	item := func(number int, who, ref, rest string) string {
		return fmt.Sprintf("%d %s %s %s", number, who, ref, rest)
	}
	plainItem := func(number int, who, ref, amount, line string) string {
		return item(number, who, ref, "invoice "+day+" "+due+" "+amount+" "+amount+" false "+line)
	}
	tests := []struct {
		name                string
		before, after, want []string
	}{
		{"line: everything else may differ",
			[]string{plainItem(1, "C1", "F1", "100", "4")},
			[]string{item(1, "C2", "F2", "invoice 2024-11-06 2025-01-05 90 80 true 4")},
			[]string{"1>1 changed line amount,open,due_date,counterparty,dispute,document,entry_date -20.00"}},
		{"line: a dispute is a change of nothing",
			[]string{plainItem(1, "C1", "F1", "100", "4")},
			[]string{item(1, "C1", "F1", "invoice "+day+" "+due+" 100 100 true 4")},
			[]string{"1>1 changed line dispute 0.00"}},
		{"line: due date",
			[]string{plainItem(1, "C1", "F1", "100", "4")},
			[]string{item(1, "C1", "F1", "invoice "+day+" 2025-01-31 100 100 false 4")},
			[]string{"1>1 changed line due_date 0.00"}},
		{"line: two items of one line by their type",
			[]string{plainItem(1, "C1", "F1", "100", "4"), item(2, "C1", "F1", "payment "+day+" - -100 -100 false 4")},
			[]string{plainItem(1, "C1", "F1", "100", "4"), item(2, "C1", "F1", "payment "+day+" - -100 -40 false 4")},
			[]string{"2>2 changed line open 60.00"}},
		{"identical: another number of the line is no change",
			[]string{plainItem(1, "C1", "F1", "100", "10")}, []string{plainItem(7, "C1", "F1", "100", "70")}, nil},
		{"identical before same: the due date that is left tells which is gone",
			[]string{item(1, "C1", "F1", "invoice "+day+" 2024-12-01 50 50 false 10"), item(2, "C1", "F1", "invoice "+day+" 2025-01-01 50 50 false 11")},
			[]string{item(8, "C1", "F1", "invoice "+day+" 2025-01-01 50 50 false 20")},
			[]string{"1>- vanished - -50.00"}},
		{"same: paid in part, without a reference",
			[]string{plainItem(1, "C1", "-", "100", "10")},
			[]string{item(2, "C1", "-", "invoice "+day+" "+due+" 100 60 false 11")},
			[]string{"1>2 changed same open -40.00"}},
		{"amount corrected",
			[]string{plainItem(1, "C1", "F1", "100", "10")}, []string{plainItem(2, "C1", "F1", "105", "11")},
			[]string{"1>2 changed amount_corrected amount,open 5.00"}},
		{"date corrected",
			[]string{plainItem(1, "C1", "F1", "100", "10")},
			[]string{item(2, "C1", "F1", "invoice 2024-11-20 "+due+" 100 100 false 11")},
			[]string{"1>2 changed date_corrected entry_date 0.00"}},
		{"date and amount corrected, one candidate",
			[]string{plainItem(1, "C1", "F1", "100", "10")},
			[]string{item(2, "C1", "F1", "invoice 2024-11-20 "+due+" 90 90 false 11")},
			[]string{"1>2 changed date_and_amount_corrected amount,open,entry_date -10.00"}},
		{"date and amount corrected, two candidates",
			[]string{plainItem(1, "C1", "sans", "100", "10")},
			[]string{item(2, "C1", "sans", "invoice 2024-11-20 "+due+" 90 90 false 11"), item(3, "C1", "sans", "invoice 2024-11-21 "+due+" 80 80 false 12")},
			[]string{"->2 appeared - 90.00", "->3 appeared - 80.00", "1>- vanished - -100.00"}},
		{"moved to another counterparty",
			[]string{plainItem(1, "C1", "F1", "100", "10")}, []string{plainItem(2, "C2", "F1", "100", "11")},
			[]string{"1>2 changed moved counterparty 0.00"}},
		{"moved: not where several say the same",
			[]string{plainItem(1, "C1", "sans", "100", "10")},
			[]string{plainItem(2, "C2", "sans", "100", "11"), plainItem(3, "C3", "sans", "100", "12")},
			[]string{"->2 appeared - 100.00", "->3 appeared - 100.00", "1>- vanished - -100.00"}},
		{"reference corrected",
			[]string{plainItem(1, "C1", "-", "100", "10")}, []string{plainItem(2, "C1", "F1", "100", "11")},
			[]string{"1>2 changed reference_corrected document 0.00"}},
		{"the reference before the amount",
			[]string{plainItem(1, "C1", "F1", "100", "10"), plainItem(2, "C1", "F2", "90", "11")},
			[]string{plainItem(3, "C1", "F1", "90", "20"), plainItem(4, "C1", "F2", "90", "21")},
			[]string{"1>3 changed amount_corrected amount,open -10.00"}},
		{"moved and corrected",
			[]string{plainItem(1, "C1", "F1", "100", "10")}, []string{plainItem(2, "C2", "F1", "95", "11")},
			[]string{"1>2 changed moved_and_corrected amount,open,counterparty -5.00"}},
		{"type corrected: an opening whose year is loaded",
			[]string{item(1, "C1", "F1", "opening 2024-01-01 - 100 100 false 10")},
			[]string{item(2, "C1", "F1", "invoice 2023-12-05 2024-01-05 100 100 false 11")},
			[]string{"1>2 changed type_corrected due_date,entry_date,type 0.00"}},
		{"ties without a reference: in the order of dates and amounts, one is left",
			[]string{
				item(1, "C1", "-", "invoice "+day+" 2024-12-01 50 50 false 10"), item(2, "C1", "-", "invoice "+day+" 2024-12-01 50 20 false 11"),
				item(3, "C1", "-", "invoice "+day+" 2024-12-09 50 50 false 12")},
			[]string{item(8, "C1", "-", "invoice "+day+" 2024-12-09 50 50 false 30"), item(9, "C1", "-", "invoice "+day+" 2024-12-01 50 10 false 31")},
			[]string{"1>- vanished - -50.00", "2>9 changed same open -10.00"}},
		{"nothing in common",
			[]string{plainItem(1, "C1", "F1", "100", "10")}, []string{plainItem(2, "C2", "F2", "100", "11")},
			[]string{"->2 appeared - 100.00", "1>- vanished - -100.00"}},
	}
	used := map[string]bool{}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			got := compareItems(t, test.before, test.after)
			if !slices.Equal(got, test.want) {
				t.Errorf("got\n  %s\nwant\n  %s", strings.Join(got, "\n  "), strings.Join(test.want, "\n  "))
			}
			for _, line := range got {
				used[strings.Fields(line)[2]] = true
			}
		})
	}
	for _, rule := range matchRules {
		if !used[rule.name] && rule.name != "identical" {
			t.Errorf("no case shows the rule %q", rule.name)
		}
	}
}
