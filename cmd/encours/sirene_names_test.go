package main

import (
	"strings"
	"testing"

	"github.com/encours/encours/ingest/sirene"
	"github.com/encours/encours/warehouse/graph"
)

// TestNamesAreComparedInOneWay: what the register is searched for is what the models
// compare.
func TestNamesAreComparedInOneWay(t *testing.T) {
	db := openPlain(t)
	db.SetMaxOpenConns(1) // the macros are those of a connection
	run := func(statement string) {
		t.Helper()
		if _, err := db.ExecContext(t.Context(), statement); err != nil {
			t.Fatal(err)
		}
	}
	models, err := graph.Embedded(t.Context(), db)
	if err != nil {
		t.Fatal(err)
	}
	model, _ := models.Model("int_match_names")
	names := map[string]string{ // to the key
		"S.A.R.L. Dupont & Fils": "DUPONT ET FILS", "E.U.R.L. A.B.C.": "ABC", "S.A.S.U. I. B. M. France": "IBM FRANCE", "S N C F": "SNCF", "SNC Le Bar": "LE BAR",
		"S.C.I. 12": "12", "SAS": "SAS", "Société": "SOCIETE", "Ste Œuvre Étoilée": "OEUVRE ETOILEE", "Garage St Michel SA": "GARAGE SAINT MICHEL", "S. A. Martin": "MARTIN",
		"Hôtel Ste Anne": "HOTEL SAINTE ANNE", "s.n.c. Les Étés": "LES ETES", "Établissements ROUX ET CIE": "ROUX ET", "12 x": "12 X", "S.A.S. Martin": "MARTIN", "A": "A",
	}
	var values []string
	for name := range names {
		values = append(values, "('"+strings.ReplaceAll(name, "'", "''")+"')")
	}
	for _, statement := range strings.Split(sirene.NameMacros, ";\n") {
		if strings.TrimSpace(statement) != "" {
			run(statement)
		}
	}
	run("create table stg_erp__counterparties as select * from (values " + strings.Join(values, ", ") + ") as told(name)")
	run("create table int_account_names as select null::varchar as aux_label, null::varchar as account_label where false")
	run("create table stg_sirene__legal_units as select null::varchar as name, null::varchar as acronym, null::varchar as usual_name_1, null::varchar as usual_name_2," +
		" null::varchar as usual_name_3, null::varchar as last_name, null::varchar as usage_name, null::varchar as first_name where false")
	run("create table stg_sirene__establishments as select null::varchar as sign_1, null::varchar as sign_2, null::varchar as sign_3, null::varchar as usual_name where false")
	rows, err := db.QueryContext(t.Context(), "select raw_name, name_key, name_key(raw_name), token_set, name_token_set(raw_name) from ("+strings.TrimRight(strings.TrimSpace(model.SQL), ";")+")")
	if err != nil {
		t.Fatal(err)
	}
	defer rows.Close()
	count := 0
	for rows.Next() {
		var name, key, searched, set, searchedSet string
		if err := rows.Scan(&name, &key, &searched, &set, &searchedSet); err != nil {
			t.Fatal(err)
		}
		count++
		if key != names[name] || searched != key || searchedSet != set {
			t.Errorf("%q: %q and %q in the models, %q and %q in the search; want the key %q", name, key, set, searched, searchedSet, names[name])
		}
	}
	if err := rows.Err(); err != nil || count != len(names) {
		t.Errorf("%d names, %v", count, err)
	}
}
