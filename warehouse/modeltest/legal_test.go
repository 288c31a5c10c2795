package modeltest

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	sqlfiles "github.com/encours/encours/sql"
)

const noticeHead = "notice_id,siren,role,notice_type,corrects_id,published_on,event_date,family,nature,details,closing_date,is_confidential\n"

// notice is one line of legal_events.
type notice struct {
	id, siren, role, kind, corrects, published, judged, family, nature, details, closing string
}

func notices(all ...notice) string {
	var out strings.Builder
	out.WriteString(noticeHead)
	for i, n := range all {
		set := func(field *string, value string) {
			if *field == "" {
				*field = value
			}
		}
		set(&n.id, fmt.Sprintf("N%03d", i))
		set(&n.siren, "552081317")
		set(&n.role, "subject")
		set(&n.kind, "notice")
		set(&n.published, "2025-01-15")
		set(&n.family, "collective")
		quoted := func(s string) string { return `"` + strings.ReplaceAll(s, `"`, `""`) + `"` }
		fmt.Fprintf(&out, "%s,%s,%s,%s,%s,%s,%s,%s,%s,%s,%s,%v\n", n.id, n.siren, n.role, n.kind, n.corrects, n.published, n.judged, n.family,
			quoted(n.nature), quoted(n.details), n.closing, strings.Contains(n.details, "confidentialité"))
	}
	return out.String()
}

// legalWarehouse has a customer C1 of 552081317 and C2 of 404833048, each with an invoice.
func legalWarehouse(t *testing.T, events string, more map[string]string, only ...string) *Warehouse {
	t.Helper()
	tables := map[string]string{
		"counterparties": "counterparty_id,name,siren,siret,credit_limit\nC1,Un,552081317,,10000\nC2,Deux,,40483304800022,10000\nC3,Trois,,,10000\n",
		"invoices": "document_id,counterparty_id,document_type,issue_date,due_date,amount\nI1,C1,invoice,2024-12-01,2025-01-01,365\n" +
			"I2,C2,invoice,2024-12-01,2025-01-01,365\nI3,C3,invoice,2024-12-01,2025-01-01,365\nI4,C1,invoice,2025-03-20,2025-04-01,100\n",
		"legal_events": events,
	}
	for name, text := range more {
		tables[name] = text
	}
	return Open(t, Case{Params: map[string]string{"as_of": "2025-12-31"}, Dated: true, Tables: tables}, only...)
}

