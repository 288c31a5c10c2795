package sample

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"strconv"
)

// journal numbers the journals of an entity.
type journal uint8

const (
	openingJournal journal = iota
	salesJournal
	purchaseJournal
	bankJournal
	billJournal
	payrollJournal
	generalJournal
	journals
)

var errUnbalanced = errors.New("entry does not balance")

// header lists the columns of a FEC in the order of the law.
var header = []string{
	"JournalCode", "JournalLib", "EcritureNum", "EcritureDate", "CompteNum", "CompteLib", "CompAuxNum",
	"CompAuxLib", "PieceRef", "PieceDate", "EcritureLib", "Debit", "Credit", "EcritureLet", "DateLet",
	"ValidDate", "Montantdevise", "Idevise",
}

// ledger writes the entries of one entity and keeps the balance of every account.
// Entries are begun, given lines and ended; the first error stays and stops all
// writing.
type ledger struct {
	cal      *calendar
	shape    *shape
	out      *bufio.Writer // nil in the warm-up: balances move, nothing is written
	closer   io.Closer
	heads    [journals][]byte // journal code and label, each followed by the separator
	accounts [accounts][]byte // account number and label, likewise
	blankAux []byte
	numbers  [journals]int64
	balance  [accounts]int64

	entry   []byte // the fields before the account
	day     int32
	doc     docRef
	ref     []byte
	piece   int32
	label   []byte
	sum     int64
	negated bool // amounts change side and sign: a reversal in negative figures
	buf     []byte

	physical int64 // number of the next line of the file, the header being line 1
	lines    int64
	entries  int64
	debit    int64
	credit   int64
	err      error
}

func newLedger(cal *calendar, s *shape) *ledger {
	l := &ledger{cal: cal, shape: s}
	for j := range l.heads {
		l.heads[j] = s.fields(s.journals[j].code, s.journals[j].label)
	}
	for a := range l.accounts {
		l.accounts[a] = s.fields(accountNumber(account(a), s.width), chart[a].label)
	}
	l.blankAux = s.fields("", "")
	return l
}

// startFile directs the following entries to w, which it closes in finishFile.
func (l *ledger) startFile(w io.WriteCloser) {
	l.out, l.closer = bufio.NewWriterSize(w, 1<<18), w
	l.numbers = [journals]int64{}
	l.lines, l.entries, l.debit, l.credit, l.physical = 0, 0, 0, 0, 1
	row := l.buf[:0]
	for i, name := range header {
		if i > 0 {
			row = append(row, l.shape.separator)
		}
		row = append(row, name...)
	}
	if l.shape.dueColumn {
		row = append(append(row, l.shape.separator), "DateEcheance"...)
	}
	l.write(append(row, l.shape.lineEnd...))
}

// finishFile flushes and closes the file and checks that it balances.
func (l *ledger) finishFile() error {
	err := l.err
	if flushed := l.out.Flush(); err == nil {
		err = flushed
	}
	if closed := l.closer.Close(); err == nil {
		err = closed
	}
	if err == nil && l.debit != l.credit {
		err = fmt.Errorf("file: %w: debit %d, credit %d cents", errUnbalanced, l.debit, l.credit)
	}
	l.out, l.closer = nil, nil
	return err
}

func (l *ledger) begin(j journal, day int32, ref docRef, piece int32) {
	l.numbers[j]++
	l.day, l.doc, l.piece, l.sum, l.negated = day, ref, piece, 0, false
	if l.out == nil {
		return
	}
	l.entries++
	sep := l.shape.separator
	b := append(l.entry[:0], l.heads[j]...)
	b = append(b, l.shape.journals[j].code...)
	b = append(appendPadded(b, l.numbers[j], 6), sep)
	b = append(b, l.cal.at(day).ymd[:]...)
	l.entry = append(b, sep)
	l.ref = ref.append(l.ref[:0])
	l.label = l.label[:0]
}

// text and textRef build the label of the lines to come.
func (l *ledger) text(words ...string) {
	if l.out == nil {
		return
	}
	for _, w := range words {
		l.label = append(l.label, w...)
	}
}

func (l *ledger) textRef(r docRef) {
	if l.out != nil {
		l.label = r.append(l.label)
	}
}

// relabel gives the following lines of the entry another document and an empty label.
func (l *ledger) relabel(ref docRef, piece int32) {
	l.doc, l.piece = ref, piece
	if l.out != nil {
		l.ref = ref.append(l.ref[:0])
		l.label = l.label[:0]
	}
}

// post books an amount, positive to the debit, on an account without counterparty.
func (l *ledger) post(a account, amount int64) {
	l.balance[a] += amount
	l.row(l.accounts[a], l.blankAux, amount, mark{}, never)
}

// carry writes a line of the opening entry: the balance already holds the amount.
func (l *ledger) carry(a account, amount int64) {
	l.row(l.accounts[a], l.blankAux, amount, mark{}, never)
}

// end closes the entry.
func (l *ledger) end() {
	if l.sum != 0 && l.err == nil {
		l.err = fmt.Errorf("entry of %s, document %q, off by %d cents: %w",
			l.cal.at(l.day).ymd, l.ref, l.sum, errUnbalanced)
	}
}

func (l *ledger) row(acct, aux []byte, amount int64, m mark, due int32) {
	l.sum += amount
	if l.out == nil {
		return
	}
	debit, credit := amount, int64(0)
	if (amount < 0) != l.negated {
		debit, credit = 0, -amount
	}
	l.debit += debit
	l.credit += credit
	l.lines++
	sep := l.shape.separator
	b := append(l.buf[:0], l.entry...)
	b = append(append(b, acct...), aux...)
	b = append(append(b, l.ref...), sep)
	b = append(append(b, l.cal.at(l.piece).ymd[:]...), sep)
	b = append(append(b, l.label...), sep)
	b = append(appendAmount(b, debit), sep)
	b = append(appendAmount(b, credit), sep)
	b = append(m.append(b, l.cal, sep), sep)
	b = append(b, l.cal.at(l.cal.monthEnd(l.day)).ymd[:]...)
	b = append(b, sep, sep)
	if l.shape.dueColumn {
		b = append(b, sep)
		if due != never {
			b = append(b, l.cal.at(due).ymd[:]...)
		}
	}
	l.write(append(b, l.shape.lineEnd...))
}

// raw writes a line as it is, outside the balanced ledger, and returns its number.
func (l *ledger) raw(line []byte) int64 {
	l.write(append(line, l.shape.lineEnd...))
	return l.physical - 1
}

func (l *ledger) write(row []byte) {
	l.buf = row
	if l.err == nil {
		_, l.err = l.out.Write(row)
	}
	l.physical++
}

// appendAmount writes cents as a French amount: 1234,56.
func appendAmount(b []byte, cents int64) []byte {
	if cents < 0 {
		b, cents = append(b, '-'), -cents
	}
	b = strconv.AppendInt(b, cents/100, 10)
	return append(b, ',', byte('0'+cents%100/10), byte('0'+cents%10))
}

// appendPadded writes n with at least width digits.
func appendPadded(b []byte, n int64, width int) []byte {
	for limit := int64(10); width > 1; width-- {
		if n < limit {
			for ; width > 1; width-- {
				b = append(b, '0')
			}
			break
		}
		limit *= 10
	}
	return strconv.AppendInt(b, n, 10)
}
