package sample

type eventKind uint8

const (
	receipt eventKind = iota
	bounce
	creditNote
	reversal
	toDoubtful
	writeOff
	draftAccepted
	depositReceived
	invoiceLessDeposit
	refund
	groupedReceipt
	compensated
	compensationPurchase
	groupSale
	groupPurchase
	supplierPayment
	supplierRun
	supplierDraft
	supplierCredit
	purchaseLessAdvance
	accrualReversal
)

// handle books an event of today.
func (s *simulation) handle(e *event) {
	switch e.kind {
	case receipt:
		s.bookReceipt(e)
	case bounce:
		s.bookBounce(e)
	case creditNote:
		s.bookCreditNote(e)
	case reversal:
		s.bookReversal(e)
	case toDoubtful:
		s.bookDoubtful(e)
	case writeOff:
		s.bookWriteOff(e)
	case draftAccepted:
		s.bookDraft(e)
	case depositReceived:
		s.bookDeposit(e)
	case invoiceLessDeposit:
		s.bookDepositInvoice(e)
	case refund:
		s.bookRefund(e)
	case groupedReceipt:
		s.bookGroupedReceipt(e)
	case compensated:
		s.bookCompensation(e)
	case purchaseLessAdvance:
		s.bookPurchaseLessAdvance(e)
	case compensationPurchase, groupPurchase:
		s.bookPurchase(e.partner, e.ref, sale{net: e.amount - e.extra, vat: e.extra}, e.due, e.group)
	case groupSale:
		s.bookInvoice(e.partner, e.ref, sale{net: e.amount - e.extra, vat: e.extra}, e.due, e.group)
	case supplierPayment:
		s.bookSupplierPayment(e)
	case supplierRun:
		s.payments = append(s.payments, *e)
	case supplierDraft:
		s.bookSupplierDraft(e)
	case supplierCredit:
		s.bookSupplierCredit(e)
	case accrualReversal:
		s.bookAccrual(e, -1)
	}
}
