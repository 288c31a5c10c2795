package sample

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
)

// The stock files of Sirene, with the columns that are read.
var (
	unitColumns = []string{
		"siren", "statutDiffusionUniteLegale", "dateCreationUniteLegale", "sigleUniteLegale", "prenomUsuelUniteLegale",
		"nomUniteLegale", "nomUsageUniteLegale", "denominationUniteLegale", "denominationUsuelle1UniteLegale",
		"trancheEffectifsUniteLegale", "dateDernierTraitementUniteLegale", "etatAdministratifUniteLegale", "dateDebut",
		"categorieJuridiqueUniteLegale", "activitePrincipaleUniteLegale", "nomenclatureActivitePrincipaleUniteLegale",
		"nicSiegeUniteLegale", "caractereEmployeurUniteLegale",
	}
	siteColumns = []string{
		"siren", "nic", "siret", "statutDiffusionEtablissement", "dateCreationEtablissement",
		"dateDernierTraitementEtablissement", "etablissementSiege", "numeroVoieEtablissement", "typeVoieEtablissement",
		"libelleVoieEtablissement", "codePostalEtablissement", "libelleCommuneEtablissement", "codeCommuneEtablissement",
		"dateDebut", "etatAdministratifEtablissement", "enseigne1Etablissement", "activitePrincipaleEtablissement",
		"nomenclatureActivitePrincipaleEtablissement", "caractereEmployeurEtablissement",
	}
	periodColumns = []string{
		"siren", "dateFin", "dateDebut", "etatAdministratifUniteLegale", "nomUniteLegale", "denominationUniteLegale",
		"categorieJuridiqueUniteLegale", "activitePrincipaleUniteLegale", "nicSiegeUniteLegale",
		"caractereEmployeurUniteLegale",
	}
)

const hidden = "[ND]"

// registered is a company as the register has it.
type registered struct {
	company
	moved  int32 // day on which its head office moved, never where it did not
	ceased int32
}

// stock are the three files being written.
type stock struct {
	x                     *extracts
	units, sites, periods *table
}

// register writes the customers, suppliers and prospects that the register has,
// companies of the same name, and companies that nobody looks for.
func (x *extracts) register(ctx context.Context) error {
	w := &stock{x: x}
	return x.table("extracts/sirene/StockUniteLegale_utf8.csv", format{}, unitColumns, func(t *table) error {
		w.units = t
		return x.table("extracts/sirene/StockEtablissement_utf8.csv", format{}, siteColumns, func(t *table) error {
			w.sites = t
			return x.table("extracts/sirene/StockUniteLegaleHistorique_utf8.csv", format{}, periodColumns, func(t *table) error {
				w.periods = t
				return w.fill(ctx)
			})
		})
	})
}

func (w *stock) fill(ctx context.Context) error {
	for _, s := range w.x.ledgers {
		if err := errors.Join(s.eachCustomer(ctx, w.party), s.eachSupplier(ctx, w.party)); err != nil {
			return err
		}
		for i := range s.prospectsOf() {
			if err := w.company(registered{s.prospect(i), never, never}); err != nil {
				return err
			}
		}
		for i := range len(s.customers) / 10 {
			rng := rand.New(rand.NewPCG(s.opt.Seed, uint64(4000+10*s.entity.index+strangerList)<<32|uint64(i)))
			name, _ := companyName(rng)
			siren := inventedSiren(blockOf(strangerBlock, &s.entity), i)
			if err := w.company(registered{newCompany(rng, name, siren), never, never}); err != nil {
				return err
			}
		}
	}
	return nil
}

// party writes the company of a customer or supplier; of the group each once, as a
// customer. The second code of a company is the name of one that was taken over.
func (w *stock) party(q *party) error {
	if !q.isRegistered() || q.group && q.isSupplier {
		return nil
	}
	c := registered{q.company, q.fate.moved, q.fate.ceased}
	if q.first >= 0 {
		c.ceased = w.x.cal.start[1] + 1
	}
	if err := w.company(c); err != nil || q.record != withHomonym && q.record != withTwin {
		return err
	}
	return w.company(registered{q.homonym(), never, never})
}

// company writes the unit, its establishments and its periods.
func (w *stock) company(c registered) error {
	unitState, siteState, since, rank := "A", "A", c.created, 1
	changed := min(c.moved, c.ceased)
	if changed != never {
		since = w.x.day(changed)
	}
	if c.ceased != never {
		unitState, siteState = "C", "F"
	}
	if c.moved != never {
		rank, c.address = 2, c.address.neighbour()
	}
	first, last, name, usual := "", "", capitals(c.name), ""
	diffusion := "O"
	if c.isPerson() {
		first, last, name, usual = capitals(c.firstName), capitals(c.surname), "", capitals(c.name)
	}
	if c.isPartial {
		diffusion, first, last, usual = "P", hidden, hidden, hidden
	}
	employer := "O"
	if c.headcount == "NN" {
		employer = "N"
	}
	nic := c.siret(rank)[9:]
	err := w.units.row(c.siren, diffusion, c.created, "", first, last, "", name, usual, c.headcount, since+"T06:00:00",
		unitState, since, c.form, c.naf, "NAFRev2", nic, employer)
	if err != nil {
		return err
	}
	if c.moved != never {
		left := c.company
		left.address = c.address.back()
		if err := w.site(&left, 1, "F", since, diffusion, false, employer); err != nil {
			return err
		}
	}
	if err := w.site(&c.company, rank, siteState, since, diffusion, true, employer); err != nil {
		return err
	}
	if changed != never {
		err := w.periods.row(c.siren, w.x.day(changed-1), c.created, "A", last, name, c.form, c.naf, c.siret(1)[9:], employer)
		if err != nil {
			return err
		}
	}
	return w.periods.row(c.siren, "", since, unitState, last, name, c.form, c.naf, nic, employer)
}

// site writes an establishment.
func (w *stock) site(c *company, rank int, state, since, diffusion string, isHead bool, employer string) error {
	place, street := c.address.place(), streets[c.address.street]
	number, kind, name, sign := fmt.Sprint(c.address.number), street.code, capitals(street.name), ""
	if c.isPerson() {
		sign = capitals(c.name)
	}
	if c.isPartial {
		number, kind, name, sign = hidden, hidden, hidden, hidden
	}
	siret := c.siret(rank)
	return w.sites.row(c.siren, siret[9:], siret, diffusion, c.created, since+"T06:00:00", fmt.Sprint(isHead), number, kind,
		name, place.postal, capitals(place.name), place.commune, since, state, sign, c.naf, "NAFRev2", employer)
}
