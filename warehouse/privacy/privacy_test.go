package privacy_test

import (
	"strings"
	"testing"

	"github.com/encours/encours/warehouse/duck"
	"github.com/encours/encours/warehouse/privacy"
)

func TestMasked(t *testing.T) {
	db, err := duck.Open(t.Context(), "", duck.Limits{MemoryBytes: 100e6, Threads: 1, TempDir: t.TempDir(), TempBytes: 100e6}, false)
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	for _, statement := range []string{
		"create table int_persons as select 'A' as entity_id, 'customer' as side, 'C1' as counterparty_id, true as is_masked",
		"create table list as select * from (values ('A','customer','C1','Jeanne Élan','Lyon',10.00::decimal(18,2)), ('A','supplier','C1','Fournisseur','Nice',20), ('A','customer','C2','SARL Deux','Lille',30)) v(entity_id, side, counterparty_id, counterparty_name, city, open_amount)",
	} {
		if _, err := db.ExecContext(t.Context(), statement); err != nil {
			t.Fatal(err)
		}
	}
	read := func(query string) string {
		var text string
		if err := db.QueryRowContext(t.Context(), "select string_agg(concat_ws('/', counterparty_id, counterparty_name, city, open_amount), ' ' order by open_amount) from ("+query+")").Scan(&text); err != nil {
			t.Fatal(err)
		}
		return text
	}
	all := []string{"entity_id", "side", "counterparty_id", "counterparty_name", "city", "open_amount"}
	if got, want := read(privacy.Masked("select * from list", all, "int_persons")), "C1/C1/10.00 C1/Fournisseur/Nice/20.00 C2/SARL Deux/Lille/30.00"; got != want {
		t.Errorf("got %s, want %s", got, want)
	}
	// without a side, whoever has the code of a person
	rows := privacy.Masked("select * exclude (side) from list", []string{"entity_id", "counterparty_id", "counterparty_name", "city", "open_amount"}, "int_persons")
	if got := read(rows); strings.Contains(got, "Jeanne") || !strings.Contains(got, "SARL Deux") || strings.Count(got, "/") < 6 {
		t.Errorf("without a side: %s", got)
	}
	// whom a person was compared with is mostly the person
	review := "select entity_id, side, counterparty_id, counterparty_name as candidate_name, city as candidate_city, open_amount from list"
	compared := privacy.Masked(review, []string{"entity_id", "side", "counterparty_id", "candidate_name", "candidate_city", "open_amount"}, "int_persons")
	if got := read("select candidate_name as counterparty_name, candidate_city as city, * from (" + compared + ")"); strings.Contains(got, "Jeanne") || strings.Contains(got, "Lyon") || !strings.Contains(got, "SARL Deux") {
		t.Errorf("candidates: %s", got)
	}
	for _, columns := range [][]string{{"entity_id", "open_amount"}, {"entity_id", "counterparty_id", "open_amount"}} {
		if got := privacy.Masked("select 1", columns, "int_persons"); got != "select 1" {
			t.Errorf("%v: %s", columns, got)
		}
	}
}
