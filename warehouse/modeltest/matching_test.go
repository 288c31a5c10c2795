package modeltest

import (
	"fmt"
	"os"
	"strings"
	"testing"
	"time"
)

// labelled makes a register and customers whose companies are known. Every tenth
// customer has each kind of fault; names are of a trade and three syllables, so that few
// are borne twice, as in the register itself. It is the same at every run.
const labelled = `
create or replace table truth as
with

numbers as (
    select
        i,
        cast(hash(i, 1) %% 1000000007 as bigint) as h1,
        cast(hash(i, 2) %% 1000000007 as bigint) as h2,
        cast(hash(i, 3) %% 1000000007 as bigint) as h3,
        cast(hash(i, 4) %% 1000000007 as bigint) as h4,
        cast(hash(i, 5) %% 1000000007 as bigint) as h5,
    from range(%[1]d) as r (i)
),

words as (
    select
        ['TRANSPORTS', 'MENUISERIE', 'BOULANGERIE', 'GARAGE', 'PLOMBERIE', 'ETABLISSEMENTS', 'MACONNERIE', 'IMPRIMERIE',
         'PHARMACIE', 'BRASSERIE', 'SECURITE', 'CONSEIL', 'NETTOYAGE', 'PEINTURE', 'COUVERTURE', 'SAINT', 'LES JARDINS',
         'HOTEL', 'CLINIQUE', 'LABORATOIRE'] as trades,
        ['BA', 'BER', 'CHA', 'COR', 'DU', 'FAU', 'GAR', 'LE', 'MAR', 'MON', 'NO', 'PEL', 'RI', 'ROU', 'SA', 'TE', 'VAL', 'VER',
         'VIN', 'LO', 'GUI', 'HAR', 'JO', 'KER', 'LAN', 'MI', 'NE', 'OR', 'PA', 'QUE'] as starts,
        ['LA', 'MI', 'RO', 'TI', 'NA', 'DE', 'VI', 'SO', 'GNA', 'CHE', 'BU', 'LI', 'RA', 'NO', 'PE', 'LU', 'ZA', 'FE', 'CO', 'MA'] as middles,
        ['RD', 'NT', 'LLE', 'UX', 'N', 'T', 'C', 'S', 'TTE', 'RON', 'LET', 'NEAU', 'GNE', 'RIE', 'SSE', 'VIEL', 'MOND', 'ZAC', 'DEC', 'ILLON'] as ends,
        ['DE LA GARE', 'VICTOR HUGO', 'DU MOULIN', 'PASTEUR', 'DES LILAS', 'JEAN JAURES', 'DE PARIS', 'DES ACACIAS', 'DU STADE', 'NATIONALE',
         'DE LA MAIRIE', 'DES ECOLES', 'DU PORT', 'SAINT MICHEL', 'GAMBETTA', 'DES VIGNES', 'DU LAVOIR', 'CARNOT', 'DE VERDUN', 'DES ROSIERS'] as streets,
        ['SARL', 'SAS', 'SASU', 'SA', 'EURL'] as forms,
        ['5499', '5710', '5720', '5599', '5498'] as codes,
)

select
    i,
    lpad(cast(100000000 + i as varchar), 9, '0') as siren,
    trades[1 + h1 %% 20] || ' ' || starts[1 + h2 %% 30] || middles[1 + (h2 // 30) %% 20] || ends[1 + (h2 // 600) %% 20] as plain,
    forms[1 + h3 %% 5] as form,
    codes[1 + h3 %% 5] as code,
    1 + h4 %% 95 as dept_no,
    lpad(cast(1 + h4 %% 95 as varchar), 2, '0') || lpad(cast(10 * (h4 // 95 %% 30) as varchar), 3, '0') as postal_code,
    'VILLE ' || starts[1 + h4 %% 30] || middles[1 + h4 // 95 %% 20] || ' SUR ' || ends[1 + h4 // 7 %% 20] as city,
    cast(1 + h5 %% 90 as varchar) as street_number,
    streets[1 + h5 // 90 %% 20] as street_name,
    i %% 17 = 0 as is_ceased,
from numbers
cross join words;

create or replace table stg_sirene__legal_units as
select
    siren, cast(null as varchar) as acronym, plain as name, null::varchar as usual_name_1, null::varchar as usual_name_2,
    null::varchar as usual_name_3, null::varchar as last_name, null::varchar as usage_name, null::varchar as first_name,
    code as legal_form_code, case when is_ceased then 'C' else 'A' end as legal_state,
from (
    select siren, plain || case when i %% 3 = 0 then ' ' || form else '' end as plain, code, is_ceased from truth
    union all
    -- every customer of the kind "closed duplicate" has a ceased company of the same name and place
    select '9' || substr(siren, 2), plain, code, true from truth where i %% 20 = 8 and i < 20 * %[2]d and not is_ceased
);

create or replace table stg_sirene__establishments as
select
    siren || '00011' as siret, siren, postal_code, null::varchar as cedex_code, city, null::varchar as city_abroad, null::varchar as country, street_number,
    null::varchar as street_repetition, 'RUE' as street_type, street_name, not is_moved as is_head_office,
    case when is_moved or is_ceased then 'F' else 'A' end as state,
    null::varchar as sign_1, null::varchar as sign_2, null::varchar as sign_3, null::varchar as usual_name,
from (
    select *, i %% 20 = 5 as is_moved from truth
    union all
    select * replace ('9' || substr(siren, 2) as siren, true as is_ceased), false from truth where i %% 20 = 8 and i < 20 * %[2]d and not is_ceased
)
union all
-- who has moved has its head office elsewhere now
select siren || '00029', siren, '97400', null, 'SAINT DENIS', null, null, '1', null, 'RUE', 'DU MOVE', true, 'A', null, null, null, null
from truth where i %% 20 = 5;

-- a customer of every twentieth company, with a fault by its number
create or replace table customers as
select
    row_number() over (order by i) as counterparty_no,
    siren as true_siren,
    kinds[1 + i // 20 %% 10] as kind,
    case i // 20 %% 10
        when 1 then left(plain, length(plain) - 3) || substr(plain, length(plain) - 1) -- a letter is missing
        when 2 then 'Société ' || plain || ' ' || form
        when 3 then replace(replace(lower(plain), 'e', 'é'), ' ', '-')
        when 4 then replace(replace(replace(replace(plain, 'TRANSPORTS', 'TRANSP.'), 'ETABLISSEMENTS', 'ETS'), 'SAINT', 'ST'), 'LABORATOIRE', 'LABO')
        when 9 then 'KWYX ' || reverse(split_part(plain, ' ', -1)) || ' GMBH'
        else plain
    end || case when i // 20 %% 10 in (0, 6) then ' ' || form else '' end as name,
    case when i // 20 %% 10 <> 7 then postal_code end as postal_code,
    city,
    case when cast(hash(i, 9) %% 5 as bigint) > 0 then street_number || ' rue ' || lower(street_name) end as street,
from (select * from truth where i %% 20 = case i // 20 %% 10 when 5 then 5 when 8 then 8 else 3 end and i < 20 * %[2]d and not is_ceased)
cross join (select ['clean', 'typo', 'legal form', 'accents', 'abbreviation', 'moved', 'homonym', 'no postal code', 'closed duplicate', 'unknown'] as kinds);

create or replace table int_counterparty_keys as
select counterparty_no, 1 as entity_no, 'A' as entity_id, 'customer' as side, 'C' || counterparty_no as counterparty_id from customers;

create or replace table stg_erp__counterparties as
select
    1 as entity_no, 'A' as entity_id, 'customer' as side, 'C' || counterparty_no as counterparty_id, name, postal_code, city, street,
    null::varchar as country, null::varchar as siren, null::varchar as siret, null::varchar as vat_number,
from customers;

-- a homonym of every such customer is elsewhere
insert into stg_sirene__legal_units
select '8' || substr(siren, 2), null, plain, null, null, null, null, null, null, code, 'A' from truth where i // 20 %% 10 = 6 and i %% 20 = 3 and i < 20 * %[2]d;
insert into stg_sirene__establishments
select '8' || substr(siren, 2) || '00011', '8' || substr(siren, 2), '20600', null, 'BASTIA', null, null, '3', null, 'RUE', 'DU LARGE', true, 'A', null, null, null, null
from truth where i // 20 %% 10 = 6 and i %% 20 = 3 and i < 20 * %[2]d;`