// TestNatures: what the gazette writes, and how much it weighs. The first word of a
// case is the family.
func TestNatures(t *testing.T) {
	cases := []struct{ nature, details, want string }{
		{"collective|Jugement d'ouverture de liquidation judiciaire", "", "liquidation 10 open"},
		{"collective|Jugement d'ouverture de liquidation judiciaire simplifiée", "Désignant liquidateur Me X", "liquidation 10 open"},
		{"collective|JUGEMENT D’OUVERTURE D’UNE PROCÉDURE DE LIQUIDATION JUDICIAIRE", "", "liquidation 10 open"},
		{"collective|Jugement de conversion en liquidation judiciaire de la procédure de sauvegarde", "", "liquidation 10 convert"},
		{"collective|Jugement de conversion en liquidation judiciaire de la procédure de redressement judiciaire", "", "liquidation 10 convert"},
		{"collective|Jugement de conversion de la procédure de redressement judiciaire en liquidation judiciaire", "", "liquidation 10 convert"},
		{"collective|Jugement prononçant la résolution du plan de redressement et la liquidation judiciaire", "", "liquidation 10 open"},
		{"collective|Jugement prononçant la résolution du plan de sauvegarde et la liquidation judiciaire", "", "liquidation 10 open"},
		{"collective|Jugement mettant fin à la période d'observation et prononçant la liquidation judiciaire", "", "liquidation 10 convert"},
		{"collective|Jugement de reprise de la procédure de liquidation judiciaire", "", "liquidation 10 open"},
		{"collective|Autre jugement prononçant", "Liquidation judiciaire", "liquidation 10 convert"},
		{"collective|Autre jugement et ordonnance", "Jugement prononçant la liquidation judiciaire, désignant liquidateur Me X", "liquidation 10 convert"},
		{"collective|Jugement de clôture pour insuffisance d'actif", "", "closed_insolvent 9 close"},
		{"collective|Jugement de clôture de la liquidation judiciaire pour insuffisance d'actif", "", "closed_insolvent 9 close"},
		{"collective|Jugement de clôture pour insuffisance d'actif et autorisant la reprise des poursuites individuelles", "", "closed_insolvent 9 close"},
		{"collective|Jugement d'ouverture d'une procédure de redressement judiciaire", "", "receivership 8 open"},
		{"collective|Jugement de conversion en redressement judiciaire de la procédure de sauvegarde", "", "receivership 8 convert"},
		{"collective|Conversion en redressement judiciaire d'une liquidation judiciaire", "", "receivership 8 convert"},
		{"collective|Jugement prononçant la résolution du plan de sauvegarde et ouvrant un redressement judiciaire", "", "receivership 8 open"},
		{"collective|Jugement d'extension de liquidation judiciaire", "", "extension 8 open"},
		{"collective|Jugement d'extension d'une procédure de redressement judiciaire", "", "extension 8 open"},
		{"collective|Jugement arrêtant le plan de cession", "", "plan_of_sale 7 plan"},
		{"collective|Jugement de plan de cession totale en redressement judiciaire", "", "plan_of_sale 7 plan"},
		{"collective|Jugement de faillite personnelle", "", "sanction 7 mark"},
		{"collective|Jugement d'interdiction de gérer", "", "sanction 7 mark"},
		{"collective|Jugement prononçant la résolution du plan de redressement", "", "plan_ended 7 plan"},
		{"collective|Jugement d'ouverture d'une procédure de sauvegarde", "", "safeguard 6 open"},
		{"collective|Jugement d'ouverture d'une procédure de sauvegarde accélérée", "", "safeguard 6 open"},
		{"collective|Jugement d'ouverture d'une procédure de sauvegarde financière accélérée", "", "safeguard 6 open"},
		{"collective|Jugement d'ouverture d'une procédure de traitement de sortie de crise", "", "safeguard 6 open"},
		{"retablissement_professionnel|Jugement d'ouverture de rétablissement professionnel", "", "recovery 6 mark"},
		{"collective|Jugement arrêtant le plan de redressement", "", "plan 5 plan"},
		{"collective|Jugement arrêtant un plan de sauvegarde", "", "plan 5 plan"},
		{"collective|Jugement modifiant le plan de redressement", "", "plan 5 plan"},
		{"conciliation|Jugement d'homologation", "", "conciliation 5 mark"},
		{"modification|Dissolution anticipée, nomination d'un liquidateur amiable", "", "dissolution 5 mark"},
		{"modification|Continuation malgré la perte de plus de la moitié du capital social", "", "capital_lost 4 mark"},
		{"modification|Réduction de capital", "", "capital_reduced 4 mark"},
		{"modification|Transmission universelle du patrimoine à Y", "", "merged 4 change"},
		{"modification|Fusion-absorption par Y", "", "merged 4 change"},
		{"vente|Mise en location-gérance", "", "business_leased 4 change"},
		{"modification|Transfert du siège social.", "", "address_change 3 change"},
		{"modification|Modification de l'administration. Gérant partant : X", "", "manager_change 3 change"},
		{"modification|Changement de forme juridique", "", "legal_form_change 3 change"},
		{"modification|Changement de dénomination", "", "name_change 3 change"},
		{"modification|Modification de l'activité", "", "activity_change 3 change"},
		{"modification|Augmentation du capital", "", "changed 1 mark"},
		{"collective|Jugement de clôture pour extinction du passif", "", "closed 2 close"},
		{"collective|Jugement mettant fin à la procédure de redressement judiciaire", "", "closed 2 close"},
		{"collective|Jugement de clôture", "Liquidation judiciaire", "closed 2 close"},
		{"collective|Arrêt infirmant", "le jugement de liquidation judiciaire", "reversed 2 close"},
		{"collective|Autre jugement", "Rétractation sur tierce opposition", "reversed 2 close"},
		{"collective|Dépôt de l'état des créances", "Liquidation judiciaire", "administration 1 mark"},
		{"collective|Jugement modifiant la date de cessation des paiements", "", "administration 1 mark"},
		{"collective|Autre jugement et ordonnance", "Ordonnance désignant Me X liquidateur dans la procédure de liquidation judiciaire", "administration 1 mark"},
		{"collective|Autre jugement et ordonnance", "", "administration 1 mark"},
		{"radiation|Radiations", "", "struck_off 7 strike"},
		{"radiation|Rapport de la radiation d'office", "", "registered 2 register"},
		{"creation|Immatriculation d'une personne morale", "", "registered 1 register"},
		{"dpc|Comptes annuels et rapports", "", "accounts_filed 1 file"},
		{"dpc|Comptes annuels et rapports", "déclaration de confidentialité", "accounts_confidential 1 file"},
		{"divers|Avis au public", "", "other 1 mark"},
		{"unheard_of|Something", "", "other 1 mark"},
	}
	var all []notice
	for _, c := range cases {
		family, nature, _ := strings.Cut(c.nature, "|")
		all = append(all, notice{family: family, nature: nature, details: c.details})
	}
	roles := map[string]string{"seller": "business_sold 4 change", "buyer": "business_bought 1 change", "lessee": "business_leased 4 change"}
	for _, role := range []string{"seller", "buyer", "lessee"} {
		all = append(all, notice{id: "Z" + role, family: "vente", nature: "Achat d'un fonds par une personne morale", role: role})
	}
	w := legalWarehouse(t, notices(all...), nil, "int_legal_events")
	rows := strings.Split(strings.TrimSpace(w.Text(t, "select notice_id, event || ' ' || severity || ' ' || effect as told from int_legal_events")), "\n")[1:]
	if len(rows) != len(cases)+3 {
		t.Fatalf("%d of %d notices are told", len(rows), len(cases)+3)
	}
	for i, row := range rows {
		id, told, _ := strings.Cut(row, ",")
		if i < len(cases) {
			if told != cases[i].want {
				t.Errorf("%s (%s): %s, want %s", cases[i].nature, cases[i].details, told, cases[i].want)
			}
		} else if want := roles[strings.TrimPrefix(id, "Z")]; told != want {
			t.Errorf("%s: %s, want %s", id, told, want)
		}
	}
}

