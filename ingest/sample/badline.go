package sample

// spoil writes, on a few days of the last fiscal year of one entity, a line that no
// reader should accept.
func (s *simulation) spoil() {
	spoiled := min(1, s.opt.Entities-1)
	if s.entity.index != spoiled || s.fiscal != len(s.cal.start)-1 {
		return
	}
	d := s.cal.at(s.today)
	day := string(d.ymd[:])
	fields := []string{
		s.shape.journals[generalJournal].code, s.shape.journals[generalJournal].label, "SAISIE", day,
		accountNumber(account(customers), s.shape.width), chart[customers].label, s.customers[0].code, "Client divers",
		"SAISIE", day, "Saisie manuelle", "120,00", "0,00", "", "", day, "", "",
	}
	var bad BadLine
	switch s.today - s.yearStart {
	case 40:
		fields[3] = day[:4] + "1345"
		bad = BadLine{Column: "EcritureDate", Reason: "month 13"}
	case 95:
		fields[11] = "12O,50"
		bad = BadLine{Column: "Debit", Reason: "the letter O in an amount"}
	case 150:
		fields = fields[:len(fields)-1]
		bad = BadLine{Reason: "17 fields instead of 18"}
	case 201:
		fields[4] = ""
		bad = BadLine{Column: "CompteNum", Reason: "no account"}
	case 260:
		fields[12] = "1,005"
		bad = BadLine{Column: "Credit", Reason: "three decimals"}
	default:
		return
	}
	row := s.shape.fields(fields...)
	bad.Line = s.ledger.raw(row[:len(row)-1])
	s.bad = append(s.bad, bad)
}