// matched is what became of a labelled set.
type matched struct {
	known, accepted, right int64
	byKind                 string
}

// match makes a labelled set and matches it with the models of a build.
func match(t testing.TB, units, customers int) (m matched) {
	inputs := []string{"stg_sirene__legal_units", "stg_sirene__establishments", "stg_erp__counterparties", "int_account_names", "int_accounts", "int_ledger_names", "int_counterparty_keys", "int_review_decisions"}
	w := Open(t, Case{Params: map[string]string{"as_of": "2025-06-30"}, Tables: map[string]string{
		"ledger_entries": "entity_id,entry_number,entry_date,account,aux_account,debit,credit\nB,1,2025-01-02,411000,X,1,\nB,1,2025-01-02,707000,,,1\n",
	}}, append(inputs, "int_identities")...)
	for _, statement := range strings.Split(fmt.Sprintf(labelled, units, customers), ";\n") {
		if strings.TrimSpace(statement) != "" {
			w.Exec(t, statement)
		}
	}
	started := time.Now()
	for _, name := range []string{"int_identifiers", "int_match_names", "int_match_subjects", "int_match_numbers", "int_match_candidates", "int_identities"} {
		model, _ := w.Models.Model(name)
		w.Exec(t, "create or replace table "+name+" as "+model.SQL)
	}
	if b, ok := t.(*testing.B); ok {
		b.ReportMetric(time.Since(started).Seconds(), "matching-s")
	}
	m.byKind = w.Text(t, `select kind, count(*) as customers,
		count(*) filter (where siren = true_siren and kind <> 'unknown') as right_ones,
		count(*) filter (where siren is not null and (siren <> true_siren or kind = 'unknown')) as wrong_ones,
		count(*) filter (where siren is null) as left_open
	from customers left join int_identities using (counterparty_no) group by kind order by kind`)
	err := w.DB.QueryRow(`select count(siren), count(*) filter (where siren = true_siren and kind <> 'unknown'), count(*) filter (where kind <> 'unknown')
		from customers left join int_identities using (counterparty_no)`).Scan(&m.accepted, &m.right, &m.known)
	if err != nil {
		t.Fatal(err)
	}
	m.byKind += fmt.Sprintf("of %d customers in the register %d were accepted, %d of them rightly: precision %.4f, recall %.4f",
		m.known, m.accepted, m.right, float64(m.right)/float64(max(m.accepted, 1)), float64(m.right)/float64(max(m.known, 1)))
	return m
}