// TestCorrectedNotices: a correction takes the place of a notice on its own day, a
// chain ends in its last, what is annulled is gone, and before that day it stood.
func TestCorrectedNotices(t *testing.T) {
	const open, safe, wind = "Jugement d'ouverture de redressement judiciaire", "Jugement d'ouverture de sauvegarde", "Jugement d'ouverture de liquidation judiciaire"
	w := legalWarehouse(t, notices(
		notice{id: "A1", published: "2025-01-10", nature: open, judged: "2025-01-02"},
		notice{id: "A2", published: "2025-01-20", nature: safe, kind: "correction", corrects: "A1"},
		notice{id: "A3", published: "2025-01-30", nature: wind, kind: "correction", corrects: "A2"},
		notice{id: "B1", published: "2025-02-01", nature: open, siren: "404833048"},
		notice{id: "B2", published: "2025-02-10", kind: "cancellation", corrects: "B1", siren: "404833048"},
		// both of one that is not loaded: the later one stands
		notice{id: "C2", published: "2025-03-01", nature: safe, kind: "correction", corrects: "C1", siren: "732829320"},
		notice{id: "C3", published: "2025-03-10", nature: open, kind: "correction", corrects: "C1", siren: "732829320"},
		// a circle of two is a mistake of the gazette, not an endless one of ours
		notice{id: "D1", published: "2025-04-01", nature: open, kind: "correction", corrects: "D2", siren: "356000000"},
		notice{id: "D2", published: "2025-04-02", nature: open, kind: "correction", corrects: "D1", siren: "356000000"},
	), nil, "int_legal_status", "int_legal_events")
	const want = "notice_id,superseded_on,first_published_on\nA1,2025-01-20,2025-01-10\nA2,2025-01-30,2025-01-10\nA3,,2025-01-10\nB1,2025-02-10,2025-02-01\nC2,2025-03-10,2025-03-01\nC3,,2025-03-01\n"
	if got := w.Text(t, "select notice_id, superseded_on, first_published_on from int_legal_events where notice_id < 'D'"); got != want {
		t.Errorf("notices\n%s\nwant\n%s", got, want)
	}
	const stretches = "counterparty_id,event,severity,event_date,end_date\n" +
		"C1,liquidation,10,2025-01-30,\nC1,receivership,8,2025-01-10,2025-01-20\nC1,safeguard,6,2025-01-20,2025-01-30\nC2,receivership,8,2025-02-01,2025-02-10\n"
	if got := w.Text(t, "select counterparty_id, event, severity, event_date, end_date from int_legal_status"); got != stretches {
		t.Errorf("status\n%s\nwant\n%s", got, stretches)
	}
}

