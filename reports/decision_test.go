package reports

import (
	"bytes"
	"database/sql"
	"errors"
	"slices"
	"strings"
	"testing"
)

// TestOneDefinitionOfADecision: an order of nothing asked for one by one is what the
// mart says of all, at the date of the generation and at another; a larger order is
// judged by the same inputs.
func TestOneDefinitionOfADecision(t *testing.T) {
	for _, asOf := range []string{"2024-12-31", "2024-12-19"} {
		v := open(t, Selection{AsOf: on(asOf)})
		type standing struct{ entity, customer, decision, rule string }
		var all []standing
		err := v.session.Query(t.Context(), func(rows *sql.Rows) error {
			var s standing
			err := rows.Scan(&s.entity, &s.customer, &s.decision, &s.rule)
			all = append(all, s)
			return err
		}, "select entity_id, counterparty_id, decision, decision_rule from mart_credit_decisions order by all")
		if err != nil || len(all) < 4 {
			t.Fatalf("%d customers, %v", len(all), err)
		}
		counts, err := v.StandingCounts(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		for _, c := range counts {
			list, err := v.StandingCustomers(t.Context(), c.Decision)
			if err != nil || int64(len(list)) != c.Count {
				t.Errorf("at %s %d customers stand at %s, %d are listed, %v", asOf, c.Count, c.Decision, len(list), err)
			}
			for _, row := range list {
				if !slices.ContainsFunc(all, func(s standing) bool {
					return s.entity == row.Entity && s.customer == row.ID && s.decision == c.Decision
				}) {
					t.Errorf("at %s %s of %s is listed as %s", asOf, row.ID, row.Entity, c.Decision)
				}
			}
		}
		if asOf != "2024-12-31" {
			all = all[:2] // there each answer computes the inputs of all customers
		}
		for _, want := range all {
			got, err := v.Decide(t.Context(), want.entity, want.customer, 0)
			if err != nil {
				t.Fatal(err)
			}
			if got.Decision != want.decision || got.Rule != want.rule || got.Amount != "0.00" || got.AsOf != asOf {
				t.Errorf("at %s %+v, want %+v", asOf, got, want)
			}
			larger, err := v.Decide(t.Context(), want.entity, want.customer, 99_999_999_99)
			if err != nil {
				t.Fatal(err)
			}
			fields, err := CompareAnswers(*got, *larger)
			if err != nil {
				t.Fatal(err)
			}
			for _, f := range fields {
				if (strings.HasPrefix(f.Field, "inputs.") || strings.HasPrefix(f.Field, "versions.")) && !f.Equal {
					t.Errorf("%s: %s is %s for nothing and %s for a large order", want.customer, f.Field, f.Then, f.Now)
				}
			}
			if larger.Amount != "99999999.99" || larger.Decision == "approve" {
				t.Errorf("a large order of %s: %+v", want.customer, larger)
			}
		}
	}
}

func TestDecideSaysWhatItCannotAnswer(t *testing.T) {
	v := open(t, Selection{Entity: "ALPHA"})
	if _, err := v.Decide(t.Context(), "ALPHA", "C404", 100); !errors.Is(err, ErrNotFound) {
		t.Errorf("an unknown customer: %v", err)
	}
	if _, err := v.Decide(t.Context(), "ALPHA", "C1' or true --", 100); !errors.Is(err, ErrNotFound) {
		t.Errorf("a code with a quote: %v", err)
	}
	if _, err := v.Decide(t.Context(), "ALPHA", "C1", -1); !errors.Is(err, ErrBadSelection) {
		t.Errorf("an amount below zero: %v", err)
	}
	if got, err := v.StandingDecision(t.Context(), "ALPHA", "C404"); got != nil || err != nil {
		t.Errorf("nothing stands for nobody: %+v, %v", got, err)
	}
	b, err := sharedBooks()
	if err != nil {
		t.Fatal(err)
	}
	for _, id := range []string{"000099-aaaaaaaaaaaa", "", "../current", "x"} {
		if _, err := b.service.OpenGeneration(t.Context(), id, Selection{}); !errors.Is(err, ErrGenerationGone) {
			t.Errorf("generation %q: %v", id, err)
		}
	}
	manifest := v.generation.Manifest()
	again, err := b.service.OpenGeneration(t.Context(), manifest.ID, Selection{Entity: "ALPHA"})
	if err != nil {
		t.Fatal(err)
	}
	if err := again.Close(); err != nil {
		t.Error(err)
	}
}

// TestExportsNameTheirReferenceTables: the head of an export has the hash of each table
// as the manifest of the generation has it.
func TestExportsNameTheirReferenceTables(t *testing.T) {
	v := open(t, Selection{})
	var out bytes.Buffer
	if err := v.Export(t.Context(), "credit-decisions", "csv", AgeingFilter{}, &out); err != nil {
		t.Fatal(err)
	}
	line := ""
	for l := range strings.Lines(out.String()) {
		if strings.Contains(l, "# reference_tables: ") {
			line = l
		}
	}
	hashes := v.generation.Manifest().RefHashes
	if len(hashes) < 20 || strings.Count(line, "=") != len(hashes) {
		t.Errorf("%d tables in %q", len(hashes), line)
	}
	for table, hash := range hashes {
		if !strings.Contains(line, strings.TrimPrefix(table, "ref_")+"="+hash[:12]) {
			t.Errorf("%s is not named", table)
		}
	}
}

func TestAmountsOfOrders(t *testing.T) {
	for text, want := range map[string]Amount{
		"0": 0, "1": 100, "980.5": 98_050, "980.50": 98_050, "0.01": 1, "007.10": 710, "999999999999.99": 99_999_999_999_999,
	} {
		if got, ok := ParseAmount(text); !ok || got != want {
			t.Errorf("%q: %d, %v", text, got, ok)
		}
	}
	for _, text := range []string{"", ".", "1.", ".5", "1.005", "-1", "+1", "1e3", "1,5", " 1", "1 000", "0x10", "1_000", "١", "1000000000000"} {
		if got, ok := ParseAmount(text); ok {
			t.Errorf("%q is read as %d", text, got)
		}
	}
}

func TestCompareAnswers(t *testing.T) {
	limit, days := "100.00", int64(60)
	then := DecisionAnswer{Customer: "C1", Decision: "approve", Inputs: DecisionInputs{Limit: &limit, LongOverdueDays: &days}, Versions: DecisionVersions{Models: "a"}}
	now := then
	fields, err := CompareAnswers(then, now)
	if err != nil || len(fields) != 34 {
		t.Fatalf("%d fields, %v", len(fields), err)
	}
	for _, f := range fields {
		if !f.Equal {
			t.Errorf("%+v", f)
		}
	}
	now.Inputs.Limit, now.Versions.Models, now.Decision = nil, "b", "review"
	fields, err = CompareAnswers(then, now)
	var different []string
	for _, f := range fields {
		if !f.Equal {
			different = append(different, f.Field+" "+f.Then+" "+f.Now)
		}
	}
	if got := strings.Join(different, ", "); err != nil || got != "decision approve review, inputs.limit_amount 100.00 -, versions.models_sha256 a b" {
		t.Errorf("%s, %v", got, err)
	}
}