// TestMatchingOfALabelledSet: of what the rules accept at least 99 in a hundred are
// right, and they accept at least nine in ten of the customers that the register knows.
func TestMatchingOfALabelledSet(t *testing.T) { match(t, 60_000, 1_500).check(t) }

// BenchmarkMatching matches 20,000 customers with a million companies, within 1 GiB.
func BenchmarkMatching(b *testing.B) {
	for b.Loop() {
		match(b, 1_000_000, 20_000).check(b)
	}
	status, err := os.ReadFile("/proc/self/status")
	if err != nil {
		return // the peak is told by Linux alone
	}
	for line := range strings.Lines(string(status)) {
		var kilobytes float64
		if _, err := fmt.Sscanf(line, "VmHWM: %f kB", &kilobytes); err == nil {
			b.ReportMetric(kilobytes/1000, "peak-MB")
		}
	}
}

func (m matched) check(t testing.TB) {
	t.Helper()
	t.Log("\n" + m.byKind)
	if m.known < 1_000 || m.right*100 < m.accepted*99 || m.right*10 < m.known*9 {
		t.Errorf("precision below 0.99 or recall below 0.90: %+v", m)
	}
}

// TestNumbersAreDoubted: numbers that tell of two companies, and those that a register does
// not know which knows most others, are listed; where it knows few nothing is said.
func TestNumbersAreDoubted(t *testing.T) {
	t.Parallel()
	listed := func(units string) (doubts [2]string) {
		w := Open(t, Case{Params: map[string]string{"as_of": "2025-06-30"}, Tables: map[string]string{
			"ledger_entries": "entry_number,entry_date,account,aux_account,debit,credit\n1,2025-01-02,411000,C1,1,\n1,2025-01-02,411000,C2,1,\n1,2025-01-02,411000,C3,1,\n1,2025-01-02,707000,,,3\n",
			"counterparties": "batch_id,counterparty_id,siren,vat_number\na,C1,552081317,FR83404833048\na,C2,404833048,FR83404833048\na,C3,732829320,\n",
			"legal_units":    "batch_id,siren,name\n" + units,
		}}, "int_identities")
		for i, name := range []string{"numbers_tell_one_company", "numbers_are_registered"} {
			for _, check := range w.Models.Checks {
				if check.Name == name {
					doubts[i] = w.Text(t, "select coalesce(string_agg(counterparty_id, ' ' order by counterparty_id), '') as codes from ("+check.SQL+")")
				}
			}
		}
		return doubts
	}
	if got, want := listed("b,552081317,UN\nb,404833048,DEUX\n"), [2]string{"codes\nC1\n", "codes\nC3\n"}; got != want {
		t.Errorf("%q, want %q", got, want)
	}
	if got, want := listed("b,552081317,UN\n"), [2]string{"codes\nC1\n", "codes\n\n"}; got != want {
		t.Errorf("of a register that knows few: %q, want %q", got, want)
	}
}
