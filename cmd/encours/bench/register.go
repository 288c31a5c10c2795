package bench

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"text/tabwriter"

	"github.com/encours/encours/ingest/sirene"
	"github.com/encours/encours/warehouse/duck"
)

// registerCustomers is the number of customers whose companies are looked for.
const registerCustomers = 20_000

// registerRounds is how often the two are measured in turn; the best of each counts.
const registerRounds = 2

// register is what was measured for one stock file.
type register struct {
	name        string
	units       int
	bytes       int64
	plain, ours phase
}

// Register measures how a stock file of so many legal units is read for 20,000
// customers, against a semi-join of the same file by plain DuckDB: as Parquet, then a
// fifth of it as CSV; first with a SIREN for each customer, then with a name alone for
// one in ten.
func Register(ctx context.Context, o Options, units int) error {
	var all []register
	for _, c := range []struct {
		format string
		units  int
	}{{"parquet", units}, {"csv", units / 5}} {
		o.Log("register of %d legal units, %s", c.units, c.format)
		some, err := o.register(ctx, c.format, c.units)
		if err != nil {
			return fmt.Errorf("measure register of %d legal units: %w", c.units, err)
		}
		all = append(all, some...)
	}
	w := tabwriter.NewWriter(o.Out, 0, 0, 2, ' ', tabwriter.AlignRight)
	fmt.Fprintln(w, "legal units\tfile\tcustomers\tread and landed\tpeak\tplain semi-join\tpeak\tratio\t")
	for _, r := range all {
		fmt.Fprintf(w, "%d\t%.0f MB\t%s\t%.1f s\t%.0f MB\t%.1f s\t%.0f MB\t%.2f\t\n", r.units, float64(r.bytes)/1e6, r.name,
			r.ours.wall.Seconds(), float64(r.ours.peak)/1e6, r.plain.wall.Seconds(), float64(r.plain.peak)/1e6, r.ours.wall.Seconds()/r.plain.wall.Seconds())
	}
	return w.Flush()
}

func (o Options) register(ctx context.Context, format string, units int) (all []register, err error) {
	dir := filepath.Join(o.Folder, "register")
	if err := os.RemoveAll(dir); err != nil {
		return nil, err
	}
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, os.RemoveAll(dir)) }()
	stock := filepath.Join(dir, "StockUniteLegale."+format)
	for _, named := range []int{0, registerCustomers / 10} {
		if err := WriteRegister(ctx, dir, stock, format, units, named); err != nil {
			return nil, err
		}
		r, err := o.registerOnce(ctx, dir, stock, units, named)
		if err != nil {
			return nil, err
		}
		all = append(all, r)
	}
	return all, nil
}

func (o Options) registerOnce(ctx context.Context, dir, stock string, units, named int) (r register, err error) {
	info, err := os.Stat(stock)
	if err != nil {
		return r, err
	}
	r.name, r.units, r.bytes = fmt.Sprintf("%d by SIREN, %d by name", registerCustomers-named, named), units, info.Size()
	for i := range registerRounds {
		plain, err := o.command(ctx, "bench", "--plain-register", stock)
		if err != nil {
			return r, err
		}
		project := filepath.Join(dir, "project")
		if err := os.RemoveAll(project); err != nil {
			return r, err
		}
		if err := os.MkdirAll(project, 0o755); err != nil {
			return r, err
		}
		yaml := "version: 1\nname: register\nentities:\n  - id: A\n    name: A\nsources:\n" +
			"  - name: customers\n    kind: table\n    entity: A\n    dataset: counterparties\n    mode: full\n    paths: [../customers.csv]\n" +
			"    columns: {side: {constant: customer}, counterparty_id: code, name: name, siren: {column: siren, optional: true}, postal_code: postal_code}\n" +
			"  - name: register\n    kind: sirene\n    paths: [../" + filepath.Base(stock) + "]\n"
		if err := os.WriteFile(filepath.Join(project, "encours.yaml"), []byte(yaml), 0o644); err != nil {
			return r, err
		}
		if _, err := o.command(ctx, "ingest", "--project", project, "customers"); err != nil {
			return r, err
		}
		ours, err := o.command(ctx, "ingest", "--project", project, "register")
		if err != nil {
			return r, err
		}
		if i == 0 {
			r.plain, r.ours = plain, ours
		}
		r.plain.wall, r.ours.wall = best(r.plain.wall, plain.wall), best(r.ours.wall, ours.wall)
		r.plain.peak, r.ours.peak = max(r.plain.peak, plain.peak), max(r.ours.peak, ours.peak)
	}
	o.Log("%s: %.1f s, by plain DuckDB %.1f s", r.name, r.ours.wall.Seconds(), r.plain.wall.Seconds())
	return r, nil
}

