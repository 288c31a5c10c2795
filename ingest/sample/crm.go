package sample

import (
	"context"
	"fmt"
	"math/rand/v2"
	"strings"
)

// The CRM of the group is written as the Data Loader of Salesforce does: one row per
// object, identifiers of 18 characters, ISO dates.

const (
	salespeople = 6
	crmPeople   = salespeople + 2 // and two who answer cases
)

// The objects of the CRM by the first characters of their identifiers.
const (
	accountPrefix     = "001"
	userPrefix        = "005"
	opportunityPrefix = "006"
	casePrefix        = "500"
)

// crmID is an identifier in 18 characters. It has no capital letters, which its suffix
// AAA says.
func crmID(prefix string, n int) string { return fmt.Sprintf("%s5e%010dAAA", prefix, n) }

// crmSerial numbers what belongs to an entity.
func crmSerial(e *entity, kind, i int) int { return e.index*10_000_000 + kind*1_000_000 + i }

// prospectsOf is how many prospects stand beside the customers of an entity.
func (s *simulation) prospectsOf() int { return len(s.customers) / 8 }

// prospect is a company that is no customer yet.
func (s *simulation) prospect(i int) company {
	rng := rand.New(rand.NewPCG(s.opt.Seed, uint64(4000+10*s.entity.index+prospectList)<<32|uint64(i)))
	name, _ := companyName(rng)
	return newCompany(rng, name, inventedSiren(blockOf(prospectBlock, &s.entity), i))
}

// inCRM tells whether sales knows a customer.
func (q *party) inCRM() bool { return !q.group && q.index%11 != 5 }

func (q *party) account() string {
	return crmID(accountPrefix, crmSerial(&q.simulation.entity, customerList, q.index))
}

func (x *extracts) crmUsers(context.Context) error {
	rng := rand.New(rand.NewPCG(x.opt.Seed, 6000))
	return x.table("extracts/crm/users.csv", format{}, []string{"Id", "Name", "Email", "IsActive"}, func(t *table) error {
		for i := range crmPeople {
			_, surname := companyName(rng)
			first := firstNames[rng.IntN(len(firstNames))]
			mail := strings.ToLower(capitals(first+"."+surname)) + "@groupe.example"
			active := fmt.Sprint(i != salespeople-1)
			if err := t.row(crmID(userPrefix, i), first+" "+surname, mail, active); err != nil {
				return err
			}
		}
		return nil
	})
}

var accountColumns = []string{
	"Id", "Name", "AccountNumber", "ERP_Entity__c", "OwnerId", "Type", "BillingStreet", "BillingPostalCode",
	"BillingCity", "BillingCountryCode", "Phone", "SIREN__c", "NumberOfEmployees", "CurrencyIsoCode", "CreatedDate",
	"LastModifiedDate", "IsDeleted",
}

// crmAccounts writes customers, most with their code, some with their SIREN alone, some
// with neither, and prospects.
func (x *extracts) crmAccounts(ctx context.Context) error {
	modified := x.crmTime(x.cal.lastDay()-20, 9)
	return x.table("extracts/crm/accounts.csv", format{}, accountColumns, func(t *table) error {
		write := func(id, name, code, entity, owner, kind, siren string, c *company) error {
			where := c.address
			return t.row(id, name, code, entity, owner, kind, where.line(), where.place().postal, where.place().name,
				"FR", "", siren, "", "EUR", c.created+"T08:00:00.000Z", modified, "false")
		}
		err := x.customers(ctx, func(q *party) error {
			if !q.inCRM() {
				return nil
			}
			name, code, entity, siren := q.name, q.code, q.simulation.entity.id, ""
			if q.index%10 == 3 || q.index%10 == 7 {
				name, code, entity = capitals(q.name), "", ""
			}
			if q.index%10 == 3 && q.record != foreigner {
				siren = q.company.siren
			}
			owner := crmID(userPrefix, q.index%salespeople)
			return write(q.account(), name, code, entity, owner, "Customer", siren, &q.company)
		})
		if err != nil {
			return err
		}
		for _, s := range x.ledgers {
			for i := range s.prospectsOf() {
				c, siren := s.prospect(i), ""
				if i%2 == 0 {
					siren = c.siren
				}
				id := crmID(accountPrefix, crmSerial(&s.entity, prospectList, i))
				if err := write(id, c.name, "", "", crmID(userPrefix, i%salespeople), "Prospect", siren, &c); err != nil {
					return err
				}
			}
		}
		return nil
	})
}

// stages of opportunities with their probability in percent.
var stages = []struct {
	name    string
	percent int
}{
	{"Prospecting", 10}, {"Needs Analysis", 20}, {"Value Proposition", 50}, {"Proposal/Price Quote", 75},
	{"Negotiation/Review", 90}, {"Closed Won", 100}, {"Closed Lost", 0},
}

const openStages = 5

var opportunityColumns = []string{
	"Id", "AccountId", "Name", "StageName", "Amount", "CurrencyIsoCode", "Probability", "CloseDate", "Type",
	"LeadSource", "IsClosed", "IsWon", "OwnerId", "CreatedDate",
}

func (x *extracts) crmOpportunities(ctx context.Context) error {
	last := x.cal.lastDay()
	return x.table("extracts/crm/opportunities.csv", format{}, opportunityColumns, func(t *table) error {
		write := func(serial, i int, account, name string, stage int, cents int64, created, closing int32) error {
			st := stages[stage]
			return t.row(crmID(opportunityPrefix, serial), account, name, st.name, amountText(cents), "EUR",
				fmt.Sprint(st.percent), x.day(closing), "New Business", [3]string{"Web", "Referral", "Trade Show"}[i%3],
				fmt.Sprint(stage >= openStages), fmt.Sprint(stage == openStages), crmID(userPrefix, i%salespeople),
				x.crmTime(created, 10))
		}
		err := x.customers(ctx, func(q *party) error {
			if !q.inCRM() || q.index%2 > 0 {
				return nil
			}
			i, e := q.index, &q.simulation.entity
			err := write(crmSerial(e, 0, i), i, q.account(), q.name+" - contrat annuel", i/2%openStages, q.size*int64(6+i%9),
				last-60, last+30+int32(i%60))
			if err != nil || i%4 > 0 {
				return err
			}
			return write(crmSerial(e, 1, i), i, q.account(), q.name+" - commande", openStages+i/4%2, q.size*int64(2+i%5),
				last-300, last-210)
		})
		if err != nil {
			return err
		}
		for _, s := range x.ledgers {
			for i := range s.prospectsOf() {
				c := s.prospect(i)
				account := crmID(accountPrefix, crmSerial(&s.entity, prospectList, i))
				err := write(crmSerial(&s.entity, 2, i), i, account, c.name+" - premier contrat", i%openStages,
					customerSize*int64(4+i%11), last-45, last+45+int32(i%45))
				if err != nil {
					return err
				}
			}
		}
		return nil
	})
}

// crmTime writes a moment of a day.
func (x *extracts) crmTime(day int32, hour int) string {
	return fmt.Sprintf("%sT%02d:00:00.000Z", x.day(day), hour)
}

// amountText writes cents with a decimal point.
func amountText(cents int64) string { return fmt.Sprintf("%d.%02d", cents/100, cents%100) }