// TestProcedures: what opened it, which stage it is in, and that a closing ends it.
func TestProcedures(t *testing.T) {
	for name, c := range map[string]struct {
		all  []notice
		want string
	}{
		"converted, closed": {[]notice{
			{id: "N1", published: "2024-01-10", judged: "2024-01-02", nature: "Jugement d'ouverture de redressement judiciaire"},
			{id: "N2", published: "2024-05-10", judged: "2024-05-02", nature: "Conversion en liquidation judiciaire"},
			{id: "N3", published: "2024-09-10", nature: "Clôture pour insuffisance d'actif"},
		}, "2024-01-10 receivership true 2024-01-02 N1; 2024-05-10 liquidation true 2024-01-02 N1; 2024-09-10 closed_insolvent false 2024-01-02 N1"},
		"two procedures": {[]notice{
			{id: "N1", published: "2020-01-10", judged: "2020-01-02", nature: "Jugement d'ouverture de sauvegarde"},
			{id: "N2", published: "2021-01-10", nature: "Jugement mettant fin à la procédure de sauvegarde"},
			{id: "N3", published: "2024-01-10", judged: "2024-01-05", nature: "Jugement d'ouverture de redressement judiciaire"},
			{id: "N4", published: "2024-06-10", nature: "Jugement arrêtant le plan de redressement"},
		}, "2020-01-10 safeguard true 2020-01-02 N1; 2021-01-10 closed false 2020-01-02 N1; 2024-01-10 receivership true 2024-01-05 N3; 2024-06-10 plan true 2024-01-05 N3"},
		"only a conversion is loaded": {[]notice{
			{id: "N1", published: "2024-05-10", judged: "2024-05-02", nature: "Conversion en liquidation judiciaire"},
		}, "2024-05-10 liquidation true 2024-05-02 N1"},
		"an annulled closing": {[]notice{
			{id: "N1", published: "2024-01-10", judged: "2024-01-02", nature: "Jugement d'ouverture de redressement judiciaire"},
			{id: "N2", published: "2024-03-10", nature: "Jugement de clôture pour extinction du passif"},
			{id: "N3", published: "2024-03-20", kind: "cancellation", corrects: "N2"},
		}, "2024-01-10 receivership true 2024-01-02 N1; 2024-03-10 closed false 2024-01-02 N1; 2024-03-20 receivership true 2024-01-02 N1"},
	} {
		w := legalWarehouse(t, notices(c.all...), nil, "int_procedures")
		got := w.Text(t, "select known_from || ' ' || event || ' ' || is_open || ' ' || opened_on || ' ' || opening_notice_id as told from int_procedures")
		if got = strings.ReplaceAll(strings.TrimSpace(strings.TrimPrefix(got, "told\n")), "\n", "; "); got != c.want {
			t.Errorf("%s: %s, want %s", name, got, c.want)
		}
	}
}