// WriteRegister writes a stock file of legal units in the layout of INSEE, and
// customers.csv with companies spread over it, of which so many have a name only. The
// same numbers give the same bytes.
func WriteRegister(ctx context.Context, dir, stock, format string, units, named int) (err error) {
	db, err := duck.Open(ctx, "", duck.Limits{MemoryBytes: 2 << 30, TempDir: filepath.Join(dir, "tmp"), TempBytes: 20 << 30}, false)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, db.Close()) }()
	options := "format parquet, compression zstd"
	if format == sirene.CSV {
		options = "format csv, header"
	}
	write := fmt.Sprintf("copy (%s) to %s (%s)", registerUnits(fmt.Sprintf("range(%d)", units)), duck.Text(stock), options)
	if _, err := os.Stat(stock); err == nil {
		write = "select 1" // it is there already, with the same units
	}
	step := max(units/registerCustomers, 1)
	for _, statement := range []string{
		"set preserve_insertion_order = true",
		registerWords,
		write,
		fmt.Sprintf(`copy (select 'C' || siren as code, coalesce("denominationUniteLegale", "nomUniteLegale" || ' ' || "prenomUsuelUniteLegale") as name,
			case when row_number() over (order by siren) > %d then siren end as siren, '75001' as postal_code from (%s)) to %s (format csv, header)`,
			named, registerUnits(fmt.Sprintf("(select (n * %d + 1) %% %d from range(%d) as c(n))", step, units, min(registerCustomers, units))),
			duck.Text(filepath.Join(dir, "customers.csv"))),
	} {
		if _, err := db.ExecContext(ctx, statement); err != nil {
			return fmt.Errorf("write register: %w", err)
		}
	}
	return nil
}

// registerWords makes a million pairs of words that look like names, and what stands
// around them.
const registerWords = `
create or replace macro pick(i, salt, words) as words[(hash(i * 31 + salt) % len(words)::ubigint)::integer + 1];
create or replace macro syllables(i, salt) as
    pick(i, salt, ['BA', 'BER', 'CHA', 'COU', 'DA', 'DU', 'FOR', 'GAR', 'GI', 'JO', 'LAM', 'LE', 'MAR', 'MO', 'NI', 'PER', 'PI', 'RI', 'RO', 'SA', 'TER', 'VAL', 'VI', 'ZE']) ||
    pick(i, salt + 1, ['BAUD', 'BERT', 'CHE', 'DIN', 'DOU', 'GNON', 'LAN', 'LIER', 'LOT', 'MOND', 'NARD', 'NET', 'RAND', 'RAUD', 'RET', 'SON', 'TEAU', 'TIN', 'VAIS', 'VEL']) ||
    pick(i, salt + 2, ['', 'BE', 'CA', 'DE', 'FA', 'GUE', 'HA', 'KE', 'LO', 'MI', 'NO', 'PA', 'QUI', 'RU', 'SI', 'TRA', 'VE', 'XA']) ||
    pick(i, salt + 3, ['', '', '', 'IER', 'OT', 'ET', 'AULT', 'ON', 'AC', 'EL', 'EAU', 'OUX']);
create or replace temp table words as
    select k, syllables(k, 3) as word,
        pick(k, 1, ['', '', '', '', '', '', 'SARL ', 'SCI ', 'EURL ', 'SAS ']) ||
            pick(k, 2, ['TRANSPORTS', 'GARAGE', 'BOULANGERIE', 'PHARMACIE', 'MENUISERIE', 'MACONNERIE', 'LES JARDINS DE', 'ATELIER', 'CABINET', 'AUTO ECOLE', 'RESTAURANT', 'GROUPE', 'L''ATELIER', 'D & CO']) as head,
        pick(k, 13, ['', '', '', ' ET FILS', ' SARL', ' FRANCE']) as tail,
        pick(k, 31, ['NN', 'NN', 'NN', '01', '02', '11']) as band,
        pick(k, 61, ['47.11B', '49.41A', '56.10A', '43.99C', '68.20B', '96.02A', '70.22Z']) as naf,
        pick(k, 61, ['47.11Y', '49.41Y', '56.11H', '43.99Y', '68.20Y', '96.21Y', '70.20Y']) as naf25,
    from range(1000000) as r(k);
`

