package webtest

import (
	"context"

	"github.com/encours/encours/reports/dictionary"
)

// Dictionary implements web.View.
func (v *view) Dictionary(context.Context) (*dictionary.Dictionary, error) {
	if v.fake.ViewErr != nil {
		return nil, v.fake.ViewErr
	}
	return &dictionary.Dictionary{
		Marts: []dictionary.Mart{{
			Name: "mart_ageing", Question: "How much is open, and for how long?", Grain: "one row per counterparty and bucket",
			Key: []string{"entity_id", "counterparty_id"}, Decisions: []int{12}, Reads: []string{"int_open_items"},
			Columns: []dictionary.Column{
				{Name: "entity_id", Unit: "text", Meaning: "identifier of the entity"},
				{Name: "open_amount", Unit: "amount", Meaning: "what is open at the as-of date"},
			},
		}},
		Checks: []dictionary.Check{{Name: "items_reconcile_to_ledger", Severity: "fail", Sentence: "The items do not add up to the ledger."}},
		Decisions: []dictionary.Decision{{
			Number: 12, Title: "Exactly 30 days late is in 1-30", Models: []string{"mart_ageing"},
			Paragraphs: []string{"**Context.** Bucket limits differ from book to book.", "**Choice.** `1-30` holds day 30."},
		}},
		References: []dictionary.Reference{{
			Name: "ref_ageing_buckets", Meaning: "Ageing buckets.", File: "ref/ageing_buckets.csv", IsOverridden: true,
			Columns: []dictionary.Column{{Name: "ageing_bucket", Unit: "text", Meaning: "name of the bucket"}},
			Header:  []string{"ageing_bucket"}, Rows: [][]string{{"1-30"}, {"31-60"}},
		}},
	}, nil
}