// TestLegalEffects follows one judgment of 3 March, published on the 14th, through
// everything that it changes, and what is closed later; the day before its publication
// nothing is known. 365 at 13.15 % bears 0.1315 a day.
func TestLegalEffects(t *testing.T) {
	w := legalWarehouse(t, notices(
		notice{id: "N1", published: "2025-03-14", judged: "2025-03-03", nature: "Jugement d'ouverture de redressement judiciaire"},
		notice{id: "N2", published: "2025-08-01", judged: "2025-07-20", nature: "Jugement arrêtant le plan de redressement"},
		notice{id: "N3", published: "2025-11-01", nature: "Jugement de clôture pour extinction du passif"},
	), nil, "mart_risk_scores", "mart_credit_decisions", "mart_dunning_items", "mart_late_interest", "mart_legal_cases", "int_alert_legal")
	questions := []string{
		"select risk_class, legal_severity from mart_risk_scores where counterparty_id = 'C1'",
		"select decision_rule from mart_credit_decisions where counterparty_id = 'C1'",
		"select pause_reason from mart_dunning_items where document_ref = 'I1'",
		"select last_late_date, insolvency_date, late_days, interest_amount from mart_late_interest where document_ref = 'I1'",
		"select status, published_date, deadline_date from mart_legal_cases where counterparty_id = 'C1'",
		"select subject from int_alert_legal",
	}
	for _, c := range []struct {
		day  string
		want []string
	}{
		{"2025-03-13", []string{"N,", "new_customer", "", "2025-03-13,,71,9.34", "", ""}},
		{"2025-03-14", []string{"E,8", "legal", "procedure", "2025-03-02,2025-03-03,60,7.89", "to declare,2025-03-14,2025-05-14", "receivership 2025-03-03"}},
		{"2025-05-15", []string{"E,8", "legal", "procedure", "2025-03-02,2025-03-03,60,7.89", "too late,2025-03-14,2025-05-14", "receivership 2025-03-03"}},
		{"2025-08-01", []string{"N,5", "new_customer", "procedure", "2025-03-02,2025-03-03,60,7.89", "too late,2025-03-14,2025-05-14", "plan 2025-07-20"}},
		{"2025-11-01", []string{"N,2", "new_customer", "procedure", "2025-03-02,2025-03-03,60,7.89", "", ""}},
	} {
		w.SetAsOf(t, c.day)
		for i, question := range questions {
			_, got, _ := strings.Cut(w.Text(t, question), "\n")
			if got = strings.TrimSpace(strings.Trim(strings.TrimSpace(got), `"`)); got != c.want[i] {
				t.Errorf("at %s %s: %q, want %q", c.day, question, got, c.want[i])
			}
		}
	}
}