// registerUnits selects the units of these indexes, with the columns of StockUniteLegale.
// Numbers have the check digit of a SIREN and grow with the index; half of the units are
// persons, one in twenty of them not published.
func registerUnits(indexes string) string {
	return `
with numbers as (
    select i, 10000000 + i * 3 as n, from ` + indexes + ` as r(i)
),
units as (
    select i, (n * 10 + (10 - (
        n % 10 * 2 - case when n % 10 > 4 then 9 else 0 end + n // 10 % 10 +
        n // 100 % 10 * 2 - case when n // 100 % 10 > 4 then 9 else 0 end + n // 1000 % 10 +
        n // 10000 % 10 * 2 - case when n // 10000 % 10 > 4 then 9 else 0 end + n // 100000 % 10 +
        n // 1000000 % 10 * 2 - case when n // 1000000 % 10 > 4 then 9 else 0 end + n // 10000000 % 10) % 10) % 10)::varchar as siren,
        i % 2 = 0 and i % 40 > 0 as is_person, i % 40 = 0 as is_masked,
    from numbers
)
select
    siren,
    case when is_masked then 'P' else 'O' end as "statutDiffusionUniteLegale",
    null::boolean as "unitePurgeeUniteLegale",
    date '1970-01-01' + (i % 20000)::integer as "dateCreationUniteLegale",
    case when i % 12 = 5 then left(a.word, 4) end as "sigleUniteLegale",
    case when is_person then 'M' end as "sexeUniteLegale",
    case when is_person then b.word when is_masked then '[ND]' end as "prenom1UniteLegale",
    null::varchar as "prenom2UniteLegale", null::varchar as "prenom3UniteLegale", null::varchar as "prenom4UniteLegale",
    case when is_person then b.word when is_masked then '[ND]' end as "prenomUsuelUniteLegale",
    null::varchar as "pseudonymeUniteLegale", null::varchar as "identifiantAssociationUniteLegale",
    a.band as "trancheEffectifsUniteLegale",
    2023::bigint as "anneeEffectifsUniteLegale",
    timestamp '2024-01-01 04:00:00' + to_seconds(i % 40000000) as "dateDernierTraitementUniteLegale",
    i % 7 + 1 as "nombrePeriodesUniteLegale",
    case when i % 3 = 0 then 'PME' end as "categorieEntreprise",
    case when i % 3 = 0 then 2023 end::bigint as "anneeCategorieEntreprise",
    date '1990-01-01' + (i % 12000)::integer as "dateDebut",
    case when i % 9 < 5 then 'A' else 'C' end as "etatAdministratifUniteLegale",
    case when is_person then a.word when is_masked then '[ND]' end as "nomUniteLegale",
    null::varchar as "nomUsageUniteLegale",
    case when i % 2 = 1 then a.head || ' ' || a.word || ' ' || b.word || a.tail end as "denominationUniteLegale",
    case when i % 30 = 7 then b.word end as "denominationUsuelle1UniteLegale",
    null::varchar as "denominationUsuelle2UniteLegale", null::varchar as "denominationUsuelle3UniteLegale",
    case when i % 2 = 0 then 1000 else 5499 end::bigint as "categorieJuridiqueUniteLegale",
    a.naf as "activitePrincipaleUniteLegale",
    'NAFRev2' as "nomenclatureActivitePrincipaleUniteLegale",
    lpad((i % 99 + 1)::varchar, 5, '0') as "nicSiegeUniteLegale",
    'N' as "economieSocialeSolidaireUniteLegale", 'N' as "societeMissionUniteLegale",
    case when i % 4 = 0 then 'O' else 'N' end as "caractereEmployeurUniteLegale",
    a.naf25 as "activitePrincipaleNAF25UniteLegale",
from units
inner join words as a on a.k = i * 7919 % 1000000
inner join words as b on b.k = (i * 104729 + i // 1000000 * 131) % 1000000`
}

// PlainRegister is the semi-join of a stock file with the SIRENs of customers.csv beside
// it, by plain DuckDB and with the columns that the contract takes.
func PlainRegister(ctx context.Context, stock string) (err error) {
	dir := filepath.Dir(stock)
	db, err := duck.Open(ctx, "", duck.Limits{MemoryBytes: 4e9, TempDir: filepath.Join(dir, "tmp"), TempBytes: 20 << 30}, false)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, db.Close()) }()
	found, err := sirene.Inspect(ctx, stock)
	if err != nil {
		return err
	}
	columns := ""
	for _, field := range found[0].Fields() {
		name, _, _ := found[0].Column(field)
		columns += duck.Ident(name) + ", "
	}
	from := "read_parquet(" + duck.Text(stock) + ")"
	if found[0].Format == sirene.CSV {
		from = "read_csv(" + duck.Text(stock) + ", header = true, all_varchar = true, delim = ',', quote = '\"', escape = '\"')"
	}
	_, err = db.ExecContext(ctx, "copy (select "+columns+"from "+from+" where siren in (select siren from read_csv("+
		duck.Text(filepath.Join(dir, "customers.csv"))+", header = true, all_varchar = true))) to "+duck.Text(filepath.Join(dir, "plain.parquet"))+" (format parquet)")
	return err
}
