package sample

import (
	"context"
	"fmt"
	"strings"
)

var caseColumns = []string{
	"Id", "CaseNumber", "AccountId", "Subject", "Status", "Priority", "Origin", "Reason", "Type", "Invoice_Number__c",
	"Disputed_Amount__c", "CreatedDate", "ClosedDate", "IsClosed", "OwnerId",
}

// caseReasons are the reasons of disputes.
var caseReasons = []string{"Prix", "Qualité", "Livraison", "Facturation"}

// crmCase is a case of an account.
type crmCase struct {
	subject, reason, kind, document, amount string
	opened, closed                          int32
}

// crmCases writes disputes about invoices that are overdue at the end, disputes that are
// over and questions.
func (x *extracts) crmCases(ctx context.Context) error {
	last, number := x.cal.lastDay(), 0
	return x.table("extracts/crm/cases.csv", format{}, caseColumns, func(t *table) error {
		write := func(q *party, c crmCase) error {
			number++
			status, closed := "New", ""
			if c.closed != never {
				status, closed = "Closed", x.crmTime(c.closed, 16)
			}
			return t.row(crmID(casePrefix, number), fmt.Sprintf("%08d", number), q.account(), c.subject, status, "Medium",
				[2]string{"Email", "Phone"}[number%2], c.reason, c.kind, c.document, c.amount, x.crmTime(c.opened, 11),
				closed, fmt.Sprint(c.closed != never), crmID(userPrefix, salespeople+number%2))
		}
		for _, s := range x.ledgers {
			overdue := s.overdueInvoices()
			err := s.eachCustomer(ctx, func(q *party) error {
				if !q.inCRM() {
					return nil
				}
				reason := caseReasons[q.index/4%len(caseReasons)]
				if line := overdue[q.index]; line != nil && q.index%4 == 1 {
					c := crmCase{
						subject: "Facture " + string(line.ref.append(nil)), reason: reason, kind: "Litige",
						document: string(line.ref.append(nil)), opened: line.due + 4, closed: never,
					}
					if q.index%8 == 1 {
						c.amount = amountText(line.amount / 3)
					}
					if err := write(q, c); err != nil {
						return err
					}
				}
				day := last - 330 + int32(q.index%90)
				switch q.index % 9 {
				case 4:
					return write(q, crmCase{
						subject: strings.ToLower(reason) + " : réclamation traitée", reason: reason, kind: "Réclamation",
						opened: day, closed: day + 25,
					})
				case 7:
					return write(q, crmCase{
						subject: "Demande de duplicata", reason: "Autre", kind: "Question", opened: day, closed: day + 2,
					})
				}
				return nil
			})
			if err != nil {
				return err
			}
		}
		return nil
	})
}

// overdueInvoices are, by customer, the first invoice of the last fiscal year that is open
// and overdue at its end; nil where there is none.
func (s *simulation) overdueInvoices() []*openLine {
	found := make([]*openLine, len(s.customers))
	for i := range s.open {
		line := &s.open[i]
		if line.control == customers && line.amount > 0 && line.ref.series == invoiceSeries && line.day >= s.yearStart &&
			line.due+5 < s.yearEnd && found[line.partner] == nil {
			found[line.partner] = line
		}
	}
	return found
}