// TestListedAndPublished: the list of encours.yaml tells a judgment until the gazette
// does; then the gazette, its end included.
func TestListedAndPublished(t *testing.T) {
	listed := map[string]string{"project_insolvencies": "pattern,opened_on,published_on\nC1,2025-03-03,\nC3,2025-04-01,2025-04-10\n"}
	w := legalWarehouse(t, notices(
		notice{id: "N1", published: "2025-03-14", judged: "2025-03-03", nature: "Jugement d'ouverture de liquidation judiciaire"},
		notice{id: "N2", published: "2025-11-01", nature: "Jugement de clôture pour insuffisance d'actif"},
	), listed, "int_legal_status", "int_insolvencies")
	const want = "counterparty_id,event,severity,event_date,end_date,judged_date\n" +
		"C1,closed_insolvent,9,2025-11-01,,2025-11-01\nC1,insolvency,8,2025-03-03,2025-03-14,2025-03-03\nC1,liquidation,10,2025-03-14,2025-11-01,2025-03-03\nC3,insolvency,8,2025-04-01,,2025-04-01\n"
	if got := w.Text(t, "select counterparty_id, event, severity, event_date, end_date, judged_date from int_legal_status"); got != want {
		t.Errorf("status\n%s\nwant\n%s", got, want)
	}
	const stretches = "known_from,known_to,opened_on,published_on,is_open,is_listed\n" +
		"2025-03-03,2025-03-14,2025-03-03,,true,true\n2025-03-14,2025-11-01,2025-03-03,2025-03-14,true,false\n" +
		"2025-04-01,,2025-04-01,2025-04-10,true,true\n2025-11-01,,2025-03-03,2025-03-14,false,false\n"
	if got := w.Text(t, "select known_from, known_to, opened_on, published_on, is_open, is_listed from int_insolvencies"); got != stretches {
		t.Errorf("insolvencies\n%s\nwant\n%s", got, stretches)
	}
}

// TestStatusOfTheRegister: ceased units, those struck off and registered again, and
// accounts that did not come: year end + a year + 7 months, once later notices are loaded.
func TestStatusOfTheRegister(t *testing.T) {
	w := legalWarehouse(t, notices(
		notice{id: "R1", family: "radiation", nature: "Radiations", published: "2024-02-01"},
		notice{id: "R2", family: "radiation", nature: "Rapport de la radiation", published: "2024-03-01"},
		notice{id: "F1", family: "dpc", nature: "Comptes annuels", published: "2023-07-15", closing: "2022-12-31"},
		notice{id: "F2", family: "dpc", nature: "Comptes annuels", published: "2024-09-15", closing: "2023-12-31"},
		notice{id: "F3", family: "dpc", nature: "Comptes annuels", published: "2025-07-15", closing: "2024-12-31", siren: "404833048"},
		notice{id: "F4", family: "dpc", nature: "Comptes annuels", published: "2026-01-15", closing: "2023-12-31", siren: "732829320"},
	), map[string]string{
		"legal_units":        "siren,legal_state,state_since\n404833048,C,2025-06-30\n552081317,A,2010-01-01\n",
		"legal_unit_periods": "siren,valid_from,valid_to,legal_state\n552081317,2009-01-01,2010-01-01,C\n",
	}, "int_legal_status")
	want := []string{
		"C1,accounts_late,3,2024-08-01,2024-09-15", "C1,accounts_late,3,2025-08-01,", "C1,ceased,7,2009-01-01,2010-01-01",
		"C1,registered,2,2024-03-01,2025-03-01", "C1,struck_off,7,2024-02-01,2024-03-01", "C2,ceased,7,2025-06-30,",
	}
	if got := w.rowsAt(t, "2025-12-31", "select counterparty_id, event, severity, event_date, end_date from int_legal_status"); !slices.Equal(got, want) {
		t.Errorf("status\n%s\nwant\n%s", strings.Join(got, "\n"), strings.Join(want, "\n"))
	}
}

// TestNaturesOfAProject: a list that cannot be used is refused, with what is wrong.
func TestNaturesOfAProject(t *testing.T) {
	table, err := sqlfiles.Schema("ref_legal_natures")
	if err != nil {
		t.Fatal(err)
	}
	const whole = "(1, '-', null, null, 'late', 3, 'late', 7, 'l', 'l'), (2, '-', null, null, 'ceased', 7, 'cease', null, 'c', 'c'), (3, '*', null, null, 'other', 1, 'mark', null, 'o', 'o')"
	w := legalWarehouse(t, notices(), nil, "int_legal_events")
	for name, c := range map[string]struct{ lines, want string }{
		"fits":         {whole, ""},
		"severity":     {whole + ", (4, 'dpc', null, 'a', 'x', 11, 'mark', null, 'x', 'x')", "severity must be 0 to 10"},
		"accents":      {whole + ", (4, 'dpc', null, 'clôture', 'x', 1, 'mark', null, 'x', 'x')", "words must be in small letters"},
		"no last line": {strings.Replace(whole, "'*'", "'dpc'", 1), "one line of family * without words"},
		"no late":      {strings.Replace(whole, "'late', 7", "'mark', 7", 1), "the effect late"},
		"no cease":     {strings.Replace(whole, "'cease'", "'mark'", 1), "the effect cease"},
		"a name":       {whole + ", (4, 'dpc', null, 'a', 'X y', 1, 'mark', null, 'x', 'x')", "event must be a name"},
		"no label":     {whole + ", (4, 'dpc', null, 'a', 'x', 1, 'mark', null, ' ', 'x')", "must say something"},
		"months":       {whole + ", (4, 'dpc', null, 'a', 'x', 1, 'mark', 0, 'x', 'x')", "months must be 1"},
	} {
		w.Exec(t, "delete from "+table.Name)
		w.Exec(t, "insert into "+table.Name+" values "+c.lines)
		for _, check := range w.Models.Checks {
			if check.Name != "legal_natures_are_usable" {
				continue
			}
			got := w.Text(t, check.SQL)
			if found := strings.Count(got, "\n") > 1; found != (c.want != "") || !strings.Contains(got, c.want) {
				t.Errorf("%s: %s", name, got)
			}
		}
	}
}

// TestChangeAlerts: a change is told for ninety days from the day on which it is known,
// a cancelled one until then, accounts that are late as long as they are; a line that
// is switched off tells nothing.
func TestChangeAlerts(t *testing.T) {
	w := legalWarehouse(t, notices(
		notice{id: "N1", family: "modification", nature: "Transfert du siège social", published: "2025-03-20", judged: "2025-03-01"},
		notice{id: "N2", family: "modification", nature: "Nouveau gérant", published: "2025-04-01"},
		notice{id: "N3", kind: "cancellation", corrects: "N2", published: "2025-04-10"},
		notice{id: "N4", family: "vente", nature: "Achat d'un fonds", role: "seller", published: "2025-04-05", siren: "404833048"},
		notice{id: "N5", family: "dpc", nature: "Comptes annuels", published: "2024-01-05", closing: "2023-06-30", siren: "404833048"},
		notice{id: "N6", family: "dpc", nature: "Comptes annuels", details: "déclaration de confidentialité", published: "2025-05-20", closing: "2024-06-30", siren: "404833048"},
	), nil, "int_alert_changes")
	const address, manager, sold, late, secret = "C1,ADDRESS_CHANGE,event,address 2025-03-01 N1,,,365.00", "C1,OWNER_CHANGE,event,manager 2025-04-01 N2,,,365.00",
		"C2,BUSINESS_SOLD,event,business_sold 2025-04-05 N4,,,365.00", "C2,ACCOUNTS_LATE,event,accounts_late 2025-01-31 2025-01-31,,,365.00",
		"C2,ACCOUNTS_CONFIDENTIAL,event,accounts_confidential 2025-05-20 N6,,,365.00"
	query := strings.Replace(alertsFrom("int_alert_changes", "true"), "at_stake_amount", "case when at_stake_amount >= 365 then 365.00 end", 1)
	w.wantAt(t, query, map[string][]string{
		"2025-01-30": {}, "2025-01-31": {late}, "2025-03-19": {late}, "2025-03-20": {address, late}, "2025-04-09": {address, manager, late, sold},
		"2025-04-10": {address, late, sold}, "2025-05-20": {address, secret, sold}, "2025-06-17": {address, secret, sold}, "2025-06-18": {secret, sold},
	})
	w.Exec(t, "update ref_alert_rules set is_enabled = false where rule in ('BUSINESS_SOLD', 'ACCOUNTS_CONFIDENTIAL')")
	w.wantAt(t, query, map[string][]string{"2025-05-20": {address}})
}
